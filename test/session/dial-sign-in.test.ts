import { describe, expect, it } from 'vitest';
import type { AuthContext, AuthStrategy } from '../../src/model/auth.js';
import { AuthError, ConnectionError, KeyError } from '../../src/model/error.js';
import { LOGIN_TIMEOUT_MS } from '../../src/session/login.js';
import { HOOK_TIMEOUT_MS } from '../../src/model/auth.js';
import { createFakeAuth } from '../doubles/fake-venue.js';
import { settle } from '../doubles/virtual-time.js';
import { createBench, describeSent } from './session-bench.js';

const refused = { say: 'refused', code: 'AUTH_REFUSED' } as const;

/** A strategy that signs the upgrade, with a log of what it was asked. */
function createUpgradeAuth(hooks: Partial<AuthStrategy> = {}) {
  const contexts: { nowMs: number; attempt: number; url: string }[] = [];
  const note = (context: AuthContext): void =>
    void contexts.push({
      nowMs: context.nowMs(),
      attempt: context.attempt,
      url: context.url,
    });
  const auth = createFakeAuth('key', [], {
    family: 'signed-upgrade',
    prepareDial: (context) => {
      note(context);
      const url = `${context.url}?sign=hunter2`;
      return { url, headers: { 'x-sign': `n${contexts.length}-hunter2` } };
    },
    ...hooks,
  });
  return { auth, contexts, note };
}

describe('signing the upgrade', () => {
  it('signs again for each attempt', async () => {
    const { auth, contexts } = createUpgradeAuth();
    const bench = createBench({ auth });
    bench.session.open();
    await settle();
    bench.dialer.last().closed();
    await bench.time.advance(500);
    const headers = bench.dialer.sockets.map((one) => one.target.headers?.['x-sign']);
    expect(headers).toEqual(['n1-hunter2', 'n2-hunter2']);
    expect(contexts.map((one) => one.attempt)).toEqual([1, 2]);
    expect(bench.dialer.last().target.url).toBe('wss://market.fake.test/?sign=hunter2');
  });

  it('takes the open socket for the acceptance', async () => {
    const bench = createBench({ auth: createUpgradeAuth().auth });
    await bench.connect();
    expect(bench.heard).toEqual(['auth accepted', 'ready']);
  });

  it('dials once more after a 401, and then closes with what the server said', async () => {
    const { auth, contexts } = createUpgradeAuth();
    const bench = createBench({ auth });
    bench.session.open();
    await settle();
    const serverDateMs = bench.time.clock.nowMs() + 300_000;
    const body = 'bad signature n1-hunter2, query hunter2';
    bench.dialer.last().closed({
      serverDateMs,
      failure: { kind: 'http-status', status: 401, body },
    });
    expect(bench.news()).toEqual(['auth refused AUTH_REFUSED', 'lost AUTH_REFUSED in 500']);
    await bench.time.advance(500);
    // The refusal brought the server's time, and the second attempt signs with it.
    expect(contexts[1]!.nowMs).toBe(serverDateMs + 1_000);
    bench.dialer.last().closed({ failure: { kind: 'http-status', status: 401, body } });
    expect(bench.news()).toEqual(['auth refused AUTH_REFUSED for good', 'lost AUTH_REFUSED']);
    expect(bench.session.status).toBe('closed');
    expect(bench.time.armedCount).toBe(0);
    for (const error of bench.errors) {
      expect(JSON.stringify([error.message, error.facts])).not.toContain('hunter2');
    }
    expect(auth.failures).toMatchObject([
      { stage: 'dial', httpStatus: 401, refusals: 1, skewMs: 300_500 },
      { stage: 'dial', httpStatus: 401, refusals: 2 },
    ]);
  });

  it('dials again, after pauses, with a key that the venue let in before', async () => {
    const bench = createBench({ auth: createUpgradeAuth().auth, fraction: 0 });
    const refuse = async (): Promise<string[]> => {
      const failure = { kind: 'http-status', status: 401, body: '' } as const;
      bench.dialer.last().closed({ failure });
      await settle();
      return bench.news();
    };
    const socket = await bench.connect();
    socket.closed();
    await bench.time.advance(500);
    bench.news();
    expect(await refuse()).toEqual(['auth refused AUTH_REFUSED', 'lost AUTH_REFUSED in 100']);
    await bench.time.advance(100);
    for (const pauseMs of [30_000, 30_200, 60_500, 121_100]) {
      const retryInMs = pauseMs + 100;
      const news = await refuse();
      expect(news).toEqual(['auth refused AUTH_REFUSED', `lost AUTH_REFUSED in ${retryInMs}`]);
      const count = bench.dialer.sockets.length;
      await bench.time.advance(retryInMs - 1);
      expect(bench.dialer.sockets).toHaveLength(count);
      await bench.time.advance(1);
      expect(bench.dialer.sockets).toHaveLength(count + 1);
    }
    await bench.session.close();
  });

  it('says that the clock is to blame, once, where the strategy does', async () => {
    const classify = () => 'retry-after-clock-sync' as const;
    const bench = createBench({ auth: createUpgradeAuth({ classify }).auth });
    bench.session.open();
    await settle();
    const serverDateMs = bench.time.clock.nowMs() + 300_000;
    const failure = { kind: 'http-status', status: 401, body: '' } as const;
    bench.dialer.last().closed({ serverDateMs, failure });
    expect(bench.news()[0]).toBe('auth refused AUTH_CLOCK_SKEWED');
    expect(bench.errors[0]!.message).toContain('300.5 s slow');
    await bench.session.close();
  });

  it('closes at once where the strategy says that it is fatal', async () => {
    const bench = createBench({ auth: createUpgradeAuth({ classify: () => 'fatal' }).auth });
    bench.session.open();
    await settle();
    bench.dialer.last().closed({ failure: { kind: 'http-status', status: 403, body: '' } });
    expect(bench.session.status).toBe('closed');
  });

  it('goes on through other statuses, and through 401 where nothing was signed', async () => {
    for (const [auth, status] of [
      [createUpgradeAuth().auth, 503],
      [createUpgradeAuth().auth, 429],
      [undefined, 401],
    ] as const) {
      const bench = createBench(auth ? { auth } : {});
      bench.session.open();
      for (let count = 0; count < 5; count += 1) {
        await settle();
        bench.dialer.last().closed({ failure: { kind: 'http-status', status, body: 'busy' } });
        expect(bench.news()).toEqual([expect.stringMatching(/^lost DIAL_REFUSED in /)]);
        await bench.time.advance(30_000);
      }
    }
  });

  it('leaves a venue alone for as long as its refusal asks', async () => {
    const bench = createBench({});
    bench.session.open();
    await settle();
    const failure = { kind: 'http-status', status: 429, body: 'Banned' } as const;
    bench.dialer.last().closed({ failure, retryAfterMs: 120_000 });
    await bench.time.advance(120_000);
    expect(bench.dialer.sockets).toHaveLength(1);
    await bench.time.advance(1_000);
    expect(bench.dialer.sockets).toHaveLength(2);
  });

  it('makes credentials again that expired while they were made', async () => {
    const delaysMs = [HOOK_TIMEOUT_MS - 1, 0];
    const bench = createBench({
      auth: createUpgradeAuth({
        prepareDial: async (context) => {
          const usableUntilAtMs = context.nowMs() + 10_000;
          const delayMs = delaysMs.shift()!;
          await new Promise<void>((resolve) => void bench.time.timers.after(delayMs, resolve));
          return { headers: { 'x-until': String(usableUntilAtMs) }, usableUntilAtMs };
        },
      }).auth,
    });
    bench.session.open();
    await bench.time.advance(HOOK_TIMEOUT_MS);
    expect(delaysMs).toEqual([]);
    expect(bench.dialer.sockets).toHaveLength(1);
    const usableUntilAtMs = Number(bench.dialer.last().target.headers?.['x-until']);
    expect(usableUntilAtMs).toBeGreaterThan(bench.time.clock.nowMs());
    expect(bench.heard).toEqual([]);
  });

  it('dials again after a token service failed, and not after the key itself did', async () => {
    const errors = [
      new ConnectionError('HTTP_FAILED', 'No answer.'),
      new KeyError('KEY_INVALID', 'This is no key.'),
    ];
    const { auth } = createUpgradeAuth({ prepareDial: () => Promise.reject(errors.shift()!) });
    const bench = createBench({ auth });
    bench.session.open();
    await settle();
    expect(bench.news()).toEqual(['lost HTTP_FAILED in 500']);
    await bench.time.advance(500);
    expect(bench.news()).toEqual(['auth refused KEY_INVALID for good', 'lost KEY_INVALID']);
    expect(bench.session.status).toBe('closed');
  });

  it('measures the skew by answers to its own requests', async () => {
    const { auth } = createUpgradeAuth({
      prepareDial: async (context) => {
        await context.http({ method: 'GET', url: 'x', timeoutMs: 1, maxBodyBytes: 1 });
        return {};
      },
    });
    const bench = createBench({
      auth,
      http: async () => ({ status: 200, body: '', serverDateMs: Date.UTC(2030, 0, 1) }),
    });
    await bench.connect();
    expect(bench.session.skewMs).toBe(Date.UTC(2030, 0, 1) + 500 - bench.time.clock.nowMs());
  });
});

describe('a login on the socket', () => {
  const login: Partial<AuthStrategy> = {
    signIn: () => ({ op: 'login', channel: 'none', symbols: [], id: 0 }),
    inspect: (message) => (message.type === 'frame.skipped' ? 'accepted' : 'pass'),
  };
  const welcome = {
    say: 'message',
    channel: 'control',
    message: { type: 'frame.skipped', kind: 'welcome', reason: '' },
  };

  it('comes before everything else', async () => {
    const bench = createBench({ auth: createFakeAuth('key', [], login) });
    bench.want('book A');
    const socket = await bench.connect();
    expect(bench.session.status).toBe('authenticating');
    expect(describeSent(socket)).toEqual(['login none']);
    socket.frame(welcome);
    expect(bench.session.status).toBe('ready');
    expect(bench.heard).toEqual(['auth accepted', 'ready']);
    expect(describeSent(socket)).toEqual([
      'login none',
      'subscribe heartbeats',
      'subscribe book A',
    ]);
  });

  it('is given up when nobody answers it', async () => {
    const bench = createBench({ auth: createFakeAuth('key', [], login) });
    await bench.connect();
    await bench.time.advance(LOGIN_TIMEOUT_MS);
    expect(bench.heard).toEqual(['lost TIMED_OUT in 500']);
  });

  it('is tried once more when refused, and then not again', async () => {
    const bench = createBench({ auth: createFakeAuth('key', [], login) });
    for (const last of [false, true]) {
      const socket = await bench.connect();
      socket.frame(refused);
      await bench.time.advance(1_000);
      expect(bench.session.status).toBe(last ? 'closed' : 'dialling');
    }
    expect(bench.heard.at(-1)).toBe('lost AUTH_REFUSED');
  });

  it('that cannot be made fails the attempt', async () => {
    const signIn = (): never => {
      throw new AuthError('SIGNER_FAILED', 'The vault is sealed.');
    };
    const bench = createBench({ auth: createFakeAuth('key', [], { ...login, signIn }) });
    await bench.connect();
    expect(bench.heard).toEqual(['lost SIGNER_FAILED in 500']);
  });
});
