import type { ErrorCode } from '../../model/error.js';
import { findKrakenError } from './errors.js';
import { RATE_LIMIT_TEXT } from './messages.js';

/** What one of the venue's texts on a socket means. */
export interface RefusalRule {
  /** The beginning of the text; the longer of two that fit stands first. */
  readonly text: string;
  readonly code: ErrorCode;
  /** A sentence for a person, the likeliest cause first. */
  readonly likelyCause: string;
}

const WAIT = 'Wait until the venue trades again; its status message says when.';
const OUR_REQUEST =
  'The request is not what this version of the protocol takes; if truefeed sent it, report that.';
/** A request of v2 has a method, which v1 does not look at, and no event. */
const WRONG_PROTOCOL =
  'This address speaks protocol v1: add /v2 to it, or use the venue kraken-v1 (krakenV1).';
/** Protocol v2 says this to a request of v1, and both to one that they do not have. */
const UNKNOWN_REQUEST =
  'The address may be of the other protocol: for kraken (v2) it ends with /v2, for kraken-v1 it ' +
  'does not. If it is the right one and truefeed sent the request, report that.';

/** Rows of one code and one cause. */
function rules(code: ErrorCode, likelyCause: string, texts: readonly string[]): RefusalRule[] {
  return texts.map((text) => ({ text, code, likelyCause }));
}

/**
 * The texts of refused requests, v2 and v1, beside those of the REST calls in errors.ts. Recorded
 * 2024-05 and 2025-08; those of v1 and of orders from the docs and from another client's tables.
 */
export const REFUSAL_RULES: readonly RefusalRule[] = [
  ...rules(
    'RATE_LIMITED',
    'Too many messages in a second on this connection. Send fewer, with more symbols in each.',
    [RATE_LIMIT_TEXT],
  ),
  ...rules(
    'SYMBOL_UNKNOWN',
    'There is no such pair, or it is spelled for the other protocol: v2 writes BTC/USD and ' +
      'DOGE/USD, v1 writes XBT/USD and XDG/USD.',
    ['Currency pair not supported', 'Currency pair not in ISO 4217-A3 format', 'Pair(s) not found'],
  ),
  ...rules(
    'SUBSCRIPTION_HELD',
    'The connection already holds this book, maybe at another depth; the venue sends no new ' +
      'snapshot. It has to be ended first.',
    ['Already subscribed'],
  ),
  ...rules(
    'SUBSCRIPTION_IGNORED',
    'The connection holds no such subscription, so that there was nothing to end.',
    ['Subscription not found'],
  ),
  ...rules(
    'SUBSCRIPTION_REFUSED',
    'The venue does not offer this depth, interval or channel. Choose one that it documents.',
    [
      'Subscription depth not supported',
      'Subscription book depth must be an integer',
      'Subscription ohlc interval not supported',
      'Subscription ohlc interval must be an integer',
      'Subscription ohlc requires interval',
      'Subscription name invalid',
      'Subscription field must be an object',
      'Subscription object unsupported field',
    ],
  ),
  ...rules(
    'VENUE_REFUSED',
    'A private request carried no token: give credentials, and check that the channel is private.',
    ['Token(s) not found'],
  ),
  ...rules(
    'VENUE_REFUSED',
    'An open order has this client order id already, or it is of a form that the venue does not ' +
      'take, or the order may have none.',
    ['EGeneral:Invalid arguments:cl_ord_id'],
  ),
  ...rules('VENUE_REFUSED', WRONG_PROTOCOL, ['Event(s) not found']),
  ...rules('VENUE_REFUSED', UNKNOWN_REQUEST, ['Unsupported event']),
  ...rules('VENUE_REFUSED', OUR_REQUEST, [
    'Unsupported field',
    'Malformed request',
    'Pair field must be an array',
    'Pair field unsupported for this subscription type',
    'EGeneral:Invalid arguments',
    'ETrade:Invalid request',
  ]),
  ...rules('VENUE_UNAVAILABLE', WAIT, ['EService:Market in']),
  ...rules(
    'VENUE_REFUSED',
    'The deadline of the request passed before the engine saw it: the clock is off.',
    ['EService:Deadline elapsed'],
  ),
  ...rules('RATE_LIMITED', 'Too many orders in a short time for this pair. Wait a little.', [
    'EOrder:Rate limit exceeded',
    'EOrder:Domain rate limit exceeded',
  ]),
  ...rules(
    'VENUE_REFUSED',
    'No such order is open: it was filled or canceled before, or the id is another one.',
    ['EOrder:Unknown order'],
  ),
  ...rules('VENUE_REFUSED', 'The order itself was refused; the text says why.', [
    'EOrder:Insufficient funds',
    'EOrder:Order minimum not met',
    'EOrder:Cost minimum not met',
    'EOrder:Tick size check failed',
    'EOrder:Invalid price',
    'EOrder:Orders limit exceeded',
    'EOrder:Scheduled orders limit exceeded',
    'EOrder:Post only order',
    'EOrder:Margin',
    'EOrder:Reduce only',
    'EOrder:',
  ]),
];

/** `Limit_price field must be a number_float`: a number was sent in quotes. */
const WRONG_FIELD_TYPE = /^\w+ field must be /;

const UNKNOWN_CAUSE = 'The text is not known to truefeed; it may explain itself.';

/** Finds what a refusal means; a text that nobody reported yet is VENUE_REFUSED. */
export function explainRefusal(venueText: string): RefusalRule {
  const text = venueText.trim();
  const known = REFUSAL_RULES.find((rule) => text.startsWith(rule.text));
  if (known !== undefined) return known;
  const restRule = findKrakenError(text);
  if (restRule !== undefined) {
    const { advice } = restRule;
    return { ...restRule, likelyCause: `${advice.charAt(0).toUpperCase()}${advice.slice(1)}` };
  }
  const isOurs = WRONG_FIELD_TYPE.test(text);
  return { text, code: 'VENUE_REFUSED', likelyCause: isOurs ? OUR_REQUEST : UNKNOWN_CAUSE };
}

/** The symbol that a refusal names in its text, where it has no field for it. */
export function findRefusedSymbol(venueText: string): string | undefined {
  return /^Currency pair not supported ([\x21-\x7e]{1,64})$/.exec(venueText.trim())?.[1];
}
