// As much of Kraken's protocol v2 as a client of `book` needs.
import { createMarket } from '../market/market.mjs';
import {
  MIDDLE,
  PRICE_DECIMALS,
  SIZE_DECIMALS,
  timeMsOf,
  timeOf,
  writeSnapshot,
  writeUpdate,
} from '../market/kraken-wire.mjs';
import { frameText } from './frames.mjs';

const HEARTBEAT_EVERY_MS = 1_000;
const STATUS =
  '{"channel":"status","type":"update","data":[{"api_version":"v2","connection_id":' +
  '12393906104898154338,"system":"online","version":"2.0.4"}]}';

/** Makes the exchange. `phases` are the counts of updates that are sent at one go. */
export function createKrakenExchange({ symbols, levels, seed, phases, changesPerMessage }) {
  const [symbol] = symbols;
  const market = createMarket({ levels, depth: levels, seed, middle: MIDDLE, changesPerMessage });
  const snapshot = writeSnapshot(market, symbol);
  let updates = 0;
  const bytes = phases.map((count) =>
    Buffer.concat(
      Array.from({ length: count }, () => {
        updates += 1;
        const changes = market.nextChanges();
        return frameText(writeUpdate(market, { changes, symbol, time: timeOf(updates) }));
      }),
    ),
  );

  function answer(request) {
    const stamp = { time_in: timeOf(0), time_out: timeOf(0), req_id: request.req_id };
    if (request.method === 'ping') return { method: 'pong', ...stamp };
    const { channel, depth, snapshot: wanted } = request.params;
    const result = { channel, depth, snapshot: wanted ?? true, symbol };
    return { method: request.method, result, success: true, ...stamp };
  }

  let sentAtMs = NaN;

  function accept(socket) {
    let timer = setInterval(() => socket.send('{"channel":"heartbeat"}'), HEARTBEAT_EVERY_MS);
    socket.on('close', () => clearInterval(timer));
    socket.send(STATUS);
    socket.on('message', (text) => {
      const request = JSON.parse(text);
      socket.send(JSON.stringify(answer(request)));
      if (request.method === 'subscribe' && request.params.channel === 'book') {
        sentAtMs = performance.timeOrigin + performance.now();
        socket.send(snapshot);
      }
    });
    return {
      play(phase) {
        clearInterval(timer);
        timer = undefined;
        socket._socket.write(bytes[phase]);
      },
    };
  }

  const totals = phases.map((_, index) =>
    phases.slice(0, index + 1).reduce((sum, count) => sum + count, 0),
  );
  return {
    accept,
    /** When the newest snapshot was given to the system. */
    snapshotSentAtMs: () => sentAtMs,
    facts: {
      ends: totals.map((count) => ({ messages: count, atMs: timeMsOf(count) })),
      phaseBytes: bytes.map((one) => one.length),
      snapshotBytes: snapshot.length,
      best: { bids: market.bestBids(50), asks: market.bestAsks(50) },
      priceDecimals: PRICE_DECIMALS,
      sizeDecimals: SIZE_DECIMALS,
    },
  };
}
