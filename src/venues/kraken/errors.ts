import {
  AuthError,
  ConnectionError,
  VenueError,
  type ErrorCode,
  type TruefeedError,
} from '../../model/error.js';

/** What one of the venue's words means. */
export interface KrakenErrorRule {
  /** The beginning of the venue's text, `<severity><category>:<text>`. */
  readonly text: string;
  readonly code: ErrorCode;
  readonly advice: string;
}

/** The venue's words → our code. Docs, "Spot errors", read 2026-08; the first match decides. */
export const KRAKEN_ERRORS: readonly KrakenErrorRule[] = [
  {
    text: 'EAPI:Invalid key',
    code: 'AUTH_REFUSED',
    advice:
      'it does not know this API key: check that the key (not the secret) is whole, and that it ' +
      'was not deleted.',
  },
  {
    text: 'EAPI:Invalid signature',
    code: 'AUTH_REFUSED',
    advice: 'the secret does not belong to this API key, or a character of it is wrong.',
  },
  {
    text: 'EAPI:Invalid nonce',
    code: 'AUTH_NONCE_REFUSED',
    advice:
      'this key was last used with a larger nonce: another program with another scale uses it; ' +
      'use a fresh key or a larger --nonce-scale.',
  },
  {
    text: 'EGeneral:Temporary lockout',
    code: 'AUTH_LOCKED_OUT',
    advice:
      'too many requests with wrong keys came from here: stop all programs that use the key, ' +
      'wait fifteen minutes, and check the key.',
  },
  {
    text: 'EGeneral:Permission denied',
    code: 'AUTH_PERMISSION_DENIED',
    advice:
      'the key lacks a permission: switch on "Access WebSockets API" (WebSocket interface) for ' +
      'it, and the order permissions where orders are sent.',
  },
  {
    text: 'EAccount:Invalid permissions',
    code: 'AUTH_PERMISSION_DENIED',
    advice: 'the account may not use this: check what it is enabled for.',
  },
  {
    text: 'EAuth:Account temporary disabled',
    code: 'AUTH_PERMISSION_DENIED',
    advice: 'the account is disabled for the moment: sign in on the web page to see why.',
  },
  {
    text: 'EAuth:Account unconfirmed',
    code: 'AUTH_PERMISSION_DENIED',
    advice: 'the account is not confirmed yet: finish its registration on the web page.',
  },
  {
    text: 'ESession:Invalid session',
    code: 'AUTH_SESSION_INVALID',
    advice: 'the WebSocket token is unknown or has ended: a fresh one is needed.',
  },
  {
    text: 'EAPI:Rate limit exceeded',
    code: 'RATE_LIMITED',
    advice: 'too many REST calls were made with this key: wait a little.',
  },
  {
    text: 'EAuth:Rate limit exceeded',
    code: 'RATE_LIMITED',
    advice: 'too many sign-ins were made: wait a little.',
  },
  {
    text: 'EAuth:Too many requests',
    code: 'RATE_LIMITED',
    advice: 'too many sign-ins were made: wait a little.',
  },
  {
    text: 'EService: Throttled',
    code: 'RATE_LIMITED',
    advice: 'too many requests run at the same time: wait a little.',
  },
  {
    text: 'EService:Unavailable',
    code: 'VENUE_UNAVAILABLE',
    advice: 'the service is down or in maintenance.',
  },
  {
    text: 'EService:Busy',
    code: 'VENUE_UNAVAILABLE',
    advice: 'the service is overloaded.',
  },
  {
    text: 'EGeneral:Internal error',
    code: 'VENUE_UNAVAILABLE',
    advice: 'the service failed inside.',
  },
];

const VENUE_TEXT_CHARACTERS_MAX = 200;

/** Looks up the venue's words. */
export function findKrakenError(venueText: string): KrakenErrorRule | undefined {
  return KRAKEN_ERRORS.find((rule) => venueText.startsWith(rule.text));
}

function cutText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, VENUE_TEXT_CHARACTERS_MAX);
}

/** Turns the venue's words into an error that says what to do. */
export function describeKrakenError(venueText: string): TruefeedError {
  const said = cutText(venueText);
  const rule = findKrakenError(venueText);
  const code = rule?.code ?? 'VENUE_REFUSED';
  const message = rule ? `Kraken says "${said}": ${rule.advice}` : `Kraken refused: "${said}".`;
  const parts = { facts: { venueText: said } };
  return code.startsWith('AUTH_')
    ? new AuthError(code, message, parts)
    : new VenueError(code, message, parts);
}

/** What every error of the venue's documentation looks like: a category, plain words, a time. */
const PLAIN_WORDS =
  /^E[A-Z][A-Za-z]{2,15}(?:[ ,.:/]{1,2}(?:[A-Z]?[a-z]{1,20}|[A-Z]{1,8}|[0-9]{1,10}))+[.]?$/;

/**
 * The same for the answer to a request for a token. It is quoted only where it is plain words: an
 * answer that is damaged on its way could have a piece of the token where the words should be.
 */
export function describeKrakenTokenRefusal(venueText: string): TruefeedError {
  if (PLAIN_WORDS.test(venueText)) return describeKrakenError(venueText);
  const rule = findKrakenError(venueText);
  return describeKrakenError(rule?.text ?? '(no plain words, so not shown beside a token)');
}

/** The answer was not one of the venue's API at all. */
export function describeKrakenAnswer(httpStatus: number, found: string): TruefeedError {
  const facts = { httpStatus };
  if (httpStatus === 429) {
    return new VenueError('RATE_LIMITED', 'Kraken says that too much was sent (HTTP 429): wait.', {
      facts,
    });
  }
  return new ConnectionError(
    'HTTP_FAILED',
    `The REST address answered with HTTP ${httpStatus} and ${found}: check the address, and ` +
      'whether a proxy stands in between.',
    { facts },
  );
}
