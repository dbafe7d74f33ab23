import { expect, it } from 'vitest';
import { openFeed } from '../../../src/feed/feed.js';
import type { HttpClient } from '../../../src/model/runtime.js';
import { kraken } from '../../../src/venues/kraken/index.js';
import { createFakeDialer, type FakeSocket } from '../../doubles/fake-dialer.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

const SECRET = Buffer.alloc(64, 7).toString('base64');
const SYMBOLS = Array.from({ length: 201 }, (_, index) => `T${index}/USD`);

interface Request {
  readonly method: string;
  readonly params?: { readonly token?: string };
}

function open() {
  const time = createVirtualTime();
  const dialer = createFakeDialer(() => time.clock.nowMs());
  let issued = 0;
  const http: HttpClient = () => {
    issued += 1;
    const token = String(issued).padStart(43, 't');
    const body = JSON.stringify({ error: [], result: { token, expires: 900 } });
    return Promise.resolve({ status: 200, body });
  };
  const write = (): void => undefined;
  const feed = openFeed({
    venue: kraken(),
    credentials: { key: 'PUBLIC', secret: SECRET },
    subscriptions: [
      { channel: 'orders-book', symbols: SYMBOLS },
      { channel: 'executions' },
      { channel: 'balances' },
    ],
    runtime: {
      clock: time.clock,
      timers: time.timers,
      random: createSeededRandom(3),
      http,
      dial: (target, listener) => dialer.dial(target, listener),
      logger: { debug: write, info: write, warn: write, error: write },
    },
  });
  const run = async (ms: number): Promise<void> => {
    for (let passedMs = 0; passedMs < ms; passedMs += 100) {
      await time.advance(100);
      for (const socket of dialer.sockets) {
        if (socket.state === 'dialling') socket.opened();
      }
    }
  };
  return { feed, dialer, run };
}

/** Tokens that went over a socket, each once, with what was asked with it. */
function tokensOf({ sent }: FakeSocket): Map<string, string[]> {
  const tokens = new Map<string, string[]>();
  for (const text of sent) {
    const { method, params } = JSON.parse(text) as Request;
    if (params?.token === undefined) continue;
    tokens.set(params.token, [...(tokens.get(params.token) ?? []), method]);
  }
  return tokens;
}

it('each socket of one address keeps to a token of its own', async () => {
  const { feed, dialer, run } = open();
  await run(3_000);
  const hosts = dialer.sockets.map(({ target }) => new URL(target.url).host).sort();
  expect(hosts).toEqual(['ws-auth.kraken.com', 'ws-l3.kraken.com', 'ws-l3.kraken.com']);
  // The first socket speaks again, when the others have signed in long since.
  feed.unsubscribe([{ channel: 'orders-book', symbols: ['T0/USD'] }]);
  feed.subscribe([{ channel: 'orders-book', symbols: ['T201/USD'] }]);
  await run(3_000);
  const used = dialer.sockets.map((socket) => [...tokensOf(socket).keys()]);
  expect(used.map((tokens) => tokens.length)).toEqual([1, 1, 1]);
  expect(new Set(used.flat()).size).toBe(3);
  expect(dialer.sockets.flatMap((socket) => [...tokensOf(socket).values()].flat())).toContain(
    'unsubscribe',
  );
  await feed.close();
});
