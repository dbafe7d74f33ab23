import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openFeed } from '../../../src/feed/feed.js';
import type { FeedSubscription } from '../../../src/feed/feed-options.js';
import type { FeedEvent } from '../../../src/model/event.js';
import { kraken } from '../../../src/venues/kraken/index.js';
import { createFakeDialer, type FakeSocket } from '../../doubles/fake-dialer.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

type Levels = readonly (readonly [price: string, qty: string])[];

const TIMES = '"time_in":"2026-07-19T17:54:39.784623Z","time_out":"2026-07-19T17:54:39.784700Z"';
const ASKS: Levels = [['100.5', '1.00000000']];

/** The venue's book after the change, in its own words: its checksum made apart from ours. */
function bookFrame(symbol: string, type: 'snapshot' | 'update', bids: Levels): string {
  const digits = (text: string): string => text.replace('.', '').replace(/^0+/, '');
  const text = [...ASKS, ...bids].map(([price, qty]) => digits(price) + digits(qty)).join('');
  const list = (levels: Levels): string =>
    levels.map(([price, qty]) => `{"price":${price},"qty":${qty}}`).join(',');
  const asks = type === 'snapshot' ? list(ASKS) : '';
  return (
    `{"channel":"book","type":"${type}","data":[{"symbol":"${symbol}","bids":[${list(bids)}],` +
    `"asks":[${asks}],"checksum":${crc32(text)},"timestamp":"2026-07-19T17:54:39.784623Z"}]}`
  );
}

interface Request {
  readonly method: string;
  readonly req_id: number;
  readonly params?: { readonly channel: string; readonly symbol?: readonly string[] };
}

/** A feed of books and as much of the venue as it needs: acks for each symbol, then a snapshot. */
class Bench {
  readonly time = createVirtualTime();
  readonly dialer = createFakeDialer(() => this.time.clock.nowMs());
  readonly events: FeedEvent[] = [];
  readonly requests: Request[] = [];
  readonly feed: ReturnType<typeof openFeed>;
  #answered = new Map<FakeSocket, number>();

  constructor(subscriptions: readonly FeedSubscription[]) {
    const write = (): void => undefined;
    this.feed = openFeed({
      venue: kraken(),
      subscriptions,
      onEvent: (event) => this.events.push(event),
      runtime: {
        clock: this.time.clock,
        timers: this.time.timers,
        random: createSeededRandom(3),
        dial: (target, listener) => this.dialer.dial(target, listener),
        http: () => Promise.reject(new Error('No HTTP in this test.')),
        logger: { debug: write, info: write, warn: write, error: write },
      },
    });
  }

  async run(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 50) {
      await this.time.advance(50);
      for (const socket of this.dialer.sockets) this.#attend(socket, passedMs);
    }
  }

  types(): string[] {
    return this.events.splice(0).map((event) => `${event.type} ${event.symbol}`.trim());
  }

  #attend(socket: FakeSocket, passedMs: number): void {
    if (socket.state === 'dialling') socket.opened();
    const from = this.#answered.get(socket) ?? 0;
    this.#answered.set(socket, socket.sent.length);
    for (const text of socket.sent.slice(from)) this.#answer(socket, JSON.parse(text) as Request);
    if (passedMs % 1_000 === 0 && from > 0) socket.frame('{"channel":"heartbeat"}');
  }

  #answer(socket: FakeSocket, request: Request): void {
    const { method, params, req_id: id } = request;
    if (!params) return socket.frame(`{"method":"pong","req_id":${id},${TIMES}}`);
    this.requests.push(request);
    for (const symbol of params.symbol ?? []) {
      if (symbol === 'WWW/USD') {
        const error = `Currency pair not supported ${symbol}`;
        socket.frame(
          `{"error":"${error}","method":"${method}","req_id":${id},"success":false,` +
            `"symbol":"${symbol}",${TIMES}}`,
        );
        continue;
      }
      socket.frame(
        `{"method":"${method}","req_id":${id},"result":{"channel":"book","depth":10,"symbol":` +
          `"${symbol}"},"success":true,${TIMES}}`,
      );
      if (method === 'subscribe')
        socket.frame(bookFrame(symbol, 'snapshot', [['100.0', '2.00000000']]));
    }
  }
}

async function followBooks(...symbols: string[]): Promise<Bench> {
  const bench = new Bench([{ channel: 'book', symbols }]);
  await bench.run(1_000);
  return bench;
}

describe('a feed of Kraken', () => {
  it('is live after one ack and one snapshot for each symbol', async () => {
    const bench = await followBooks('BTC/USD', 'ETH/USD');
    expect(bench.types().sort()).toEqual([
      'book.changed BTC/USD',
      'book.changed ETH/USD',
      'session.opened',
      'subscription.accepted BTC/USD',
      'subscription.accepted ETH/USD',
    ]);
    expect(bench.requests).toHaveLength(1);
    const book = bench.feed.book('BTC/USD');
    expect(book).toMatchObject({ verifiedDepth: 10, state: { status: 'live' } });
    expect(book.evidence().checksumsVerified).toBe(1);
    await bench.feed.close();
  });

  it('notices a lost change by the next checksum, and heals that book alone', async () => {
    const bench = await followBooks('BTC/USD', 'ETH/USD');
    bench.types();
    // The change to 99.5 is lost; the checksum of the next message covers it.
    const socket = bench.dialer.last();
    const next = bookFrame('BTC/USD', 'update', [
      ['100.0', '3.00000000'],
      ['99.5', '1.00000000'],
    ]).replace(',{"price":99.5,"qty":1.00000000}', '');
    socket.frame(next);
    expect(bench.types()).toEqual(['book.staled BTC/USD']);
    expect(bench.feed.book('BTC/USD').bestBid()).toBeUndefined();
    expect(bench.feed.book('ETH/USD').state.status).toBe('live');
    await bench.run(2_000);
    expect(bench.types()).toContain('book.restored BTC/USD');
    expect(bench.dialer.sockets).toHaveLength(1);
    expect(bench.requests.slice(1).map(({ method, params }) => [method, params?.symbol])).toEqual([
      ['unsubscribe', ['BTC/USD']],
      ['subscribe', ['BTC/USD']],
    ]);
    expect(bench.feed.book('ETH/USD').evidence().timesStale).toBe(0);
    await bench.feed.close();
  });

  it('passes on what the venue says of its engine', async () => {
    const bench = await followBooks('BTC/USD');
    const data = '{"api_version":"v2","system":"cancel_only","version":"2.0.6"}';
    bench.dialer.last().frame(`{"channel":"status","type":"update","data":[${data}]}`);
    expect(bench.events.at(-1)).toMatchObject({
      type: 'venue.changed',
      symbol: '',
      session: 'market-1',
      status: 'cancel-only',
      venueStatus: 'cancel_only',
    });
    await bench.feed.close();
  });

  it('goes on where one symbol of several is refused', async () => {
    const bench = await followBooks('BTC/USD', 'WWW/USD');
    const refusal = bench.events.find((event) => event.type === 'subscription.refused');
    expect(refusal).toMatchObject({
      symbol: 'WWW/USD',
      final: true,
      error: { code: 'SYMBOL_UNKNOWN' },
    });
    expect(bench.feed.book('BTC/USD').state.status).toBe('live');
    await bench.feed.close();
  });

  it('survives the bare text of a proxy, and trusts no book before it is whole again', async () => {
    const bench = await followBooks('BTC/USD');
    bench.types();
    bench.dialer.last().frame('CloudFlare WebSocket proxy restarting');
    expect(bench.feed.book('BTC/USD').state.status).toBe('stale');
    expect(bench.types()).toContain('frame.refused');
    await bench.run(2_000);
    expect(bench.feed.book('BTC/USD').state.status).toBe('live');
    expect(bench.dialer.sockets).toHaveLength(1);
    await bench.feed.close();
  });

  it('keeps a socket on which everything was refused, as pongs come', async () => {
    const bench = new Bench([{ channel: 'book', symbols: ['WWW/USD'] }]);
    await bench.run(60_000);
    expect(bench.dialer.sockets).toHaveLength(1);
    await bench.feed.close();
  });

  it('refuses names of the other protocol before anything is sent, and says the right one', () => {
    expect(() => new Bench([{ channel: 'book', symbols: ['XBT/USD'] }])).toThrow(/"BTC\/USD"/);
  });
});
