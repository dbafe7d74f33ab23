import type { Clock, RandomSource } from '../../../model/runtime.js';

/**
 * WebSocket tokens as the exchange keeps them: good for 900 s, and then for as long as a private
 * subscription that was opened with it lives. 43 characters, 32 bytes in base64 without padding
 * (REST "Get WebSockets Token", read 2026-08).
 */

/** What a token turned out to be. */
export type KrakenTokenUse =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly error: 'ESession:Invalid session' };

/** A fresh token, in the fields of the REST answer. */
export interface KrakenIssuedToken {
  readonly token: string;
  readonly expires: number;
}

/** What a store is made of. */
export interface KrakenTokenStoreOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<RandomSource, 'bytes'>;
  readonly firstUseWithinS?: number;
  /** Tokens kept; beyond it the oldest that nobody holds goes. */
  readonly tokensMax?: number;
}

/** Tokens and who holds them. */
export interface KrakenTokenStore {
  /** Undefined where every place is taken by a token that a subscription holds. */
  issue(key: string): KrakenIssuedToken | undefined;
  /** Whether a message with this token is to be served. */
  use(token: unknown): KrakenTokenUse;
  /** A private subscription begins with it; to be released once when it ends. */
  hold(token: string): KrakenTokenUse;
  release(token: string): void;
  /** Ends one token at once, as upgrades of the venue are said to have done. */
  revoke(token: string): void;
  /** Ends all tokens of a key. */
  revokeKey(key: string): void;
  /** Ends all tokens. */
  revokeAll(): void;
  readonly size: number;
}

interface Entry {
  readonly key: string;
  readonly endsAtMs: number;
  holders: number;
}

const FIRST_USE_WITHIN_S = 900;
const TOKENS_MAX = 100_000;
const TOKEN_BYTES = 32;
const REFUSED: KrakenTokenUse = { ok: false, error: 'ESession:Invalid session' };

/** Makes an empty store. */
export function createKrakenTokenStore(options: KrakenTokenStoreOptions): KrakenTokenStore {
  const { clock, random, firstUseWithinS = FIRST_USE_WITHIN_S } = options;
  const tokensMax = options.tokensMax ?? TOKENS_MAX;
  const entries = new Map<string, Entry>();

  const findLive = (token: string): Entry | undefined => {
    const entry = entries.get(token);
    if (!entry || entry.holders > 0 || clock.nowMs() < entry.endsAtMs) return entry;
    entries.delete(token);
    return undefined;
  };

  /** Makes room for one more: what has ended goes, else the oldest that nobody holds. */
  const makeRoom = (): boolean => {
    if (entries.size < tokensMax) return true;
    for (const token of entries.keys()) findLive(token);
    if (entries.size < tokensMax) return true;
    for (const [token, entry] of entries) {
      if (entry.holders === 0) return entries.delete(token);
    }
    return false;
  };

  return {
    issue(key) {
      if (!makeRoom()) return undefined;
      const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64').replace(/=+$/, '');
      entries.set(token, { key, endsAtMs: clock.nowMs() + firstUseWithinS * 1000, holders: 0 });
      return { token, expires: firstUseWithinS };
    },
    use(token) {
      const entry = typeof token === 'string' ? findLive(token) : undefined;
      return entry ? { ok: true, key: entry.key } : REFUSED;
    },
    hold(token) {
      const entry = findLive(token);
      if (!entry) return REFUSED;
      entry.holders += 1;
      return { ok: true, key: entry.key };
    },
    release(token) {
      const entry = entries.get(token);
      if (!entry) return;
      entry.holders = Math.max(0, entry.holders - 1);
      findLive(token);
    },
    revoke: (token) => void entries.delete(token),
    revokeKey(key) {
      for (const [token, entry] of entries) if (entry.key === key) entries.delete(token);
    },
    revokeAll: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}
