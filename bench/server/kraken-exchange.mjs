// As much of Kraken's protocol v2 as a client of `book` needs.
import { createMarket } from '../market/market.mjs';
import * as wire from '../market/kraken-wire.mjs';
import { describeTraffic } from './facts.mjs';
import { frameText } from './frames.mjs';

const HEARTBEAT_EVERY_MS = 1_000;
const HEARTBEAT = '{"channel":"heartbeat"}';
const STATUS =
  '{"channel":"status","type":"update","data":[{"api_version":"v2","connection_id":' +
  '12393906104898154338,"system":"online","version":"2.0.4"}]}';

function makePhases(market, { symbol, phases }) {
  let updates = 0;
  const writeNext = () => {
    updates += 1;
    const changes = market.nextChanges();
    return frameText(wire.writeUpdate(market, { changes, symbol, time: wire.timeOf(updates) }));
  };
  return phases.map((count) => Buffer.concat(Array.from({ length: count }, writeNext)));
}

function answer(request, symbol) {
  const stamp = { time_in: wire.timeOf(0), time_out: wire.timeOf(0), req_id: request.req_id };
  if (request.method === 'ping') return { method: 'pong', ...stamp };
  const { channel, depth, snapshot = true } = request.params;
  const result = { channel, depth, snapshot, symbol };
  return { method: request.method, result, success: true, ...stamp };
}

/** Makes the exchange. `phases` are the counts of updates that are sent at one go. */
export function createKrakenExchange({ symbols, levels, seed, phases, changesPerMessage }) {
  const [symbol] = symbols;
  const terms = { levels, depth: levels, seed, middle: wire.MIDDLE, changesPerMessage };
  const market = createMarket(terms);
  const snapshot = wire.writeSnapshot(market, symbol);
  // Past `ws`, as all that is measured, so that the exchange is never what is slow.
  const snapshotFrame = frameText(snapshot);
  const bytes = makePhases(market, { symbol, phases });
  let snapshotAtMs = NaN;

  function accept(socket) {
    const timer = setInterval(() => socket.send(HEARTBEAT), HEARTBEAT_EVERY_MS);
    socket.on('close', () => clearInterval(timer));
    socket.send(STATUS);
    socket.on('message', (text) => {
      const request = JSON.parse(text);
      socket.send(JSON.stringify(answer(request, symbol)));
      if (request.method !== 'subscribe' || request.params.channel !== 'book') return;
      snapshotAtMs = performance.timeOrigin + performance.now();
      socket._socket.write(snapshotFrame);
    });
    return {
      play(phase) {
        clearInterval(timer);
        socket._socket.write(bytes[phase]);
      },
    };
  }

  const phaseBytes = bytes.map((one) => one.length);
  const snapshotBytes = snapshot.length;
  return {
    accept,
    /** When the newest snapshot was given to the system. */
    snapshotSentAtMs: () => snapshotAtMs,
    facts: describeTraffic({ market, phases, phaseBytes, snapshotBytes, wire }),
  };
}
