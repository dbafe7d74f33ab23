// Would threads pay? Reading a message here, beside the least that handing one to another thread
// costs: a listener here would be handed the levels of each message that was read there.
import { Worker } from 'node:worker_threads';
import { createBook } from 'truefeed/book';
import { coinbase } from 'truefeed/venues/coinbase';
import * as wire from '../market/coinbase-wire.mjs';
import { createMarket } from '../market/market.mjs';
import { compareRates } from '../measure.mjs';

const LEVELS = 5_000;
const FRAMES = 20_000;

const COUNTING_WORKER = `
const { parentPort } = require('node:worker_threads');
let left = 0;
parentPort.on('message', (message) => {
  if (message.expect) left = message.expect;
  else if (--left === 0) parentPort.postMessage('all');
});`;

function makeFrames() {
  const market = createMarket({ levels: LEVELS, seed: 7, middle: wire.MIDDLE });
  const write = (number, time, events) =>
    Buffer.from(wire.writeFrame({ channel: 'l2_data', time, number, events }));
  const snapshot = write(0, wire.timeOf(0), wire.snapshotEvents(market, 'BTC-USD'));
  const updates = Array.from({ length: FRAMES }, (_, index) => {
    const time = wire.timeOf(index + 1);
    const events = wire.updateEvents(market.nextChanges(), 'BTC-USD', time);
    return write(index + 1, time, events);
  });
  return { snapshot, updates };
}

function openReader({ snapshot, updates }) {
  const venue = coinbase();
  const codec = venue.createCodec();
  const { depth, verifiedDepth } = venue.book;
  const terms = { venue: venue.id, symbol: 'BTC-USD', depth, verifiedDepth, sinceAtMs: 0 };
  const book = createBook(terms);
  let at = updates.length;
  return function readNext() {
    if (at === updates.length) {
      book.applySnapshot(codec.decode(snapshot).messages[0], 0);
      at = 0;
    }
    const [message] = codec.decode(updates[at]).messages;
    at += 1;
    if (book.applyDelta(message, 0).kind !== 'applied') throw new Error('A message was refused.');
    return message;
  };
}

/** What an event has to carry: the columns are used again here, so the other side needs its own. */
function copyOf({ type, symbol, venueAtMs, columns }) {
  const { count, sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals } = columns;
  const numbers = new Float64Array(count * 2);
  numbers.set(priceUnits.subarray(0, count));
  numbers.set(sizeUnits.subarray(0, count), count);
  const small = new Uint8Array(count * 3);
  small.set(sides.subarray(0, count));
  small.set(priceDecimals.subarray(0, count), count);
  small.set(sizeDecimals.subarray(0, count), count * 2);
  return { type, symbol, venueAtMs, count, numbers, small };
}

/** The worker counts what it is handed, and answers once. */
function handOver(worker, make) {
  return (count) =>
    new Promise((resolve) => {
      worker.once('message', resolve);
      worker.postMessage({ expect: count });
      for (let index = 0; index < count; index += 1) worker.postMessage(make());
    });
}

/** Messages a CPU-second, of all threads together. */
export async function measure({ repeats, quick, note }) {
  note('a message read, and handed to another thread');
  const frames = makeFrames();
  const readNext = openReader(frames);
  const worker = new Worker(COUNTING_WORKER, { eval: true });
  const event = copyOf(readNext());
  const frame = Uint8Array.from(frames.updates[0]);
  try {
    const rows = await compareRates(
      [
        {
          name: 'truefeed: decode, check, apply',
          role: 'ours',
          run(count) {
            for (let index = 0; index < count; index += 1) readNext();
          },
        },
        {
          name: 'hand its levels to another thread',
          role: 'floor',
          note: 'as arrays of numbers, nothing done with them there',
          run: handOver(worker, () => event),
        },
        {
          name: 'hand its frame to another thread',
          role: 'floor',
          note: 'as bytes, nothing done with them there',
          run: handOver(worker, () => frame),
        },
      ],
      { repeats, turnMs: quick ? 60 : 300 },
    );
    return [
      {
        title: 'A message, and another thread',
        unit: 'messages a CPU-second',
        better: 'higher',
        rows,
      },
    ];
  } finally {
    await worker.terminate();
  }
}
