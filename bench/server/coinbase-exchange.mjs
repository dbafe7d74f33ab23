// As much of Coinbase as a client of level2 needs: subscriptions, a snapshot of each product, and
// updates that are made before anyone connects. Every socket's row of numbers begins at 0; before
// the updates it is filled up with heartbeats to the same number, so that the updates are the same
// bytes for every client.
import { createMarket } from '../market/market.mjs';
import * as wire from '../market/coinbase-wire.mjs';
import { describeTraffic } from './facts.mjs';
import { frameText } from './frames.mjs';

const HEARTBEAT_EVERY_MS = 1_000;
/** The number of the first update, above whatever a client's subscriptions use up. */
const FIRST_UPDATE_NUMBER = 100;

/** Updates by phase; each product has its turn. */
function makeUpdates({ symbols, phases }, markets) {
  let updates = 0;
  return phases.map((count) =>
    Array.from({ length: count }, () => {
      const symbol = symbols[updates % symbols.length];
      updates += 1;
      const time = wire.timeOf(updates);
      const events = wire.updateEvents(markets.get(symbol).nextChanges(), symbol, time);
      return { symbol, time, events };
    }),
  );
}

/**
 * Makes a function that gives the bytes of one phase for a socket that holds these products.
 * Sockets that share the products get what is theirs, each with a row of numbers of its own.
 */
function createPhaseWriter(updates) {
  const known = new Map();
  return function bytesOf(phase, held) {
    const key = `${phase}:${held.join()}`;
    if (known.has(key)) return known.get(key);
    const own = new Set(held);
    const isOwn = ({ symbol }) => own.has(symbol);
    const earlier = updates.slice(0, phase).map((list) => list.filter(isOwn).length);
    let number = earlier.reduce((sum, count) => sum + count, FIRST_UPDATE_NUMBER);
    const frames = updates[phase].filter(isOwn).map(({ time, events }) => {
      const frame = { channel: wire.BOOK_CHANNEL, time, number, events };
      number += 1;
      return frameText(wire.writeFrame(frame));
    });
    const bytes = Buffer.concat(frames);
    known.set(key, bytes);
    return bytes;
  };
}

/** One client's socket, as the exchange sees it. */
class Connection {
  #socket;
  #exchange;
  #held = new Map();
  #number = 0;
  #beats = 0;
  #timer;

  constructor(socket, exchange) {
    this.#socket = socket;
    this.#exchange = exchange;
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_EVERY_MS);
    socket.on('close', () => clearInterval(this.#timer));
    socket.on('message', (bytes) => this.#answer(JSON.parse(bytes)));
  }

  /** Sends a phase at one go, past `ws`, so that the exchange is never what is slow. */
  play(phase) {
    clearInterval(this.#timer);
    while (this.#number < FIRST_UPDATE_NUMBER) this.#beat();
    const held = this.#held.get('level2') ?? [];
    this.#socket._socket.write(this.#exchange.bytesOf(phase, held));
  }

  #send(channel, events) {
    this.#socket.send(this.#writeNext(channel, events));
  }

  #writeNext(channel, events) {
    const number = this.#number;
    this.#number += 1;
    return wire.writeFrame({ channel, time: wire.timeOf(0), number, events });
  }

  #beat() {
    this.#beats += 1;
    this.#send('heartbeats', wire.heartbeatEvents(this.#beats));
  }

  #answer({ type, channel, product_ids: products = ['heartbeats'] }) {
    if (type !== 'subscribe') return;
    const known = this.#held.get(channel) ?? [];
    const fresh = products.filter((one) => !known.includes(one));
    this.#held.set(channel, [...known, ...fresh]);
    this.#send('subscriptions', wire.subscriptionEvents(this.#held));
    if (channel !== 'level2') return;
    for (const symbol of fresh) this.#sendSnapshot(this.#exchange.snapshots.get(symbol));
  }

  /** Past `ws`, too: its bytes are made before the time is noted at which the system has them. */
  #sendSnapshot(events) {
    const bytes = frameText(this.#writeNext(wire.BOOK_CHANNEL, events));
    this.#exchange.noteSnapshot();
    this.#socket._socket.write(bytes);
  }
}

/** Makes the exchange. `phases` are the counts of updates that are sent at one go. */
export function createCoinbaseExchange({ symbols, levels, seed, phases, changesPerMessage }) {
  const markets = new Map();
  const snapshots = new Map();
  symbols.forEach((symbol, index) => {
    const terms = { levels, seed: seed + index, middle: wire.MIDDLE, changesPerMessage };
    const market = createMarket(terms);
    markets.set(symbol, market);
    snapshots.set(symbol, wire.snapshotEvents(market, symbol));
  });
  const bytesOf = createPhaseWriter(makeUpdates({ symbols, phases }, markets));
  let snapshotAtMs = NaN;
  const noteSnapshot = () => (snapshotAtMs = performance.timeOrigin + performance.now());
  const [first] = symbols;
  return {
    accept: (socket) => new Connection(socket, { bytesOf, snapshots, noteSnapshot }),
    /** When the newest snapshot was given to the system. */
    snapshotSentAtMs: () => snapshotAtMs,
    facts: describeTraffic({
      market: markets.get(first),
      phases,
      phaseBytes: phases.map((_, phase) => bytesOf(phase, symbols).length),
      snapshotBytes: snapshots.get(first).length,
      wire,
    }),
  };
}
