// Books alone: one level is changed, then the best level of both sides is read.
import { makeChanges } from '../market/changes.mjs';
import { BOOKS } from '../kept-books.mjs';
import { compareRates, heldBytes, percentile } from '../measure.mjs';

const RECORDED = 'as recorded';
const HOSTILE = [
  'far prices, 0.01 to 139 million',
  'bursts at the touch',
  'new levels anywhere',
  'a thin pair',
];
const LEVEL_COUNTS = [100, 5_000, 20_000, 50_000];
const DEEP = 20_000;
const LATENCIES = [
  ['p50', 0.5],
  ['p99', 0.99],
  ['p99.9', 0.999],
  ['longest', 1],
];

/** The same changes must make the same book, or nothing is compared. */
function checkAgreement(changes) {
  const makers = BOOKS.filter(({ role }) => role !== 'also');
  const [ours, ...others] = makers.map(({ name, open }) => {
    const book = open(changes.first);
    for (let at = 0; at < Math.min(2_000, changes.count); at += 1) {
      book.apply(changes.sides[at], changes.ticks[at], changes.units[at]);
    }
    return { name, text: JSON.stringify(book.best(50)) };
  });
  for (const { name, text } of others) {
    if (text !== ours.text) throw new Error(`The book of ${name} is another one than ours.`);
  }
}

function cycle(book, { sides, ticks, units, count: length }) {
  let at = 0;
  let sum = 0;
  return (count) => {
    for (let index = 0; index < count; index += 1) {
      book.apply(sides[at], ticks[at], units[at]);
      sum += book.readTop();
      at = at + 1 === length ? 0 : at + 1;
    }
    return sum === 0 ? 1 : 0;
  };
}

async function measureRates(title, changes, settings) {
  checkAgreement(changes);
  const contenders = BOOKS.map(({ name, role, open }) => {
    return { name, role, run: cycle(open(changes.first), changes) };
  });
  const rows = await compareRates(contenders, settings);
  return { title, unit: 'updates a CPU-second', better: 'higher', rows };
}

function timeEach(book, { sides, ticks, units, count }) {
  const times = new Float64Array(count);
  for (let at = 0; at < count; at += 1) {
    const start = performance.now();
    book.apply(sides[at], ticks[at], units[at]);
    book.readTop();
    times[at] = (performance.now() - start) * 1_000;
  }
  return times.sort();
}

function measureLatencies(changes, { repeats }) {
  const books = BOOKS.map(({ name, role, open }) => ({ name, role, book: open(changes.first) }));
  for (const { book } of books) timeEach(book, changes);
  const rows = books.map(({ name, role }) => ({
    name,
    role,
    values: LATENCIES.map(() => []),
  }));
  for (let turn = 0; turn < repeats; turn += 1) {
    for (const [index, { book }] of books.entries()) {
      global.gc();
      const times = timeEach(book, changes);
      LATENCIES.forEach(([, share], at) => rows[index].values[at].push(percentile(times, share)));
    }
  }
  return LATENCIES.map(([label], at) => ({
    title: `Book of 2 × ${DEEP} levels, time of one update and reading: ${label}`,
    unit: 'µs on the wall',
    better: 'lower',
    rows: rows.map(({ name, role, values }) => ({ name, role, values: values[at] })),
    note: 'The clock itself is in it: some 0.1 µs.',
  }));
}

function measureMemory(changes, { repeats }) {
  const rows = BOOKS.filter(({ role }) => role !== 'also').map(({ name, role, open }) => {
    const values = Array.from({ length: repeats }, () => {
      const before = heldBytes();
      const { held } = open(changes.first);
      const bytes = heldBytes() - before;
      return held === undefined ? NaN : bytes / 1e6;
    });
    return { name, role, values };
  });
  const title = `Memory of one book of 2 × ${DEEP} levels`;
  return { title, unit: 'MB held (heap and array buffers)', better: 'lower', rows };
}

/** Groups of this scenario. */
export async function measure({ repeats, turnMs, quick, note }) {
  const groups = [];
  const count = quick ? 10_000 : 60_000;
  for (const levels of LEVEL_COUNTS) {
    const title = `Book of 2 × ${levels} levels`;
    note(title);
    const changes = makeChanges(RECORDED, { levels, count });
    groups.push(await measureRates(title, changes, { repeats, turnMs }));
  }
  for (const kind of HOSTILE) {
    note(kind);
    const changes = makeChanges(kind, { count });
    const title = `Book, ${kind} (2 × ${changes.first.bids.length} levels)`;
    groups.push(await measureRates(title, changes, { repeats, turnMs }));
  }
  note('latencies and memory');
  const deep = makeChanges(RECORDED, { levels: DEEP, count: quick ? 10_000 : 30_000 });
  groups.push(...measureLatencies(deep, { repeats }), measureMemory(deep, { repeats }));
  return groups;
}
