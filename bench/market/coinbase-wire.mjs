// Coinbase's `l2_data` frames, spelled as they were recorded.

export const BOOK_CHANNEL = 'l2_data';
export const MIDDLE = 6_500_000;
export const PRICE_DECIMALS = 2;
export const SIZE_DECIMALS = 8;
const BASE_AT_MS = Date.UTC(2026, 10, 1);

/** Whole units as the venue writes them: without trailing zeros. */
export function writeDecimal(units, decimals) {
  if (units === 0) return '0';
  const digits = String(units).padStart(decimals + 1, '0');
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return text.replace(/\.?0+$/, '');
}

/** The time of the n-th message; one a millisecond, with the nanoseconds of the wire. */
export function timeOf(index) {
  return `${new Date(BASE_AT_MS + index).toISOString().slice(0, -1)}123456Z`;
}

/** The same as a client that reads milliseconds sees it. */
export function timeMsOf(index) {
  return BASE_AT_MS + index;
}

function writeLevel(side, time, [ticks, units]) {
  const price = writeDecimal(ticks, PRICE_DECIMALS);
  const size = writeDecimal(units, SIZE_DECIMALS);
  const head = `{"side":"${side === 'bid' ? 'bid' : 'offer'}","event_time":"${time}"`;
  return `${head},"price_level":"${price}","new_quantity":"${size}"}`;
}

function writeEvent(type, symbol, levels) {
  return `[{"type":"${type}","product_id":"${symbol}","updates":[${levels.join(',')}]}]`;
}

/** An envelope; `events` is the text of the list. */
export function writeFrame({ channel, time, number, events }) {
  const head = `{"channel":"${channel}","timestamp":"${time}","sequence_num":${number}`;
  return `${head},"events":${events}}`;
}

/** The events of a snapshot of the whole market. */
export function snapshotEvents(market, symbol) {
  const time = timeOf(0);
  const bids = market.bestBids().map((level) => writeLevel('bid', time, level));
  const asks = market.bestAsks().map((level) => writeLevel('ask', time, level));
  return writeEvent('snapshot', symbol, [...bids, ...asks]);
}

/** The events of one update. */
export function updateEvents(changes, symbol, time) {
  const levels = changes.map(({ side, ticks, units }) => writeLevel(side, time, [ticks, units]));
  return writeEvent('update', symbol, levels);
}

/** The events of an answer to a subscription: everything that the socket holds. */
export function subscriptionEvents(held) {
  return JSON.stringify([{ subscriptions: Object.fromEntries(held) }]);
}

/** The events of a heartbeat. */
export function heartbeatEvents(counter) {
  const now = '2026-11-01 00:00:00.000000000 +0000 UTC m=+1.000000000';
  return JSON.stringify([{ current_time: now, heartbeat_counter: counter }]);
}

/** One update of each kind that a client may be told, for measuring the decoding alone. */
export function writeTrades(symbol, number) {
  const time = timeOf(number);
  const trades = [0, 1, 2].map((index) => ({
    product_id: symbol,
    trade_id: String(1_075_000_000 + number * 3 + 2 - index),
    price: writeDecimal(MIDDLE + ((number * 7 + index) % 1_000), PRICE_DECIMALS),
    size: writeDecimal(1_234 + number * 37 + index, SIZE_DECIMALS),
    time: `${time.slice(0, 23)}456Z`,
    side: number % 2 === 0 ? 'BUY' : 'SELL',
  }));
  const events = JSON.stringify([{ type: 'update', trades }]);
  return writeFrame({ channel: 'market_trades', time, number, events });
}
