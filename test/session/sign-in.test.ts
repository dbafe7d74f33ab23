import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/model/error.js';
import type { Secret } from '../../src/model/secret.js';
import { HOOK_TIMEOUT_MS } from '../../src/model/auth.js';
import { createFakeAuth, type FakeRequest } from '../doubles/fake-venue.js';
import { settle } from '../doubles/virtual-time.js';
import { createBench, describeSent } from './session-bench.js';

const refused = { say: 'refused', code: 'AUTH_REFUSED' } as const;

function requestsOf(sent: readonly string[]): FakeRequest[] {
  return sent.map((text) => JSON.parse(text) as FakeRequest);
}

/** A promise that the test settles. */
function createGate<Value>(): { promise: Promise<Value>; open: (value: Value) => void } {
  let open: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => (open = resolve));
  return { promise, open };
}

describe('signing in with each message', () => {
  it('signs each private message anew, and public ones never', async () => {
    const bench = createBench({ auth: createFakeAuth() });
    bench.want('book A', 'user', 'balances');
    const exchange = await bench.serve();
    const tokens = exchange.requests.map((one) => `${one.channel} ${one.token ?? 'unsigned'}`);
    expect(tokens).toEqual([
      'heartbeats unsigned',
      'book unsigned',
      'user key/1',
      'balances key/2',
    ]);
    expect(bench.heard).toContain('auth accepted');
    expect(bench.heard.filter((one) => one === 'auth accepted')).toHaveLength(1);
  });

  it('keeps the order of private messages and lets public ones pass a slow signer', async () => {
    const gates: ReturnType<typeof createGate<object>>[] = [];
    const auth = createFakeAuth('key', [], {
      decorate: (message) => {
        const gate = createGate<object>();
        gates.push(gate);
        return gate.promise.then(() => message);
      },
    });
    const bench = createBench({ auth });
    bench.want('user', 'balances', 'book A');
    const socket = await bench.connect();
    expect(describeSent(socket)).toEqual(['subscribe heartbeats', 'subscribe book A']);
    expect(gates).toHaveLength(1);
    gates[0]!.open({});
    await settle();
    gates[1]!.open({});
    await settle();
    expect(describeSent(socket).slice(2)).toEqual(['subscribe user', 'subscribe balances']);
  });

  it('tries a refusal once more with a fresh credential', async () => {
    const auth = createFakeAuth();
    const bench = createBench({ auth });
    bench.want('user');
    const socket = await bench.connect();
    socket.frame(refused);
    expect(bench.news()).toEqual([
      'ready',
      'auth refused AUTH_REFUSED',
      'refused user AUTH_REFUSED',
    ]);
    await bench.time.advance(100);
    expect(requestsOf(socket.sent).map((one) => one.token)).toEqual([undefined, 'key/1', 'key/2']);
    socket.frame({ say: 'held', held: { heartbeats: [], user: [] } });
    expect(bench.news()).toEqual(['auth accepted', 'subscribed user']);
    expect(auth.failures).toMatchObject([{ stage: 'message', refusals: 1 }]);
  });

  it('after the second refusal ends what is private, and public data lives on', async () => {
    const bench = createBench({ auth: createFakeAuth() });
    bench.want('user', 'balances', 'book A');
    const socket = await bench.connect();
    socket.frame({ say: 'held', held: { heartbeats: [] } });
    socket.frame({ say: 'held', held: { heartbeats: [], book: ['A'] } });
    socket.frame(refused);
    await bench.time.advance(100);
    bench.news();
    const sentBefore = socket.sent.length;
    socket.frame(refused);
    expect(bench.news()).toEqual([
      'auth refused AUTH_REFUSED for good',
      'refused balances AUTH_REFUSED for good',
      'refused user AUTH_REFUSED for good',
    ]);
    expect(bench.session.status).toBe('ready');
    bench.want('user', 'book A', 'book B');
    socket.frame({ say: 'beat', counter: 1 });
    await bench.time.advance(4_000);
    expect(describeSent(socket).slice(sentBefore)).toEqual(['subscribe book B']);
    // Nor does a new socket try what was refused for good.
    socket.closed();
    await bench.time.advance(1_000);
    const next = await bench.connect();
    expect(describeSent(next)).toEqual(['subscribe heartbeats', 'subscribe book A,B']);
  });

  it('refuses what is added to a refused sign-in, at once', async () => {
    const bench = createBench({ auth: createFakeAuth('key', ['fatal']) });
    bench.want('user');
    const socket = await bench.connect();
    socket.frame(refused);
    bench.news();
    bench.want('user', 'balances');
    expect(bench.news()).toEqual(['refused balances AUTH_REFUSED for good']);
  });

  it('ends one channel only where the key was accepted for another', async () => {
    const bench = createBench({ auth: createFakeAuth('key', ['fatal']) });
    bench.want('user', 'balances');
    const socket = await bench.connect();
    socket.frame({ say: 'held', held: { heartbeats: [] } });
    socket.frame({ say: 'held', held: { heartbeats: [], user: [] } });
    bench.news();
    socket.frame({ say: 'refused', code: 'AUTH_PERMISSION_DENIED' });
    expect(bench.news()).toEqual([
      'auth refused AUTH_PERMISSION_DENIED for good',
      'refused balances AUTH_PERMISSION_DENIED for good',
    ]);
    socket.closed();
    await bench.time.advance(1_000);
    expect(describeSent(await bench.connect())).toContain('subscribe user');
  });

  it('sets the clock by frames after a refusal, and tries once more for it', async () => {
    const times: number[] = [];
    const auth = createFakeAuth('key', ['retry', 'retry-after-clock-sync', 'retry'], {
      decorate: (message, context) => {
        times.push(context.nowMs());
        return message;
      },
    });
    const bench = createBench({ auth });
    bench.want('user');
    const socket = await bench.connect();
    const serverMs = (): number => bench.time.clock.nowMs() + 60_000;
    socket.frame({ say: 'beat', counter: 1, at: serverMs() });
    socket.frame(refused);
    await bench.time.advance(100);
    socket.frame(refused);
    expect(auth.failures[1]).toMatchObject({ skewMs: 60_000, refusals: 2 });
    await bench.time.advance(100);
    expect(times[0]).toBe(times[1]! - 100);
    expect(times[2]).toBe(serverMs());
    socket.frame(refused);
    expect(bench.news().at(-1)).toBe('refused user AUTH_REFUSED for good');
  });

  it('asks for a key where a private channel is wanted without one', async () => {
    const bench = createBench();
    bench.want('user', 'book A');
    await bench.connect();
    expect(bench.heard).toContain('refused user KEY_MISSING for good');
    expect(bench.session.status).toBe('ready');
  });

  it('goes on asking a signer that fails, at leisure', async () => {
    let calls = 0;
    const auth = createFakeAuth('key', [], {
      decorate: (message) => {
        calls += 1;
        if (calls <= 4) throw new Error('vault sealed');
        return message;
      },
    });
    const bench = createBench({ auth, venue: { liveness: { silentAfterMs: 60_000 } } });
    bench.want('user');
    const socket = await bench.connect();
    await bench.time.advance(5_900);
    expect(calls).toBe(4);
    expect(bench.errors[0]).toMatchObject({ code: 'SIGNER_FAILED', name: 'AuthError' });
    expect(inspect(bench.errors[0], { depth: 10 })).not.toContain('vault sealed');
    const cause = bench.errors[0]!.cause as Secret<Error>;
    expect(cause.reveal().message).toBe('vault sealed');
    await bench.time.advance(2_000);
    expect(describeSent(socket)).toEqual(['subscribe user']);
    expect(bench.heard.some((one) => one.endsWith('for good'))).toBe(false);
  });

  it('does not wait for ever for a signer', async () => {
    const auth = createFakeAuth('key', [], { decorate: () => new Promise(() => undefined) });
    const bench = createBench({ auth, venue: { liveness: { silentAfterMs: 60_000 } } });
    bench.want('user');
    await bench.connect();
    await bench.time.advance(HOOK_TIMEOUT_MS);
    expect(bench.heard).toContain('refused user SIGNER_FAILED');
  });

  it('does not send on a new socket what was being signed for the old one', async () => {
    const gate = createGate<void>();
    let calls = 0;
    const auth = createFakeAuth('key', [], {
      decorate: (message) => {
        calls += 1;
        return calls === 1 ? gate.promise.then(() => message) : { ...message, token: 'new' };
      },
    });
    const bench = createBench({ auth });
    bench.want('user');
    const old = await bench.connect();
    old.closed();
    await bench.time.advance(1_000);
    const socket = await bench.connect();
    gate.open();
    await settle();
    expect(describeSent(old)).toEqual(['subscribe heartbeats']);
    expect(requestsOf(socket.sent).map((one) => one.token)).toEqual([undefined, 'new']);
  });
});

describe('renewing', () => {
  it('renews a refused session before it asks again, and says so', async () => {
    const order: string[] = [];
    const auth = createFakeAuth('key', [], {
      renew: () => void order.push('renew'),
      decorate: (message) => {
        order.push('sign');
        return message;
      },
    });
    const bench = createBench({ auth });
    bench.want('user');
    const socket = await bench.connect();
    socket.frame({ say: 'refused', code: 'AUTH_SESSION_INVALID' });
    await bench.time.advance(100);
    expect(order).toEqual(['sign', 'renew', 'sign']);
    expect(bench.heard).toContain('auth renewed');
  });

  it('renews when a frame asks for it, once, and still answers the refusal in it', async () => {
    let renewals = 0;
    const auth = createFakeAuth('key', [], {
      inspect: (message) => (message.type === 'request.refused' ? 'renew' : 'pass'),
      renew: async () => void (renewals += 1),
    });
    const bench = createBench({ auth });
    bench.want('user');
    const socket = await bench.connect();
    socket.frame({ say: 'refused', code: 'AUTH_SESSION_INVALID' });
    await bench.time.advance(100);
    expect(renewals).toBe(1);
    expect(bench.heard.filter((one) => one === 'auth renewed')).toHaveLength(1);
    expect(describeSent(socket).filter((one) => one === 'subscribe user')).toHaveLength(2);
  });

  it('counts the refusal of one token once, however many requests left with it', async () => {
    let token = 0;
    const auth = createFakeAuth('key', [], {
      renew: () => void (token += 1),
      decorate: (message) => ({ ...message, token: `token ${token}` }),
    });
    const bench = createBench({ auth });
    bench.want('user', 'balances');
    const socket = await bench.connect();
    const asked = requestsOf(socket.sent).filter((one) => one.token === 'token 0');
    expect(asked).toHaveLength(2);
    for (const { id } of asked) socket.frame({ say: 'refused', code: 'AUTH_SESSION_INVALID', id });
    await bench.time.advance(2_000);
    expect(bench.heard.filter((one) => one.includes('final'))).toEqual([]);
    const again = requestsOf(socket.sent)
      .filter((one) => one.token !== undefined)
      .slice(2);
    expect(again.map((one) => one.token)).toEqual(['token 1', 'token 1']);
    // A second token that is refused as well is another matter.
    for (const { id } of again) socket.frame({ say: 'refused', code: 'AUTH_SESSION_INVALID', id });
    await bench.time.advance(2_000);
    expect(requestsOf(socket.sent).filter((one) => one.token === 'token 2')).toHaveLength(0);
  });

  it('reports a renewal that fails, without an unhandled rejection', async () => {
    const auth = createFakeAuth('key', [], {
      inspect: (message) => (message.type === 'heartbeat' ? 'renew' : 'pass'),
      renew: () => Promise.reject(new ConnectionError('HTTP_FAILED', 'No token service.')),
    });
    const bench = createBench({ auth });
    const socket = await bench.connect();
    socket.frame({ say: 'beat', counter: 1 });
    await settle();
    expect(bench.heard).toContain('auth refused HTTP_FAILED');
    expect(bench.session.status).toBe('ready');
  });

  it('dials anew when the sign-in is revoked', async () => {
    const auth = createFakeAuth('key', [], {
      inspect: (message) => (message.type === 'heartbeat' ? 'revoked' : 'pass'),
    });
    const bench = createBench({ auth });
    const socket = await bench.connect();
    socket.frame({ say: 'beat', counter: 1 });
    expect(bench.news()).toEqual(['ready', 'lost AUTH_SESSION_INVALID in 500']);
  });
});
