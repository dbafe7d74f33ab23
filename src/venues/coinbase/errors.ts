import type { ErrorCode } from '../../model/error.js';
import { ERROR_TEXTS, LEVEL2_PRODUCTS_MAX } from './messages.js';

/** What one of the venue's texts means. */
export interface RefusalRule {
  /** In lower case: the venue's spelling has changed before. */
  readonly text: string;
  readonly code: ErrorCode;
  /** Whether the same request may succeed later, with a new token where it carries one. */
  readonly retryable: boolean;
  /** A sentence for a person, the likeliest cause first. */
  readonly likelyCause: string;
}

/** The texts of error frames that were ever reported, and what they mean. */
export const REFUSAL_RULES: readonly RefusalRule[] = [
  {
    text: ERROR_TEXTS.authentication,
    code: 'AUTH_REFUSED',
    retryable: true,
    likelyCause:
      'The token is bad, expired or missing, or the local clock is off by seconds; the venue ' +
      'says the same of a misspelt channel name. Run "truefeed doctor" to tell which.',
  },
  {
    text: ERROR_TEXTS.tooManyLevel2.toLowerCase(),
    code: 'SUBSCRIPTION_LIMIT',
    retryable: true,
    likelyCause:
      `More than ${LEVEL2_PRODUCTS_MAX} level2 products on one connection; aliases count once. ` +
      'Spread the products over several connections.',
  },
  {
    text: ERROR_TEXTS.rateLimit,
    code: 'RATE_LIMITED',
    retryable: true,
    likelyCause:
      'More than 8 messages in a second from this address, other programs included. Send fewer.',
  },
  {
    text: ERROR_TEXTS.subscribe,
    code: 'SUBSCRIPTION_REFUSED',
    retryable: false,
    likelyCause:
      'The venue gives no reason. Check the spelling of the products, and whether they trade.',
  },
  {
    text: 'failed to subscribe',
    code: 'SUBSCRIPTION_REFUSED',
    retryable: false,
    likelyCause:
      'This is how the older Exchange feed answers. Use the addresses of Advanced Trade, ' +
      'advanced-trade-ws.coinbase.com and advanced-trade-ws-user.coinbase.com.',
  },
];

const UNKNOWN_REFUSAL: RefusalRule = {
  text: '',
  code: 'VENUE_REFUSED',
  retryable: false,
  likelyCause: 'The text is not known to truefeed; it may explain itself.',
};

const RULES_BY_TEXT = new Map(REFUSAL_RULES.map((rule) => [rule.text, rule]));

/** Finds what a refusal means; a text that nobody reported yet is VENUE_REFUSED. */
export function explainRefusal(message: string): RefusalRule {
  return RULES_BY_TEXT.get(message.trim().toLowerCase()) ?? UNKNOWN_REFUSAL;
}
