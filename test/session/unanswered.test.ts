import { describe, expect, it } from 'vitest';
import { ACK_TIMEOUT_MS } from '../../src/session/acknowledgements.js';
import {
  createBench,
  describeSent,
  toSubscription,
  type BenchOptions,
  type SessionBench,
} from './session-bench.js';

/** A venue that answers nothing, has no heartbeat, and is quiet at night. */
const mute = { acknowledges: 'none', liveness: { silentAfterMs: 600_000 } } as const;

function createMuteBench(options: BenchOptions = {}): SessionBench {
  return createBench({ ...options, venue: { ...mute, ...options.venue } });
}

const ticker = (symbol: string) =>
  ({
    say: 'message',
    channel: 'ticker',
    message: { type: 'ticker.update', channel: 'ticker', symbol, venueAtMs: NaN, ticker: {} },
  }) as const;

describe('subscriptions at a venue that acknowledges none', () => {
  it('count as accepted when something of them comes, each by itself', async () => {
    const bench = createMuteBench();
    bench.want('ticker A', 'ticker B');
    const exchange = await bench.serve({ ackStyle: 'none' });
    expect(bench.news()).toEqual(['ready']);
    exchange.send(ticker('B'));
    expect(bench.news()).toEqual(['subscribed ticker B']);
    exchange.send(ticker('B'));
    exchange.send(ticker('A'));
    expect(bench.news()).toEqual(['subscribed ticker A']);
  });

  it('count as accepted when the time for a refusal is over, and are asked for once', async () => {
    const bench = createMuteBench();
    bench.want('ticker A', 'ticker B');
    await bench.serve({ ackStyle: 'none' });
    const socket = bench.dialer.last();
    bench.news();
    await bench.time.advance(ACK_TIMEOUT_MS - 1);
    expect(bench.news()).toEqual([]);
    await bench.time.advance(1);
    expect(bench.news()).toEqual(['subscribed ticker A', 'subscribed ticker B']);
    await bench.time.advance(60_000);
    expect(describeSent(socket)).toEqual(['subscribe ticker A,B']);
  });

  it('are refused by name while the rest of the request is not', async () => {
    const bench = createMuteBench();
    bench.want('ticker A', 'ticker B');
    const exchange = await bench.serve({ ackStyle: 'none' });
    bench.news();
    const [request] = exchange.requests;
    const naming = { channel: 'ticker', symbol: 'A', id: request!.id };
    exchange.send({ say: 'refused', code: 'SUBSCRIPTION_REFUSED', ...naming });
    expect(bench.news()).toEqual(['refused ticker A SUBSCRIPTION_REFUSED for good']);
    await bench.time.advance(ACK_TIMEOUT_MS);
    expect(bench.news()).toEqual(['subscribed ticker B']);
  });

  it('end when the request is sent, so that the next one begins at once', async () => {
    const bench = createMuteBench();
    bench.want('ticker A');
    const exchange = await bench.serve({ ackStyle: 'none' });
    exchange.send(ticker('A'));
    bench.want();
    bench.want('ticker A');
    bench.news();
    exchange.send(ticker('A'));
    expect(bench.news()).toEqual(['subscribed ticker A']);
    expect(describeSent(bench.dialer.last())).toEqual([
      'subscribe ticker A',
      'unsubscribe ticker A',
      'subscribe ticker A',
    ]);
  });

  it('are renewed, and what was on its way before proves nothing', async () => {
    const limits = {
      connects: { count: 8, windowMs: 1_000 },
      messages: { count: 2, windowMs: 1_000 },
      maxFrameBytes: 1_000,
    };
    const bench = createMuteBench({ venue: { limits } });
    bench.want('ticker A');
    const exchange = await bench.serve({ ackStyle: 'none' });
    exchange.send(ticker('A'));
    bench.news();
    bench.session.resubscribe([toSubscription('ticker A')]);
    // The pace lets the ending out and holds the beginning back.
    expect(describeSent(bench.dialer.last()).at(-1)).toBe('unsubscribe ticker A');
    exchange.send(ticker('A'));
    expect(bench.news()).toEqual([]);
    await bench.time.advance(2_000);
    expect(describeSent(bench.dialer.last()).at(-1)).toBe('subscribe ticker A');
    exchange.send(ticker('A'));
    expect(bench.news()).toEqual(['subscribed ticker A']);
  });
});

describe('a request for snapshots', () => {
  it('leaves the subscriptions alone, and goes in one message a channel', async () => {
    const bench = createMuteBench();
    bench.want('book A', 'book B', 'ticker A');
    await bench.serve({ ackStyle: 'none' });
    bench.session.requestSnapshots(['book A', 'book B', 'ticker A'].map(toSubscription));
    expect(describeSent(bench.dialer.last()).slice(2)).toEqual([
      'request-snapshot book A,B',
      'request-snapshot ticker A',
    ]);
  });

  it('that is refused refuses no subscription', async () => {
    const bench = createMuteBench();
    bench.want('book A');
    const exchange = await bench.serve({ ackStyle: 'none' });
    await bench.time.advance(ACK_TIMEOUT_MS);
    bench.session.requestSnapshots([toSubscription('book A')]);
    bench.news();
    const { id } = exchange.requests.at(-1)!;
    const naming = { channel: 'book', symbol: 'A', id };
    exchange.send({ say: 'refused', code: 'VENUE_UNAVAILABLE', ...naming });
    expect(bench.news()).toEqual([]);
    expect(bench.logged).toEqual(['warn VENUE_UNAVAILABLE']);
  });

  it('on a socket that is not ready is not sent later', async () => {
    const bench = createMuteBench();
    bench.want('book A');
    bench.session.requestSnapshots([toSubscription('book A')]);
    await bench.serve({ ackStyle: 'none' });
    expect(describeSent(bench.dialer.last())).toEqual(['subscribe book A']);
  });
});

describe('a socket without a heartbeat', () => {
  const liveness = { silentAfterMs: 30_000, pongProvesLife: true };

  it('lives on pongs where the venue says so', async () => {
    const bench = createMuteBench({ venue: { liveness } });
    await bench.connect();
    const socket = bench.dialer.last();
    for (let step = 0; step < 20; step += 1) {
      await bench.time.advance(5_000);
      if (socket.pings > step / 4) socket.pong();
    }
    expect(socket.state).toBe('open');
    expect(socket.pings).toBeGreaterThan(3);
  });

  it('is dead without them', async () => {
    const bench = createMuteBench({ venue: { liveness } });
    await bench.connect();
    bench.news();
    await bench.time.advance(30_000);
    expect(bench.news()[0]).toContain('lost CONNECTION_SILENT');
  });
});
