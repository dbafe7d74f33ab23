import { describe, expect, it } from 'vitest';
import { simulate, type FaultRule, type SimulateOptions } from '../../src/simulator/index.js';
import { connectRaw, type RawClient, type RawFrame } from './raw-client.js';

const open = (rules: readonly FaultRule[], options: Partial<SimulateOptions> = {}) =>
  simulate({ venues: { coinbase: {} }, faults: { rules: [...rules] }, ...options });

const numbers = (client: RawClient): number[] => client.frames.map((one) => one.sequence_num);
const kinds = (client: RawClient): string[] =>
  client.frames.map((one) => `${one.channel} ${one.events[0]?.type ?? ''}`.trim());
const ofChannel = (client: RawClient, channel: string): RawFrame[] =>
  client.frames.filter((one) => one.channel === channel);

/** Opens an exchange with faults and a client that follows one busy book. */
async function follow(rules: readonly FaultRule[], frameCount: number) {
  const exchange = await open(rules);
  const client = await connectRaw(exchange.venues.coinbase.wsUrl);
  client.subscribe('heartbeats');
  client.subscribe('level2', ['BTC-USD']);
  await client.until('the frames', () => client.texts.length >= frameCount);
  return {
    client,
    exchange,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await exchange.close();
    },
  };
}

describe.concurrent('faults on one frame', () => {
  it('drop: the number is used and the frame never comes', async () => {
    await using run = await follow([{ fault: 'drop', at: { frame: 4 } }], 8);
    expect(numbers(run.client).slice(0, 6)).toEqual([0, 1, 2, 3, 5, 6]);
  });

  it('skip-number: nothing is missing but a number', async () => {
    await using run = await follow([{ fault: 'skip-number', at: { frame: 4 } }], 8);
    expect(numbers(run.client).slice(0, 6)).toEqual([0, 1, 2, 3, 5, 6]);
  });

  it('duplicate: the same bytes come twice', async () => {
    await using run = await follow([{ fault: 'duplicate', at: { frame: 4 } }], 8);
    expect(numbers(run.client).slice(0, 7)).toEqual([0, 1, 2, 3, 4, 4, 5]);
    expect(run.client.texts[4]).toBe(run.client.texts[5]);
  });

  it('repeat: the same content comes twice, each with its own number', async () => {
    await using run = await follow([{ fault: 'repeat', at: { frame: 4 } }], 8);
    expect(numbers(run.client).slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(run.client.frames[4]?.events).toEqual(run.client.frames[5]?.events);
  });

  it('reorder: later frames overtake it', async () => {
    await using run = await follow([{ fault: 'reorder', at: { frame: 4 }, frames: 2 }], 8);
    expect(numbers(run.client).slice(0, 8)).toEqual([0, 1, 2, 3, 5, 6, 4, 7]);
  });

  it('delay: it comes late, with its number', async () => {
    await using run = await follow([{ fault: 'delay', at: { frame: 4 }, delayMs: 1_500 }], 10);
    await run.client.until('the late frame', () => numbers(run.client).includes(4));
    const order = numbers(run.client);
    expect(order.indexOf(4)).toBeGreaterThan(order.indexOf(5));
  });

  it('corrupt: cut, no JSON, or an event of the wrong type', async () => {
    await using run = await follow(
      [
        { fault: 'corrupt', at: { frame: 3 } },
        { fault: 'corrupt', at: { frame: 4 }, how: 'not-json' },
        { fault: 'corrupt', at: { frame: 5 }, how: 'wrong-type' },
      ],
      8,
    );
    expect(() => JSON.parse(run.client.texts[3] ?? '') as unknown).toThrow(SyntaxError);
    expect(run.client.texts[4]).toMatch(/^<html>/);
    expect(run.client.texts[5]).toContain('"events":[7,');
  });

  it('update-before-snapshot: the first update overtakes, numbers stay whole', async () => {
    await using run = await follow([{ fault: 'update-before-snapshot', at: {} }], 8);
    const book = kinds(run.client).filter((kind) => kind.startsWith('l2_data'));
    expect(book.slice(0, 3)).toEqual(['l2_data update', 'l2_data snapshot', 'l2_data update']);
    expect(numbers(run.client)).toEqual(numbers(run.client).map((_, index) => index));
  });

  it('wrong-side: bids and offers are exchanged', async () => {
    await using run = await follow(
      [{ fault: 'wrong-side', at: { channel: 'l2_data', kind: 'snapshot' } }],
      3,
    );
    const { updates = [] } = ofChannel(run.client, 'l2_data')[0]?.events[0] ?? {};
    expect(updates[0]?.side).toBe('offer');
    expect(updates.at(-1)?.side).toBe('bid');
  });

  it('long-digits: a price and a size of thirty digits', async () => {
    await using run = await follow([{ fault: 'long-digits', at: {} }], 3);
    const level = ofChannel(run.client, 'l2_data')[0]?.events[0]?.updates.at(-1);
    expect(level?.price_level).toHaveLength(30);
    expect(level?.new_quantity).toBe('0.000000000000000000000000000001');
  });

  it('giant-snapshot: one frame of the size asked for, and valid', async () => {
    await using run = await follow([{ fault: 'giant-snapshot', bytes: 7_000_000 }], 3);
    const text = run.client.texts.find((one) => one.includes('snapshot')) ?? '';
    expect(text.length).toBeGreaterThan(7_000_000);
    expect(run.client.frames.some((one) => one.events[0]?.type === 'snapshot')).toBe(true);
  });

  it('every: strikes each n-th frame', async () => {
    await using run = await follow([{ fault: 'drop', every: { frames: 3 } }], 6);
    expect(numbers(run.client).slice(0, 6)).toEqual([0, 1, 3, 4, 6, 7]);
  });

  it('connection: strikes one connection and leaves the others alone', async () => {
    await using run = await follow([{ fault: 'drop', at: { frame: 2 }, connection: 2 }], 5);
    expect(numbers(run.client).slice(0, 4)).toEqual([0, 1, 2, 3]);
    await using second = await connectRaw(run.exchange.venues.coinbase.wsUrl);
    second.subscribe('level2', ['BTC-USD']);
    await second.until('frames', () => second.frames.length >= 4);
    expect(numbers(second).slice(0, 4)).toEqual([0, 1, 3, 4]);
  });
});

describe.concurrent('faults around acknowledgements', () => {
  it('ack-delayed: the ack takes its number when it comes', async () => {
    await using run = await follow([{ fault: 'ack-delayed', at: { count: 2 }, delayMs: 4_000 }], 8);
    const { client } = run;
    await client.until('the ack', () => ofChannel(client, 'subscriptions').length === 2);
    const told = kinds(client).filter((kind) => kind !== 'heartbeats');
    // How many updates come before it depends on the machine.
    expect(told.slice(0, 2)).toEqual(['subscriptions', 'l2_data snapshot']);
    expect(told.indexOf('subscriptions', 1)).toBeGreaterThan(1);
    expect(numbers(client)).toEqual(numbers(client).map((_, index) => index));
  });

  it('ack-missing: data comes, the ack never does', async () => {
    await using run = await follow([{ fault: 'ack-missing', at: { count: 2 } }], 8);
    expect(ofChannel(run.client, 'subscriptions')).toHaveLength(1);
    expect(numbers(run.client)).toEqual(numbers(run.client).map((_, index) => index));
  });

  it('ack-without-data: the product is held, and nothing of it comes', async () => {
    await using run = await follow([{ fault: 'ack-without-data', at: { channel: 'l2_data' } }], 3);
    expect(new Set(kinds(run.client))).toEqual(new Set(['subscriptions', 'heartbeats']));
    const last = ofChannel(run.client, 'subscriptions').at(-1)?.events[0]?.subscriptions;
    expect(last?.level2).toEqual(['BTC-USD']);
  });

  it('partial-level2-refusal: serves what there is room for, and says no', async () => {
    await using exchange = await open([{ fault: 'partial-level2-refusal' }]);
    await using client = await connectRaw(exchange.venues.coinbase.wsUrl);
    const response = await fetch(
      `${exchange.venues.coinbase.restUrl}/api/v3/brokerage/market/products`,
    );
    const { products } = (await response.json()) as { products: { product_id: string }[] };
    const names = products.map((one) => one.product_id).filter((one) => one.endsWith('-USD'));
    client.subscribe('level2', names);
    await client.until('the ack', () => ofChannel(client, 'subscriptions').length === 1);
    expect(ofChannel(client, 'subscriptions')[0]?.events[0]?.subscriptions.level2).toHaveLength(30);
    expect(client.frames[0]?.message).toContain('too many L2 streams');
  });
});

describe.concurrent('faults on the connection', () => {
  it('close: ends with the code that was asked for', async () => {
    await using run = await follow([{ fault: 'close', at: { frame: 5 }, code: 1001 }], 6);
    expect(await run.client.closed).toMatchObject({ code: 1001 });
    expect(numbers(run.client).at(-1)).toBe(5);
  });

  it('reset: ends without a close frame', async () => {
    await using run = await follow([{ fault: 'reset', at: { frame: 5 } }], 5);
    expect((await run.client.closed).code).toBe(1006);
  });

  it('silence: nothing comes but pongs, not even errors', async () => {
    await using run = await follow([], 4);
    const { client, exchange } = run;
    exchange.venues.coinbase.control.addFault({ fault: 'silence' });
    client.ping();
    await client.until('the pong', () => client.pongs === 1);
    const silentAt = client.texts.length;
    client.send('{');
    client.ping();
    await client.until('another pong', () => client.pongs === 2);
    expect(client.texts).toHaveLength(silentAt);
  });

  it('silence for a while: goes on with the next number', async () => {
    await using run = await follow([{ fault: 'silence', at: { frame: 4 }, forMs: 200 }], 8);
    expect(numbers(run.client).slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('heartbeats-stop: data goes on, the beats end', async () => {
    await using run = await follow([{ fault: 'heartbeats-stop' }], 40);
    expect(ofChannel(run.client, 'heartbeats')).toEqual([]);
    expect(ofChannel(run.client, 'l2_data').length).toBeGreaterThan(30);
  });

  it('heartbeats-only: beats go on, data ends', async () => {
    await using run = await follow([{ fault: 'heartbeats-only', at: { frame: 4 } }], 5);
    expect(kinds(run.client).slice(4)).toEqual(['heartbeats']);
    expect(numbers(run.client)).toEqual([0, 1, 2, 3, 4]);
  });

  it('refuse-upgrade: answers with an HTTP status', async () => {
    await using exchange = await open([{ fault: 'refuse-upgrade', status: 503, connection: 1 }]);
    const { wsUrl } = exchange.venues.coinbase;
    await expect(connectRaw(wsUrl)).rejects.toThrow('503');
    await using client = await connectRaw(wsUrl);
    expect(client.frames).toEqual([]);
  });

  it('clock-skew: shows in the Date header and in the heartbeats', async () => {
    await using exchange = await open([{ fault: 'clock-skew', skewMs: 3_600_000 }]);
    await using client = await connectRaw(exchange.venues.coinbase.wsUrl);
    const dateMs = Date.parse(String(client.headers.date));
    expect(dateMs - Date.now()).toBeGreaterThan(3_500_000);
    client.subscribe('heartbeats');
    await client.until('a beat', () => ofChannel(client, 'heartbeats').length > 0);
    const [beat] = ofChannel(client, 'heartbeats');
    expect(Date.parse(beat?.timestamp ?? '') - Date.now()).toBeGreaterThan(3_500_000);
    const time = (beat?.events[0]?.current_time ?? '').slice(0, 19).replace(' ', 'T');
    expect(Date.parse(`${time}Z`) - Date.now()).toBeGreaterThan(3_500_000);
  });

  it('client-id and compression: on where asked for', async () => {
    await using exchange = await open([
      { fault: 'client-id', present: true },
      { fault: 'compression', on: true },
    ]);
    const { wsUrl } = exchange.venues.coinbase;
    await using client = await connectRaw(wsUrl, { compression: true });
    client.subscribe('ticker', ['BTC-USD']);
    await client.until('a frame', () => client.frames.length > 0);
    expect(client.frames[0]?.client_id).toBe('');
    expect(client.extensions).toContain('permessage-deflate');
  });

  it('refuse-tokens: a good token is as bad as none', async () => {
    await using exchange = await open([{ fault: 'refuse-tokens' }]);
    await using client = await connectRaw(exchange.venues.coinbase.wsUrl);
    client.subscribe('user', undefined, 'any.token.at-all');
    await client.until('the error', () => client.frames.length === 1);
    expect(client.frames[0]?.message).toBe('authentication failure');
  });
});

describe.concurrent('faults at run time', () => {
  it('can be added and taken away, and connections ended', async () => {
    await using run = await follow([], 5);
    const { client, exchange } = run;
    exchange.venues.coinbase.control.addFault({ fault: 'silence' });
    const silentAt = client.texts.length;
    client.ping();
    await client.until('the pong', () => client.pongs === 1);
    expect(client.texts.length).toBeLessThanOrEqual(silentAt + 1);
    exchange.venues.coinbase.control.clearFaults();
    await client.until('more', () => client.texts.length > silentAt + 5);
    exchange.venues.coinbase.control.closeConnections(4000, 'as asked');
    expect(await client.closed).toEqual({ code: 4000, reason: 'as asked' });
  });

  it.each([
    [{ fault: 'explode' }, 'rules.0.fault'],
    [{ fault: 'close', code: 1006 }, 'rules.0.code'],
    [{ fault: 'drop', at: { frames: 3 } }, 'rules.0.at'],
    [{ fault: 'delay' }, 'rules.0.delayMs'],
  ])('refuses %j and names the field', async (rule, field) => {
    await expect(open([rule as unknown as FaultRule])).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      facts: { field },
    });
  });
});
