import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openFeed, type FeedEvent, type FeedSubscription } from '../../src/index.js';
import { describeVenueContract } from '../contract/venue.js';
import { createFakeDialer, type FakeSocket } from '../doubles/fake-dialer.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { createVirtualTime } from '../doubles/virtual-time.js';
import { sketchVenue } from './index.js';

const CREDENTIALS = { key: 'sketch-key', secret: 'sketch-secret-text' };
const BOOK: FeedSubscription = { channel: 'book', symbols: ['BTCUSDT'] };
const BALANCES: FeedSubscription = { channel: 'balances' };

interface Sent {
  readonly op: string;
  readonly req_id?: string;
  readonly args?: readonly unknown[];
}

type Levels = readonly (readonly [string, string])[];

/** Bids below, asks above; `u` counts. */
function bookFrame(type: 'snapshot' | 'delta', u: number, [b, a]: readonly [Levels, Levels]) {
  const data = { s: 'BTCUSDT', b, a, u };
  return { topic: 'orderbook.BTCUSDT', type, ts: Date.UTC(2026, 7, 9, 21), data };
}

function open(subscription: FeedSubscription) {
  const time = createVirtualTime();
  const dialer = createFakeDialer(() => time.clock.nowMs());
  const events: FeedEvent[] = [];
  const write = (): void => undefined;
  let answered = 0;
  const feed = openFeed({
    venue: sketchVenue(),
    credentials: CREDENTIALS,
    subscriptions: [subscription],
    onEvent: (event) => void events.push(event),
    runtime: {
      clock: time.clock,
      timers: time.timers,
      random: createSeededRandom(7),
      dial: (target, listener) => dialer.dial(target, listener),
      http: () => Promise.reject(new Error('No HTTP in this test.')),
      logger: { debug: write, info: write, warn: write, error: write },
    },
  });
  const read = (socket: FakeSocket) => socket.sent.map((text) => JSON.parse(text) as Sent);
  return {
    time,
    dialer,
    events,
    feed,
    read,
    async openSocket(): Promise<FakeSocket> {
      await time.advance(0);
      dialer.last().opened();
      await time.advance(1_000);
      return dialer.last();
    },
    /** Says yes to every request that was not answered. */
    async accept(socket: FakeSocket): Promise<void> {
      for (const { op, req_id } of read(socket).slice(answered)) {
        socket.frame({ op, success: true, req_id });
        answered += 1;
      }
      await time.advance(500);
    },
    types: () => events.map((event) => event.type),
    levels: () => {
      const { bids, asks } = feed.book('BTCUSDT').top(10);
      const show = (side: typeof bids) => side.map(({ price, size }) => `${price} x ${size}`);
      return [show(bids), show(asks)];
    },
  };
}

describe('a venue with a login on the socket', () => {
  it('subscribes to nothing private before the login was accepted', async () => {
    const bench = open(BALANCES);
    const socket = await bench.openSocket();
    const [login, ...others] = bench.read(socket);
    const expiresMs = bench.time.clock.nowMs() - 1_000 + 10_000;
    const signature = createHmac('sha256', CREDENTIALS.secret)
      .update(`GET/realtime${expiresMs}`)
      .digest('hex');
    expect(login).toEqual({ op: 'auth', args: [CREDENTIALS.key, expiresMs, signature] });
    expect(others).toEqual([]);
    expect(bench.types()).toEqual([]);
    await bench.accept(socket);
    expect(bench.types().slice(0, 2)).toEqual(['auth.accepted', 'session.opened']);
    expect(bench.read(socket).map(({ op }) => op)).toEqual(['auth', 'subscribe']);
    await bench.accept(socket);
    socket.frame({ topic: 'wallet', data: [{ coin: 'USDT', walletBalance: '12.50' }] });
    expect(bench.types().slice(2)).toEqual(['subscription.accepted', 'balance.changed']);
    await bench.feed.close();
  });

  it('gives a wrong key up after one more try, and says so', async () => {
    const bench = open(BALANCES);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const socket = await bench.openSocket();
      expect(bench.dialer.sockets).toHaveLength(attempt);
      socket.frame({ op: 'auth', success: false, ret_msg: 'Signature is invalid' });
      await bench.time.advance(5_000);
    }
    await bench.time.advance(600_000);
    const refusals = bench.events.filter((event) => event.type === 'auth.refused');
    expect(refusals.map(({ final }) => final)).toEqual([false, true]);
    expect(refusals[1]?.error).toMatchObject({ code: 'AUTH_REFUSED' });
    expect(bench.dialer.sockets).toHaveLength(2);
    const ops = bench.dialer.sockets.flatMap((one) => bench.read(one).map(({ op }) => op));
    expect(ops).toEqual(['auth', 'auth']);
    await bench.feed.close();
  });

  it('needs no login for a book, and heals it after a gap', async () => {
    const bench = open(BOOK);
    const socket = await bench.openSocket();
    expect(bench.read(socket).map(({ op }) => op)).toEqual(['subscribe']);
    await bench.accept(socket);
    socket.frame(bookFrame('snapshot', 10, [[['99', '1']], [['101', '1']]]));
    socket.frame(
      bookFrame('delta', 11, [
        [
          ['99', '0'],
          ['98', '2'],
        ],
        [],
      ]),
    );
    expect(bench.levels()).toEqual([['98 x 2'], ['101 x 1']]);
    bench.events.length = 0;
    socket.frame(bookFrame('delta', 13, [[], [['100', '5']]]));
    expect(bench.types()).toEqual(['sequence.gapped', 'book.staled']);
    await bench.time.advance(1_000);
    await bench.accept(socket);
    await bench.accept(socket);
    expect(bench.read(socket).map(({ op, args }) => `${op} ${String(args)}`)).toEqual([
      'subscribe orderbook.BTCUSDT',
      'unsubscribe orderbook.BTCUSDT',
      'subscribe orderbook.BTCUSDT',
    ]);
    socket.frame(bookFrame('snapshot', 14, [[['97', '3']], [['100', '5']]]));
    expect(bench.types()).toContain('book.restored');
    expect(bench.feed.book('BTCUSDT').state.status).toBe('live');
    expect(bench.levels()).toEqual([['97 x 3'], ['100 x 5']]);
    await bench.feed.close();
  });

  it('takes a new snapshot that counts from the beginning', async () => {
    const bench = open(BOOK);
    const socket = await bench.openSocket();
    await bench.accept(socket);
    socket.frame(bookFrame('snapshot', 10, [[['99', '1']], [['101', '1']]]));
    socket.frame(bookFrame('delta', 11, [[['98', '2']], []]));
    socket.frame(bookFrame('snapshot', 1, [[['50', '1']], [['60', '1']]]));
    socket.frame(bookFrame('delta', 2, [[['51', '2']], []]));
    expect(bench.types()).not.toContain('sequence.gapped');
    expect(bench.levels()).toEqual([['51 x 2', '50 x 1'], ['60 x 1']]);
    await bench.feed.close();
  });
});

const SNAPSHOT = JSON.stringify(bookFrame('snapshot', 7, [[['1.50', '2']], [['2', '0.1']]]));

describeVenueContract('the sketch', sketchVenue, {
  frames: [
    {
      name: 'a book',
      frame: SNAPSHOT,
      channel: 'book',
      messages: [
        {
          type: 'book.snapshot',
          symbol: 'BTCUSDT',
          lastNumber: 7,
          levels: [
            ['bid', '1.50', '2'],
            ['ask', '2', '0.1'],
          ],
        },
      ],
    },
    {
      name: 'balances',
      frame: '{"topic":"wallet","data":[{"coin":"USDT","walletBalance":"12.50"}]}',
      channel: 'balances',
      messages: [{ type: 'balances.update' }],
    },
    {
      name: 'an accepted login',
      frame: '{"op":"auth","success":true}',
      channel: 'control',
      messages: [{ type: 'subscription.accepted', channel: 'login' }],
    },
    {
      name: 'an acknowledgement',
      frame: '{"op":"unsubscribe","success":true,"req_id":"7/orderbook.X"}',
      channel: 'control',
      messages: [{ type: 'subscription.ended', channel: 'book', symbol: 'X', requestId: 7 }],
    },
    { name: 'a pong', frame: '{"op":"pong"}', channel: 'control', messages: [] },
  ],
  refusals: [
    { frame: '{"op":"auth","success":false,"ret_msg":"no"}', code: 'AUTH_REFUSED' },
    {
      frame: '{"op":"subscribe","success":false,"ret_msg":"no","req_id":"7/orderbook.X"}',
      code: 'SUBSCRIPTION_REFUSED',
    },
  ],
  unknownFrames: ['{"op":"dance"}', '{"topic":"weather.X"}'],
  invalidFrames: [
    { frame: SNAPSHOT.replace('"u":7', '"u":"x"'), path: 'data.u' },
    { frame: SNAPSHOT.replace('"1.50"', '"-"'), path: 'data.b[0]' },
  ],
  secretFrames: [{ frame: '{"topic":[7],"secret":"secret-text"}', secret: 'secret-text' }],
  validSymbols: ['BTCUSDT', 'ETHUSDT'],
  invalidSymbols: [{ symbol: 'btc-usdt', says: 'capitals' }],
  aliases: [{ symbol: 'BTCUSDT', channel: 'book', canonical: 'BTCUSDT' }],
  makeCredentials: () => ({ credentials: CREDENTIALS, secrets: [CREDENTIALS.secret] }),
  badCredentials: [
    { name: 'no secret', credentials: { key: 'key', secret: '' }, secrets: [] },
    { name: 'no key', credentials: { key: '', secret: 'hush-hush' }, secrets: ['hush-hush'] },
  ],
});
