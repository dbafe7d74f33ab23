import { expect, it } from 'vitest';
import type { ServerConnection, VenueServer } from '../../src/model/exchange.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { createVirtualTime } from '../doubles/virtual-time.js';
import { createVirtualNetwork, type NetworkWatcher } from './virtual-network.js';

const NOTHING = (): void => undefined;
const WATCHER: NetworkWatcher = {
  onDialled: NOTHING,
  onSent: NOTHING,
  onDelivered: NOTHING,
  onRead: NOTHING,
};

async function connect() {
  const time = createVirtualTime(undefined, { shortestMs: 1 });
  const connections: ServerConnection[] = [];
  const server: VenueServer = {
    id: 'any',
    onUpgrade: () => ({ kind: 'accept' }),
    onConnection(connection) {
      connections.push(connection);
      return { onMessage: NOTHING, onClosed: NOTHING };
    },
    close: NOTHING,
  };
  const network = createVirtualNetwork({
    time,
    server,
    clientClock: time.clock,
    random: createSeededRandom(1),
    watcher: WATCHER,
    latency: { leastMs: 100, spreadMs: 0 },
  });
  const frames: string[] = [];
  const url = 'wss://exchange.test/';
  network.dial(
    { url, headers: {}, handshakeTimeoutMs: 1_000, maxFrameBytes: 1_000 },
    {
      onOpened: NOTHING,
      onFrame: ({ view }) => frames.push(Buffer.from(view).toString()) > 0,
      onPong: NOTHING,
      onClosed: NOTHING,
    },
  );
  await time.advance(300);
  return { time, network, frames, connection: connections[0]! };
}

it('delivers what was sent before a freeze before what was sent during it', async () => {
  const { time, network, frames, connection } = await connect();
  connection.send('before');
  await time.advance(50);
  network.freeze(1_000);
  connection.send('during');
  await time.advance(900);
  expect(frames).toEqual([]);
  await time.advance(300);
  expect(frames).toEqual(['before', 'during']);
});

it('delivers nothing any more on a socket that is stalled', async () => {
  const { time, frames, connection } = await connect();
  connection.wire?.stall();
  connection.send('never');
  await time.advance(5_000);
  expect(frames).toEqual([]);
});

it('takes its time with the bytes of a wire that drips', async () => {
  const { time, frames, connection } = await connect();
  connection.wire?.drip(10);
  connection.send('0123456789');
  await time.advance(1_050);
  expect(frames).toEqual([]);
  await time.advance(100);
  expect(frames).toEqual(['0123456789']);
});
