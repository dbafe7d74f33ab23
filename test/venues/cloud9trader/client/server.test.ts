import { afterEach, describe, expect, it } from 'vitest';
import { systemRuntime } from '../../../../src/runtime/system-runtime.js';
import {
  Client,
  type ClientOptions,
  type OrderBook,
  type Price,
} from '../../../../src/venues/cloud9trader/client/index.js';
import type { FaultRule } from '../../../../src/venues/cloud9trader/server/fault-rules.js';
import { createScriptedEngine } from '../../../doubles/scripted-engine.js';
import {
  BTC,
  createScriptedMarket,
  EUR,
  hostServer,
  KEY,
  SECRET,
  type HostedBench,
} from '../server/server-harness.js';

const opened: { readonly client: Client; readonly bench: HostedBench }[] = [];

afterEach(async () => {
  for (const { client, bench } of opened.splice(0)) {
    client.stop();
    await bench[Symbol.asyncDispose]();
  }
});

async function open(options: Partial<ClientOptions> = {}, rules: readonly FaultRule[] = []) {
  const bench = await hostServer({ rules });
  const urls = { host: bench.wsUrl, apiUrl: `${bench.httpUrl}/api/v1`, priceUrl: bench.httpUrl };
  const random = { fraction: () => 0.99, bytes: (count: number) => new Uint8Array(count) };
  const runtime = systemRuntime({ random });
  const client = new Client({ key: KEY, ...urls, runtime, ...options });
  const statuses: string[] = [];
  client.on('status', (status: string) => statuses.push(status));
  opened.push({ client, bench });
  return { bench, client, statuses };
}

/** Resolves with what the next event carries. */
function next(client: Client, event: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    client.waitFor(
      event,
      (...values: unknown[]) => {
        if (values[0] === 'timeout') reject(new Error(`No "${event}" came in time.`));
        else resolve(values);
      },
      5_000,
    );
  });
}

function ask(client: Client, topic: string): Promise<unknown[]> {
  return new Promise((resolve) => client.request(topic, (...values) => resolve(values)));
}

describe('the drop-in against the server half', () => {
  it('keeps a book as the documentation says', async () => {
    const { bench, client } = await open();
    client.start();
    const changes: OrderBook[] = [];
    client.subscribe(`order-book.${BTC}`, (change: OrderBook) => changes.push(change));
    const [error, book] = await ask(client, `order-book.${BTC}`);
    expect(error).toBeNull();
    expect(book).toEqual({ sequence: 100, bids: [[99, 1]], asks: [[101, 1]] });
    const changed = next(client, `order-book.${BTC}`);
    bench.market.move(BTC, 'bid', ['99.5', '2']);
    await changed;
    expect(changes).toEqual([{ sequence: 101, bids: [[99.5, 2]], asks: [] }]);
  });

  it('tells of refusals', async () => {
    const { client } = await open();
    client.start();
    expect(await ask(client, 'price.NO:SUCH')).toEqual([
      'Unknown topic "price.NO:SUCH"',
      undefined,
    ]);
    const refused = next(client, 'error');
    client.subscribe('orders', () => undefined);
    expect(await refused).toEqual(['This topic needs an authenticated socket: orders']);
  });

  it('signs in, reads private topics and hears what nobody asks for', async () => {
    const { bench, client } = await open({ secret: SECRET });
    const logs = next(client, 'logs');
    const connected = next(client, 'connected');
    client.start();
    await connected;
    expect(await logs).toEqual(['The socket is signed in']);
    expect(await ask(client, 'orders')).toEqual([null, []]);
    const rows = next(client, 'orders');
    client.subscribe('orders', () => undefined);
    await ask(client, 'orders');
    bench.server.changeAccount('orders', [{ broker: 'FXCM', id: '1', quantity: '10' }]);
    expect(await rows).toEqual([[{ broker: 'FXCM', id: '1', quantity: 10 }]]);
    const order = { broker: 'FXCM', side: 'BUY', type: 'MARKET', quantity: 1 } as const;
    const answer = new Promise((resolve) => client.submit('order', order, resolve));
    expect(await answer).toBe('Orders are not available here');
  });

  it('is told of a refused sign-in before a socket is open, and gives up', async () => {
    const { bench, client, statuses } = await open({ secret: 'AAECAwQFBgcICQoLDA0ODw==' });
    const errors: unknown[] = [];
    client.on('error', (error: unknown) => errors.push(error));
    const isOver = new Promise<void>((resolve) => {
      client.on('status', () => {
        if (errors.length === 2 && statuses.at(-1) === 'Disconnected') resolve();
      });
    });
    client.start();
    await isOver;
    expect(errors[1]).toContain('refused the key (HTTP 401)');
    expect(statuses).toEqual([
      'Error',
      'Disconnected',
      'Waiting for reconnect',
      'Error',
      'Disconnected',
    ]);
    expect(bench.server.connectionCount).toBe(0);
  });

  it('comes back with its subscriptions', async () => {
    const { bench, client, statuses } = await open();
    const prices: Price[] = [];
    client.subscribe(`price.${EUR}`, (price: Price) => prices.push(price));
    const first = next(client, 'connected');
    client.start();
    await first;
    await ask(client, `price.${EUR}`);
    const lost = next(client, 'disconnected');
    bench.server.closeConnections(1012, 'restart');
    await lost;
    await next(client, 'connected');
    await ask(client, `price.${EUR}`);
    const priced = next(client, `price.${EUR}`);
    bench.market.move(EUR, 'bid', ['100', '1']);
    await priced;
    expect(prices).toMatchObject([{ instrumentId: EUR, bid: 100, ask: 101, open: true }]);
    expect(statuses).toEqual(['Connected', 'Disconnected', 'Waiting for reconnect', 'Connected']);
  });

  it('survives frames that are none', async () => {
    const rules: FaultRule[] = [
      { fault: 'corrupt', at: { kind: 'delta', count: 1 } },
      { fault: 'corrupt', at: { kind: 'delta', count: 2 }, how: 'wrong-type' },
    ];
    const { bench, client } = await open({}, rules);
    client.start();
    const changes: OrderBook[] = [];
    client.subscribe(`order-book.${BTC}`, (change: OrderBook) => changes.push(change));
    await ask(client, `order-book.${BTC}`);
    for (const size of ['1', '2', '3']) bench.market.move(BTC, 'bid', ['98', size]);
    await ask(client, `order-book.${BTC}`);
    expect(changes.map(({ sequence }) => sequence)).toEqual([103]);
  });

  it('reads instruments over HTTP', async () => {
    const { client } = await open();
    const rows = await client.fetchInstruments();
    expect(rows.map(({ id }) => id)).toEqual([BTC, EUR]);
    expect(await client.fetchHistoricalPrice(BTC, 'H1', new Date(0))).toEqual([]);
  });

  it('leaves nothing running when it is stopped', async () => {
    const { bench, client } = await open();
    const connected = next(client, 'connected');
    client.start();
    await connected;
    client.stop();
    expect(client.isConnected()).toBe(false);
    await expect.poll(() => bench.server.connectionCount, { timeout: 40_000 }).toBe(0);
  });
});

describe('orders of the drop-in', () => {
  const ORDER = {
    broker: 'Binance',
    symbol: 'BTCUSDT',
    type: 'LIMIT',
    quantity: 0.5,
    limitPrice: 99.5,
    side: 'BUY' as const,
  };

  async function openTrading() {
    const engine = createScriptedEngine(createScriptedMarket().source);
    const bench = await hostServer({ source: engine, engine });
    const runtime = systemRuntime();
    const client = new Client({ key: KEY, secret: SECRET, host: bench.wsUrl, runtime });
    opened.push({ client, bench });
    const connected = next(client, 'connected');
    client.start();
    await connected;
    const submit = (order: object): Promise<unknown[]> =>
      new Promise((resolve) =>
        client.submit('order', { ...ORDER, ...order }, (...values) => resolve(values)),
      );
    return { engine, bench, client, submit };
  }

  it('are answered with what was submitted, and come as rows', async () => {
    const { client, submit } = await openTrading();
    const row = next(client, 'orders');
    client.subscribe('orders', () => undefined);
    expect(await submit({ clientOrderId: 'mine-1' })).toEqual([
      null,
      { ...ORDER, clientOrderId: 'mine-1' },
    ]);
    expect(await row).toMatchObject([[{ clientOrderId: 'mine-1', status: 'NEW' }]]);
    expect((await submit({ limitPrice: undefined }))[0]).toContain('limitPrice is required');
  });

  it('are never kept for a later connection', async () => {
    const { client, submit, engine, bench } = await openTrading();
    const lost = next(client, 'disconnected');
    const back = lost.then(() => next(client, 'connected'));
    bench.server.closeConnections(1001, 'going away');
    await lost;
    expect(await submit({})).toEqual(['Socket is not connected']);
    await back;
    await ask(client, 'orders');
    expect(engine.placed).toBe(0);
  });
});
