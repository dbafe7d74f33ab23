import { describe, expect, it } from 'vitest';
import type { ChannelRule, VenueRequest } from '../../src/model/venue.js';
import type { VenueSubject } from './venue.js';

/** Requests become messages that say what was asked for, and change nothing on the way. */
export function describeEncodeContract({ createVenue, fixtures }: VenueSubject): void {
  const venue = createVenue();
  const requestFor = (
    kind: VenueRequest['kind'],
    rule: ChannelRule,
    symbols: readonly string[],
  ): VenueRequest => ({ kind, channel: rule.name, symbols, requestId: 7 });

  /** The sets of symbols that make sense for a channel. */
  function symbolSets(rule: ChannelRule): readonly (readonly string[])[] {
    if (rule.symbols === 'none') return [[]];
    return rule.symbols === 'required' ? [fixtures.validSymbols] : [[], fixtures.validSymbols];
  }

  describe.each(venue.channels)('encode: the channel $name', (rule) => {
    it.each(['subscribe', 'unsubscribe'] as const)('can %s', (kind) => {
      for (const symbols of symbolSets(rule)) {
        const request = requestFor(kind, rule, Object.freeze([...symbols]));
        const messages = venue.createCodec().encode(Object.freeze(request));
        expect(messages.length).toBeGreaterThan(0);
        const text = JSON.stringify(messages.map((message) => message.body));
        // A venue may write a symbol as a part of a longer name.
        for (const symbol of symbols) expect(text).toContain(JSON.stringify(symbol).slice(1, -1));
        for (const message of messages) {
          expect(message.private).toBe(rule.private);
          expect(JSON.parse(JSON.stringify(message.body))).toEqual(message.body);
        }
      }
    });

    it('encodes the same request the same way twice', () => {
      const codec = venue.createCodec();
      const request = requestFor('subscribe', rule, symbolSets(rule)[0] ?? []);
      expect(codec.encode(request)).toEqual(codec.encode(request));
    });
  });

  describe('encode', () => {
    const book = venue.channels.find((channel) => channel.name === 'book');

    it('asks for a snapshot exactly where that is a means of recovery', () => {
      if (book === undefined) return;
      const symbols = fixtures.validSymbols.slice(0, 1);
      const messages = venue.createCodec().encode(requestFor('request-snapshot', book, symbols));
      const expected = venue.book.recovery.includes('request-snapshot');
      expect(messages.length > 0).toBe(expected);
    });

    it('has a ping exactly where it wants one sent', () => {
      const channel = venue.channels[0];
      if (channel === undefined) throw new Error('A venue has channels.');
      const messages = venue.createCodec().encode(requestFor('ping', channel, []));
      expect(messages.length > 0).toBe(venue.liveness.pingEveryMs !== undefined);
    });
  });
}
