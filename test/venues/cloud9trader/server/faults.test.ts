import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/model/error.js';
import {
  FAULT_RULES,
  type FaultRule,
} from '../../../../src/venues/cloud9trader/server/fault-rules.js';
import { BTC, openServer, signUpgrade, TIME, type FakeClient } from './server-harness.js';

const TOPIC = `order-book.${BTC}`;

/** A client that holds a book, on a server with these rules. */
function follow(...rules: readonly FaultRule[]) {
  const bench = openServer({ rules });
  const client = bench.connect();
  client.ask('subscribe', TOPIC);
  const move = (count = 1): void => {
    for (let step = 0; step < count; step += 1) bench.market.move(BTC, 'bid', ['98', '1']);
  };
  return { ...bench, client, move };
}

function sequencesOf(client: FakeClient): number[] {
  return client.frames
    .map((frame) => (frame as [string, { sequence?: number } | null])[1]?.sequence)
    .filter((sequence) => sequence !== undefined);
}

describe('faults on frames', () => {
  it('drop one, so that a number is missing', () => {
    const { client, move } = follow({ fault: 'drop', at: { kind: 'delta', count: 2 } });
    move(3);
    expect(sequencesOf(client)).toEqual([101, 103]);
  });

  it('duplicate every second one', () => {
    const rule = { fault: 'duplicate', every: { topic: TOPIC, frames: 2 } } as const;
    const { client, move } = follow(rule);
    move(4);
    expect(sequencesOf(client)).toEqual([101, 102, 102, 103, 104, 104]);
  });

  it('delay an answer behind the changes that come after it', async () => {
    const rule = { fault: 'delay', at: { kind: 'answer' }, delayMs: 500 } as const;
    const { client, move, time } = follow(rule);
    client.ask('request', TOPIC, 'r1');
    move(2);
    await time.advance(500);
    expect(client.frames.map((frame) => (frame as [string])[0])).toEqual([TOPIC, TOPIC, 'r1']);
    expect(client.frames[2]).toMatchObject(['r1', null, { sequence: 100 }]);
  });

  it('let later ones overtake', () => {
    const { client, move } = follow({ fault: 'reorder', at: {}, frames: 2 });
    move(3);
    expect(sequencesOf(client)).toEqual([102, 103, 101]);
  });

  it.each([
    ['cut', /^\["order-book[^\]]*$/],
    ['not-json', /^<html>/],
    ['wrong-type', /^\{"frame":\[/],
  ] as const)('corrupt one: %s', (how, looks) => {
    const { client, move } = follow({ fault: 'corrupt', at: {}, how });
    move();
    expect(client.texts[0]).toMatch(looks);
  });

  it('refuse a request in words, and nothing but a request', () => {
    const { client, move } = follow({ fault: 'refuse-request', text: 'The broker timed out' });
    move();
    client.ask('request', TOPIC, 'r1');
    expect(client.frames.length).toBe(2);
    expect(client.frames[1]).toEqual(['r1', 'The broker timed out']);
  });

  it('send an error that answers nothing', () => {
    const { client, move } = follow({ fault: 'send-error', at: {} });
    move();
    expect(client.frames[0]).toEqual(['error', 'Internal error']);
    expect(sequencesOf(client)).toEqual([101]);
  });

  it('close with a code, or reset, and send nothing more', () => {
    const closing = follow({ fault: 'close', at: { count: 2 }, code: 1011 });
    closing.move(3);
    expect(closing.client.ending).toBe('closed 1011');
    expect(closing.client.texts.length).toBe(2);
    const resetting = follow({ fault: 'reset', at: {} });
    resetting.move(3);
    expect(resetting.client.ending).toBe('terminated');
  });

  it('fall silent for a while', async () => {
    const { client, move, time } = follow({ fault: 'silence', at: { count: 2 }, forMs: 1_000 });
    move(3);
    await time.advance(1_000);
    move();
    expect(sequencesOf(client)).toEqual([101, 104]);
  });

  it('concern one connection only where they say so', () => {
    const bench = openServer({ rules: [{ fault: 'drop', connection: 2 }] });
    const [one, two] = [bench.connect(), bench.connect()];
    for (const client of [one, two]) client.ask('subscribe', TOPIC);
    bench.market.move(BTC, 'bid', ['98', '1']);
    expect([one.texts.length, two.texts.length]).toEqual([1, 0]);
  });

  it('may be added and cleared while the server runs', () => {
    const { client, move, faults } = follow();
    faults.inForce.add({ fault: 'drop' });
    move();
    faults.inForce.clear();
    move();
    expect(sequencesOf(client)).toEqual([102]);
  });
});

describe('faults on the connection and the server', () => {
  it('refuse the upgrade', () => {
    const refusal = { fault: 'refuse-upgrade', status: 503, body: 'later', connection: 1 } as const;
    const { upgrade } = openServer({ rules: [refusal] });
    expect([upgrade({}), upgrade({})]).toEqual(['503 later', 'accepted']);
  });

  it('refuse a sign-in that is right', () => {
    const bench = openServer({ rules: [{ fault: 'refuse-sign-in', connection: 2 }] });
    const nowMs = bench.time.clock.nowMs();
    expect(bench.upgrade(signUpgrade(nowMs))).toBe('accepted');
    expect(bench.upgrade(signUpgrade(nowMs + 1))).toBe('401 Refused.');
    expect(bench.upgrade({})).toBe('accepted');
  });

  it('set the clock wrong, for the sign-in as for the Date', () => {
    const bench = openServer({ rules: [{ fault: 'clock-skew', skewMs: 120_000 }] });
    const nowMs = bench.time.clock.nowMs();
    expect(bench.upgrade(signUpgrade(nowMs))).toContain('401');
    expect(bench.upgrade(signUpgrade(nowMs + 120_000))).toBe('accepted');
  });

  it.each([
    [{ fault: 'explode' }, 'fault'],
    [{ fault: 'delay' }, 'delayMs'],
    [{ fault: 'close', code: 1006 }, 'code'],
    [{ fault: 'drop', at: { kind: 'heartbeat' } }, 'kind'],
  ])('that nobody knows are refused: %j', (rule, field) => {
    const read = (): unknown => FAULT_RULES.readFile({ rules: [rule] });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(field);
  });
});

describe('what a server bounds', () => {
  it('messages a second', async () => {
    const bench = openServer({ limits: { messagesPerSecond: 3 } });
    const client = bench.connect();
    for (let step = 0; step < 4; step += 1) client.ask('subscribe', TOPIC);
    expect(client.frames).toEqual([['error', 'Too many messages']]);
    await bench.time.advance(1_000);
    client.ask('request', TOPIC, 'r1');
    expect(client.frames.length).toBe(2);
  });

  it('topics on a socket', () => {
    const bench = openServer({ limits: { topicsMax: 1 } });
    const client = bench.connect();
    client.ask('subscribe', TOPIC);
    client.ask('subscribe', `price.${BTC}`);
    expect(client.frames).toEqual([['error', 'Too many topics on this socket']]);
  });

  it('what a client leaves unread, which ends the connection', () => {
    const { client, move } = follow();
    client.buffered = 33 * 2 ** 20;
    move(2);
    expect(client.ending).toBe('terminated');
    expect(client.texts.length).toBe(1);
  });
});

describe('news of the market', () => {
  it('make a price when the touch moves, and only then', () => {
    const { market, connect } = openServer();
    const client = connect();
    client.ask('subscribe', `price.${BTC}`);
    market.move(BTC, 'bid', ['98', '5']);
    market.move(BTC, 'bid', ['99.5', '5']);
    market.move(BTC, 'bid', ['99.5', '6']);
    expect(client.news()).toMatchObject([
      [`price.${BTC}`, { instrumentId: BTC, bid: 99, ask: 101, open: true }],
      [`price.${BTC}`, { bid: 99.5, ask: 101 }],
    ]);
  });

  it('make tickers with what is known', () => {
    const { market, connect } = openServer();
    const client = connect();
    client.ask('subscribe', `ticker.${BTC}`);
    client.ask('request', `ticker.${BTC}`, 'r1');
    const ticker = { last: '100.50', volume24h: '1000', change24h: '-1.50', bid: '99' };
    market.tell({ type: 'ticker.changed', symbol: BTC, ticker });
    expect(client.news()).toEqual([
      ['r1', null, null],
      [
        `ticker.${BTC}`,
        {
          symbol: 'BTCUSDT',
          time: '2026-08-09T21:00:00.000Z',
          priceChange: -1.5,
          currentDayClose: 100.5,
          volume: 1000,
          bid: 99,
        },
      ],
    ]);
  });

  it('leave a number out where a book is replaced, so that clients ask anew', () => {
    const { market, client } = follow();
    const levels = [{ side: 'bid', price: '90', size: '1' }] as const;
    market.tell({ type: 'book.changed', symbol: BTC, snapshot: true, time: TIME, levels });
    client.ask('request', TOPIC, 'r1');
    expect(client.news()).toEqual([
      [TOPIC, { sequence: 102, bids: [], asks: [] }],
      ['r1', null, { sequence: 102, bids: [[90, 1]], asks: [] }],
    ]);
  });

  it('write the digits of the market, also those that no double holds', () => {
    const { market, client } = follow();
    market.move(BTC, 'ask', ['138991023.41', '301727260.79999999']);
    market.move(BTC, 'ask', ['200.10', '886110000000.00000001']);
    expect(client.texts[0]).toContain('[[138991023.41,301727260.79999999]]');
    expect(client.texts[1]).toContain('[[200.1,886110000000.00000001]]');
  });

  it('may count anew on open sockets', () => {
    const { client, move, server } = follow();
    move(2);
    server.restartSequences();
    move();
    expect(sequencesOf(client)).toEqual([101, 102, 1]);
  });
});

describe('docs/faults-cloud9trader.md', () => {
  const page = readFileSync(
    new URL('../../../../docs/faults-cloud9trader.md', import.meta.url),
    'utf8',
  );

  it('names every fault', () => {
    const names = new Set([...page.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map(([, name]) => name));
    expect(FAULT_RULES.names.filter((name) => !names.has(name))).toEqual([]);
  });

  it('has an example that is accepted', () => {
    const example: unknown = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '');
    expect(FAULT_RULES.readFile(example).rules).toHaveLength(4);
  });
});
