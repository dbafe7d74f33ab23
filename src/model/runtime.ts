import type { Logger } from './logger.js';
import type { Dialer } from './socket.js';

/** The wall clock and a clock that never goes back. Only `runtime/` reads the real ones. */
export interface Clock {
  /** Unix time in milliseconds; may jump. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never goes back. For durations only. */
  monotonicMs(): number;
}

/** Ends a timer; calling it again, or after the timer ran, does nothing. */
export type CancelTimer = () => void;

/** One-shot timers. A repeated one arms itself again. */
export interface Timers {
  after(delayMs: number, run: () => void): CancelTimer;
}

/** Where randomness comes from. */
export interface RandomSource {
  /** In [0, 1); to spread what would come at once, and for nothing that is to be a secret. */
  fraction(): number;
  /** So many bytes that nobody can foresee, in an array that the caller may keep. */
  bytes(count: number): Uint8Array;
}

/** One HTTP request; `body` is sent as it is, byte for byte. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** A longer answer fails with HTTP_FAILED. */
  readonly maxBodyBytes: number;
}

/** An answer of any status. A failure of the network is a rejected promise instead. */
export interface HttpResponse {
  readonly status: number;
  readonly body: string;
  /** The `Date` header as Unix milliseconds, where the server sent a readable one. */
  readonly serverDateMs?: number | undefined;
  /** How long it asks to be left alone (`Retry-After`). */
  readonly retryAfterMs?: number | undefined;
}

/** Rejects with a ConnectionError (HTTP_FAILED, DIAL_FAILED, TLS_INVALID, TIMED_OUT). */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

/** Everything that touches the world, passed in so that tests can replace it. */
export interface Runtime {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
  readonly dial: Dialer;
  readonly http: HttpClient;
  readonly logger: Logger;
}
