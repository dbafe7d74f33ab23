import { VenueError } from '../model/error.js';
import type { Clock, HttpClient } from '../model/runtime.js';
import { boundPauseMs, TOO_MANY } from '../runtime/pause.js';

/** An outage is not waited for longer, whatever the server guesses. */
const SLOWEST_MS = 60_000;
const SERVER_FAILURES_FROM = 500;

/**
 * A client for one server that leaves it alone for as long as it asks to be (`Retry-After`): until
 * then every request fails here, and nothing is sent that might prolong a ban.
 */
export function createPatientHttp(http: HttpClient, clock: Pick<Clock, 'monotonicMs'>): HttpClient {
  let quietUntilMs = -Infinity;
  return async (request) => {
    const leftMs = quietUntilMs - clock.monotonicMs();
    if (leftMs > 0) throw describePause(leftMs);
    const response = await http(request);
    const { status, retryAfterMs = 0 } = response;
    if (status === TOO_MANY || status >= SERVER_FAILURES_FROM) {
      const pauseMs = boundPauseMs({ status, retryAfterMs }, SLOWEST_MS);
      quietUntilMs = Math.max(quietUntilMs, clock.monotonicMs() + pauseMs);
    }
    return response;
  };
}

function describePause(leftMs: number): VenueError {
  const seconds = Math.ceil(leftMs / 1_000);
  return new VenueError(
    'RATE_LIMITED',
    `Not asked: the server wants to be left alone for another ${seconds} s (Retry-After).`,
    { facts: { retryAfterMs: leftMs } },
  );
}
