import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VenueSubject } from './venue.js';

/** What a venue says of itself must be of one piece. */
export function describeRuleContract({ createVenue, fixtures }: VenueSubject): void {
  const venue = createVenue();

  describe('rules', () => {
    it('has an id for programs and a title for people', () => {
      expect(venue.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      expect(venue.title).not.toBe('');
    });

    it('names each endpoint once, with a WebSocket address', () => {
      const names = venue.endpoints.map((endpoint) => endpoint.name);
      expect(names.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
      for (const { url, maxSocketsPerUser } of venue.endpoints) {
        expect(new URL(url).protocol).toMatch(/^wss?:$/);
        expect(maxSocketsPerUser ?? 1).toBeGreaterThan(0);
      }
    });

    it('names each channel once, on endpoints that exist', () => {
      const endpoints = venue.endpoints.map((endpoint) => endpoint.name);
      const names = venue.channels.map((channel) => channel.name);
      expect(names.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
      for (const channel of venue.channels) {
        expect(channel.venueName).not.toBe('');
        expect(channel.endpoints.length, channel.name).toBeGreaterThan(0);
        for (const endpoint of channel.endpoints) expect(endpoints).toContain(endpoint);
        expect(channel.expectedCadenceMs ?? 1).toBeGreaterThan(0);
        expect(channel.maxSymbolsPerSocket ?? 1).toBeGreaterThan(0);
      }
    });

    it('has limits above zero, and a back-off that rises', () => {
      const { connects, messages, subscribeWithinMs, maxFrameBytes } = venue.limits;
      for (const rate of [connects, messages]) {
        expect(rate.count).toBeGreaterThan(0);
        expect(rate.windowMs).toBeGreaterThan(0);
      }
      expect(subscribeWithinMs ?? 1).toBeGreaterThan(0);
      expect(maxFrameBytes).toBeGreaterThan(0);
      expect(venue.backoff.leastMs).toBeGreaterThan(0);
      expect(venue.backoff.firstMs).toBeGreaterThanOrEqual(venue.backoff.leastMs);
      expect(venue.backoff.maxMs).toBeGreaterThanOrEqual(venue.backoff.firstMs);
    });

    it('can tell a dead socket on every endpoint', () => {
      const { heartbeatChannel, silentAfterMs, pingEveryMs } = venue.liveness;
      expect(silentAfterMs).toBeGreaterThan(0);
      if (pingEveryMs !== undefined) expect(pingEveryMs).toBeGreaterThan(0);
      if (heartbeatChannel === undefined) return;
      const rule = venue.channels.find((channel) => channel.name === heartbeatChannel);
      expect(rule).toMatchObject({ private: false, symbols: 'none' });
      for (const { name } of venue.endpoints) expect(rule?.endpoints).toContain(name);
    });

    it('makes a tracker of its own for each row of numbers', () => {
      const { scope, lastBeforeFirst } = venue.sequence;
      const [one, other] = [venue.sequence.createTracker(), venue.sequence.createTracker()];
      expect(one).not.toBe(other);
      const before = lastBeforeFirst ?? 4;
      for (const tracker of [one, other]) tracker.reset(before);
      const at = (number: number) => ({ first: number, last: number, previous: number - 1 });
      expect(one.check(at(before + 1)).kind).toBe('accept');
      expect(one.check(at(before + 2)).kind).toBe('accept');
      expect(other.check(at(before + 2)).kind).toBe(scope === 'none' ? 'accept' : 'gap');
      if (scope === 'none') return;
      expect(one.check(at(before + 5))).toEqual({
        kind: 'gap',
        expected: before + 3,
        received: before + 5,
      });
    });

    it('knows a way to heal a book, and proves no more than it gets', () => {
      for (const rule of [venue.book, ...(venue.ordersBook ? [venue.ordersBook] : [])]) {
        const { depth, depths, verifiedDepth, recovery } = rule;
        expect(recovery.length).toBeGreaterThan(0);
        expect(new Set(recovery).size).toBe(recovery.length);
        if (depths) expect(depths).toContain(depth);
        if (verifiedDepth === 'whole') expect(depth).toBe('whole');
        if (typeof verifiedDepth === 'number' && typeof depth === 'number') {
          expect(verifiedDepth).toBeLessThanOrEqual(depth);
        }
      }
    });

    it('offers order-by-order books just where it says how they behave', () => {
      const isOffered = venue.channels.some((channel) => channel.name === 'orders-book');
      expect(isOffered).toBe(venue.ordersBook !== undefined);
    });
  });

  describe('symbols', () => {
    it.each(fixtures.validSymbols)('accepts %s', (symbol) => {
      expect(venue.symbols.explainInvalid(symbol)).toBeUndefined();
    });

    it.each(fixtures.invalidSymbols)('explains what is wrong with $symbol', ({ symbol, says }) => {
      const sentence = venue.symbols.explainInvalid(symbol);
      expect(sentence).toContain(says);
      expect(sentence).toMatch(/\.$/);
    });

    it.each(fixtures.aliases)('answers $symbol on $channel as $canonical', (alias) => {
      expect(venue.symbols.canonical(alias.symbol, alias.channel)).toBe(alias.canonical);
    });

    it('has one canonical name for each symbol, and explains any text without throwing', () => {
      const symbols = fc.oneof(fc.string(), fc.constantFrom(...fixtures.validSymbols));
      const channels = fc.constantFrom(...venue.channels.map((channel) => channel.name));
      fc.assert(
        fc.property(symbols, channels, (symbol, channel) => {
          const canonical = venue.symbols.canonical(symbol, channel);
          expect(venue.symbols.canonical(canonical, channel)).toBe(canonical);
          const sentence = venue.symbols.explainInvalid(symbol);
          if (sentence !== undefined) expect(sentence).toMatch(/^[\x20-\x7e]{1,300}$/);
        }),
      );
    });
  });
}
