import { describe, expect, it } from 'vitest';
import { ConfigError, ERROR_RULES } from '../../../src/model/error.js';
import { REFUSAL_RULES } from '../../../src/venues/coinbase/errors.js';
import {
  COINBASE_MARKET_URL,
  COINBASE_USER_URL,
  coinbase,
} from '../../../src/venues/coinbase/index.js';

describe('coinbase()', () => {
  it('dials the two documented hosts, the market host as fail-over for user channels', () => {
    const venue = coinbase();
    expect(venue.endpoints.map(({ url }) => url)).toEqual([COINBASE_MARKET_URL, COINBASE_USER_URL]);
    const endpointsOf = (name: string): readonly string[] =>
      venue.channels.find((channel) => channel.name === name)?.endpoints ?? [];
    expect(endpointsOf('book')).toEqual(['market']);
    expect(endpointsOf('user')).toEqual(['user', 'market']);
    expect(endpointsOf('balances')).toEqual(['user', 'market']);
  });

  it('takes no orders on its sockets, and says where they go instead', () => {
    const venue = coinbase();
    expect(venue.orderEntry).toBeUndefined();
    expect('encodeOrder' in venue.createCodec()).toBe(false);
    expect(venue.ordersElsewhere).toContain('REST interface of Advanced Trade');
  });

  it('takes other addresses; a market address alone serves both', () => {
    const urls = (options: Parameters<typeof coinbase>[0]): string[] =>
      coinbase(options).endpoints.map(({ url }) => url);
    const [one, two] = ['ws://127.0.0.1:1', 'ws://127.0.0.1:2'];
    expect(urls({ marketUrl: one })).toEqual([one, one]);
    expect(urls({ userUrl: two })).toEqual([COINBASE_MARKET_URL, two]);
    expect(urls({ marketUrl: one, userUrl: two })).toEqual([one, two]);
  });

  it.each(['', 'localhost:80', 'https://advanced-trade-ws.coinbase.com'])(
    'refuses the address %j before dialling',
    (marketUrl) => {
      expect(() => coinbase({ marketUrl })).toThrow(ConfigError);
    },
  );

  it('stays below the limits of the venue', () => {
    const { limits, channels } = coinbase();
    expect(limits.messages).toEqual({ count: 7, windowMs: 1_000 });
    expect(limits.connects).toEqual({ count: 8, windowMs: 1_000 });
    expect(limits.subscribeWithinMs).toBe(5_000);
    expect(limits.maxFrameBytes).toBe(64 * 1_024 * 1_024);
    expect(channels.find(({ name }) => name === 'book')?.maxSymbolsPerSocket).toBe(30);
  });

  it('takes another list of native -USDC products', () => {
    const { symbols } = coinbase({ nativeUsdcSymbols: ['BTC-USDC'] });
    expect(symbols.canonical('BTC-USDC', 'book')).toBe('BTC-USDC');
    expect(symbols.canonical('USDT-USDC', 'book')).toBe('USDT-USD');
  });
});

describe('the table of refusals', () => {
  it('has codes that exist, each text once, in lower case', () => {
    const texts = REFUSAL_RULES.map((rule) => rule.text);
    expect(new Set(texts).size).toBe(texts.length);
    for (const { text, code, likelyCause } of REFUSAL_RULES) {
      expect(text).toBe(text.toLowerCase());
      expect(Object.keys(ERROR_RULES)).toContain(code);
      expect(likelyCause).toMatch(/\.$/);
    }
  });

  it('names every likely cause of the one answer that the venue has for all', () => {
    const rule = REFUSAL_RULES.find(({ text }) => text === 'authentication failure');
    for (const cause of ['expired', 'clock', 'misspelt channel']) {
      expect(rule?.likelyCause).toContain(cause);
    }
  });
});
