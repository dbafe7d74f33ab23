import { describe, expect, it } from 'vitest';
import { openFeed } from '../../../src/feed/feed.js';
import type { FeedEvent } from '../../../src/model/event.js';
import { kraken } from '../../../src/venues/kraken/index.js';
import { createFakeDialer } from '../../doubles/fake-dialer.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';
import { AccountExchange } from './account-exchange.js';

const SECRET =
  'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==';

/** The frames of one order, as recorded in 2025-02, and its fills by the documentation. */
const at = (second: number): string =>
  `"timestamp":"2025-02-10T02:55:${String(second).padStart(2, '0')}.922831Z"`;
const placed = (id: string, size = '0.50000000'): string =>
  `{"order_id":"${id}","cl_ord_id":"mine-${id}","symbol":"BTC/USD","order_qty":${size},` +
  '"cum_cost":0.00000,"time_in_force":"GTC","exec_type":"pending_new","side":"buy",' +
  '"order_type":"limit","order_userref":0,"limit_price_type":"static","limit_price":95771.3,' +
  `"stop_price":0.0,"post_only":true,"order_status":"pending_new","fee_ccy_pref":"fciq",${at(1)}}`;
const opened = (id: string): string =>
  `{${at(1)},"order_status":"new","exec_type":"new","order_userref":0,"order_id":"${id}"}`;
interface Fill {
  readonly exec: string;
  readonly size: string;
  readonly sum: string;
  readonly second: number;
  readonly status?: string;
}
const filled = (id: string, { exec, size, sum, second, status }: Fill): string =>
  `{"order_id":"${id}","exec_id":"${exec}","exec_type":"trade","trade_id":37496584,` +
  `"symbol":"BTC/USD","side":"buy","last_qty":${size},"last_price":95771.3,"liquidity_ind":"m",` +
  `"cost":4788.56500,"order_status":"${status ?? 'partially_filled'}","order_type":"limit",` +
  `"cum_qty":${sum},"cum_cost":4788.56500,"avg_price":95771.3,"fee_usd_equiv":0.04050,` +
  `"fees":[{"asset":"USD","qty":0.04051}],${at(second)}}`;
const ended = (id: string, status: 'filled' | 'canceled'): string =>
  `{${at(9)},"order_status":"${status}","exec_type":"${status}","order_userref":0,` +
  `"cancel_reason":"User requested","reason":"User requested","order_id":"${id}"}`;

class Bench {
  readonly time = createVirtualTime();
  readonly dialer = createFakeDialer(() => this.time.clock.nowMs());
  readonly exchange = new AccountExchange(this.dialer);
  readonly events: FeedEvent[] = [];
  readonly feed: ReturnType<typeof openFeed>;

  constructor(channel: string) {
    const write = (): void => undefined;
    this.feed = openFeed({
      venue: kraken(),
      credentials: { key: 'PUBLIC', secret: SECRET },
      subscriptions: [{ channel }],
      onEvent: (event) => this.events.push(event),
      runtime: {
        clock: this.time.clock,
        timers: this.time.timers,
        random: createSeededRandom(3),
        dial: (target, listener) => this.dialer.dial(target, listener),
        http: this.exchange.http,
        logger: { debug: write, info: write, warn: write, error: write },
      },
    });
  }

  async run(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 50) {
      await this.time.advance(50);
      this.exchange.attend();
    }
  }

  /** What the account said since the last call. */
  told(): string[] {
    return this.events.splice(0).flatMap((event) => {
      switch (event.type) {
        case 'order.changed':
          return `${event.order.status} ${event.order.orderId}${event.recovered ? ' again' : ''}`;
        case 'order.vanished':
          return `vanished ${event.order.orderId}`;
        case 'fill.printed':
          return `fill ${event.fill.fillId}${event.recovered ? ' recovered' : ''}`;
        case 'fills.listed':
          return `listed ${event.fills.map((fill) => fill.fillId).join(',')}`;
        case 'account.staled':
          return `stale ${event.parts.join(',')}: ${event.reason}`;
        case 'account.restored':
        case 'fills.gapped':
        case 'sequence.gapped':
          return event.type;
        case 'balance.changed':
          return `${event.balance.asset} ${event.balance.wallet ?? ''} ${event.balance.total}`;
        default:
          return [];
      }
    });
  }
}

async function follow(...entries: readonly string[]): Promise<Bench> {
  const bench = new Bench('executions');
  bench.exchange.entries.executions.push(...entries);
  await bench.run(1_000);
  return bench;
}

const FIRST: Fill = { exec: 'X1', size: '0.20000000', sum: '0.20000000', second: 3 };
const SECOND: Fill = { exec: 'X2', size: '0.30000000', sum: '0.50000000', second: 5 };

describe('executions of Kraken', () => {
  it('are asked for on the private host, with a token, orders and fills', async () => {
    const bench = await follow();
    expect(bench.dialer.sockets.map(({ target }) => target.url)).toEqual([
      'wss://ws-auth.kraken.com/v2',
    ]);
    expect(bench.exchange.requests[0]?.params).toEqual({
      channel: 'executions',
      ratecounter: true,
      snap_orders: true,
      snap_trades: true,
      token: 'xeAQ/RCChBYNVh53sTv1yZ5H4wIbwDF20PiHtTF+4UI',
    });
    expect(bench.feed.orders.state.status).toBe('live');
    await bench.feed.whenLive({ timeoutMs: 1 });
    await bench.feed.close();
  });

  it('begin with what is open, and with fills that are history', async () => {
    const bench = await follow(
      filled('O9', { ...SECOND, status: 'filled' }),
      filled('O9', { ...FIRST, status: 'filled' }),
      placed('O1'),
    );
    expect(bench.told()).toEqual(['pending O1', 'listed X1,X2']);
    expect(bench.feed.orders.open().map(({ orderId }) => orderId)).toEqual(['O1']);
    expect(bench.feed.fills.count).toBe(2);
    await bench.feed.close();
  });

  it('make whole orders of minimal deltas, in exact numbers', async () => {
    const bench = await follow();
    bench.exchange.tell('executions', placed('O1'));
    bench.exchange.tell('executions', opened('O1'));
    bench.exchange.tell('executions', filled('O1', FIRST));
    const { exchange, feed } = bench;
    expect(feed.orders.get('O1')).toMatchObject({
      orderId: 'O1',
      clientOrderId: 'mine-O1',
      symbol: 'BTC/USD',
      side: 'buy',
      status: 'open',
      venueStatus: 'partially_filled',
      orderType: 'limit',
      timeInForce: 'gtc',
      size: '0.50000000',
      limitPrice: '95771.3',
      postOnly: true,
      filledSize: '0.20000000',
      remainingSize: '0.3',
      averagePrice: '95771.3',
    });
    expect(feed.fills.get('X1')).toMatchObject({
      orderId: 'O1',
      clientOrderId: 'mine-O1',
      size: '0.20000000',
      price: '95771.3',
      fee: '0.04051',
      feeAsset: 'USD',
      liquidity: 'maker',
      derived: false,
    });
    exchange.tell('executions', filled('O1', SECOND));
    exchange.tell('executions', ended('O1', 'filled'));
    expect(feed.orders.open()).toEqual([]);
    expect(feed.orders.findByClientId('mine-O1')).toMatchObject({ status: 'filled' });
    const steps = ['pending O1', 'open O1', 'open O1', 'fill X1', 'filled O1', 'fill X2'];
    expect(bench.told()).toEqual(['listed ', ...steps, 'filled O1']);
    await feed.close();
  });

  it('that come twice are told once', async () => {
    const bench = await follow();
    bench.exchange.tell('executions', placed('O1'));
    bench.exchange.tell('executions', filled('O1', FIRST));
    bench.exchange.repeat('executions', 3, filled('O1', FIRST));
    bench.exchange.tell('executions', filled('O1', FIRST));
    expect(bench.told()).toEqual(['listed ', 'pending O1', 'open O1', 'fill X1']);
    await bench.feed.close();
  });

  it('of which one is lost are asked for anew, and tell what was missed, once', async () => {
    const bench = await follow(placed('O1'), placed('O2'));
    bench.exchange.tell('executions', filled('O1', FIRST));
    bench.told();
    bench.exchange.lose('executions');
    bench.exchange.tell('executions', opened('O1'));
    expect(bench.told()).toEqual([
      'sequence.gapped',
      'stale orders,fills: sequence-gap',
      'open O1 again',
    ]);
    expect(bench.feed.orders.all()).toEqual([]);
    expect(bench.feed.orders.all({ evenIfStale: true })).toHaveLength(2);
    bench.exchange.entries.executions.splice(0);
    bench.exchange.entries.executions.push(
      placed('O1'),
      filled('O2', { ...SECOND, status: 'filled' }),
      filled('O1', { ...FIRST, status: 'partially_filled' }),
    );
    await bench.run(1_000);
    expect(bench.told()).toEqual([
      'pending O1 again',
      'fill X2 recovered',
      'vanished O2',
      'account.restored',
    ]);
    expect(bench.feed.orders.state.status).toBe('live');
    expect(bench.exchange.requests.map(({ method }) => method)).toEqual([
      'subscribe',
      'unsubscribe',
      'subscribe',
    ]);
    await bench.feed.close();
  });

  it('say that fills may be missing where the latest ones do not reach back', async () => {
    const bench = await follow(filled('O0', { ...FIRST, exec: 'X0' }));
    bench.told();
    bench.exchange.entries.executions = Array.from({ length: 50 }, (_, index) =>
      filled('O5', { ...FIRST, exec: `Y${index}` }),
    );
    bench.exchange.socket.closed();
    await bench.run(5_000);
    const told = bench.told();
    expect(told.slice(0, 2)).toEqual(['stale orders,fills: connection-lost', 'fills.gapped']);
    expect(told.filter((one) => one.endsWith('recovered'))).toHaveLength(50);
    expect(told.at(-1)).toBe('account.restored');
    await bench.feed.close();
  });

  it('that tell a part of an order that nobody knows are asked for anew', async () => {
    const bench = await follow();
    bench.told();
    bench.exchange.tell('executions', opened('O7'));
    expect(bench.told()).toEqual(['stale orders,fills: sequence-gap']);
    bench.exchange.entries.executions.push(placed('O7'));
    await bench.run(1_000);
    expect(bench.told()).toEqual(['pending O7 again', 'account.restored']);
    await bench.feed.close();
  });
});

describe('balances of Kraken', () => {
  const snapshot = [
    '{"asset":"KAR","asset_class":"currency","balance":774.6366982600,"wallets":[]}',
    '{"asset":"USD","asset_class":"currency","balance":160.2405,"wallets":[' +
      '{"type":"spot","id":"main","balance":1.34},{"type":"earn","id":"flex","balance":158.9005}]}',
  ];
  const entry =
    '{"ledger_id":"DATKX6-PEHL1-HZKND8","ref_id":"LKAKN2-N0N12-VKQNLN",' +
    '"timestamp":"2024-05-24T14:01:53.526524Z","type":"trade","asset":"USD",' +
    '"asset_class":"currency","category":"trade","wallet_type":"spot","wallet_id":"main",' +
    '"amount":-19.9743,"fee":0.0499,"balance":118.0677}';

  it('are kept wallet by wallet, and follow the ledger', async () => {
    const bench = new Bench('balances');
    bench.exchange.entries.balances.push(...snapshot);
    await bench.run(1_000);
    bench.exchange.tell('balances', entry);
    expect(bench.told()).toEqual([
      'KAR  774.6366982600',
      'USD  1.34',
      'USD earn/flex 158.9005',
      'USD  118.0677',
    ]);
    expect(bench.feed.balances.get('USD')).toMatchObject({
      total: '118.0677',
      venueFields: { ledger_id: 'DATKX6-PEHL1-HZKND8', amount: '-19.9743', fee: '0.0499' },
    });
    expect(bench.feed.balances.get('USD earn/flex')?.total).toBe('158.9005');
    expect(() => bench.feed.orders).toThrow('Subscribe to the channel "executions" first.');
    await bench.feed.close();
  });

  it('that a fresh snapshot passes over are told to be gone', async () => {
    const bench = new Bench('balances');
    bench.exchange.entries.balances.push(...snapshot);
    await bench.run(1_000);
    bench.told();
    bench.exchange.entries.balances.shift();
    bench.exchange.socket.closed();
    await bench.run(5_000);
    expect(bench.told()).toEqual(['stale balances: connection-lost', 'KAR  0', 'account.restored']);
    await bench.feed.close();
  });
});
