import { describe, expect, it } from 'vitest';
import type { VenueRequest } from '../../../src/model/venue.js';
import { cloud9trader } from '../../../src/venues/cloud9trader/index.js';
import {
  formatCorrelation,
  parseCorrelation,
  parseTopic,
} from '../../../src/venues/cloud9trader/topics.js';

const codec = cloud9trader().createCodec();

function bodiesOf(request: Omit<VenueRequest, 'requestId'>): readonly unknown[] {
  return codec.encode({ ...request, requestId: 7 }).map(({ body }) => body);
}

describe('encode', () => {
  it('asks for the snapshot of a book with its subscription, with an id', () => {
    const symbols = ['BTCUSDT:Binance', 'EUR/USD:FXCM'];
    expect(bodiesOf({ kind: 'subscribe', channel: 'book', symbols })).toEqual([
      ['subscribe', 'order-book.BTCUSDT:Binance'],
      ['request', 'order-book.BTCUSDT:Binance', '7#order-book.BTCUSDT:Binance'],
      ['subscribe', 'order-book.EUR/USD:FXCM'],
      ['request', 'order-book.EUR/USD:FXCM', '7#order-book.EUR/USD:FXCM'],
    ]);
  });

  it('leaves the subscription alone where only a snapshot is asked for', () => {
    const request = { kind: 'request-snapshot', channel: 'book', symbols: ['X:Y'] } as const;
    expect(bodiesOf(request)).toEqual([['request', 'order-book.X:Y', '7#order-book.X:Y']]);
  });

  it('asks for nothing beside a ticker, for which no page shows a request', () => {
    const request = { kind: 'subscribe', channel: 'ticker', symbols: ['X:Y'] } as const;
    expect(bodiesOf(request)).toEqual([['subscribe', 'ticker.X:Y']]);
  });

  it('unsubscribes and asks for nothing', () => {
    const request = { kind: 'unsubscribe', channel: 'trades', symbols: ['X:Y'] } as const;
    expect(bodiesOf(request)).toEqual([['unsubscribe', 'trades.X:Y']]);
  });

  it.each(['orders', 'executions', 'positions', 'balances'] as const)(
    'subscribes to %s and asks for all of them',
    (channel) => {
      expect(bodiesOf({ kind: 'subscribe', channel, symbols: [] })).toEqual([
        ['subscribe', channel],
        ['request', channel, `7#${channel}`],
      ]);
    },
  );

  it('refuses a channel that the venue lacks, and a public one without symbols', () => {
    expect(() => bodiesOf({ kind: 'subscribe', channel: 'candles', symbols: ['X:Y'] })).toThrow(
      RangeError,
    );
    expect(() => bodiesOf({ kind: 'subscribe', channel: 'book', symbols: [] })).toThrow(RangeError);
  });
});

describe('topics', () => {
  it.each([
    ['order-book.BTCUSDT:Binance', 'book', 'BTCUSDT:Binance'],
    ['price.A.B:C:FXCM', 'top-of-book', 'A.B:C:FXCM'],
    ['orders', 'orders', undefined],
    ['balances', 'balances', undefined],
  ])('split %s at the first point', (text, channel, symbol) => {
    expect(parseTopic(text)).toMatchObject({ channel, symbol });
  });

  it.each([
    '',
    '.',
    'price',
    'price.',
    'price.X',
    'Price.X:Y',
    'messages',
    'constructor',
    '__proto__',
  ])('are not %j', (text) => expect(parseTopic(text)).toBeUndefined());

  it('never look like the id of a request, which says its topic', () => {
    const correlation = { requestId: 12, topic: 'price.A#B:C' };
    const id = formatCorrelation(correlation);
    expect(parseCorrelation(id)).toEqual(correlation);
    expect(parseTopic(id)).toBeUndefined();
    for (const text of ['price.X:Y', 'orders', '7#', '#price.X:Y', 'aB3xZ/0', '1e3#x']) {
      expect(parseCorrelation(text)).toBeUndefined();
    }
  });
});
