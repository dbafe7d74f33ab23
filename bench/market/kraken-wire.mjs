// Kraken's `book` frames of protocol v2, with the checksum of the ten best levels a side, which is
// worked out here by itself: a check must not share code with what it checks.

export const MIDDLE = 650_000;
export const PRICE_DECIMALS = 1;
export const SIZE_DECIMALS = 8;
const CHECKSUM_DEPTH = 10;
const BASE_AT_MS = Date.UTC(2026, 10, 1);

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** CRC-32 of a text, with a table, as clients without a library do it. */
export function crc32OfText(text) {
  let crc = -1;
  for (let at = 0; at < text.length; at += 1) {
    crc = CRC_TABLE[(crc ^ text.charCodeAt(at)) & 0xff] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** A number with all its decimals, as the wire has it. */
export function writeNumber(units, decimals) {
  const digits = String(units).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The time of the n-th message, with the microseconds of the wire. */
export function timeOf(index) {
  return `${new Date(BASE_AT_MS + index).toISOString().slice(0, -1)}123Z`;
}

/** The same as a client that reads milliseconds sees it. */
export function timeMsOf(index) {
  return BASE_AT_MS + index;
}

/** The venue's checksum of the market as it is. */
export function checksumOf(market) {
  const levels = [...market.bestAsks(CHECKSUM_DEPTH), ...market.bestBids(CHECKSUM_DEPTH)];
  return crc32OfText(levels.map(([ticks, units]) => `${ticks}${units}`).join(''));
}

function writeLevel([ticks, units]) {
  const price = writeNumber(ticks, PRICE_DECIMALS);
  return `{"price":${price},"qty":${writeNumber(units, SIZE_DECIMALS)}}`;
}

function writeBook({ type, symbol, bids, asks, checksum, time }) {
  const [bidTexts, askTexts] = [bids, asks].map((levels) => levels.map(writeLevel).join(','));
  const sides = `"bids":[${bidTexts}],"asks":[${askTexts}]`;
  const data = `{"symbol":"${symbol}",${sides},"checksum":${checksum},"timestamp":"${time}"}`;
  return `{"channel":"book","type":"${type}","data":[${data}]}`;
}

/** The whole market as the venue sends it first. */
export function writeSnapshot(market, symbol) {
  return writeBook({
    type: 'snapshot',
    symbol,
    bids: market.bestBids(),
    asks: market.bestAsks(),
    checksum: checksumOf(market),
    time: timeOf(0),
  });
}

/** One update; the market has the changes already. */
export function writeUpdate(market, { changes, symbol, time }) {
  const levelsOf = (side) =>
    changes.filter((one) => one.side === side).map(({ ticks, units }) => [ticks, units]);
  const checksum = checksumOf(market);
  const [bids, asks] = [levelsOf('bid'), levelsOf('ask')];
  return writeBook({ type: 'update', symbol, bids, asks, checksum, time });
}
