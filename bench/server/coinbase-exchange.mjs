// As much of Coinbase as a client of level2 needs: subscriptions, a snapshot of each product, and
// updates that are made before anyone connects. Every socket's row of numbers begins at 0; before
// the updates it is filled up with heartbeats to the same number, so that the updates are the same
// bytes for every client.
import { createMarket } from '../market/market.mjs';
import {
  heartbeatEvents,
  MIDDLE,
  PRICE_DECIMALS,
  SIZE_DECIMALS,
  snapshotEvents,
  subscriptionEvents,
  timeMsOf,
  timeOf,
  updateEvents,
  writeFrame,
} from '../market/coinbase-wire.mjs';
import { frameText } from './frames.mjs';

const HEARTBEAT_EVERY_MS = 1_000;
/** The number of the first update, above whatever a client's subscriptions use up. */
const FIRST_UPDATE_NUMBER = 100;

/** Makes the exchange. `phases` are the counts of updates that are sent at one go. */
export function createCoinbaseExchange({ symbols, levels, seed, phases, changesPerMessage }) {
  const markets = new Map();
  const snapshots = new Map();
  symbols.forEach((symbol, index) => {
    const market = createMarket({ levels, seed: seed + index, middle: MIDDLE, changesPerMessage });
    markets.set(symbol, market);
    snapshots.set(symbol, snapshotEvents(market, symbol));
  });
  // Where several sockets share the products, each update goes to the socket that has its product.
  let updates = 0;
  const parts = phases.map((count) =>
    Array.from({ length: count }, () => {
      const symbol = symbols[updates % symbols.length];
      updates += 1;
      const time = timeOf(updates);
      return {
        symbol,
        time,
        events: updateEvents(markets.get(symbol).nextChanges(), symbol, time),
      };
    }),
  );

  /** The bytes of one phase for a socket that holds these products. */
  const cache = new Map();
  function bytesOf(phase, held) {
    const key = `${phase}:${held.join()}`;
    const known = cache.get(key);
    if (known) return known;
    const own = new Set(held);
    let number = FIRST_UPDATE_NUMBER;
    for (let earlier = 0; earlier < phase; earlier += 1) {
      number += parts[earlier].filter(({ symbol }) => own.has(symbol)).length;
    }
    const frames = parts[phase]
      .filter(({ symbol }) => own.has(symbol))
      .map(({ time, events }) => {
        const frame = { channel: 'l2_data', time, number, events };
        number += 1;
        return frameText(writeFrame(frame));
      });
    const bytes = Buffer.concat(frames);
    cache.set(key, bytes);
    return bytes;
  }

  let sentAtMs = NaN;

  function accept(socket) {
    const held = new Map();
    let number = 0;
    let beats = 0;
    const send = (channel, events) => {
      socket.send(writeFrame({ channel, time: timeOf(0), number, events }));
      number += 1;
    };
    const beat = () => send('heartbeats', heartbeatEvents((beats += 1)));
    let timer = setInterval(beat, HEARTBEAT_EVERY_MS);
    socket.on('close', () => clearInterval(timer));
    socket.on('message', (bytes) => {
      const { type, channel, product_ids: products = ['heartbeats'] } = JSON.parse(bytes);
      if (type !== 'subscribe') return;
      const known = held.get(channel) ?? [];
      const fresh = products.filter((one) => !known.includes(one));
      held.set(channel, [...known, ...fresh]);
      send('subscriptions', subscriptionEvents(held));
      if (channel !== 'level2') return;
      sentAtMs = performance.timeOrigin + performance.now();
      for (const symbol of fresh) send('l2_data', snapshots.get(symbol));
    });
    return {
      play(phase) {
        clearInterval(timer);
        timer = undefined;
        while (number < FIRST_UPDATE_NUMBER) beat();
        const bytes = bytesOf(phase, held.get('level2') ?? []);
        socket._socket.write(bytes);
      },
    };
  }

  const [first] = symbols;
  const totals = phases.map((_, index) =>
    phases.slice(0, index + 1).reduce((sum, count) => sum + count, 0),
  );
  const market = markets.get(first);
  return {
    accept,
    /** When the newest snapshot was given to the system. */
    snapshotSentAtMs: () => sentAtMs,
    facts: {
      // When a phase is over, as clients see it.
      ends: totals.map((count) => ({ messages: count, atMs: timeMsOf(count) })),
      phaseBytes: phases.map((_, phase) => bytesOf(phase, symbols).length),
      snapshotBytes: snapshots.get(first).length,
      best: { bids: market.bestBids(50), asks: market.bestAsks(50) },
      priceDecimals: PRICE_DECIMALS,
      sizeDecimals: SIZE_DECIMALS,
    },
  };
}
