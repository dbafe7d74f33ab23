// How the cost of a message grows with the number of symbols, of levels and of changes in a
// message, and what books and connections hold. The floor is the same traffic received and not
// looked at.
import { openExchange, race } from '../race.mjs';

const SEED = 31;
const SMALL_BOOK = 100;
const FEW = 5;
const MANY = 25;

const OURS = { role: 'ours', module: 'truefeed', options: { reads: 'nothing' } };
const FLOOR = { role: 'floor', module: 'bare', options: { reads: 'receive' } };

const symbolsOf = (count) =>
  Array.from({ length: count }, (_, index) => (index === 0 ? 'BTC-USD' : `C${index}-USD`));

const SERIES = [
  {
    title: 'Cost with symbols, 2 × 100 levels each',
    points: [1, 10, 100, 500],
    describe: (count) => `${count} symbol${count === 1 ? '' : 's'}`,
    optionsOf: (count) => ({ symbols: symbolsOf(count), levels: SMALL_BOOK }),
    note: '30 products a socket: 500 symbols are 17 sockets. The floor has them on one.',
  },
  {
    title: 'Cost with levels a side',
    points: [100, 1_000, 5_000, 20_000, 50_000],
    describe: (count) => `${count} levels`,
    optionsOf: (levels) => ({ symbols: symbolsOf(1), levels }),
  },
  {
    title: 'Cost with changes in a message, 2 × 5,000 levels',
    points: [1, 6, 20, 60],
    describe: (count) => `${count} change${count === 1 ? '' : 's'}`,
    optionsOf: (count) => ({ symbols: symbolsOf(1), levels: 5_000, changesPerMessage: count }),
  },
];

function toRows(points, describe) {
  return points.map((point, index) => ({
    name: `truefeed, ${describe(point)}`,
    role: index === 0 ? 'ours' : 'also',
    values: [],
  }));
}

async function takeTurn(exchange, rows) {
  const [cost, memory, floor] = rows;
  const ours = await race(exchange, { ...OURS, name: cost.name });
  const { faults, sockets } = ours.report.facts;
  if (faults.length > 0) throw new Error(`${cost.name} says: ${faults[0]}`);
  cost.values.push(ours.cpuMicrosPerMessage);
  memory.values.push(ours.heldBytes / 1e6);
  memory.facts = { sockets };
  const bare = await race(exchange, { ...FLOOR, name: floor.name });
  floor.values.push(bare.cpuMicrosPerMessage);
}

async function measureSeries({ title, points, describe, optionsOf, note: text }, settings) {
  const { repeats, quick, note } = settings;
  note(title);
  const phases = quick ? [1_500, 1_500, 5_000] : [15_000, 15_000, 40_000];
  const costs = toRows(points, describe);
  const memory = toRows(points, describe);
  const floors = points.map((point) => {
    return { name: `ws, nothing done, ${describe(point)}`, role: 'floor', values: [] };
  });
  const exchanges = [];
  try {
    for (const point of points) {
      exchanges.push(await openExchange('coinbase', { ...optionsOf(point), seed: SEED, phases }));
    }
    for (let turn = 0; turn < repeats; turn += 1) {
      for (const [index, exchange] of exchanges.entries()) {
        await takeTurn(exchange, [costs[index], memory[index], floors[index]]);
      }
    }
  } finally {
    for (const exchange of exchanges) exchange.close();
  }
  for (const row of memory) row.name += `, sockets: ${row.facts.sockets}`;
  const rows = [...costs, ...floors];
  const unit = 'MB above the imported package';
  return [
    { title, unit: 'CPU µs a message', better: 'lower', rows, note: text },
    { title: title.replace('Cost', 'Memory held'), unit, better: 'lower', rows: memory },
  ];
}

const CONNECTIONS = [
  { name: 'truefeed openFeed', role: 'ours', options: { each: 'truefeed', reads: 'nothing' } },
  { name: 'ccxt watchOrderBook', role: 'peer', options: { each: 'ccxt' } },
  { name: 'coinbase-api, no book', role: 'peer', options: { each: 'coinbase-api' } },
  { name: 'ws, no book', role: 'floor', options: { each: 'bare', reads: 'receive' } },
];

async function measureConnections({ repeats, note }) {
  const title = `Memory of one more connection, with a book of 2 × ${SMALL_BOOK} levels`;
  note(title);
  const terms = { symbols: symbolsOf(1), levels: SMALL_BOOK, seed: SEED, phases: [] };
  const exchange = await openExchange('coinbase', terms);
  const rows = CONNECTIONS.map(({ name, role }) => ({ name, role, values: [] }));
  try {
    for (let turn = 0; turn < repeats; turn += 1) {
      for (const [index, { name, options }] of CONNECTIONS.entries()) {
        const held = [];
        for (const count of [FEW, MANY]) {
          const client = { name, module: 'several', options: { ...options, count } };
          held.push((await race(exchange, client)).heldBytes);
        }
        rows[index].values.push((held[1] - held[0]) / (MANY - FEW) / 1e3);
      }
    }
  } finally {
    exchange.close();
  }
  const text = `Each with an object of its own; from ${FEW} to ${MANY} in one process.`;
  return { title, unit: 'kB held', better: 'lower', rows, note: text };
}

/** Groups of this scenario. */
export async function measure(settings) {
  const groups = [];
  for (const series of SERIES) groups.push(...(await measureSeries(series, settings)));
  groups.push(await measureConnections(settings));
  return groups;
}
