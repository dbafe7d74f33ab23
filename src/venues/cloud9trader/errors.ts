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

const UNKNOWN_REFUSAL: Omit<RefusalRule, 'words'> = {
  code: 'VENUE_REFUSED',
  likelyCause: 'The text is not known to truefeed; it may explain itself.',
};

/** Finds what a refusal means; a text without any of the words is VENUE_REFUSED. */
export function explainRefusal(text: string): Omit<RefusalRule, 'words'> {
  return REFUSAL_RULES.find(({ words }) => words.test(text)) ?? UNKNOWN_REFUSAL;
}
