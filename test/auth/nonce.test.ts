import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFreshNonces,
  createMemoryNonceStore,
  createNonceSource,
  scaleTime,
  shareMemoryNonceStore,
} from '../../src/auth/nonce.js';
import { HOOK_TIMEOUT_MS, type NonceStore } from '../../src/model/auth.js';
import type { Clock } from '../../src/model/runtime.js';
import { settle } from '../doubles/virtual-time.js';
import { catchError, catchRejection } from './secret-leak.js';

const atMs = 1_786_309_200_123;

function clockAt(nowMs: () => number): Clock {
  return { nowMs, monotonicMs: () => 0 };
}

function rises(nonces: readonly bigint[]): boolean {
  return nonces.every((nonce, index) => index === 0 || nonce > (nonces[index - 1] ?? 0n));
}

describe('nonces of a key', () => {
  it('count in the unit that is asked for', () => {
    expect(scaleTime(atMs, 's')).toBe(1_786_309_200n);
    expect(scaleTime(atMs, 'ms')).toBe(1_786_309_200_123n);
    expect(scaleTime(atMs + 0.75, 'us')).toBe(1_786_309_200_123_000n);
    expect(scaleTime(atMs, 'ns')).toBe(1_786_309_200_123_000_000n);
  });

  it('come from the clock, in milliseconds by default', async () => {
    const source = createNonceSource({ clock: clockAt(() => atMs) });
    expect(await source.next()).toBe(BigInt(atMs));
  });

  it('rise across parallel calls in one millisecond, in the order of the calls', async () => {
    for (const scale of ['s', 'ms', 'us', 'ns'] as const) {
      const source = createNonceSource({ clock: clockAt(() => atMs), scale });
      const nonces = await Promise.all(Array.from({ length: 500 }, async () => source.next()));
      expect(rises(nonces)).toBe(true);
    }
  });

  it('rise whatever the clock does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -100_000, max: 100_000 })), async (jumps) => {
        let nowMs = atMs;
        const source = createNonceSource({ clock: clockAt(() => nowMs) });
        const nonces: bigint[] = [];
        for (const jump of jumps) {
          nowMs += jump;
          nonces.push(await source.next());
        }
        expect(rises(nonces)).toBe(true);
      }),
    );
  });

  it('go on above a mark that is ahead of the clock', async () => {
    const store = createMemoryNonceStore(10n ** 18n);
    const source = createNonceSource({ clock: clockAt(() => atMs), store });
    expect(await source.next()).toBe(10n ** 18n + 1n);
  });

  it('never repeat between sources that share a store', async () => {
    const store = createMemoryNonceStore();
    const sources = [1, 2, 3].map(() => createNonceSource({ clock: clockAt(() => atMs), store }));
    const nonces = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => sources[index % 3]?.next()),
    );
    expect(new Set(nonces).size).toBe(300);
  });

  it('share one store per key in a process', () => {
    expect(shareMemoryNonceStore('key a')).toBe(shareMemoryNonceStore('key a'));
    expect(shareMemoryNonceStore('key a')).not.toBe(shareMemoryNonceStore('key b'));
  });

  it('are reserved together where calls wait, and fail together with the store', async () => {
    const counts: number[] = [];
    let isBroken = false;
    const memory = createMemoryNonceStore();
    const store = {
      reserve: async (atLeast: bigint, count: number) => {
        counts.push(count);
        if (isBroken) throw new Error('the disk is full');
        return memory.reserve(atLeast, count);
      },
    };
    const source = createNonceSource({ clock: clockAt(() => atMs), store });
    await Promise.all(Array.from({ length: 10 }, async () => source.next()));
    expect(counts).toEqual([1, 9]);
    isBroken = true;
    const failed = await Promise.allSettled([1, 2].map(async () => source.next()));
    expect(failed.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    expect(await source.next()).toBeGreaterThan(BigInt(atMs));
  });

  it('refuse more waiting calls than a thousand', async () => {
    const source = createNonceSource({
      clock: clockAt(() => atMs),
      store: { reserve: () => new Promise<bigint>(() => undefined) },
    });
    for (let call = 0; call < 1_001; call += 1) void source.next();
    expect(catchError(() => source.next())).toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('are not held up by a store that never answers, and use nothing it says late', async () => {
    const memory = createMemoryNonceStore();
    const counts: number[] = [];
    let answerLate = (): void => undefined;
    const store: NonceStore = {
      reserve(atLeast, count) {
        counts.push(count);
        const first = memory.reserve(atLeast, count);
        if (counts.length > 1) return first;
        return new Promise((resolve) => (answerLate = () => resolve(first)));
      },
    };
    let elapsedMs = 0;
    const clock: Clock = { nowMs: () => atMs, monotonicMs: () => elapsedMs };
    const source = createNonceSource({ clock, store });
    const stuck = catchRejection(Promise.resolve(source.next()));
    const behind = source.next();
    elapsedMs = HOOK_TIMEOUT_MS - 1;
    const early = source.next();
    await settle();
    expect(counts).toEqual([1]);
    elapsedMs = HOOK_TIMEOUT_MS;
    const next = source.next();
    expect(await stuck).toMatchObject({ code: 'TIMED_OUT' });
    expect(counts).toEqual([1, 2, 1]);
    answerLate();
    const nonces = await Promise.all([behind, early, next, source.next()]);
    expect(nonces).toEqual([1, 2, 3, 4].map((place) => BigInt(atMs + place)));
    expect(counts).toEqual([1, 2, 1, 1]);
  });

  it('go on after a store that never answered, also where as many wait as may', async () => {
    const memory = createMemoryNonceStore();
    let reserved = 0;
    const store: NonceStore = {
      reserve(atLeast, count) {
        reserved += 1;
        return reserved === 1 ? new Promise(() => undefined) : memory.reserve(atLeast, count);
      },
    };
    let elapsedMs = 0;
    const clock: Clock = { nowMs: () => atMs, monotonicMs: () => elapsedMs };
    const source = createNonceSource({ clock, store });
    const stuck = catchRejection(Promise.resolve(source.next()));
    const waiting = Array.from({ length: 1_000 }, async () => source.next());
    elapsedMs = HOOK_TIMEOUT_MS;
    const last = source.next();
    expect(await stuck).toMatchObject({ code: 'TIMED_OUT' });
    expect(rises([...(await Promise.all(waiting)), await last])).toBe(true);
  });

  it('a broken clock is a rejection, not a crash', async () => {
    const source = createNonceSource({ clock: clockAt(() => Number.NaN) });
    expect(await catchRejection(Promise.resolve(source.next()))).toBeInstanceOf(RangeError);
  });
});

describe('fresh nonces', () => {
  it('are unique within one millisecond and stay near the clock', () => {
    const nonces = createFreshNonces();
    const taken = Array.from({ length: 100 }, () => nonces.take(atMs));
    expect(new Set(taken).size).toBe(100);
    expect(taken.at(-1)).toBe(BigInt(atMs) + 99n);
  });

  it('follow the clock back', () => {
    const nonces = createFreshNonces();
    expect(nonces.take(atMs + 60_000)).toBe(BigInt(atMs + 60_000));
    expect(nonces.take(atMs)).toBe(BigInt(atMs));
  });
});
