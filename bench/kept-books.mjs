// Books of several makers behind one face: `apply(side, ticks, units)` and a reading of the best
// level of both sides, in the numbers that the maker keeps. `best(count)` is both sides as pairs of
// price and size in doubles, to compare.
import ccxt from 'ccxt';
import { OrderBook } from 'tardis-dev';
import { createBook, createLevelColumns } from 'truefeed/book';

const PRICE_DECIMALS = 2;
const SIZE_DECIMALS = 8;
const toPrice = (ticks) => ticks / 10 ** PRICE_DECIMALS;
const toSize = (units) => units / 10 ** SIZE_DECIMALS;

function openOurs(first, readTop) {
  const book = createBook({
    venue: 'bench',
    symbol: 'BTC-USD',
    depth: 'whole',
    verifiedDepth: 'none',
    sinceAtMs: 0,
    priceDecimals: PRICE_DECIMALS,
    sizeDecimals: SIZE_DECIMALS,
  });
  const columns = createLevelColumns(first.bids.length + first.asks.length);
  const price = { units: 0, decimals: PRICE_DECIMALS, exactUnits: undefined };
  const size = { units: 0, decimals: SIZE_DECIMALS, exactUnits: undefined };
  const facts = { symbol: 'BTC-USD', venueAtMs: NaN, firstNumber: NaN, lastNumber: NaN };
  const snapshot = { ...facts, type: 'book.snapshot', checksum: NaN, columns };
  const push = (side, ticks, units) => {
    price.units = ticks;
    size.units = units;
    columns.push(side, price, size);
  };
  for (const [ticks, units] of first.bids) push(0, ticks, units);
  for (const [ticks, units] of first.asks) push(1, ticks, units);
  book.applySnapshot(snapshot, 0);
  const few = createLevelColumns();
  const delta = { ...facts, type: 'book.delta', checksum: NaN, columns: few };
  return {
    apply(side, ticks, units) {
      price.units = ticks;
      size.units = units;
      few.clear();
      few.push(side, price, size);
      const outcome = book.applyDelta(delta, 0);
      if (outcome.kind !== 'applied') throw new Error(outcome.detail);
    },
    readTop: () => readTop(book),
    best: (count) => readSides(book.levels, count),
    // What a user holds is the book; the columns are the codec's.
    held: book,
  };
}

function readSides({ bids, asks }, count) {
  const read = (side) =>
    Array.from({ length: Math.min(count, side.count) }, (_, rank) => [
      toPrice(side.priceAt(rank)),
      toSize(side.sizeAt(rank)),
    ]);
  return [read(bids), read(asks)];
}

const readUnits = ({ levels: { bids, asks } }) =>
  bids.priceAt(0) + bids.sizeAt(0) + asks.priceAt(0) + asks.sizeAt(0);
const readTexts = (book) => book.bestBid().price.length + book.bestAsk().price.length;

function openCcxt(first) {
  const book = new ccxt.pro.coinbase().orderBook({});
  for (const [ticks, units] of first.bids) book.bids.store(toPrice(ticks), toSize(units));
  for (const [ticks, units] of first.asks) book.asks.store(toPrice(ticks), toSize(units));
  return {
    apply(side, ticks, units) {
      (side === 0 ? book.bids : book.asks).store(toPrice(ticks), toSize(units));
    },
    readTop: () => book.bids[0][0] + book.bids[0][1] + book.asks[0][0] + book.asks[0][1],
    best: (count) => [book.bids, book.asks].map((side) => Array.from(side).slice(0, count)),
    held: book,
  };
}

function openTardis(first) {
  const book = new OrderBook();
  const toLevel = ([ticks, units]) => ({ price: toPrice(ticks), amount: toSize(units) });
  const [bids, asks] = [first.bids.map(toLevel), first.asks.map(toLevel)];
  book.update({ isSnapshot: true, bids, asks });
  const none = [];
  return {
    apply(side, ticks, units) {
      const levels = [{ price: toPrice(ticks), amount: toSize(units) }];
      const [bids, asks] = side === 0 ? [levels, none] : [none, levels];
      book.update({ isSnapshot: false, bids, asks });
    },
    readTop() {
      const [bid, ask] = [book.bestBid(), book.bestAsk()];
      return bid.price + bid.amount + ask.price + ask.amount;
    },
    best: (count) =>
      [book.bids(), book.asks()].map((side) =>
        Array.from(side, ({ price, amount }) => [price, amount]).slice(0, count),
      ),
    held: book,
  };
}

/** Makers by name. `exact` marks ours with its best prices read as exact texts. */
export const BOOKS = [
  { name: 'truefeed', role: 'ours', open: (first) => openOurs(first, readUnits) },
  {
    name: 'truefeed, read as exact text',
    role: 'also',
    open: (first) => openOurs(first, readTexts),
  },
  { name: 'ccxt', role: 'peer', open: openCcxt },
  { name: 'tardis-dev', role: 'peer', open: openTardis },
];
