import { describe, expect, it } from 'vitest';
import { checkSubscriptions } from '../../src/feed/subscription-check.js';
import type { FeedSubscription } from '../../src/feed/feed-options.js';
import { createFakeVenue } from '../doubles/fake-venue.js';

const venue = createFakeVenue();

function check(
  subscription: FeedSubscription,
  context: { hasCredentials?: boolean; knownSymbols?: readonly string[] } = {},
) {
  return checkSubscriptions([subscription], { venue, hasCredentials: false, ...context });
}

describe('subscriptions are checked before anything is sent', () => {
  it('a good one is one entry for each symbol, under the name it comes in', () => {
    const symbols = ['A-ALIAS', 'B', 'B'];
    const checked = check({ channel: 'book', symbols });
    expect(checked.map(({ requestedName, symbol }) => [requestedName, symbol])).toEqual([
      ['A-ALIAS', 'A'],
      ['B', 'B'],
    ]);
    expect(check({ channel: 'heartbeats' })).toMatchObject([{ symbol: undefined }]);
    expect(check({ channel: 'status', symbols: [] })).toHaveLength(1);
  });

  it.each([
    ['a misspelt channel', { channel: 'trade', symbols: ['A'] }, 'CHANNEL_UNKNOWN', '"trades"'],
    ["the venue's own name", { channel: 'bk', symbols: ['A'] }, 'CHANNEL_UNKNOWN', '"book"'],
    ['a strange channel', { channel: 'x'.repeat(900) }, 'CHANNEL_UNKNOWN', '…'],
    ['a misspelt symbol', { channel: 'book', symbols: ['a'] }, 'SYMBOL_UNKNOWN', 'capitals'],
    ['no symbols', { channel: 'book' }, 'OPTION_INVALID', 'needs symbols'],
    ['useless symbols', { channel: 'heartbeats', symbols: ['A'] }, 'OPTION_INVALID', 'no symbols'],
    ['a private channel', { channel: 'user' }, 'KEY_MISSING', 'credentials'],
  ])('%s is refused', (...[, subscription, code, text]) => {
    const act = (): unknown => check(subscription);
    expect(act).toThrow(expect.objectContaining({ code }) as Error);
    expect(act).toThrow(text);
  });

  it('a private channel is taken with credentials', () => {
    expect(check({ channel: 'user' }, { hasCredentials: true })).toHaveLength(1);
  });

  it('an unknown symbol is refused with the nearest known one', () => {
    const knownSymbols = ['BTC-USD', 'ETH-USD'];
    const act = (): unknown => check({ channel: 'book', symbols: ['BTC-UDS'] }, { knownSymbols });
    expect(act).toThrow(expect.objectContaining({ code: 'SYMBOL_UNKNOWN' }) as Error);
    expect(act).toThrow('Did you mean "BTC-USD"?');
    expect(check({ channel: 'book', symbols: ['ETH-USD'] }, { knownSymbols })).toHaveLength(1);
  });
});
