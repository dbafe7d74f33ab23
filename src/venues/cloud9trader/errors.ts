import type { ErrorCode } from '../../model/error.js';

/** What one of the venue's texts means. */
export interface RefusalRule {
  /** No text is documented, so that words are looked for and not whole texts. */
  readonly words: RegExp;
  readonly code: ErrorCode;
  /** A sentence for a person, the likeliest cause first. */
  readonly likelyCause: string;
}

/** Words in refusals, the first that fits counts. All of it is ours: README.md says why. */
export const REFUSAL_RULES: readonly RefusalRule[] = [
  {
    words: /authenticat|authoriz|authoris|permission|forbidden|signature|api key/i,
    code: 'AUTH_PERMISSION_DENIED',
    likelyCause:
      'The topic needs a socket that was signed in, or the key may not read it. Use one that may.',
  },
  {
    words: /too many (?:topics|subscriptions)|subscription limit/i,
    code: 'SUBSCRIPTION_LIMIT',
    likelyCause: 'One socket holds no more topics. Spread them over several sockets.',
  },
  {
    words: /too many|rate limit|slow down|throttl/i,
    code: 'RATE_LIMITED',
    likelyCause: 'More was sent than the venue takes; it states no limit. Send less.',
  },
  {
    words: /timed? ?out|unavailable|maintenance|try again|temporar|not connected|internal/i,
    code: 'VENUE_UNAVAILABLE',
    likelyCause: 'The venue, or the broker behind it, did not answer. It is tried again.',
  },
  {
    words: /unknown|not found|no such|invalid|does not exist|not supported|malformed/i,
    code: 'SUBSCRIPTION_REFUSED',
    likelyCause:
      'The instrument is likely misspelt: write symbol, colon and broker, "BTCUSDT:Binance", ' +
      'in the case that the venue uses.',
  },
];

/**
 * Words in answers to submissions, the first that fits counts. Where something did not answer in
 * time the order may be on its way all the same: that is no refusal.
 */
const ORDER_REFUSAL_RULES: readonly RefusalRule[] = [
  {
    words: /authenticat|authoriz|authoris|permission|forbidden|signature|api key/i,
    code: 'AUTH_PERMISSION_DENIED',
    likelyCause: 'The key may not trade. Use one that may.',
  },
  {
    words: /too many (?:messages|requests)|rate limit|slow down|throttl/i,
    code: 'RATE_LIMITED',
    likelyCause: 'More was sent than the venue takes; it states no limit. Send less.',
  },
  {
    words: /timed? ?out|unavailable|maintenance|try again|temporar|not connected|internal/i,
    code: 'ORDER_UNKNOWN',
    likelyCause:
      'The venue, or the broker behind it, did not answer: the order may have been forwarded. ' +
      'Look for it among the orders before another one is sent.',
  },
];

const UNKNOWN_ORDER_REFUSAL: Omit<RefusalRule, 'words'> = {
  code: 'VENUE_REFUSED',
  likelyCause: 'The order was not forwarded. No text of the venue is documented; read this one.',
};

/** Finds what an answer to a submission means that is no success. */
export function explainOrderRefusal(text: string): Omit<RefusalRule, 'words'> {
  const found = ORDER_REFUSAL_RULES.find(({ words }) => words.test(text));
  const { code, likelyCause } = found ?? UNKNOWN_ORDER_REFUSAL;
  return { code, likelyCause };
}

const UNKNOWN_REFUSAL: Omit<RefusalRule, 'words'> = {
  code: 'VENUE_REFUSED',
  likelyCause: 'The text is not known to truefeed; it may explain itself.',
};

/** Finds what a refusal means; a text without any of the words is VENUE_REFUSED. */
export function explainRefusal(text: string): Omit<RefusalRule, 'words'> {
  return REFUSAL_RULES.find(({ words }) => words.test(text)) ?? UNKNOWN_REFUSAL;
}
