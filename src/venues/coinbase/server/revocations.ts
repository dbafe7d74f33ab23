/** Tokens that ended before their time. */
import type { TokenVerifier } from './connection.js';

/** What can be taken back. */
export interface Revocations {
  /** Refuses also what was revoked. */
  readonly verifier: TokenVerifier;
  /** Ends every token that was used until now. */
  revoke(): void;
}

/** A token lives for two minutes; nobody uses as many in that time. */
const TOKENS_MAX = 10_000;

/**
 * Stands before a verifier. When a token was made is not known (clients date them back a little),
 * so that those count as old that were used.
 */
export function createRevocations(inner: TokenVerifier): Revocations {
  const used = new Set<string>();
  const revoked = new Set<string>();
  const keep = (tokens: Set<string>, token: string): void => {
    tokens.add(token);
    for (const oldest of tokens) {
      if (tokens.size <= TOKENS_MAX) break;
      tokens.delete(oldest);
    }
  };
  return {
    verifier: {
      verify(token) {
        const text = String(token);
        const isGood = inner.verify(token).ok && !revoked.has(text);
        if (isGood) keep(used, text);
        return { ok: isGood };
      },
    },
    revoke() {
      for (const token of used) keep(revoked, token);
      used.clear();
    },
  };
}
