/** What the venue keeps, as far as known; each may be changed. */
import type { BurstRate } from '../../../exchange/gates.js';
import type { Clock } from '../../../model/runtime.js';

/** Limits of a server. */
export interface ServerLimits {
  /** Attempts to connect from one address within the window; then it is banned for as long. */
  readonly connects: { readonly count: number; readonly windowMs: number };
  /** Messages of one connection. */
  readonly messages: BurstRate;
  /** What subscriptions to order-by-order books may cost. */
  readonly orderBooks: BurstRate;
  /** What one of them costs, by depth. */
  readonly orderBookCosts: Readonly<Record<number, number>>;
  /** REST calls of one key. */
  readonly restCalls: BurstRate;
  /** A connection that holds nothing and asks nothing is closed. */
  readonly idleCloseMs: number;
  /** Between acks and snapshots; 0.7 to 1.3 s were seen with ten deep books (recorded 2021-04). */
  readonly snapshotDelayMs: number;
  readonly maxBufferedBytes: number;
}

/**
 * Attempts: guides/spot-ws-intro. Messages: no number is published; a client that is not refused
 * keeps to twenty a second in bursts of ten. Order-by-order books: websocket-v2/level3. REST:
 * guides/spot-rest-ratelimits, "intermediate".
 */
export const VENUE_LIMITS: ServerLimits = {
  connects: { count: 150, windowMs: 600_000 },
  messages: { perSecond: 20, burst: 20 },
  orderBooks: { perSecond: 200, burst: 200 },
  orderBookCosts: { 10: 5, 100: 25, 1000: 100 },
  restCalls: { perSecond: 0.5, burst: 20 },
  idleCloseMs: 60_000,
  snapshotDelayMs: 0,
  maxBufferedBytes: 32 * 1024 * 1024,
};

/** Counts attempts to connect by address. */
export interface ConnectLimit {
  /** To be asked once for each attempt. */
  admits(address: string): boolean;
}

const ADDRESSES_MAX = 10_000;

/** Begins to count; an address that passes the limit is banned for the length of the window. */
export function createConnectLimit(
  { count, windowMs }: ServerLimits['connects'],
  clock: Clock,
): ConnectLimit {
  const attempts = new Map<string, { atMs: number[]; bannedUntilMs: number }>();
  return {
    admits(address) {
      const nowMs = clock.monotonicMs();
      const known = attempts.get(address) ?? { atMs: [], bannedUntilMs: -Infinity };
      attempts.delete(address);
      attempts.set(address, known);
      for (const oldest of attempts.keys()) {
        if (attempts.size <= ADDRESSES_MAX) break;
        attempts.delete(oldest);
      }
      if (nowMs < known.bannedUntilMs) return false;
      known.atMs = known.atMs.filter((atMs) => nowMs - atMs < windowMs);
      if (known.atMs.length >= count) {
        known.bannedUntilMs = nowMs + windowMs;
        return false;
      }
      known.atMs.push(nowMs);
      return true;
    },
  };
}
