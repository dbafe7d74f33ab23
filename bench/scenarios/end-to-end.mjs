// From the socket to a verified book. A local exchange in a process of its own sends a snapshot and
// then updates as fast as the client takes them, the same bytes for every client; each client is in
// a process of its own, and what counts is that process's CPU time over the updates alone.
import { median } from '../measure.mjs';
import { compareBest, openExchange, race } from '../race.mjs';

const SEED = 20_261_101;

const FLOORS = [
  {
    name: 'ws, codec and book by hand',
    role: 'floor',
    module: 'truefeed-parts',
    note: "truefeed's own parts in a row, without the feed: the sum of the steps",
  },
  { name: 'ws and JSON.parse, no book', role: 'peer', module: 'bare', reads: 'parse' },
  { name: 'ws, nothing done', role: 'floor', module: 'bare', reads: 'receive' },
  { name: 'socket read, nothing done', role: 'floor', module: 'bare', reads: 'read' },
];
const OURS = [
  { name: 'truefeed openFeed', role: 'ours', module: 'truefeed', reads: 'nothing' },
  {
    name: 'truefeed openFeed, best prices read each time',
    role: 'also',
    module: 'truefeed',
    reads: 'top',
    note: 'as exact text, both sides',
  },
];
const CCXT = { name: 'ccxt watchOrderBook', role: 'peer', module: 'ccxt' };
const COINBASE_API = { name: 'coinbase-api, no book', role: 'peer', module: 'coinbase-api' };
const CCXT_VERIFYING = {
  name: 'ccxt watchOrderBook, checksum on',
  role: 'peer',
  module: 'ccxt',
  checksum: true,
};

const RACES = [
  // A small book, where ccxt has the least to do for a message.
  {
    venue: 'coinbase',
    symbols: ['BTC-USD'],
    levels: 100,
    clients: [...OURS, CCXT, COINBASE_API, ...FLOORS],
  },
  {
    venue: 'coinbase',
    symbols: ['BTC-USD'],
    levels: 5_000,
    clients: [...OURS, CCXT, COINBASE_API, ...FLOORS],
  },
  {
    venue: 'coinbase',
    symbols: ['BTC-USD'],
    levels: 20_000,
    clients: [...OURS, CCXT, COINBASE_API, ...FLOORS],
  },
  {
    venue: 'kraken',
    symbols: ['BTC/USD'],
    levels: 1_000,
    changesPerMessage: 2,
    clients: [...OURS, CCXT, CCXT_VERIFYING, ...FLOORS],
  },
];

function titleOf({ venue, levels }) {
  if (venue === 'coinbase') return `Coinbase level2, 2 × ${levels} levels, socket to book`;
  return `Kraken v2 book, depth ${levels}, socket to book, every checksum verified by truefeed`;
}

/** A client that cannot follow is reported; one that follows wrongly ends the benchmark. */
async function follow(exchange, client, settings) {
  const { name, role, note: _note, module, ...options } = client;
  const asked = { name, module, options: { ...options, depth: settings.levels } };
  const result = await race(exchange, asked, settings);
  const { best, facts } = result.report;
  if (facts.faults?.length > 0) throw new Error(`${name} says: ${facts.faults[0]}`);
  if (best === undefined || best === null) return result;
  const difference = compareBest(best, exchange.facts);
  if (difference !== undefined) throw new Error(`${name} has a wrong book: ${difference}`);
  return result;
}

async function measureRace(plan, { repeats, quick, note, profileFolder }) {
  const title = titleOf(plan);
  note(title);
  const { venue, symbols, levels, changesPerMessage, clients } = plan;
  // V8 compiles anew for the first 150,000: a client that runs for a minute is past that.
  const phases = quick ? [2_500, 2_500, 10_000] : [100_000, 100_000, 150_000];
  const exchange = await openExchange(venue, {
    symbols,
    levels,
    changesPerMessage,
    seed: SEED,
    phases,
  });
  const [ours, ...others] = clients.map((client) => ({ client, costs: [], held: [] }));
  const measured = [ours, ...others];
  const run = async (entry, folder) => {
    const result = await follow(exchange, entry.client, { levels, profileFolder: folder });
    entry.facts = result.report.facts;
    return { cost: result.cpuMicrosPerMessage, held: result.heldBytes / 1e6 };
  };
  try {
    if (profileFolder) await run(ours, profileFolder);
    for (let turn = 0; turn < repeats; turn += 1) {
      const own = [];
      for (const other of others) {
        if (other.failure) continue;
        // Beside each of them: a race of ours is over in a quarter of a second, and what else the
        // machine does just then would be all of its turn.
        own.push(await run(ours));
        try {
          const { cost, held } = await run(other);
          other.costs.push(cost);
          other.held.push(held);
        } catch (error) {
          // Only ccxt's own check is known not to work; anything else is a fault of the benchmark.
          if (other.client !== CCXT_VERIFYING) throw error;
          other.failure = `does not run: ${error.message}`;
        }
      }
      ours.costs.push(median(own.map(({ cost }) => cost)));
      ours.held.push(median(own.map(({ held }) => held)));
    }
  } finally {
    exchange.close();
  }
  const describe = ({ client: { name, role }, ...rest }) => ({ name, role, ...rest });
  const rows = measured.map(({ client, costs, facts, failure }) =>
    describe({ client, note: client.note, values: costs, facts, failure }),
  );
  const memory = measured
    .filter(({ held }) => held.length > 0)
    .map(({ client, held }) => describe({ client, values: held }));
  const bytes = Math.round(exchange.facts.phaseBytes.at(-1) / phases.at(-1));
  const text = `${bytes} B a message; best 50 levels compared with the exchange's own at the end.`;
  return [
    { title, unit: 'CPU µs a message', better: 'lower', rows, note: text },
    {
      title: `Memory that a client holds once live, ${title.replace(', socket to book', '')}`,
      unit: 'MB above the imported package',
      better: 'lower',
      rows: memory,
    },
  ];
}

/** Groups of this scenario. */
export async function measure(settings) {
  const groups = [];
  for (const plan of RACES) groups.push(...(await measureRace(plan, settings)));
  return groups;
}
