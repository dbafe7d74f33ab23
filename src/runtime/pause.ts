/** A server that bans says for how long; longer than this it is asked again all the same. */
const BAN_MAX_MS = 900_000;
/** The status of HTTP that says so. */
export const TOO_MANY = 429;

/** What a server said when it would not serve. */
export interface AskedPause {
  /** Undefined where nothing was answered in HTTP. */
  readonly status: number | undefined;
  readonly retryAfterMs: number;
}

/**
 * How long the server asks to be left alone. A limit on attempts is taken at its word, since each
 * attempt may prolong a ban; how long an outage lasts is the server's guess, which is not waited
 * for longer than `slowestMs`. What is no length of time is no pause: a client of the program's own
 * may have read one out of anything.
 */
export function boundPauseMs({ status, retryAfterMs }: AskedPause, slowestMs: number): number {
  if (!(retryAfterMs > 0)) return 0;
  return Math.min(retryAfterMs, status === TOO_MANY ? BAN_MAX_MS : slowestMs);
}
