import { HOOK_TIMEOUT_MS, type NonceSource, type NonceStore } from '../model/auth.js';
import { ConnectionError, VenueError } from '../model/error.js';
import type { Clock } from '../model/runtime.js';

/** Units of time in which nonces count. */
export const NONCE_SCALES = ['s', 'ms', 'us', 'ns'] as const;

/** A unit of time in which nonces count. */
export type NonceScale = (typeof NONCE_SCALES)[number];

const SCALE_PER_MS: Readonly<Record<Exclude<NonceScale, 's'>, bigint>> = {
  ms: 1n,
  us: 1_000n,
  ns: 1_000_000n,
};

const WAITING_MAX = 1_000;

/** Unix time in the given unit. Below a millisecond the clock says nothing; the store counts on. */
export function scaleTime(nowMs: number, scale: NonceScale): bigint {
  if (scale === 's') return BigInt(Math.floor(nowMs / 1_000));
  return BigInt(Math.floor(nowMs)) * SCALE_PER_MS[scale];
}

/** Keeps the mark in this process only; enough where one process uses the key. */
export function createMemoryNonceStore(highest = -1n): NonceStore {
  let mark = highest;
  return {
    reserve(atLeast, count) {
      const first = atLeast > mark ? atLeast : mark + 1n;
      mark = first + BigInt(count) - 1n;
      return first;
    },
  };
}

const SHARED_STORES_MAX = 10_000;
const sharedStores = new Map<string, NonceStore>();

/**
 * The one in-memory store of a key in this process: how far a key's nonces have got is a fact about
 * the key, so two feeds that were opened apart must not each keep a mark of their own.
 */
export function shareMemoryNonceStore(keyId: string): NonceStore {
  const known = sharedStores.get(keyId);
  if (known) return known;
  const store = createMemoryNonceStore();
  if (sharedStores.size < SHARED_STORES_MAX) sharedStores.set(keyId, store);
  return store;
}

/** What a nonce source is made of. */
export interface NonceSourceOptions {
  readonly clock: Clock;
  /** Milliseconds by default: a key that once saw a larger scale refuses all smaller ones. */
  readonly scale?: NonceScale;
  /** Shared by all sources of one key; in memory and of this source alone by default. */
  readonly store?: NonceStore;
}

interface Waiting {
  resolve(nonce: bigint): void;
  reject(reason: unknown): void;
}

/** What was asked of the store and not answered yet. */
interface Reservation {
  readonly calls: readonly Waiting[];
  readonly startedAtMs: number;
}

/**
 * Nonces of one key from the clock, strictly increasing whatever the clock does. Calls that come
 * while the store is busy are answered by one reservation together, in the order they came. A
 * reservation that does not end fails with TIMED_OUT when the next call finds it; what it may bring
 * all the same is used by nobody.
 */
export function createNonceSource(options: NonceSourceOptions): NonceSource {
  const { clock, scale = 'ms', store = createMemoryNonceStore() } = options;
  let waiting: Waiting[] = [];
  let inHand: Reservation | undefined;

  const reserve = async (reservation: Reservation): Promise<void> => {
    const { calls } = reservation;
    try {
      const first = await store.reserve(scaleTime(clock.nowMs(), scale), calls.length);
      calls.forEach((call, index) => call.resolve(first + BigInt(index)));
    } catch (reason) {
      for (const call of calls) call.reject(reason);
    }
    if (inHand !== reservation) return;
    inHand = undefined;
    if (waiting.length > 0) begin();
  };

  const begin = (): void => {
    inHand = { calls: waiting, startedAtMs: clock.monotonicMs() };
    waiting = [];
    void reserve(inHand);
  };

  const giveUpWhereStuck = (): void => {
    if (!inHand || clock.monotonicMs() - inHand.startedAtMs < HOOK_TIMEOUT_MS) return;
    const sentence = 'The store of nonces did not answer: find out what it waits for.';
    // Settled first: nonces that come late would be sent after higher ones, and refused.
    for (const call of inHand.calls) call.reject(new ConnectionError('TIMED_OUT', sentence));
    inHand = undefined;
    if (waiting.length > 0) begin();
  };

  return {
    next() {
      giveUpWhereStuck();
      if (waiting.length >= WAITING_MAX) {
        throw new VenueError(
          'RATE_LIMITED',
          `${WAITING_MAX} requests wait for a nonce of one key: send fewer requests at a time.`,
        );
      }
      const nonce = new Promise<bigint>((resolve, reject) => waiting.push({ resolve, reject }));
      if (!inHand) begin();
      return nonce;
    },
  };
}

const FRESH_REMEMBERED_MAX = 1_024;

/**
 * Nonces that must be fresh and unique but need not increase: the time in milliseconds, moved on
 * where it was used before. It follows the clock back, which a rising source must not do: after a
 * clock that was ahead is corrected, rising nonces would stay outside the server's window.
 */
export function createFreshNonces(): { take(nowMs: number): bigint } {
  const used = new Set<number>();
  return {
    take(nowMs) {
      let nonce = Math.floor(nowMs);
      while (used.has(nonce)) nonce += 1;
      used.add(nonce);
      if (used.size > FRESH_REMEMBERED_MAX) {
        for (const oldest of used) {
          used.delete(oldest);
          break;
        }
      }
      return BigInt(nonce);
    },
  };
}
