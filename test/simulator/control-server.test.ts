import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { simulate, type SimulateOptions } from '../../src/simulator/index.js';
import { makeEngineOrder } from '../doubles/engine-order.js';
import { connectRaw } from './raw-client.js';

interface Answer {
  readonly status: number;
  readonly body: Record<string, never> & {
    readonly error: { readonly message: string; readonly code: string; readonly field: string };
  };
}

async function open(options: Partial<SimulateOptions> = {}) {
  const { venues = { coinbase: {}, kraken: {} }, ...rest } = options;
  const exchange = await simulate({ venues, control: { port: 0 }, ...rest });
  const url = exchange.controlUrl ?? '';
  const call = async (line: string, body?: unknown): Promise<Answer> => {
    const [method = '', path = ''] = line.split(' ');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && { body: text }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  return { exchange, url, call, [Symbol.asyncDispose]: () => exchange.close() };
}

/** A request with headers that fetch does not let one set. */
function callWith(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('the control over HTTP', () => {
  it("lists orders with the engine's name of each, and the venue's", async () => {
    await using run = await open({ venues: { kraken: {}, coinbase: {}, cloud9trader: {} } });
    const { kraken, coinbase, cloud9trader } = run.exchange.venues;
    for (const { trading } of [kraken.control, coinbase.control, cloud9trader.control]) {
      const { market, account } = trading!;
      const [{ symbol = '' } = {}] = market.instruments;
      const placed = market.place(makeEngineOrder({ account, symbol, limitPrice: '1' }));
      expect(placed.ok).toBe(true);
    }
    const own = (orderId: string) => ({ orderId, venueOrderId: orderId });
    const orders = (await run.call('GET /orders')).body as Record<string, readonly object[]>;
    expect(orders).toMatchObject({
      kraken: [{ venueOrderId: expect.stringMatching(/^O[A-Z2-7]{5}-[A-Z2-7]{5}-/) as string }],
      coinbase: [{ venueOrderId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4/) as string }],
      cloud9trader: [own(cloud9trader.control.orders[0]?.orderId ?? '')],
    });
  });

  it('takes a fault, tells how often it struck, and lets it go', async () => {
    await using run = await open();
    const rule = { venue: 'kraken', fault: 'refuse-upgrade', status: 503 };
    const added = await run.call('POST /faults', rule);
    expect(added.status).toBe(201);
    expect(added.body).toEqual({
      added: [{ id: 'kraken-1', venue: 'kraken', rule: { fault: 'refuse-upgrade', status: 503 } }],
    });
    const { wsUrl } = run.exchange.venues.kraken;
    await expect(connectRaw(wsUrl)).rejects.toThrow('503');
    expect((await run.call('GET /faults')).body).toMatchObject({
      faults: [{ id: 'kraken-1', strikes: 1 }],
    });
    expect((await run.call('DELETE /faults/kraken-1')).body).toEqual({ removed: 'kraken-1' });
    await using client = await connectRaw(wsUrl);
    await client.until('the status', () => client.texts.length === 1);
  });

  it('takes a file of rules whole or not at all', async () => {
    await using run = await open({ venues: { coinbase: {} } });
    const rules = [{ fault: 'drop' }, { fault: 'drop', at: { kind: 'nonsense' } }];
    const refused = await run.call('POST /faults', { rules });
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({
      code: 'OPTION_INVALID',
      field: 'rules.1.at.kind',
    });
    expect((await run.call('GET /faults')).body).toEqual({ faults: [] });
    expect((await run.call('POST /faults', { rules: rules.slice(0, 1) })).status).toBe(201);
    expect((await run.call('DELETE /faults')).body).toEqual({ faults: [] });
  });

  it.each([
    ['POST /faults', '{"fault":', 'The body is not JSON: line 1, column 10, at its end'],
    ['POST /faults', '', 'venue is wrong: it is missing; 2 exchanges run'],
    ['POST /faults', '[]', 'venue is wrong'],
    ['POST /faults', 'null', 'venue is wrong'],
    ['POST /faults', { fault: 'drop' }, 'a rule names one of coinbase, kraken'],
    ['POST /faults', { venue: 'nyse', fault: 'drop' }, '"nyse" does not run here'],
    ['POST /faults', { venue: 'kraken', fault: 'explode' }, 'there is no fault "explode"; faults'],
    ['POST /faults', { venue: 'kraken', fault: 'drop', when: 1 }, 'fields of drop are fault, at'],
    ['POST /faults', { rules: 5 }, 'rules is wrong'],
    [
      'POST /faults',
      { venue: 'kraken', fault: 'tls-certificate', how: 'expired' },
      'needs TLS; start the simulator with it',
    ],
    ['POST /connections/close', { code: 12 }, 'code is wrong'],
    ['POST /connections/close', { connection: 7 }, '7 is not open; open are none'],
    ['POST /connections/reset', { venue: 'nyse' }, 'does not run here'],
    ['POST /connections/reset', { code: 1000 }, 'Unrecognized key'],
    ['POST /connections/close', { conection: 1 }, '(did you mean "connection"?); fields are venue'],
    [
      'POST /faults',
      { venue: 'kraken', fault: 'drop', at: { cuont: 3 } },
      'at is wrong: Unrecognized key: "cuont" (did you mean "count"?); fields of at are ',
    ],
    ['POST /market', { venue: 'kraken', action: 'dance' }, 'there is no action "dance"'],
    ['POST /market', { venue: 'kraken', action: 'mvoe' }, '(did you mean "move"?)'],
    [
      'POST /market',
      { venue: 'kraken', action: 'pace', rat: 2 },
      '(did you mean "rate"?); fields of pace are action, rate, violence',
    ],
    ['POST /market', { venue: 'kraken', action: 'halt', symbol: 'X/Y' }, 'no symbol "X/Y" here'],
    [
      'POST /market',
      { venue: 'kraken', action: 'move', symbol: 'BTC/USD', price: 'high' },
      'must be a number above 0',
    ],
    [
      'POST /market',
      { venue: 'kraken', action: 'trade', symbol: 'BTC/USD', side: 'buy', size: '01' },
      'must be a number above 0',
    ],
  ])('%s %j is refused in words', async (line, body, words) => {
    await using run = await open();
    const { status, body: answer } = await run.call(line, body);
    expect(status).toBe(400);
    expect(answer.error.message).toContain(words);
  });

  it('says what there is where a path or method is unknown', async () => {
    await using run = await open();
    const lost = await run.call('GET /fault');
    expect(lost.status).toBe(404);
    expect(lost.body.error.message).toContain('there are GET /, GET /faults');
    const wrong = await run.call('PUT /faults', {});
    expect([wrong.status, wrong.body.error.message]).toEqual([
      405,
      '/faults takes GET, POST, DELETE.',
    ]);
    const gone = await run.call('DELETE /faults/kraken-9');
    expect([gone.status, gone.body.error.message]).toEqual([
      404,
      'No rule in force has this id; ids are none at present.',
    ]);
  });

  it('bounds the body', async () => {
    await using run = await open();
    const response = await fetch(`${run.url}/faults`, {
      method: 'POST',
      body: 'x'.repeat(256 * 1024 + 1),
    });
    expect([response.status, await response.text()]).toEqual([
      413,
      'A body may have 262144 bytes at most.\n',
    ]);
    expect((await run.call('GET /faults')).status).toBe(200);
  });

  it('refuses web pages, and names that strangers made point here', async () => {
    await using run = await open();
    const { host } = new URL(run.url);
    expect(await callWith(run.url, { origin: 'https://evil.example' })).toBe(403);
    expect(await callWith(run.url, { host: 'evil.example' })).toBe(403);
    expect(await callWith(run.url, { host: 'localhost.evil.example' })).toBe(403);
    expect(await callWith(run.url, { host: host.replace('127.0.0.1', 'localhost') })).toBe(200);
    expect(await callWith(run.url, {})).toBe(200);
    await expect(connectRaw(run.url.replace('http', 'ws'))).rejects.toThrow('404');
  });

  it.each([
    '{"jwt":"a.secret.token","type":"subscribe"',
    '{"type":"subscribe","jwt":"a.secret.tok',
    '{"jwt" : "a\\"secret',
    '{"jwt":"a.secret\\',
    '{"jwt":"a\\\nsecret"}',
    "{'jwt': 'a.secret.token', 'type': 'subscribe'}",
    '{"token":["a.secret"]}',
  ])('shows no token of a message that is no JSON or odd: %j', async (text) => {
    await using run = await open({ venues: { coinbase: {} } });
    await using one = await connectRaw(run.exchange.venues.coinbase.wsUrl);
    one.send(text);
    await one.until('an error', () => one.texts.length === 1);
    const messages = JSON.stringify((await run.call('GET /messages')).body);
    expect(messages).toContain('[secret]');
    expect(messages).not.toMatch(/a\W+secret/);
  });

  it('shows connections, what was sent on them without tokens, and ends them', async () => {
    await using run = await open({ venues: { coinbase: {} } });
    await using one = await connectRaw(run.exchange.venues.coinbase.wsUrl);
    await using two = await connectRaw(run.exchange.venues.coinbase.wsUrl);
    one.subscribe('heartbeats', undefined, 'a.secret.token');
    await one.until('an error', () => one.texts.length === 1);
    const { body } = await run.call('GET /connections');
    expect(body).toMatchObject({
      coinbase: [
        { connection: 1, path: '/', sentCount: 1, receivedCount: 1 },
        { connection: 2, receivedCount: 0 },
      ],
    });
    const messages = await run.call('GET /messages?connection=1');
    expect(JSON.stringify(messages.body)).toContain('[secret]');
    expect(JSON.stringify(messages.body)).not.toContain('a.secret');
    const close = { connection: 1, code: 4000, reason: 'so said' };
    expect((await run.call('POST /connections/close', close)).body).toEqual({ ended: 1 });
    expect(await one.closed).toEqual({ code: 4000, reason: 'so said' });
    expect((await run.call('POST /connections/reset', {})).body).toEqual({ ended: 1 });
    expect((await two.closed).code).toBe(1006);
    expect((await run.call('GET /requests')).body).toMatchObject({
      coinbase: [{ status: 101, connection: 1 }, { status: 101 }],
    });
  });

  it('moves the market, halts it, and lists what is new', async () => {
    await using run = await open({ venues: { kraken: {} } });
    const symbol = 'BTC/USD';
    expect(
      (await run.call('POST /market', { action: 'move', symbol, price: '50000' })).status,
    ).toBe(200);
    const control = run.exchange.venues.kraken.control;
    expect(() => control.market?.move(symbol, 60_000 as unknown as string)).toThrow(
      'a text such as',
    );
    const { body } = await run.call('GET /market');
    expect(Number((body as unknown as Markets).kraken[symbol]?.bid)).toBeGreaterThan(49_000);
    expect(Number((body as unknown as Markets).kraken[symbol]?.bid)).toBeLessThan(51_000);
    expect((await run.call('POST /market', { action: 'halt', symbol })).body).toEqual({
      done: 'halt',
    });
    const trade = { action: 'trade', symbol, side: 'buy', size: '0.1' };
    expect((await run.call('POST /market', trade)).body.error.message).toContain('market-closed');
    await run.call('POST /market', { action: 'resume', symbol });
    expect((await run.call('POST /market', trade)).status).toBe(200);
    const pair = { action: 'list', base: 'NEW', quote: 'USD', price: '1.2345' };
    expect((await run.call('POST /market', pair)).body).toEqual({
      done: 'list',
      symbol: 'NEW/USD',
    });
    expect((await run.call('POST /market', pair)).body.error.message).toContain('traded already');
    expect((await run.call('GET /')).body).toMatchObject({
      venues: { kraken: { symbols: expect.arrayContaining(['NEW/USD']) as unknown } },
    });
  });

  it('tells no secret of the demo keys', async () => {
    await using run = await open();
    const { coinbase, kraken } = run.exchange.venues;
    const state = JSON.stringify((await run.call('GET /')).body);
    expect(state).toContain(coinbase.wsUrl);
    for (const secret of [coinbase.keyName, kraken.key, kraken.secret]) {
      expect(state).not.toContain(secret);
    }
  });

  it('knows every fault of every venue', async () => {
    await using run = await open();
    const { body } = await run.call('GET /faults/known');
    expect(body).toMatchObject({
      coinbase: { 'skip-number': ['fault', 'at', 'every', 'connection'] },
      kraken: { 'wrong-checksum': ['fault', 'at', 'every', 'connection'] },
    });
  });
});

interface Markets {
  readonly kraken: Readonly<Record<string, { readonly bid: string } | undefined>>;
}
