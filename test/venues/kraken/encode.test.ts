import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/message.js';
import type { ChannelName, VenueRequest } from '../../../src/model/venue.js';
import { kraken, krakenV1 } from '../../../src/venues/kraken/index.js';

const request = (channel: ChannelName, more: Partial<VenueRequest> = {}): VenueRequest => ({
  kind: 'subscribe',
  channel,
  symbols: channel === 'status' ? [] : ['BTC/USD', 'ETH/USD'],
  requestId: 7,
  ...more,
});

const bodiesOf = (venue: ReturnType<typeof kraken>, one: VenueRequest) =>
  venue
    .createCodec()
    .encode(one)
    .map(({ body }) => body as JsonObject);

describe('requests of v2', () => {
  it.each([
    ['book', 'book', { depth: 10 }],
    ['trades', 'trade', {}],
    ['ticker', 'ticker', {}],
    ['candles', 'ohlc', { interval: 1 }],
    ['orders-book', 'level3', { depth: 10 }],
  ] as const)('say all that %s needs', (channel, wireName, options) => {
    const params = { channel: wireName, symbol: ['BTC/USD', 'ETH/USD'], ...options };
    expect(bodiesOf(kraken(), request(channel))).toEqual([
      { method: 'subscribe', params: { ...params, snapshot: true }, req_id: 7 },
    ]);
    expect(bodiesOf(kraken(), request(channel, { kind: 'unsubscribe' }))).toEqual([
      { method: 'unsubscribe', params, req_id: 7 },
    ]);
  });

  it.each([
    [undefined, [40, 40, 20], [200, 200, 100]],
    [100, [8, 8, 4], [200, 200, 100]],
    [1_000, [2, 2, 1], [200, 200, 100]],
  ] as const)(
    'for level3 at depth %j cost at most what is taken at once',
    (depth, counts, costs) => {
      const symbols = Array.from({ length: counts.reduce((sum, one) => sum + one, 0) }, (_, n) => {
        return `X${n}/USD`;
      });
      const codec = kraken().createCodec();
      const asked = codec.encode(request('orders-book', { symbols, depth }));
      const named = asked.map(
        ({ body }) => (body as { params: { symbol: string[] } }).params.symbol,
      );
      expect(named.map(({ length }) => length)).toEqual(counts);
      expect(named.flat()).toEqual(symbols);
      expect(asked.map(({ cost }) => cost)).toEqual(costs);
      const ended = codec.encode(request('orders-book', { kind: 'unsubscribe', symbols, depth }));
      expect(ended.map(({ cost }) => cost)).toEqual([undefined]);
    },
  );

  it('name no symbol where the channel takes none', () => {
    expect(bodiesOf(kraken(), request('status'))).toEqual([
      { method: 'subscribe', params: { channel: 'instrument', snapshot: true }, req_id: 7 },
    ]);
  });

  it('send a ping without params, which the venue refuses', () => {
    expect(bodiesOf(kraken(), request('book', { kind: 'ping', symbols: [] }))).toEqual([
      { method: 'ping', req_id: 7 },
    ]);
  });

  it('take the depth of the request, else that of the venue, and no other', () => {
    const venue = kraken({ bookDepth: 100, candleMinutes: 5, tickerTrigger: 'bbo' });
    const params = (one: VenueRequest) => bodiesOf(venue, one)[0]?.['params'];
    expect(params(request('book'))).toMatchObject({ depth: 100 });
    expect(params(request('book', { depth: 1_000 }))).toMatchObject({ depth: 1_000 });
    expect(params(request('candles'))).toMatchObject({ interval: 5 });
    expect(params(request('ticker'))).toMatchObject({ event_trigger: 'bbo' });
    expect(() => params(request('book', { depth: 11 }))).toThrow(RangeError);
    expect(() => params(request('orders-book', { depth: 25 }))).toThrow(RangeError);
    expect(() => params(request('user'))).toThrow(RangeError);
    expect(() => params(request('book', { symbols: [] }))).toThrow(RangeError);
  });

  it('spread many symbols over several messages of one id', () => {
    const symbols = Array.from({ length: 1_500 }, (_, at) => `A${at}/USD`);
    const bodies = bodiesOf(kraken(), request('book', { symbols }));
    const sent = bodies.flatMap((body) => (body['params'] as { symbol: string[] }).symbol);
    expect(sent).toEqual(symbols);
    for (const body of bodies) {
      expect(JSON.stringify(body).length).toBeLessThan(16_384);
      expect(body['req_id']).toBe(7);
    }
  });

  it('are signed for order-by-order books and the account only', () => {
    const codec = kraken().createCodec();
    const names = kraken().channels.map(({ name }) => name);
    for (const name of [...names, 'orders-book' as const]) {
      const [message] = codec.encode(request(name));
      const isPrivate = ['orders-book', 'executions', 'balances'].includes(name);
      expect(message?.private, name).toBe(isPrivate);
    }
  });
});

describe('requests of v1', () => {
  it.each([
    ['book', { name: 'book', depth: 10 }],
    ['candles', { name: 'ohlc', interval: 1 }],
    ['trades', { name: 'trade' }],
    ['ticker', { name: 'ticker' }],
    ['top-of-book', { name: 'spread' }],
  ] as const)('say all that %s needs', (channel, subscription) => {
    for (const kind of ['subscribe', 'unsubscribe'] as const) {
      const one = request(channel, { kind, symbols: ['XBT/USD'] });
      expect(bodiesOf(krakenV1(), one)).toEqual([
        { event: kind, reqid: 7, pair: ['XBT/USD'], subscription },
      ]);
    }
  });

  it('send a ping as an event', () => {
    expect(bodiesOf(krakenV1(), request('book', { kind: 'ping', symbols: [] }))).toEqual([
      { event: 'ping', reqid: 7 },
    ]);
  });

  it('take the depths that are offered, and no other', () => {
    const one = request('book', { depth: 500 });
    expect(bodiesOf(krakenV1(), one)).toMatchObject([{ subscription: { depth: 500 } }]);
    expect(() => bodiesOf(krakenV1(), { ...one, depth: 42 })).toThrow(RangeError);
    expect(() => bodiesOf(krakenV1(), request('status'))).toThrow(RangeError);
  });
});
