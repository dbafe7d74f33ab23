import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAULT_RULES, type FaultRule } from '../../../../src/venues/kraken/server/fault-rules.js';
import { applyV2, emptyBook } from './checked-book.js';
import { bookChange, connectFake, ladder, openScripted, requestOf } from './server-harness.js';
import { issueToken } from './token-call.js';

const SUBSCRIBE = {
  method: 'subscribe',
  params: { channel: 'book', symbol: ['BTC/USD'], depth: 10 },
};

/** A client that holds a book, and a way to change that book. */
function follow(rules: readonly FaultRule[], depth = 10) {
  const opened = openScripted({ rules: FAULT_RULES.readFile({ rules }).rules });
  opened.tell(ladder('BTC/USD', 30));
  const client = connectFake(opened.server);
  client.ask({ ...SUBSCRIBE, params: { ...SUBSCRIBE.params, depth } });
  let step = 0;
  const change = (price = 100): void => {
    step += 1;
    opened.tell(bookChange('BTC/USD', [`bid ${price} ${step}`], { at: step }));
  };
  /** Sizes of the updates that came, in order. */
  const sizes = (): number[] =>
    client.texts
      .filter((text) => text.includes('"type":"update","data":[{"symbol"'))
      .map((text) => Number(/"qty":([\d.]+)/.exec(text)?.[1]));
  return { ...opened, client, change, sizes };
}

const AT_SECOND = { channel: 'book', kind: 'update', count: 2 } as const;

describe('faults of one frame', () => {
  const cases: readonly (readonly [string, FaultRule, number[]])[] = [
    ['drop', { fault: 'drop', at: AT_SECOND }, [1, 3, 4]],
    ['duplicate', { fault: 'duplicate', at: AT_SECOND }, [1, 2, 2, 3, 4]],
    ['reorder', { fault: 'reorder', at: AT_SECOND, frames: 2 }, [1, 3, 4, 2]],
    ['silence', { fault: 'silence', at: AT_SECOND }, [1]],
  ];
  it.each(cases)('%s', (_, rule, expected) => {
    const { change, sizes } = follow([rule]);
    for (let count = 0; count < 4; count += 1) change();
    expect(sizes()).toEqual(expected);
  });

  it('delay: the frame comes later, the others do not wait', async () => {
    const { change, sizes, time } = follow([{ fault: 'delay', at: AT_SECOND, delayMs: 500 }]);
    for (let count = 0; count < 3; count += 1) change();
    expect(sizes()).toEqual([1, 3]);
    await time.advance(500);
    expect(sizes()).toEqual([1, 3, 2]);
  });

  it('drop, deep: a delta is lost below the levels of the checksum, which stays right', () => {
    const rule: FaultRule = { fault: 'drop', at: { channel: 'book', deep: true } };
    const { change, client } = follow([rule], 25);
    change(100);
    change(85);
    change(99);
    const books = client.texts.filter((text) => text.startsWith('{"channel":"book"'));
    expect(books).toHaveLength(3);
    const book = emptyBook();
    for (const text of books) {
      const { computed, received } = applyV2(book, text, { depth: 25 });
      expect(computed).toBe(received);
    }
    expect(book.bids.get('85.0')).toBe('16.00000000');
  });

  it('wrong-checksum: one frame, and only its checksum', () => {
    const { change, client } = follow([{ fault: 'wrong-checksum', at: AT_SECOND }]);
    for (let count = 0; count < 3; count += 1) change();
    const book = emptyBook();
    const checks = client.texts
      .filter((text) => text.startsWith('{"channel":"book"'))
      .map((text) => applyV2(book, text, { depth: 10 }))
      .map(({ computed, received }) => computed === received);
    expect(checks).toEqual([true, true, false, true]);
  });

  it('wrong-checksum: also in v1, where it is a text', () => {
    const { server, tell } = follow([{ fault: 'wrong-checksum' }]);
    const [honest, wrong] = [follow([]), connectFake(server, { path: '/' })];
    const right = connectFake(honest.server, { path: '/' });
    for (const client of [right, wrong]) {
      client.ask({ event: 'subscribe', pair: ['XBT/USD'], subscription: { name: 'book' } });
    }
    const change = bookChange('BTC/USD', ['bid 100 7']);
    tell(change);
    honest.tell(change);
    const [one, other] = [right, wrong].map((client) => client.texts.at(-1) ?? '');
    expect(one).toMatch(/"c":"\d+"/);
    expect(other).toMatch(/"c":"\d+"/);
    expect(one).not.toBe(other);
    expect(one?.replace(/"c":"\d+"/, '')).toBe(other?.replace(/"c":"\d+"/, ''));
  });

  it('heartbeats-only and heartbeats-stop: the one without the other, for a while', async () => {
    const kindsOf = async (fault: 'heartbeats-only' | 'heartbeats-stop'): Promise<string> => {
      const { change, client, time } = follow([{ fault, at: AT_SECOND, forMs: 2_500 }]);
      change();
      change();
      const before = client.texts.length;
      change();
      await time.advance(2_000);
      const isBeat = (text: string): boolean => text === '{"channel":"heartbeat"}';
      const during = client.texts.slice(before).map((text) => (isBeat(text) ? 'beat' : 'book'));
      await time.advance(2_000);
      change();
      const after = client.texts.slice(before + during.length);
      expect(after.some(isBeat) && !after.every(isBeat)).toBe(true);
      return [...new Set(during)].join();
    };
    expect(await kindsOf('heartbeats-only')).toBe('beat');
    expect(await kindsOf('heartbeats-stop')).toBe('book');
  });

  it('partial-snapshot and giant-snapshot: in both protocols', () => {
    const count = (rule: FaultRule, path: string): number => {
      const { server } = follow([{ ...rule, connection: 2 } as FaultRule], 25);
      const client = connectFake(server, { path });
      if (path === '/') {
        const subscription = { name: 'book', depth: 25 };
        client.ask({ event: 'subscribe', pair: ['XBT/USD'], subscription });
      } else client.ask(SUBSCRIBE);
      const text = client.texts.find((one) => /"bs":|"type":"snapshot"/.test(one)) ?? '';
      const frame = JSON.parse(text) as { data?: { asks: unknown[] }[] } & { as: unknown[] }[];
      return (frame.data?.[0]?.asks ?? frame[1]?.as ?? []).length;
    };
    for (const path of ['/v2', '/']) {
      const whole = count({ fault: 'drop', at: { count: 999 } }, path);
      const partial = count({ fault: 'partial-snapshot' }, path);
      expect(partial).toBe(Math.ceil(whole / 2));
      const giant = count({ fault: 'giant-snapshot', bytes: 50_000 }, path);
      expect(giant).toBeGreaterThan(whole * 10);
    }
  });

  it('corrupt: what comes is no frame', () => {
    const { change, client } = follow([{ fault: 'corrupt', at: AT_SECOND, how: 'not-json' }]);
    change();
    change();
    expect(client.texts.at(-1)).toMatch(/^<html>/);
  });

  it("send-text: the front end's text goes out before the frame", () => {
    const { change, client } = follow([{ fault: 'send-text', at: AT_SECOND }]);
    change();
    change();
    expect(client.texts.at(-2)).toBe('CloudFlare WebSocket proxy restarting');
    expect(client.texts.at(-1)).toContain('"type":"update"');
  });

  it("close: with the front end's code and reason, unless others are given", () => {
    const { change, client } = follow([{ fault: 'close', at: AT_SECOND }]);
    change();
    change();
    expect(client.ending()).toBe('closed 1001 CloudFlare WebSocket proxy restarting');
    const other = follow([{ fault: 'close', at: AT_SECOND, code: 1011, reason: 'why' }]);
    other.change();
    other.change();
    expect(other.client.ending()).toBe('closed 1011 why');
  });

  it('reset: the connection is gone without a word', () => {
    const { change, client } = follow([{ fault: 'reset', at: AT_SECOND }]);
    change();
    change();
    expect(client.ending()).toBe('terminated');
  });

  it('every, connection: strikes each n-th frame of one connection', () => {
    const rule: FaultRule = { fault: 'drop', every: { kind: 'update', frames: 2 }, connection: 2 };
    const { server, change, sizes } = follow([rule]);
    const second = connectFake(server);
    second.ask(SUBSCRIBE);
    for (let count = 0; count < 4; count += 1) change();
    expect(sizes()).toEqual([1, 2, 3, 4]);
    expect(
      second.texts.filter((text) => text.includes('"type":"update","data":[{"sy')),
    ).toHaveLength(2);
  });
});

describe('faults of a subscription', () => {
  it('silent-subscription: acknowledged, and then nothing', async () => {
    const { change, client, sizes, time } = follow([
      { fault: 'silent-subscription', at: { channel: 'book' } },
    ]);
    change();
    await time.advance(3_000);
    expect(sizes()).toEqual([]);
    expect(client.texts.some((text) => text.includes('"success":true'))).toBe(true);
    expect(client.texts.at(-1)).toBe('{"channel":"heartbeat"}');
    client.ask({ method: 'unsubscribe', params: SUBSCRIBE.params });
    client.ask(SUBSCRIBE);
    expect(client.texts.at(-1)).toContain('"type":"snapshot"');
  });

  it('snapshot-late: no update before it, and it holds what came meanwhile', async () => {
    const rule: FaultRule = { fault: 'snapshot-late', at: { symbol: 'BTC/USD' }, delayMs: 2_500 };
    const { change, client, sizes, time } = follow([rule]);
    change();
    await time.advance(2_400);
    change();
    expect(sizes()).toEqual([]);
    expect(client.texts.some((text) => text.includes('"type":"snapshot"'))).toBe(false);
    await time.advance(200);
    expect(client.texts.at(-1)).toContain('"bids":[{"price":100.0,"qty":2.00000000}');
    change();
    expect(sizes()).toEqual([3]);
  });

  it('a snapshot that is dropped is missed, and updates follow all the same', () => {
    const { change, client, sizes } = follow([{ fault: 'drop', at: { kind: 'snapshot' } }]);
    change();
    expect(client.texts.some((text) => text.includes('"type":"snapshot"'))).toBe(false);
    expect(sizes()).toEqual([1]);
  });
});

describe('faults of a request', () => {
  it('refuse-request: Exceeded msg rate, in each envelope that was told of', () => {
    for (const [as, expected] of [
      [undefined, '{"error":"Exceeded msg rate","method":"subscribe","success":false,"time_in"'],
      ['event', '{"errorMessage":"Exceeded msg rate","event":"error"}'],
      ['bare', '{"Error":"Exceeded msg rate"}'],
    ] as const) {
      const rule: FaultRule = { fault: 'refuse-request', at: {}, ...(as && { as }) };
      const { client } = follow([rule]);
      expect(client.texts.at(-1)).toContain(expected);
      client.ask(SUBSCRIBE);
      expect(client.texts.at(-1)).toContain('"type":"snapshot"');
    }
  });

  it('ack lost: data comes, the ack never does', () => {
    const { change, client, sizes } = follow([{ fault: 'drop', at: { kind: 'ack' } }]);
    change();
    expect(client.texts.some((text) => text.includes('"success":true'))).toBe(false);
    expect(sizes()).toEqual([1]);
  });
});

describe('faults of the server', () => {
  it('revoke-tokens: good tokens are refused from that frame on', () => {
    const rule: FaultRule = { fault: 'revoke-tokens', at: AT_SECOND };
    const { server, change, client } = follow([rule]);
    const token = issueToken(server);
    const ask = (): void =>
      client.ask({ method: 'subscribe', params: { channel: 'balances', token } });
    change();
    change();
    ask();
    expect(client.texts.at(-1)).toContain('ESession:Invalid session');
  });

  it('refuse-tokens: on one connection, and none is good there', () => {
    const { server } = follow([{ fault: 'refuse-tokens', connection: 2 }]);
    const token = issueToken(server);
    const answers = [connectFake(server), connectFake(server)].map((client) => {
      client.ask({ method: 'subscribe', params: { channel: 'balances', token } });
      return client.texts.at(-1);
    });
    expect(answers[0]).toContain('ESession:Invalid session');
    expect(answers[1]).toContain('"sequence":1');
  });

  it('status-walk: down and back in steps', async () => {
    const rule: FaultRule = { fault: 'status-walk', at: AT_SECOND, stepMs: 100 };
    const { change, client, time } = follow([rule]);
    change();
    change();
    await time.advance(1_000);
    const systems = client.texts.flatMap((text) => /"system":"(\w+)"/.exec(text)?.[1] ?? []);
    expect(systems).toEqual(['online', 'maintenance', 'cancel_only', 'post_only', 'online']);
  });

  it('refuse-upgrade, clock-skew', () => {
    const { server } = follow([
      { fault: 'refuse-upgrade', connection: 2, status: 503, body: 'down' },
      { fault: 'clock-skew', skewMs: 60_000 },
    ]);
    const refusal = server.onUpgrade(requestOf({}));
    expect(refusal).toMatchObject({ kind: 'refuse', status: 503, body: 'down' });
    expect(refusal.headers?.date).toBe('Sun, 09 Aug 2026 21:01:00 GMT');
    expect(server.onUpgrade(requestOf({})).kind).toBe('accept');
  });
});

describe('docs/faults-kraken.md', () => {
  it('names every fault', () => {
    const page = readFileSync(
      new URL('../../../../docs/faults-kraken.md', import.meta.url),
      'utf8',
    );
    const names = new Set([...page.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map(([, name]) => name));
    expect(FAULT_RULES.names.filter((name) => !names.has(name))).toEqual([]);
  });

  it('has an example that is accepted', () => {
    const page = readFileSync(
      new URL('../../../../docs/faults-kraken.md', import.meta.url),
      'utf8',
    );
    const example: unknown = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '');
    expect(FAULT_RULES.readFile(example).rules).toHaveLength(7);
  });
});

describe('rules from outside', () => {
  it.each([
    [{ rules: [{ fault: 'explode' }] }, 'rules.0.fault'],
    [{ rules: [{ fault: 'delay' }] }, 'rules.0.delayMs'],
    [{ rules: [{ fault: 'close', code: 1006 }] }, 'rules.0.code'],
    [{ rules: [{ fault: 'drop', at: { kind: 'nothing' } }] }, 'rules.0.at.kind'],
    ['nonsense', 'the whole'],
  ])('are refused where they say nothing: %j', (value, place) => {
    expect(() => FAULT_RULES.readFile(value)).toThrow(place);
  });
});
