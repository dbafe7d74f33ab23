import { describe, expect, it } from 'vitest';
import { createFaultRules } from '../../src/exchange/fault-rules.js';
import { createServerFaults } from '../../src/exchange/server-faults.js';
import type { VenueServerRequest } from '../../src/model/exchange.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

type Rule = { readonly fault: string } & Readonly<Record<string, unknown>>;

function open(...rules: Rule[]) {
  const time = createVirtualTime();
  const inForce = createFaultRules<Rule>(rules);
  const faults = createServerFaults(inForce, time.clock);
  const done: string[] = [];
  faults.attach({
    timers: time.timers,
    closeConnections: (code, reason) => void done.push(`closed ${code} ${reason}`),
    revokeTokens: () => void done.push('revoked'),
    walkStatus: (stepMs) => void done.push(`walk ${stepMs}`),
  });
  const dial = (attempt = 1): number => faults.refuseUpgrade(attempt)?.status ?? 101;
  const call = (path = '/time'): number => faults.refuseHttp(request(path))?.status ?? 200;
  return { time, inForce, faults, done, dial, call };
}

function request(path: string): VenueServerRequest {
  const query = new URLSearchParams();
  return { method: 'GET', path, query, headers: {}, remoteAddress: '127.0.0.1', body: '' };
}

describe('faults of a server', () => {
  it('ban: closes, and lets nobody in until it is over', async () => {
    const { time, inForce, faults, done, dial, call } = open();
    inForce.add({ fault: 'ban', forMs: 5_000 });
    expect([done, dial(), call()]).toEqual([['closed 1008 banned'], 429, 429]);
    expect(faults.refuseUpgrade(2)?.headers).toMatchObject({ 'retry-after': '5' });
    await time.advance(4_999);
    expect(dial()).toBe(429);
    await time.advance(1);
    expect([dial(), call()]).toEqual([101, 200]);
  });

  it('maintenance after a while, and back', async () => {
    const { time, done, dial } = open({ fault: 'maintenance', afterMs: 1_000, forMs: 2_000 });
    expect([done, dial()]).toEqual([[], 101]);
    await time.advance(1_000);
    expect([done, dial()]).toEqual([['closed 1001 maintenance'], 503]);
    await time.advance(2_000);
    expect(dial()).toBe(101);
  });

  it('forget what they did when their rule goes, also what was still to come', async () => {
    const { time, inForce, faults, done, dial } = open(
      { fault: 'ban' },
      { fault: 'clock-jump', byMs: 60_000 },
      { fault: 'maintenance', afterMs: 1_000 },
    );
    expect([dial(), faults.skewMs]).toEqual([429, 60_000]);
    inForce.clear();
    await time.advance(5_000);
    expect([dial(), faults.skewMs, done, time.armedCount]).toEqual([
      101,
      0,
      ['closed 1008 banned'],
      0,
    ]);
  });

  it('clock-skew and clock-jump add up', () => {
    const { faults } = open(
      { fault: 'clock-skew', skewMs: -500 },
      { fault: 'clock-jump', byMs: 2_000 },
      { fault: 'clock-jump', byMs: 100, at: { kind: 'ack' } },
    );
    expect(faults.skewMs).toBe(1_500);
    faults.act({ fault: 'clock-jump', byMs: 100 });
    expect(faults.skewMs).toBe(1_600);
  });

  it('revoke-tokens and status-walk are done once, at once', async () => {
    const { time, done } = open({ fault: 'revoke-tokens' }, { fault: 'status-walk', stepMs: 7 });
    await time.advance(60_000);
    expect(done).toEqual(['revoked', 'walk 7']);
  });

  it('refuse-upgrade: one attempt, or all', () => {
    const { dial } = open({ fault: 'refuse-upgrade', status: 401, connection: 2 });
    expect([dial(1), dial(2), dial(3)]).toEqual([101, 401, 101]);
  });

  it('refuse-http: a path, so many times', () => {
    const { call, inForce } = open({ fault: 'refuse-http', status: 403, path: '/a', count: 2 });
    expect([call('/b'), call('/a'), call('/a'), call('/a')]).toEqual([200, 403, 403, 200]);
    expect(inForce.list()).toMatchObject([{ id: 1, strikes: 2 }]);
  });

  it('limit-connects: past the limit nobody is let in for a while', async () => {
    const rule = { fault: 'limit-connects', count: 2, windowMs: 1_000, forMs: 10_000 };
    const { dial, time } = open(rule);
    expect([dial(1), dial(2), dial(3)]).toEqual([101, 101, 429]);
    await time.advance(9_999);
    expect(dial(4)).toBe(429);
    await time.advance(1);
    expect(dial(5)).toBe(101);
  });

  it('limit-requests: what is refused does not count', async () => {
    const { call, time } = open({ fault: 'limit-requests', count: 1, windowMs: 1_000 });
    expect([call(), call()]).toEqual([200, 429]);
    await time.advance(1_000);
    expect(call()).toBe(200);
  });

  it('limit-messages: each connection by itself, also by a rule that came later', () => {
    const { faults, inForce } = open();
    const [one, two] = [faults.gateMessages(1), faults.gateMessages(2)];
    expect([one.pass(), one.pass()]).toEqual([true, true]);
    inForce.add({ fault: 'limit-messages', count: 1, windowMs: 1_000, connection: 1 });
    expect([one.pass(), one.pass(), two.pass(), two.pass()]).toEqual([true, false, true, true]);
  });

  it('refuse-credentials: on the connection that is meant', () => {
    const { faults } = open({ fault: 'refuse-credentials', as: 'expired', connection: 2 });
    expect([faults.credentialDefect(1), faults.credentialDefect(2)]).toEqual([
      undefined,
      'expired',
    ]);
  });
});

describe('rules in force', () => {
  it('gives each rule an id that is never given again', () => {
    const inForce = createFaultRules<Rule>([{ fault: 'a' }]);
    const twice = { fault: 'b' };
    expect([inForce.add(twice), inForce.add(twice)]).toEqual([2, 3]);
    inForce.countStrike(twice);
    expect(inForce.list().map(({ id, strikes }) => [id, strikes])).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ]);
    expect([inForce.remove(2), inForce.remove(2)]).toEqual([true, false]);
    inForce.clear();
    expect([inForce.rules, inForce.add({ fault: 'c' })]).toEqual([[], 4]);
  });

  it('holds a thousand rules, and says so', () => {
    const inForce = createFaultRules<Rule>(Array.from({ length: 1_000 }, () => ({ fault: 'a' })));
    expect(() => inForce.add({ fault: 'b' })).toThrow('clear some of them');
  });
});
