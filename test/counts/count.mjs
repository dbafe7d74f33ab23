// Counts what one message costs a feed on its way from bytes to a listener: a process of its own,
// because counting needs a collector that runs when it is told to. Prints one line of JSON.
//
//   node --expose-gc --max-semi-space-size=256 count.mjs DIST '{"venue":"coinbase",…}'
import { createHook } from 'node:async_hooks';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, settings] = process.argv.slice(2);
const { venue: venueName, levelsPerMessage, listens } = JSON.parse(settings);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { openFeed } = await load('index.js');
const { coinbase } = await load('venues/coinbase/index.js');
const { kraken } = await load('venues/kraken/index.js');
const { createBook, createBookChecksum, createLevelColumns } = await load('book/index.js');

const WARM_UP = 12_000;
const WINDOW = 4_000;
const WINDOWS = 3;
const LEVELS = 1_000;
const TIME = '2026-01-02T03:04:05.123456Z';

/** Small, seeded, and good enough to spread changes over the levels. */
let state = 1;
function pick(below) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

/** Prices stay on their side: bids below 60,000, asks from there on. */
function priceOf(side, rank) {
  return side === 'bid' ? (59_999.9 - rank / 10).toFixed(1) : (60_000 + rank / 10).toFixed(1);
}

function nextChanges() {
  return Array.from({ length: levelsPerMessage }, () => {
    const side = pick(2) === 0 ? 'bid' : 'ask';
    const size = pick(4) === 0 ? '0.00000000' : (1 + pick(1e6) / 1e6).toFixed(8);
    return { side, price: priceOf(side, pick(200)), size };
  });
}

function firstLevels() {
  const ranks = Array.from({ length: LEVELS }, (_, rank) => rank);
  return ['bid', 'ask'].flatMap((side) =>
    ranks.map((rank) => ({ side, price: priceOf(side, rank), size: '1.50000000' })),
  );
}

/** The venue's half of the wire, as far as a public book needs it. */
const WIRES = {
  coinbase() {
    let number = 0;
    const envelope = (channel, events) =>
      `{"channel":"${channel}","client_id":"","timestamp":"${TIME}","sequence_num":${number++},` +
      `"events":${JSON.stringify(events)}}`;
    const data = (type, levels) =>
      envelope('l2_data', [
        {
          type,
          product_id: 'BTC-USD',
          updates: levels.map(({ side, price, size }) => ({
            side: side === 'bid' ? 'bid' : 'offer',
            event_time: TIME,
            price_level: price,
            new_quantity: size,
          })),
        },
      ]);
    return {
      venue: coinbase(),
      symbol: 'BTC-USD',
      accept: () => [
        envelope('subscriptions', [{ subscriptions: { level2: ['BTC-USD'] } }]),
        envelope('subscriptions', [
          { subscriptions: { level2: ['BTC-USD'], heartbeats: ['heartbeats'] } },
        ]),
      ],
      snapshot: (levels) => data('snapshot', levels),
      delta: (levels) => data('update', levels),
    };
  },
  kraken() {
    const terms = { venue: 'k', symbol: 'BTC/USD', depth: 1_000, verifiedDepth: 10, sinceAtMs: 0 };
    const book = createBook(terms);
    const checksum = createBookChecksum({ depth: 10 });
    const columns = createLevelColumns();
    const data = (type, levels) => {
      columns.clear();
      for (const { side, price, size } of levels) {
        columns.pushText(side === 'bid' ? 0 : 1, price, size);
      }
      const message = { type: `book.${type === 'update' ? 'delta' : type}`, symbol: 'BTC/USD' };
      const rest = { venueAtMs: 1, columns, firstNumber: NaN, lastNumber: NaN, checksum: NaN };
      if (type === 'snapshot') book.applySnapshot({ ...message, ...rest }, 1);
      else book.applyDelta({ ...message, ...rest }, 1);
      const list = (name) =>
        levels
          .filter(({ side }) => side === name)
          .map(({ price, size }) => `{"price":${price},"qty":${size}}`)
          .join(',');
      return (
        `{"channel":"book","type":"${type}","data":[{"symbol":"BTC/USD","bids":[${list('bid')}],` +
        `"asks":[${list('ask')}],"checksum":${checksum(book.levels)},"timestamp":"${TIME}"}]}`
      );
    };
    return {
      venue: kraken({ bookDepth: 1_000 }),
      symbol: 'BTC/USD',
      accept: (request) => [
        JSON.stringify({
          method: 'subscribe',
          req_id: request.req_id,
          result: { channel: 'book', depth: 1_000, snapshot: true, symbol: 'BTC/USD' },
          success: true,
          time_in: TIME,
          time_out: TIME,
        }),
      ],
      snapshot: (levels) => data('snapshot', levels),
      delta: (levels) => data('update', levels),
    };
  },
};

const counts = { clockReadings: 0, timers: 0, texts: 0, promises: 0, events: 0 };
const wire = WIRES[venueName]();
const nowMs = Date.parse(TIME);
let listener;
let answered = false;
const receive = (text) => listener.onFrame(Buffer.from(text), nowMs);
const socket = {
  send(text) {
    const request = JSON.parse(text);
    if (answered || !/book|level2/.test(JSON.stringify(request.params ?? request))) return true;
    answered = true;
    setImmediate(() => {
      wire.accept(request).forEach(receive);
      receive(wire.snapshot(firstLevels()));
    });
    return true;
  },
  ping: () => undefined,
  close: () => queueMicrotask(() => listener.onClosed({ code: 1000, reason: '' })),
  terminate: () => queueMicrotask(() => listener.onClosed({ code: 1006, reason: '' })),
  bufferedBytes: () => 0,
};
const quiet = () => undefined;
const feed = openFeed({
  venue: wire.venue,
  subscriptions: [{ channel: 'book', symbols: [wire.symbol] }],
  runtime: {
    clock: {
      nowMs: () => ((counts.clockReadings += 1), nowMs),
      monotonicMs: () => ((counts.clockReadings += 1), 1_000),
    },
    timers: {
      after(delayMs, run) {
        counts.timers += 1;
        const timer = setTimeout(run, Math.min(delayMs, 2 ** 30));
        return () => clearTimeout(timer);
      },
    },
    random: { fraction: () => 0.5, bytes: (count) => new Uint8Array(count) },
    dial(target, given) {
      listener = given;
      setImmediate(() => listener.onOpened({}));
      return socket;
    },
    http: () => Promise.reject(new Error('There is no HTTP here.')),
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  },
});
if (listens) feed.on('book.changed', () => void (counts.events += 1));
await feed.whenLive({ timeoutMs: 10_000 });

for (const [owner, name] of [
  [Buffer.prototype, 'toString'],
  [Buffer.prototype, 'latin1Slice'],
  [Buffer.prototype, 'utf8Slice'],
  [TextDecoder.prototype, 'decode'],
  [Uint8Array.prototype, 'slice'],
  [JSON, 'parse'],
]) {
  const original = owner[name];
  owner[name] = function counted(...given) {
    counts.texts += 1;
    return original.apply(this, given);
  };
}
const hook = createHook({ init: (_id, type) => void (type === 'PROMISE' && counts.promises++) });

/** Messages are made before, so that nothing but the feed's own work is counted. */
function play(count) {
  const frames = Array.from({ length: count }, () => Buffer.from(wire.delta(nextChanges())));
  globalThis.gc();
  const before = { ...counts };
  hook.enable();
  const usedBefore = process.memoryUsage().heapUsed;
  for (const frame of frames) listener.onFrame(frame, nowMs);
  const usedAfter = process.memoryUsage().heapUsed;
  hook.disable();
  const per = (name) => (counts[name] - before[name]) / count;
  return {
    bytes: (usedAfter - usedBefore) / count,
    promises: per('promises'),
    texts: per('texts'),
    timers: per('timers'),
    clockReadings: per('clockReadings'),
    events: per('events'),
  };
}

play(WARM_UP);
const windows = Array.from({ length: WINDOWS }, () => play(WINDOW));
// What the machine does beside it only ever adds.
const bytes = Math.min(...windows.map((one) => one.bytes));
const { status } = feed.book(wire.symbol).state;
process.stdout.write(`${JSON.stringify({ ...windows[0], bytes, status })}\n`);
await feed.close();
