// What was aimed at, compared with what was measured. A target that is missed is said, not failed:
// times depend on the machine, and only wrong books end a benchmark.
import { median } from './measure.mjs';

const COINBASE_5000 = 'Coinbase level2, 2 × 5000 levels, socket to book';
const COINBASE_20000 = 'Coinbase level2, 2 × 20000 levels, socket to book';
const KRAKEN = 'Kraken v2 book, depth 1000, socket to book, every checksum verified by truefeed';
const BY_HAND = 'ws, codec and book by hand';
const SYMBOLS = 'Cost with symbols, 2 × 100 levels each';
const CHANGES = 'Cost with changes in a message, 2 × 5,000 levels';

/**
 * `atLeast` or `atMost` is compared with what `of` reads: a value, and those of the single turns
 * where there are several.
 */
const TARGETS = [
  ...[
    [COINBASE_5000, 'ccxt watchOrderBook', 30],
    [COINBASE_5000, 'coinbase-api, no book', 4],
    [COINBASE_20000, 'ccxt watchOrderBook', 100],
    [KRAKEN, 'ccxt watchOrderBook', 5],
  ].map(([title, peer, atLeast]) => ({
    text: `${title}: times as many messages a CPU-second as ${peer}`,
    atLeast,
    of: (find) => timesOf(find(title, peer)),
  })),
  ...[COINBASE_5000, COINBASE_20000, KRAKEN].map((title) => ({
    text: `${title}: times the sum of its steps (${BY_HAND})`,
    atMost: 1.5,
    of: (find) => inverse(timesOf(find(title, BY_HAND))),
  })),
  {
    text: 'Minting an ES256 token: share of the bare signature',
    atLeast: 0.95,
    of: (find) => timesOf(find('Coinbase token, ES256', /^bare/)),
  },
  {
    text: 'Cost of a message with 500 symbols: times that with one',
    atMost: 1.2,
    // Beside that with one, which is the first row.
    of: (find) => timesOf(find(SYMBOLS, 'truefeed, 500 symbols')),
  },
  {
    text: 'Cost of a message with 60 changes: times that with 20 (3 is linear)',
    atMost: 3,
    of: (find) =>
      ratio(
        timesOf(find(CHANGES, 'truefeed, 60 changes')),
        timesOf(find(CHANGES, 'truefeed, 20 changes')),
      ),
  },
  {
    text: 'Import of the package, ms',
    atMost: 100,
    of: (find) => valueOf(find('Import of the package', 'truefeed')),
  },
  {
    text: 'First live book from a snapshot of 5 MB, ms',
    atMost: 100,
    of: (find) => valueOf(find(/^First live book, snapshot of [45]\.\d MB/, 'truefeed openFeed')),
  },
  // What plain prototypes reached.
  {
    text: 'Decoding l2_data: times as fast as JSON.parse and exact conversion',
    atLeast: 10,
    of: (find) => timesOf(find(/^Decoding Coinbase l2_data/, /exact conversion/)),
  },
  {
    text: 'Decoding Kraken v2 book: times as fast as JSON.parse and conversion',
    atLeast: 8.9,
    of: (find) => timesOf(find(/^Decoding Kraken v2 book/, /rounding/)),
  },
  {
    text: 'Kraken checksum: times as fast as from texts',
    atLeast: 2.4,
    of: (find) => timesOf(find(/^Kraken checksum/, /^texts, table/)),
  },
  {
    text: 'Book of 2 × 20,000 levels: times as fast as ccxt',
    atLeast: 164,
    of: (find) => timesOf(find('Book of 2 × 20000 levels', 'ccxt')),
  },
  {
    text: 'Book of 2 × 20,000 levels, one update: p99.9 in µs',
    atMost: 10,
    of: (find) => valueOf(find(/one update and reading: p99\.9$/, 'truefeed')),
  },
];

/** What a row was itself measured as. */
function valueOf(row) {
  if (row?.value === undefined) return undefined;
  return { value: row.value, turns: row.times > 1 ? [row.lowest, row.highest] : [] };
}

/** How many times better ours is than this row. */
function timesOf(row) {
  if (row?.oursIsTimes === undefined) return undefined;
  return { value: row.oursIsTimes, turns: row.oursIsTimesByTurn ?? [] };
}

function inverse(measured) {
  return measured && { value: 1 / measured.value, turns: measured.turns.map((one) => 1 / one) };
}

/** Of two rows beside the same third one. Turn by turn, as any ratio, where the turns are known. */
function ratio(first, second) {
  if (!first || !second) return undefined;
  const count = Math.min(first.turns.length, second.turns.length);
  const turns = Array.from({ length: count }, (_, at) => first.turns[at] / second.turns[at]);
  return { value: count > 0 ? median(turns) : first.value / second.value, turns };
}

const matches = (text, wanted) => (wanted instanceof RegExp ? wanted.test(text) : text === wanted);

/** Every target that the groups can answer, with what was measured. */
export function judgeTargets(groups) {
  const find = (title, name) =>
    groups
      .find((group) => matches(group.title, title))
      ?.rows.find((row) => matches(row.name, name));
  return TARGETS.flatMap(({ text, atLeast, atMost, of }) => {
    const measured = of(find);
    if (measured === undefined) return [];
    const { value, turns } = measured;
    const isMet = atLeast === undefined ? value <= atMost : value >= atLeast;
    const spread = turns.length > 1 && {
      lowest: Math.min(...turns),
      highest: Math.max(...turns),
    };
    return [{ text, atLeast, atMost, value, ...spread, isMet }];
  });
}
