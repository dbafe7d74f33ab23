import { TruefeedError, type ErrorCode } from '../model/error.js';

/** What the program tells the shell when it ends; `--help` prints this table. */
export const EXIT_CODES = {
  done: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'failed while running' },
  usage: { code: 2, meaning: 'a wrong command, option, name, file or port' },
  refused: { code: 3, meaning: 'a key is missing or unusable, or the sign-in was refused' },
  unreachable: { code: 4, meaning: 'no connection, or it was lost for good' },
  interrupted: { code: 130, meaning: 'ended by Ctrl-C (SIGINT)' },
  terminated: { code: 143, meaning: 'ended by SIGTERM' },
} as const;

type ExitName = keyof typeof EXIT_CODES;

/** One entry for each error code, so that a new code cannot be forgotten here. */
const EXIT_BY_ERROR: Readonly<Record<ErrorCode, ExitName>> = {
  OPTION_INVALID: 'usage',
  CHANNEL_UNKNOWN: 'usage',
  SYMBOL_UNKNOWN: 'usage',
  FILE_UNREADABLE: 'usage',
  RECORDING_INVALID: 'usage',
  KEY_MISSING: 'refused',
  KEY_INVALID: 'refused',
  AUTH_REFUSED: 'refused',
  AUTH_CLOCK_SKEWED: 'refused',
  AUTH_NONCE_REFUSED: 'refused',
  AUTH_SESSION_INVALID: 'refused',
  AUTH_PERMISSION_DENIED: 'refused',
  AUTH_LOCKED_OUT: 'refused',
  SIGNER_FAILED: 'refused',
  DIAL_FAILED: 'unreachable',
  DIAL_REFUSED: 'unreachable',
  TLS_INVALID: 'unreachable',
  CONNECTION_CLOSED: 'unreachable',
  CONNECTION_SILENT: 'unreachable',
  CONNECTION_EXHAUSTED: 'unreachable',
  HTTP_FAILED: 'unreachable',
  FRAME_INVALID: 'failed',
  FRAME_TOO_BIG: 'failed',
  BOOK_UNRECOVERED: 'failed',
  SUBSCRIPTION_REFUSED: 'failed',
  SUBSCRIPTION_IGNORED: 'failed',
  SUBSCRIPTION_HELD: 'failed',
  SUBSCRIPTION_LIMIT: 'failed',
  RATE_LIMITED: 'failed',
  ORDER_INVALID: 'usage',
  ORDER_NOT_SENT: 'unreachable',
  ORDER_UNKNOWN: 'failed',
  VENUE_REFUSED: 'failed',
  VENUE_UNAVAILABLE: 'unreachable',
  QUEUE_OVERFLOWED: 'failed',
  LISTENER_FAILED: 'failed',
  PORT_IN_USE: 'usage',
  FEED_CLOSED: 'failed',
  TIMED_OUT: 'unreachable',
};

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof TruefeedError)) return EXIT_CODES.failed.code;
  return EXIT_CODES[EXIT_BY_ERROR[error.code]].code;
}

export function formatExitCodes(): string {
  const rows = Object.values(EXIT_CODES).map(
    ({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`,
  );
  return ['Exit codes:', ...rows].join('\n');
}
