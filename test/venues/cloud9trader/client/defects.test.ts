import { describe, expect, it, vi } from 'vitest';
import type { HttpRequest } from '../../../../src/model/runtime.js';
import type { OrderSubmission } from '../../../../src/venues/cloud9trader/client/index.js';
import { retryDelayMs } from '../../../../src/venues/cloud9trader/client/retry.js';
import { settle } from '../../../doubles/virtual-time.js';
import { SECRET } from '../server/server-harness.js';
import { openClient } from './client-bench.js';

const ORDER = {
  broker: 'BitMEX',
  symbol: 'XBTUSD',
  side: 'BUY',
  type: 'MARKET',
  quantity: 1,
} as const;
const REFUSAL = { kind: 'http-status', status: 401, body: 'no' } as const;

/** The defects of the vendor's library, each as a fact about this one. */
describe('1: an order is never sent later', () => {
  it('neither once the socket is gone nor after a reconnection', async () => {
    const { client, connect, sockets, time } = openClient();
    const socket = await connect();
    const answers: unknown[] = [];
    socket.closed({ code: 1001 });
    client.submit('order', ORDER, (error) => answers.push(error));
    client.send('submit', 'order', ORDER, 'mine');
    expect(answers).toEqual(['Socket is not connected']);
    await time.advance(1_000);
    sockets.at(-1)?.opened();
    await time.advance(60_000);
    expect(sockets.flatMap(({ sent }) => sent).filter((text) => text.includes('submit'))).toEqual(
      [],
    );
    expect(answers.length).toBe(1);
  });

  it('nor before the first connection', async () => {
    const { client, connect, sent } = openClient();
    const answers: unknown[] = [];
    client.submit('order', ORDER, (error) => answers.push(error));
    client.start();
    client.submit('order', ORDER, (error) => answers.push(error));
    client.send('submit', 'order', ORDER);
    await connect();
    expect(sent()).toEqual([]);
    expect(answers).toEqual(['Socket is not connected', 'Socket is not connected']);
  });

  it('nor while the socket is closing, and says so to the sender alone', async () => {
    const { client, connect, sockets } = openClient();
    await connect();
    const answers: unknown[] = [];
    const socket = sockets[0]!;
    vi.spyOn(socket.sent, 'push').mockReturnValue(0);
    client.submit('order', ORDER, (error) => answers.push(error));
    expect(answers).toEqual(['Socket is not connected']);
  });
});

describe('2: a handler is called once', () => {
  it.each(['request', 'submit'] as const)('a late answer to a %s is left out', async (kind) => {
    const { client, connect, time } = openClient();
    const socket = await connect();
    const answers: unknown[] = [];
    const note = (error: unknown): void => void answers.push(error);
    if (kind === 'request') client.request('price.X:Y', note);
    else client.submit('order', ORDER, note);
    await time.advance(5_000);
    socket.frame(['AAAAA/0', null, {}]);
    socket.frame(['AAAAA/0', null, {}]);
    expect(answers).toEqual(['timeout']);
  });

  it('a second answer too, and nothing is left behind', async () => {
    const { client, connect, time } = openClient();
    const socket = await connect();
    const armedCount = time.armedCount;
    const handler = vi.fn();
    client.request('price.X:Y', handler);
    socket.frame(['AAAAA/0', null, 1]);
    socket.frame(['AAAAA/0', null, 2]);
    expect(handler).toHaveBeenCalledExactlyOnceWith(null, 1);
    expect(time.armedCount).toBe(armedCount);
  });
});

describe('3: an unsubscribe counts also without a connection', () => {
  it('before the first one', async () => {
    const { client, connect, sent } = openClient();
    const listener = vi.fn();
    client.subscribe('price.X:Y', listener);
    client.unsubscribe('price.X:Y', listener);
    await connect();
    expect(sent()).toEqual([]);
  });

  it('and between two', async () => {
    const { client, connect, sockets, sent, time } = openClient();
    const listener = vi.fn();
    client.subscribe('price.X:Y', listener);
    client.subscribe('price.A:B', listener);
    const socket = await connect();
    socket.closed();
    client.unsubscribe('price.X:Y', listener);
    await time.advance(1_000);
    sockets.at(-1)?.opened();
    expect(sent()).toEqual([['subscribe', 'price.A:B']]);
  });
});

describe('4: a server names no event of the client', () => {
  it.each(['connected', 'disconnected', 'status'])('such as %s', async (name) => {
    const { connect, life, logged } = openClient();
    const socket = await connect();
    life.splice(0);
    socket.frame([name, 'x']);
    expect(life).toEqual([]);
    expect(logged.join()).toContain(name);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'and a channel called %s is one like any other',
    async (name) => {
      const { client, connect, logged } = openClient();
      const socket = await connect();
      socket.frame([name, 1]);
      const listener = vi.fn();
      client.on(name, listener);
      socket.frame([name, 2]);
      expect(listener).toHaveBeenCalledExactlyOnceWith(2);
      expect(logged).toEqual([]);
    },
  );

  it('nor the id of a request that it was never sent', async () => {
    const { client, connect } = openClient();
    const socket = await connect();
    socket.frame(['AAAAA/7', null, 'x']);
    const handler = vi.fn();
    client.request('price.X:Y', handler);
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('5: it can be stopped, gives up on a refused key, and notices a dead socket', () => {
  it('stops for good, and answers whatever waits', async () => {
    const { client, connect, sockets, life, time } = openClient();
    const socket = await connect();
    const answers: unknown[] = [];
    client.request('price.X:Y', (error) => answers.push(error));
    life.splice(0);
    client.stop();
    expect(answers).toEqual(['Client is stopped']);
    expect(life).toEqual(['status Disconnected', 'disconnected']);
    await time.advance(600_000);
    expect(socket.state).toBe('closed');
    expect(sockets.length).toBe(1);
    expect(time.armedCount).toBe(0);
    client.start();
    await settle();
    expect(sockets.length).toBe(2);
  });

  it('stops while it waits, and while it dials', async () => {
    for (const failFirst of [true, false]) {
      const { client, sockets, time } = openClient();
      client.start();
      await settle();
      if (failFirst) sockets[0]?.closed();
      client.request('price.X:Y', vi.fn());
      client.stop();
      await time.advance(600_000);
      expect(sockets.length).toBe(1);
      expect(time.armedCount).toBe(0);
    }
  });

  it.each([SECRET, undefined])(
    'gives up where a key is refused twice (secret %s)',
    async (secret) => {
      const { client, sockets, life, time } = openClient(secret === undefined ? {} : { secret });
      client.start();
      await settle();
      sockets[0]?.closed({ failure: REFUSAL });
      expect(life.at(-1)).toBe('status Waiting for reconnect');
      await time.advance(1_000);
      life.splice(0);
      sockets[1]?.closed({ failure: REFUSAL });
      expect(life).toEqual([
        'status Error',
        'error The server refused the key (HTTP 401): check the key, its secret and the clock of ' +
          'this machine.',
        'status Disconnected',
      ]);
      await time.advance(600_000);
      expect(sockets.length).toBe(2);
    },
  );

  it('signs by the clock of the server where that was the reason', async () => {
    const { client, sockets, time } = openClient({ secret: SECRET });
    client.start();
    await settle();
    const serverDateMs = time.clock.nowMs() + 600_000;
    sockets[0]?.closed({ failure: REFUSAL, serverDateMs });
    await time.advance(1_000);
    const nonce = Number(sockets[1]?.target.headers?.['x-c9t-nonce']);
    expect(Math.abs(nonce - time.clock.nowMs() - 600_000)).toBeLessThan(2_000);
  });

  it('does not give up on a server in trouble', async () => {
    const { client, sockets, time } = openClient();
    client.start();
    await settle();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      sockets.at(-1)?.closed({ failure: { kind: 'http-status', status: 503, body: '' } });
      await time.advance(15_000);
    }
    expect(sockets.length).toBe(11);
  });

  it('leaves out a random part of each delay', () => {
    expect(retryDelayMs(8, 0)).toBe(15_000);
    expect(retryDelayMs(8, 0.5)).toBe(11_250);
    expect(retryDelayMs(8, 0.999)).toBeGreaterThan(7_500);
  });

  it('drops a socket that answers no ping', async () => {
    const { connect, sockets, life, time } = openClient();
    const socket = await connect();
    life.splice(0);
    await time.advance(15_000);
    expect(socket.pings).toBe(1);
    await time.advance(15_000);
    expect(socket.state).toBe('closed');
    expect(life).toContain('disconnected');
    await time.advance(1_000);
    expect(sockets.length).toBe(2);
  });

  it('keeps a quiet one that answers', async () => {
    const { connect, time } = openClient();
    const socket = await connect();
    for (let round = 0; round < 10; round += 1) {
      await time.advance(15_000);
      socket.pong();
    }
    expect(socket.state).toBe('open');
  });
});

describe('6: historical prices are asked for rightly', () => {
  const ok = (body: unknown) => (): Promise<{ status: number; body: string }> =>
    Promise.resolve({ status: 200, body: JSON.stringify(body) });
  const last = (requests: readonly HttpRequest[]): HttpRequest => requests.at(-1)!;

  it('with encoded values and the key in its header', async () => {
    const { client, httpRequests } = openClient({ http: ok([{ open: 1 }]) });
    const start = new Date('2020-03-04T10:00:00Z');
    const bars = await client.fetchHistoricalPrice('EUR/USD:FXCM', 'H1', start, 1_583_400_000_000);
    expect(bars).toEqual([{ open: 1 }]);
    const url = new URL(last(httpRequests).url);
    expect(url.origin + url.pathname).toBe('https://price.cloud9trader.com/historical');
    expect(url.search).toContain('EUR%2FUSD%3AFXCM');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      instrumentId: 'EUR/USD:FXCM',
      interval: 'H1',
      start: '2020-03-04T10:00:00.000Z',
      end: '2020-03-05T09:20:00.000Z',
    });
    expect(last(httpRequests).headers).toMatchObject({ 'x-c9t-key': 'PUBKEY' });
  });

  it('without an end but with a callback', async () => {
    const { client, httpRequests } = openClient({ http: ok([]) });
    const answered = new Promise((resolve) => {
      const result = client.fetchHistoricalPrice('X:Y', 'D1', 'start', (...values) =>
        resolve(values),
      );
      expect(result).toBeUndefined();
    });
    expect(await answered).toEqual([null, []]);
    expect(new URL(last(httpRequests).url).searchParams.get('end')).toBe('');
  });

  it('at hosts of the caller', async () => {
    const { client, httpRequests } = openClient({
      http: ok([{ id: 'X:Y' }]),
      apiUrl: 'http://127.0.0.1:1/api/v1/',
      priceUrl: 'http://127.0.0.1:2',
    });
    expect(await client.fetchInstruments()).toEqual([{ id: 'X:Y' }]);
    await client.fetchHistoricalPrice('X:Y', 'D1', 0, '');
    expect(httpRequests.map(({ url }) => url.split('?')[0])).toEqual([
      'http://127.0.0.1:1/api/v1/instruments',
      'http://127.0.0.1:2/historical',
    ]);
  });

  it('and failures go to whoever asked', async () => {
    const { client } = openClient({ http: () => Promise.resolve({ status: 404, body: 'x' }) });
    await expect(client.fetchInstruments()).rejects.toMatchObject({ code: 'HTTP_FAILED' });
    const answered = new Promise((resolve) => client.fetchInstruments(resolve));
    expect(await answered).toMatchObject({ code: 'HTTP_FAILED' });
    const broken = openClient({ http: () => Promise.resolve({ status: 200, body: '<html>' }) });
    await expect(broken.client.fetchInstruments()).rejects.toMatchObject({ code: 'HTTP_FAILED' });
  });
});

describe('7: a host may have a query and a path', () => {
  it('and the key is encoded beside what is there', async () => {
    const { connect } = openClient({ key: 'a&b', host: 'wss://example.test/sockets?x=1' });
    expect((await connect()).target.url).toBe('wss://example.test/sockets?x=1&key=a%26b');
  });

  it('and the signature covers the path', async () => {
    const at = async (host: string) => {
      const { target } = await openClient({ secret: SECRET, host }).connect();
      return target.headers?.['x-c9t-signature'];
    };
    expect(await at('wss://example.test')).toBe(await at('wss://example.test/?x=1'));
    expect(await at('wss://example.test/sockets')).not.toBe(await at('wss://example.test/'));
  });
});

describe('8: the types agree with the documentation', () => {
  it('an order goes out by the documented fields, and any others with it', async () => {
    const { client, connect, sent } = openClient();
    await connect();
    const order: OrderSubmission = {
      ...ORDER,
      type: 'STOP_LIMIT',
      limitPrice: 20000,
      stopPrice: 20100,
      timeInForce: 'GTC',
      clientOrderId: 'mine',
      instrument: 'XBTUSD:BitMEX',
    };
    client.submit('order', order, vi.fn());
    expect(sent()).toEqual([['submit', 'order', order, 'AAAAA/0']]);
  });
});
