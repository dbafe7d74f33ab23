/**
 * The errors of truefeed. Callers switch on `code`, never on the text. `docs/errors.md` lists every
 * code; a test compares the list with the table below.
 */

/** What one code means: whether trying again can help, and one sentence for the catalogue. */
export interface ErrorRule {
  readonly retryable: boolean;
  readonly summary: string;
}

/** Every code there is. The subject comes first; the class is named in `docs/errors.md`. */
export const ERROR_RULES = {
  OPTION_INVALID: { retryable: false, summary: 'An option or argument is wrong.' },
  CHANNEL_UNKNOWN: { retryable: false, summary: 'The venue has no channel of this name.' },
  SYMBOL_UNKNOWN: { retryable: false, summary: 'The venue knows no such symbol.' },
  FILE_UNREADABLE: { retryable: false, summary: 'A file is missing or cannot be read or written.' },
  RECORDING_INVALID: { retryable: false, summary: 'A line of a recording cannot be read.' },
  KEY_MISSING: { retryable: false, summary: 'No key was given where one is needed.' },
  KEY_INVALID: { retryable: false, summary: 'The key material cannot be used; the text says why.' },
  AUTH_REFUSED: { retryable: false, summary: 'The venue refused the sign-in.' },
  AUTH_CLOCK_SKEWED: { retryable: true, summary: 'Sign-in refused, and the clock is off.' },
  AUTH_NONCE_REFUSED: { retryable: false, summary: 'The nonce is not above the last one used.' },
  AUTH_SESSION_INVALID: { retryable: true, summary: 'The venue no longer accepts the token.' },
  AUTH_PERMISSION_DENIED: { retryable: false, summary: 'The key lacks a permission.' },
  AUTH_LOCKED_OUT: { retryable: true, summary: 'The venue locked the key out for a while.' },
  SIGNER_FAILED: { retryable: true, summary: 'The signer did not deliver a signature.' },
  DIAL_FAILED: {
    retryable: true,
    summary: 'The address could not be reached, or does not speak its protocol.',
  },
  DIAL_REFUSED: { retryable: true, summary: 'The server answered the upgrade with an HTTP error.' },
  TLS_INVALID: { retryable: false, summary: "The server's certificate is not acceptable." },
  CONNECTION_CLOSED: { retryable: true, summary: 'The connection ended.' },
  CONNECTION_SILENT: { retryable: true, summary: 'The connection delivered nothing for too long.' },
  CONNECTION_EXHAUSTED: { retryable: false, summary: 'The attempt budget is used up.' },
  HTTP_FAILED: { retryable: true, summary: 'An HTTP request failed.' },
  FRAME_INVALID: { retryable: false, summary: 'A frame is not what the protocol says.' },
  FRAME_TOO_BIG: { retryable: false, summary: 'A frame is larger than the receive limit.' },
  BOOK_UNRECOVERED: { retryable: true, summary: 'The book stayed stale past its budget.' },
  SUBSCRIPTION_REFUSED: { retryable: false, summary: 'The venue refused a subscription.' },
  SUBSCRIPTION_IGNORED: { retryable: true, summary: 'A subscription was not acknowledged.' },
  SUBSCRIPTION_HELD: { retryable: true, summary: 'The connection already holds it.' },
  SUBSCRIPTION_LIMIT: { retryable: true, summary: 'Too many subscriptions on one connection.' },
  RATE_LIMITED: { retryable: true, summary: 'The venue says that too much was sent.' },
  ORDER_INVALID: { retryable: false, summary: 'An order is not of a form that the venue takes.' },
  ORDER_NOT_SENT: {
    retryable: true,
    summary: 'There is no socket to send it on; nothing was sent.',
  },
  ORDER_UNKNOWN: {
    retryable: false,
    summary: 'An order was sent and never answered; look for it.',
  },
  VENUE_REFUSED: { retryable: false, summary: 'The venue refused a request in other words.' },
  VENUE_UNAVAILABLE: { retryable: true, summary: 'The venue is down or in maintenance.' },
  QUEUE_OVERFLOWED: { retryable: false, summary: 'A consumer was too slow; its queue ended.' },
  LISTENER_FAILED: { retryable: false, summary: "The program's own listener threw." },
  PORT_IN_USE: { retryable: false, summary: 'The port is taken by another program.' },
  FEED_CLOSED: { retryable: false, summary: 'The feed is closed.' },
  TIMED_OUT: { retryable: true, summary: 'Nothing came within the time allowed.' },
} as const satisfies Record<string, ErrorRule>;

/** A stable name of what went wrong. */
export type ErrorCode = keyof typeof ERROR_RULES;

/** Facts about an error, as fields. Never a secret, token or signature. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** What an error is made of. `message` is a sentence that says what to do next. */
export interface ErrorParts {
  readonly facts?: ErrorFacts;
  readonly cause?: unknown;
  /** Overrides the table, where the venue said more about it. */
  readonly retryable?: boolean;
}

/** The base of all errors that truefeed makes. */
export class TruefeedError extends Error {
  override readonly name: string = 'TruefeedError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.retryable = parts.retryable ?? ERROR_RULES[code].retryable;
    this.facts = parts.facts ?? {};
  }

  /** `JSON.stringify` leaves an error's message out by itself; the cause stays hidden. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, code, message, retryable, facts } = this;
    return { name, code, message, retryable, facts };
  }
}

/** An option, argument, file or port that the caller has to change. */
export class ConfigError extends TruefeedError {
  override readonly name = 'ConfigError';
}

/** Key material that cannot be used. Never carries any of it. */
export class KeyError extends TruefeedError {
  override readonly name = 'KeyError';
}

/** The venue did not accept who we are. */
export class AuthError extends TruefeedError {
  override readonly name = 'AuthError';
}

/** The network, TLS, HTTP or the socket. */
export class ConnectionError extends TruefeedError {
  override readonly name = 'ConnectionError';
}

/** Bytes that the protocol does not allow, or a hole in what was numbered. */
export class ProtocolError extends TruefeedError {
  override readonly name = 'ProtocolError';
}

/** The venue understood and said no. */
export class VenueError extends TruefeedError {
  override readonly name = 'VenueError';
}

/** The program that consumes the feed was too slow, threw, or used it after its end. */
export class ConsumerError extends TruefeedError {
  override readonly name = 'ConsumerError';
}
