// How long it takes to begin: to import a package, and from the moment the exchange sends a
// snapshot to a live book.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openExchange, race } from '../race.mjs';

const run = promisify(execFile);

const IMPORTS = [
  { name: 'truefeed', role: 'ours', specifiers: ['truefeed'] },
  {
    name: 'truefeed and truefeed/venues/coinbase',
    role: 'also',
    specifiers: ['truefeed', 'truefeed/venues/coinbase'],
  },
  { name: 'ccxt', role: 'peer', specifiers: ['ccxt'] },
  { name: 'coinbase-api', role: 'peer', specifiers: ['coinbase-api'] },
  { name: 'tardis-dev', role: 'peer', specifiers: ['tardis-dev'] },
  { name: 'ws', role: 'floor', specifiers: ['ws'] },
];

async function importMs(specifiers) {
  const imports = specifiers.map((one) => `await import(${JSON.stringify(one)});`).join('');
  const program =
    `const start = performance.now();${imports}` +
    'console.log(performance.now() - start);process.exit(0)';
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await run(process.execPath, args, { cwd: import.meta.dirname });
  return Number(stdout);
}

async function measureImports({ repeats, note }) {
  note('importing');
  const rows = IMPORTS.map(({ name, role }) => ({ name, role, values: [] }));
  // The first round only fills the file cache.
  for (let turn = -1; turn < repeats; turn += 1) {
    for (const [index, { specifiers }] of IMPORTS.entries()) {
      const ms = await importMs(specifiers);
      if (turn >= 0) rows[index].values.push(ms);
    }
  }
  return { title: 'Import of the package', unit: 'ms on the wall', better: 'lower', rows };
}

const CLIENTS = [
  { name: 'truefeed openFeed', role: 'ours', module: 'truefeed', options: { reads: 'nothing' } },
  { name: 'ccxt watchOrderBook', role: 'peer', module: 'ccxt', options: {} },
  { name: 'ws, nothing done', role: 'floor', module: 'bare', options: { reads: 'receive' } },
  { name: 'ws and JSON.parse, no book', role: 'peer', module: 'first-parse', options: {} },
];

async function measureFirstBook(levels, { repeats, note }) {
  const exchange = await openExchange('coinbase', {
    symbols: ['BTC-USD'],
    levels,
    seed: 5,
    phases: [],
  });
  const size = (exchange.facts.snapshotBytes / 1e6).toFixed(1);
  const title = `First live book, snapshot of ${size} MB (2 × ${levels} levels)`;
  note(title);
  const rows = CLIENTS.map(({ name, role }) => ({ name, role, values: [] }));
  try {
    for (let turn = 0; turn < repeats; turn += 1) {
      for (const [index, client] of CLIENTS.entries()) {
        rows[index].values.push((await race(exchange, client)).liveMs);
      }
    }
  } finally {
    exchange.close();
  }
  return {
    title,
    unit: 'ms on the wall from sending the snapshot',
    better: 'lower',
    rows,
    note: 'In a fresh process, so that no code is compiled yet; the way over the socket is in it.',
  };
}

/** Groups of this scenario. */
export async function measure(settings) {
  return [
    await measureImports(settings),
    await measureFirstBook(5_000, settings),
    await measureFirstBook(22_000, settings),
  ];
}
