// What was aimed at, compared with what was measured. A target that is missed is said, not failed:
// times depend on the machine, and only wrong books end a benchmark.

const COINBASE_5000 = 'Coinbase level2, 2 × 5000 levels, socket to book';
const COINBASE_20000 = 'Coinbase level2, 2 × 20000 levels, socket to book';
const KRAKEN = 'Kraken v2 book, depth 1000, socket to book, every checksum verified by truefeed';
const BY_HAND = 'ws, codec and book by hand';
const SYMBOLS = 'Cost with symbols, 2 × 100 levels each';
const CHANGES = 'Cost with changes in a message, 2 × 5,000 levels';

/** `atLeast` or `atMost` is compared with what `of` reads. */
const TARGETS = [
  ...[
    [COINBASE_5000, 'ccxt watchOrderBook', 30],
    [COINBASE_5000, 'coinbase-api, no book', 4],
    [COINBASE_20000, 'ccxt watchOrderBook', 100],
    [KRAKEN, 'ccxt watchOrderBook', 5],
  ].map(([title, peer, atLeast]) => ({
    text: `${title}: times as many messages a CPU-second as ${peer}`,
    atLeast,
    of: (find) => find(title, peer)?.oursIsTimes,
  })),
  ...[COINBASE_5000, COINBASE_20000, KRAKEN].map((title) => ({
    text: `${title}: times the sum of its steps (${BY_HAND})`,
    atMost: 1.5,
    of: (find) => inverse(find(title, BY_HAND)?.oursIsTimes),
  })),
  {
    text: 'Minting an ES256 token: share of the bare signature',
    atLeast: 0.95,
    of: (find) => find('Coinbase token, ES256', /^bare/)?.oursIsTimes,
  },
  {
    text: 'Cost of a message with 500 symbols: times that with one',
    atMost: 1.2,
    // Beside that with one, which is the first row.
    of: (find) => find(SYMBOLS, 'truefeed, 500 symbols')?.oursIsTimes,
  },
  {
    text: 'Cost of a message with 60 changes: times that with 20 (3 is linear)',
    atMost: 3,
    of: (find) =>
      ratio(
        find(CHANGES, 'truefeed, 60 changes')?.oursIsTimes,
        find(CHANGES, 'truefeed, 20 changes')?.oursIsTimes,
      ),
  },
  {
    text: 'Import of the package, ms',
    atMost: 100,
    of: (find) => find('Import of the package', 'truefeed')?.value,
  },
  {
    text: 'First live book from a snapshot of 5 MB, ms',
    atMost: 100,
    of: (find) => find(/^First live book, snapshot of [45]\.\d MB/, 'truefeed openFeed')?.value,
  },
  // What plain prototypes reached.
  {
    text: 'Decoding l2_data: times as fast as JSON.parse and exact conversion',
    atLeast: 10,
    of: (find) => find(/^Decoding Coinbase l2_data/, /exact conversion/)?.oursIsTimes,
  },
  {
    text: 'Decoding Kraken v2 book: times as fast as JSON.parse and conversion',
    atLeast: 8.9,
    of: (find) => find(/^Decoding Kraken v2 book/, /rounding/)?.oursIsTimes,
  },
  {
    text: 'Kraken checksum: times as fast as from texts',
    atLeast: 2.4,
    of: (find) => find(/^Kraken checksum/, /^texts, table/)?.oursIsTimes,
  },
  {
    text: 'Book of 2 × 20,000 levels: times as fast as ccxt',
    atLeast: 164,
    of: (find) => find('Book of 2 × 20000 levels', 'ccxt')?.oursIsTimes,
  },
  {
    text: 'Book of 2 × 20,000 levels, one update: p99.9 in µs',
    atMost: 10,
    of: (find) => find(/one update and reading: p99\.9$/, 'truefeed')?.value,
  },
];

function inverse(value) {
  return value === undefined ? undefined : 1 / value;
}

function ratio(first, second) {
  return first && second ? first / second : undefined;
}

const matches = (text, wanted) => (wanted instanceof RegExp ? wanted.test(text) : text === wanted);

/** Every target that the groups can answer, with what was measured. */
export function judgeTargets(groups) {
  const find = (title, name) =>
    groups
      .find((group) => matches(group.title, title))
      ?.rows.find((row) => matches(row.name, name));
  return TARGETS.flatMap(({ text, atLeast, atMost, of }) => {
    const value = of(find);
    if (value === undefined) return [];
    const isMet = atLeast === undefined ? value <= atMost : value >= atLeast;
    return [{ text, atLeast, atMost, value, isMet }];
  });
}
