// Kraken's checksum over the ten best levels a side: ours from whole numbers, the others from texts
// as clients do it that keep the wire's texts.
import { crc32, createBookChecksum } from 'truefeed/book';
import { checksumOf, crc32OfText, MIDDLE, writeNumber } from '../market/kraken-wire.mjs';
import { createMarket } from '../market/market.mjs';
import { compareRates } from '../measure.mjs';

const DEPTH = 10;
const BOOKS = 200;

function toReader(levels) {
  return {
    count: levels.length,
    priceAt: (rank) => levels[rank][0],
    sizeAt: (rank) => levels[rank][1],
    /** As a book's own sides do it. */
    refreshBest(prices, sizes) {
      const count = Math.min(levels.length, prices.length);
      let same = count;
      for (let rank = count - 1; rank >= 0; rank -= 1) {
        const [price, size] = levels[rank];
        if (price === prices[rank] && size === sizes[rank]) continue;
        prices[rank] = price;
        sizes[rank] = size;
        same = rank;
      }
      return same;
    },
  };
}

/** As ccxt's `formatNumber` does it: split at the point, join, cut the zeros off. */
function withoutPoint(text) {
  const [whole, decimals = ''] = text.split('.');
  const digits = whole + decimals;
  let zeros = 0;
  while (digits[zeros] === '0') zeros += 1;
  return zeros > 0 ? digits.slice(zeros) : digits;
}

/** One book that goes from state to state: truefeed keeps what did not change since the last. */
function createLiveBook(first) {
  return {
    shown: first,
    get bids() {
      return this.shown.bids;
    },
    get asks() {
      return this.shown.asks;
    },
    priceDecimals: first.priceDecimals,
    sizeDecimals: first.sizeDecimals,
  };
}

function makeBooks() {
  const market = createMarket({ levels: 100, seed: 3, middle: MIDDLE, changesPerMessage: 6 });
  return Array.from({ length: BOOKS }, () => {
    market.nextChanges();
    const [bids, asks] = [market.bestBids(DEPTH), market.bestAsks(DEPTH)];
    const toTexts = ([ticks, units]) => [writeNumber(ticks, 1), writeNumber(units, 8)];
    const text = [...asks, ...bids].map(([ticks, units]) => `${ticks}${units}`).join('');
    return {
      units: { bids: toReader(bids), asks: toReader(asks), priceDecimals: 1, sizeDecimals: 8 },
      texts: { bids: bids.map(toTexts), asks: asks.map(toTexts) },
      bytes: Buffer.from(text),
      checksum: checksumOf(market),
    };
  });
}

function checksumOfTexts({ bids, asks }) {
  const parts = [];
  for (const [price, size] of asks) parts.push(withoutPoint(price) + withoutPoint(size));
  for (const [price, size] of bids) parts.push(withoutPoint(price) + withoutPoint(size));
  return crc32OfText(parts.join(''));
}

function checksumOfTextsByPattern({ bids, asks }) {
  let text = '';
  const strip = (number) => number.replace('.', '').replace(/^0+/, '');
  for (const [price, size] of asks) text += strip(price) + strip(size);
  for (const [price, size] of bids) text += strip(price) + strip(size);
  return crc32OfText(text);
}

function cycle(books, compute) {
  let at = 0;
  for (const book of books) {
    if (compute(book) !== book.checksum) throw new Error('A checksum is wrong.');
  }
  return (count) => {
    for (let index = 0; index < count; index += 1) {
      compute(books[at]);
      at = at + 1 === books.length ? 0 : at + 1;
    }
  };
}

/** Groups of this scenario. */
export async function measure({ repeats, turnMs, note }) {
  const title = 'Kraken checksum, ten levels a side';
  note(title);
  const books = makeBooks();
  const ours = createBookChecksum({ depth: DEPTH });
  const live = createLiveBook(books[0].units);
  const contenders = [
    {
      name: 'truefeed createBookChecksum',
      role: 'ours',
      run: cycle(books, (one) => {
        live.shown = one.units;
        return ours(live);
      }),
    },
    {
      name: "texts, table, as ccxt's code",
      role: 'peer',
      run: cycle(books, (one) => checksumOfTexts(one.texts)),
    },
    {
      name: 'texts, patterns, table',
      role: 'peer',
      run: cycle(books, (one) => checksumOfTextsByPattern(one.texts)),
    },
    {
      name: 'CRC-32 alone, digits ready',
      role: 'floor',
      run: cycle(books, ({ bytes }) => crc32(bytes, bytes.length)),
    },
  ];
  const rows = await compareRates(contenders, { repeats, turnMs });
  return [{ title, unit: 'a CPU-second', better: 'higher', rows }];
}
