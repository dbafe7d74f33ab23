import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError, KeyError } from '../../../../src/model/error.js';
import { Client, Cloud9TraderClient } from '../../../../src/venues/cloud9trader/client/index.js';
import { retryDelayMs } from '../../../../src/venues/cloud9trader/client/retry.js';
import { settle } from '../../../doubles/virtual-time.js';
import { SECRET } from '../server/server-harness.js';
import { openClient } from './client-bench.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the constructor', () => {
  it('has its other names', () => {
    expect(Cloud9TraderClient).toBe(Client);
    expect(Client.Client).toBe(Client);
  });

  it('refuses what it cannot work with', () => {
    expect(() => new Client(undefined as never)).toThrow(ConfigError);
    expect(() => new Client({} as never)).toThrow(KeyError);
    expect(() => new Client({ key: '' })).toThrow(KeyError);
    expect(() => new Client({ key: 'k', host: 'sockets.example' })).toThrow(ConfigError);
    expect(() => new Client({ key: 'k', secret: 'not base64!' })).toThrow(KeyError);
  });

  it('refuses a secret in a browser, and nothing else there', () => {
    vi.stubGlobal('window', { navigator: {} });
    expect(() => new Client({ key: 'k', secret: SECRET })).toThrow('browser');
    expect(() => new Client({ key: 'k' })).not.toThrow();
  });

  it('opens nothing', async () => {
    const { sockets, client } = openClient();
    await settle();
    expect(sockets.length).toBe(0);
    expect(client.isConnected()).toBe(false);
  });
});

describe('the socket', () => {
  it('is public with the key in its address', async () => {
    const { connect } = openClient();
    const { target } = await connect();
    expect(target.url).toBe('wss://sockets.cloud9trader.com/?key=PUBKEY');
    expect(target.headers).toEqual({});
  });

  it('is private with signed headers, signed anew for each attempt', async () => {
    const { connect, sockets, time } = openClient({ secret: SECRET });
    const first = await connect();
    expect(first.target.url).toBe('wss://sockets.cloud9trader.com/');
    first.closed();
    await time.advance(1_000);
    const nonces = sockets.map(({ target }) => target.headers?.['x-c9t-nonce']);
    expect(nonces.length).toBe(2);
    expect(new Set(nonces).size).toBe(2);
    expect(sockets[1]?.target.headers?.['x-c9t-key']).toBe('PUBKEY');
  });

  it('is opened once, however often it is started', async () => {
    const { client, connect, sockets } = openClient();
    await connect();
    client.start();
    await settle();
    expect(sockets.length).toBe(1);
  });

  it('tells of its life in the order of the library', async () => {
    const { client, connect, life } = openClient();
    const socket = await connect();
    expect(life.splice(0)).toEqual(['status Connected', 'connected']);
    expect(client.connected).toBe(true);
    socket.closed({ code: 1001 });
    expect(life.splice(0)).toEqual([
      'status Disconnected',
      'disconnected',
      'status Waiting for reconnect',
    ]);
    expect(client.isConnected()).toBe(false);
  });

  it('tells of a failed attempt without a disconnect', async () => {
    const { client, sockets, life } = openClient();
    client.start();
    await settle();
    const failure = { kind: 'network', systemCode: 'ECONNREFUSED', message: 'no' } as const;
    sockets[0]?.closed({ failure });
    expect(life).toEqual([
      'status Error',
      'error The server could not be reached (ECONNREFUSED). Check host and network.',
      'status Disconnected',
      'status Waiting for reconnect',
    ]);
  });

  it('can be dropped for another one at once', async () => {
    const { client, connect, sockets, life } = openClient();
    const first = await connect();
    life.splice(0);
    client.reconnect();
    await settle();
    expect(first.state).toBe('closed');
    expect(sockets.length).toBe(2);
    sockets[1]?.opened();
    expect(life).toEqual(['status Disconnected', 'disconnected', 'status Connected', 'connected']);
  });
});

describe('events', () => {
  it('go to each listener once, in the order of arrival, until it leaves', async () => {
    const { client, connect } = openClient();
    const seen: unknown[] = [];
    const one = (data: unknown): void => void seen.push(['one', data]);
    client.on('price.X:Y', one);
    client.on('price.X:Y', one);
    client.on('price.X:Y', (data: unknown) => seen.push(['two', data]));
    const socket = await connect();
    socket.frame(['price.X:Y', { bid: 1 }]);
    client.off('price.X:Y', one);
    socket.frame(['price.X:Y', { bid: 2 }]);
    expect(seen).toEqual([
      ['one', { bid: 1 }],
      ['two', { bid: 1 }],
      ['two', { bid: 2 }],
    ]);
  });

  it('can be waited for once, with a time allowed', async () => {
    const { client, time } = openClient();
    const seen: unknown[] = [];
    const note = (value: unknown): void => void seen.push(value);
    client.once('own', note);
    client.waitFor('own', note, 1_000);
    client.waitFor('other', note, 1_000);
    client.emit('own', 'now');
    client.emit('own', 'again');
    await time.advance(1_000);
    client.emit('other', 'late');
    expect(seen).toEqual(['now', 'now', 'timeout']);
    expect(time.armedCount).toBe(0);
  });

  it('carry errors of the server, and throw nothing where nobody listens', async () => {
    const { client, connect, life } = openClient();
    const socket = await connect();
    life.splice(0);
    socket.frame(['error', 'some message']);
    expect(life).toEqual(['error some message']);
    expect(() => client.emit('nobody', 1)).not.toThrow();
  });

  it('reach the others where one listener throws', async () => {
    const { client, connect, logged } = openClient();
    const seen: unknown[] = [];
    client.on('logs', () => {
      throw new Error('mine');
    });
    client.on('logs', (text: unknown) => seen.push(text));
    const socket = await connect();
    socket.frame(['logs', 'a line']);
    expect(seen).toEqual(['a line']);
    expect(logged.join()).toContain('listener threw');
  });

  it('leave out what is no list with a channel first', async () => {
    const { connect, logged, life } = openClient();
    const socket = await connect();
    life.splice(0);
    for (const text of ['not json', '{}', '7', 'null', '[]', '[7]', '"x"']) socket.frame(text);
    expect(logged.length).toBe(7);
    expect(life).toEqual([]);
  });
});

describe('requests', () => {
  it('have an id of their own, and one count for both kinds', async () => {
    const { client, connect, sent } = openClient();
    const socket = await connect();
    const answers: unknown[] = [];
    const note = (...values: unknown[]): void => void answers.push(values);
    client.request('order-book.X:Y', note);
    client.submit('order', { broker: 'B', side: 'BUY', type: 'MARKET', quantity: 1 }, note);
    expect(sent()).toEqual([
      ['request', 'order-book.X:Y', 'AAAAA/0'],
      ['submit', 'order', { broker: 'B', side: 'BUY', type: 'MARKET', quantity: 1 }, 'AAAAA/1'],
    ]);
    socket.frame(['AAAAA/1', 'no funds']);
    socket.frame(['AAAAA/0', null, { sequence: 1 }]);
    expect(answers).toEqual([
      ['no funds', undefined],
      [null, { sequence: 1 }],
    ]);
  });

  it('time out after three seconds, orders after five', async () => {
    const { client, connect, time } = openClient();
    await connect();
    const answers: string[] = [];
    client.request('price.X:Y', (error) => answers.push(`request ${String(error)}`));
    const order = { broker: 'B', side: 'SELL', type: 'MARKET', quantity: 1 } as const;
    client.submit('order', order, (error) => answers.push(`order ${String(error)}`));
    await time.advance(2_999);
    expect(answers).toEqual([]);
    await time.advance(1);
    expect(answers).toEqual(['request timeout']);
    await time.advance(2_000);
    expect(answers).toEqual(['request timeout', 'order timeout']);
  });

  it('wait for a connection, and only then does their time begin', async () => {
    const { client, connect, sent, time } = openClient();
    const answers: unknown[] = [];
    client.request('price.X:Y', (error) => answers.push(error));
    await time.advance(60_000);
    expect(answers).toEqual([]);
    await connect();
    expect(sent()).toEqual([['request', 'price.X:Y', 'AAAAA/0']]);
    await time.advance(3_000);
    expect(answers).toEqual(['timeout']);
  });

  it('that were sent are not failed by a disconnect; they time out', async () => {
    const { client, connect, time } = openClient();
    const socket = await connect();
    const answers: unknown[] = [];
    client.request('price.X:Y', (error) => answers.push(error));
    socket.closed();
    expect(answers).toEqual([]);
    await time.advance(3_000);
    expect(answers).toEqual(['timeout']);
  });

  it('raw ones go out as they are, or wait for a connection, once started', async () => {
    const { client, connect, sent, logged } = openClient();
    client.send('request', 'price.X:Y', 'early');
    expect(logged.length).toBe(1);
    client.start();
    client.send('request', 'price.X:Y', 'mine');
    const socket = await connect();
    expect(sent()).toEqual([['request', 'price.X:Y', 'mine']]);
    const answers: unknown[] = [];
    client.on('mine', (...values: unknown[]) => answers.push(values));
    socket.frame(['mine', null, { bid: 1 }]);
    expect(answers).toEqual([[null, { bid: 1 }]]);
  });
});

describe('subscriptions', () => {
  it('are asked for with the first listener and ended with the last', async () => {
    const { client, connect, sent } = openClient();
    await connect();
    const [one, two] = [vi.fn(), vi.fn()];
    client.subscribe('trades.X:Y', one);
    client.subscribe('trades.X:Y', two);
    client.unsubscribe('trades.X:Y', one);
    client.unsubscribe('trades.X:Y', one);
    client.unsubscribe('trades.X:Y', two);
    expect(sent()).toEqual([
      ['subscribe', 'trades.X:Y'],
      ['unsubscribe', 'trades.X:Y'],
    ]);
  });

  it('are asked for anew on each connection, in their order, one message a topic', async () => {
    const { client, connect, sockets, sent, time } = openClient();
    client.subscribe('trades.X:Y', vi.fn());
    client.subscribe('price.X:Y', vi.fn());
    client.subscribe('trades.X:Y', vi.fn());
    const socket = await connect();
    const both = [
      ['subscribe', 'trades.X:Y'],
      ['subscribe', 'price.X:Y'],
    ];
    expect(sent()).toEqual(both);
    socket.closed();
    await time.advance(1_000);
    sockets.at(-1)?.opened();
    expect(sent()).toEqual(both);
  });

  it('to messages and logs are never sent', async () => {
    const { client, connect, sent } = openClient({ secret: SECRET });
    const listener = vi.fn();
    client.subscribe('messages', listener);
    client.subscribe('logs', listener);
    const socket = await connect();
    socket.frame(['messages', 'hello']);
    client.unsubscribe('logs', listener);
    expect(sent()).toEqual([]);
    expect(listener).toHaveBeenCalledExactlyOnceWith('hello');
  });
});

describe('the delay before another attempt', () => {
  it('grows as in the library', () => {
    const delays = Array.from({ length: 11 }, (_, failures) => retryDelayMs(failures, 0) / 1_000);
    expect(delays).toEqual([1, 1, 2, 2, 4, 4, 8, 8, 15, 15, 15]);
  });

  it('starts over once a socket was open', async () => {
    const { client, sockets, time } = openClient();
    client.start();
    await settle();
    for (const delayMs of [1_000, 1_000, 2_000]) {
      sockets.at(-1)?.closed();
      const count = sockets.length;
      await time.advance(delayMs - 1);
      expect(sockets.length).toBe(count);
      await time.advance(1);
      expect(sockets.length).toBe(count + 1);
    }
    sockets.at(-1)?.opened();
    sockets.at(-1)?.closed();
    await time.advance(1_000);
    expect(sockets.length).toBe(5);
  });
});
