import { describe, expect, it } from 'vitest';
import { coinbase } from '../../../src/venues/coinbase/index.js';
import type { JsonObject } from '../../../src/model/message.js';
import type { VenueRequest } from '../../../src/model/venue.js';

const codec = coinbase().createCodec();

function encode(request: Omit<VenueRequest, 'requestId'>): readonly unknown[] {
  return codec.encode({ ...request, requestId: 1 });
}

describe('encode', () => {
  it('writes a subscribe as the venue documents it', () => {
    const symbols = ['BTC-USD', 'ETH-USD'];
    const [message] = codec.encode({ kind: 'subscribe', channel: 'book', symbols, requestId: 1 });
    expect(JSON.stringify(message?.body)).toBe(
      '{"type":"subscribe","product_ids":["BTC-USD","ETH-USD"],"channel":"level2"}',
    );
  });

  it('names no products where a channel takes none or all are wanted', () => {
    for (const channel of ['heartbeats', 'user', 'status', 'balances'] as const) {
      const [message] = encode({ kind: 'subscribe', channel, symbols: [] });
      expect(JSON.stringify(message)).not.toContain('product_ids');
    }
  });

  it('asks for a token on the private channels only: a bad one costs public data', () => {
    const { channels } = coinbase();
    const signed = channels.filter((channel) => channel.private).map((channel) => channel.name);
    expect(signed).toEqual(['user', 'balances']);
    for (const { name } of channels) {
      const messages = encode({ kind: 'unsubscribe', channel: name, symbols: ['BTC-USD'] });
      expect(messages).toMatchObject([{ private: signed.includes(name) }]);
    }
  });

  it('splits long lists of products', () => {
    const symbols = Array.from({ length: 250 }, (_, index) => `C${index}-USD`);
    const messages = codec.encode({ kind: 'subscribe', channel: 'ticker', symbols, requestId: 1 });
    const lists = messages.map(({ body }) => (body as JsonObject)['product_ids'] as string[]);
    expect(lists.map((list) => list.length)).toEqual([100, 100, 50]);
    expect(lists.flat()).toEqual(symbols);
  });

  it('refuses an unsubscribe without products, which would end the whole channel', () => {
    expect(() => encode({ kind: 'unsubscribe', channel: 'book', symbols: [] })).toThrow(RangeError);
  });
});
