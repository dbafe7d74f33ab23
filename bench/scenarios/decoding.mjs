// From the bytes of a frame to its meaning. `JSON.parse` alone is what anyone would begin with;
// with conversion is what a client has to do that keeps numbers exact (where the wire has strings;
// where it has numbers, `JSON.parse` has lost digits already, and only rounding is left).
import { coinbase } from 'truefeed/venues/coinbase';
import { cloud9trader } from 'truefeed/venues/cloud9trader';
import { kraken, krakenV1 } from 'truefeed/venues/kraken';
import { makeFrames } from '../market/frames.mjs';
import { compareRates } from '../measure.mjs';

const columns = { prices: new Float64Array(256), sizes: new Float64Array(256), count: 0 };

/** Exact: the digits as one whole number. */
function toUnits(text) {
  const point = text.indexOf('.');
  return Number(point < 0 ? text : text.slice(0, point) + text.slice(point + 1));
}

function push(price, size) {
  columns.prices[columns.count] = price;
  columns.sizes[columns.count] = size;
  columns.count = (columns.count + 1) & 255;
}

const round = (price, size) => push(Math.round(price * 10), Math.round(size * 1e8));

const CONVERTERS = {
  'Coinbase l2_data': ({ events, timestamp }) => {
    for (const event of events) {
      for (const one of event.updates) push(toUnits(one.price_level), toUnits(one.new_quantity));
    }
    return Date.parse(timestamp);
  },
  'Coinbase market_trades': ({ events, timestamp }) => {
    for (const event of events) {
      for (const one of event.trades) {
        push(toUnits(one.price), toUnits(one.size));
        Date.parse(one.time);
      }
    }
    return Date.parse(timestamp);
  },
  'Kraken v2 book': ({ data: [book] }) => {
    for (const { price, qty } of book.bids) round(price, qty);
    for (const { price, qty } of book.asks) round(price, qty);
    return Date.parse(book.timestamp);
  },
  'Kraken v2 trade': ({ data }) => {
    for (const { price, qty, timestamp } of data) {
      round(price, qty);
      Date.parse(timestamp);
    }
  },
  'Kraken v2 level3': ({ data: [book] }) => {
    for (const side of [book.bids, book.asks]) {
      for (const { limit_price: price, order_qty: size, timestamp } of side) {
        round(price, size);
        Date.parse(timestamp);
      }
    }
  },
  'Kraken v1 book': ([, { a = [], b = [] }]) => {
    for (const [price, size, time] of [...a, ...b]) push(toUnits(price), toUnits(size) + +time);
  },
  'Cloud9Trader order-book': ([, { bids, asks }]) => {
    for (const [price, size] of bids) round(price, size);
    for (const [price, size] of asks) round(price, size);
  },
};

function openCodec(kind) {
  if (kind.startsWith('Coinbase')) return coinbase().createCodec();
  if (kind.startsWith('Kraken v1')) return krakenV1().createCodec();
  if (kind.startsWith('Kraken')) return kraken().createCodec();
  return cloud9trader().createCodec();
}

function cycle(frames, read) {
  let at = 0;
  return (count) => {
    for (let index = 0; index < count; index += 1) {
      read(frames[at]);
      at = at + 1 === frames.length ? 0 : at + 1;
    }
  };
}

function listContenders(kind, frames) {
  const codec = openCodec(kind);
  for (const frame of frames) {
    const { messages } = codec.decode(frame);
    const [message] = messages;
    if (message === undefined || message.type === 'frame.skipped') {
      throw new Error(`The codec does not read ${kind}: ${frame}`);
    }
  }
  const convert = CONVERTERS[kind];
  const copy = Buffer.alloc(65_536);
  const exact = /l2|market|v1/.test(kind) ? 'exact conversion' : 'rounding (not exact)';
  const parse = (frame) => JSON.parse(frame.toString('utf8'));
  return [
    { name: "truefeed's codec", role: 'ours', run: cycle(frames, (one) => codec.decode(one)) },
    { name: 'JSON.parse', role: 'peer', run: cycle(frames, parse) },
    {
      name: `JSON.parse and ${exact}`,
      role: 'peer',
      run: cycle(frames, (frame) => convert(parse(frame))),
    },
    { name: 'copying the bytes', role: 'floor', run: cycle(frames, (frame) => frame.copy(copy)) },
  ];
}

/** Groups of this scenario. */
export async function measure({ repeats, turnMs, note }) {
  const groups = [];
  for (const [kind, frames] of Object.entries(makeFrames())) {
    const bytes = Math.round(frames.reduce((sum, one) => sum + one.length, 0) / frames.length);
    const title = `Decoding ${kind}, ${bytes} B`;
    note(title);
    const rows = await compareRates(listContenders(kind, frames), { repeats, turnMs });
    groups.push({ title, unit: 'frames a CPU-second', better: 'higher', rows });
  }
  return groups;
}
