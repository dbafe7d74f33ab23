// How the cost of a message grows with the number of symbols, of levels and of changes in a
// message, and what a connection holds. The floor is the same traffic received and not looked at.
import { openExchange, race } from '../race.mjs';

const SEED = 31;
const SMALL_BOOK = 100;

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

async function measureSeries({ title, points, describe, optionsOf, note: text }, settings) {
  const { repeats, quick, note } = settings;
  note(title);
  const phases = quick ? [3_000, 5_000] : [10_000, 20_000];
  const rows = [];
  const memory = [];
  const exchanges = [];
  try {
    for (const point of points) {
      const exchange = await openExchange('coinbase', { ...optionsOf(point), seed: SEED, phases });
      exchanges.push(exchange);
      rows.push({ name: `truefeed, ${describe(point)}`, role: 'also', values: [] });
      rows.push({ name: `ws, nothing done, ${describe(point)}`, role: 'floor', values: [] });
      memory.push({ name: `truefeed, ${describe(point)}`, role: 'also', values: [], facts: {} });
    }
    rows[0].role = memory[0].role = 'ours';
    for (let turn = 0; turn < repeats; turn += 1) {
      for (const [index, exchange] of exchanges.entries()) {
        const ours = await race(exchange, { ...OURS, name: rows[index * 2].name });
        const { faults, sockets } = ours.report.facts;
        if (faults.length > 0) throw new Error(`${rows[index * 2].name} says: ${faults[0]}`);
        rows[index * 2].values.push(ours.cpuMicrosPerMessage);
        memory[index].values.push(ours.heldBytes / 1e6);
        memory[index].facts = { sockets };
        const floor = await race(exchange, { ...FLOOR, name: rows[index * 2 + 1].name });
        rows[index * 2 + 1].values.push(floor.cpuMicrosPerMessage);
      }
    }
  } finally {
    for (const exchange of exchanges) exchange.close();
  }
  for (const row of memory) row.name += ` on ${row.facts.sockets} socket(s)`;
  return [
    { title, unit: 'CPU µs a message', better: 'lower', rows, note: text },
    {
      title: title.replace('Cost', 'Memory held'),
      unit: 'MB above the imported package',
      better: 'lower',
      rows: memory,
    },
  ];
}

/** Groups of this scenario. */
export async function measure(settings) {
  const groups = [];
  for (const series of SERIES) groups.push(...(await measureSeries(series, settings)));
  return groups;
}
