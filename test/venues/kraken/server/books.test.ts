import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarketLevel } from '../../../../src/model/exchange.js';
import {
  type CheckedOrders,
  applyOrders,
  applyV1,
  applyV2,
  checksumOf,
  crc32,
  emptyBook,
} from './checked-book.js';
import { issueToken } from './token-call.js';
import { bookChange, connectFake, ladder, openScripted, openSynthetic } from './server-harness.js';

const DEPTHS = [10, 25, 100, 500, 1000];
const PAIRS = ['BTC/USD', 'GST/EUR', 'BTC/JPY', 'USDG/USD', 'DOGE/USD'];

function booksOf(texts: readonly string[], symbol: string): string[] {
  return texts.filter(
    (text) => text.startsWith('{"channel":"book"') && text.includes(`"symbol":"${symbol}"`),
  );
}

function subscribeBook(symbol: string | string[], depth: number, more: object = {}): object {
  const symbols = typeof symbol === 'string' ? [symbol] : symbol;
  return { method: 'subscribe', params: { channel: 'book', symbol: symbols, depth, ...more } };
}

describe('books in v2', () => {
  it('the test computes the published check value', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
  });

  it.each(DEPTHS)('checksums hold over thousands of updates at depth %i', async (depth) => {
    const { time, server } = openSynthetic(depth);
    const client = connectFake(server);
    client.ask(subscribeBook(PAIRS, depth));
    await time.advance(60_000);
    let updates = 0;
    for (const symbol of PAIRS) {
      const each = emptyBook();
      const whole = emptyBook();
      for (const text of booksOf(client.texts, symbol)) {
        const { computed, received } = applyV2(whole, text, { depth });
        expect(computed, text).toBe(received);
        expect(applyV2(each, text, { depth, cutEach: true })).toEqual({ computed, received });
        updates += 1;
      }
    }
    expect(updates).toBeGreaterThan(depth === 10 ? 1_500 : 2_000);
  });

  it('every depth shows the same best levels, and as many as it holds', async () => {
    const { time, server, market } = openSynthetic(4);
    const clients = DEPTHS.map((depth) => {
      const client = connectFake(server);
      client.ask(subscribeBook('BTC/USD', depth));
      return { depth, client };
    });
    await time.advance(10_000);
    const truth = market.book('BTC/USD')?.levels ?? [];
    for (const { depth, client } of clients) {
      const book = emptyBook();
      for (const text of booksOf(client.texts, 'BTC/USD')) applyV2(book, text, { depth });
      const expected = (side: 'bid' | 'ask'): number[] =>
        truth
          .filter((level) => level.side === side)
          .slice(0, depth)
          .map(({ price }) => Number(price));
      const prices = [...book.bids.keys()].map(Number).sort((left, right) => right - left);
      expect(prices).toEqual(expected('bid'));
      expect([...book.asks.keys()].map(Number).sort((left, right) => left - right)).toEqual(
        expected('ask'),
      );
      expect(prices).toHaveLength(depth);
    }
  });

  it('any change of any market leaves a holder with the best levels of the whole book', () => {
    const level = fc.record({
      side: fc.constantFrom('bid' as const, 'ask' as const),
      price: fc.integer({ min: 1, max: 60 }).map((units) => (units / 2).toFixed(1)),
      size: fc.oneof(fc.constant('0'), fc.integer({ min: 1, max: 9 }).map(String)),
    });
    const steps = fc.array(fc.array(level, { minLength: 1, maxLength: 6 }), { maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.boolean(), (changes, cutEach) => {
        const { server, tell } = openScripted();
        tell(ladder('BTC/USD', 15));
        const client = connectFake(server);
        client.ask(subscribeBook('BTC/USD', 10));
        const truth = { bid: new Map<string, string>(), ask: new Map<string, string>() };
        for (let rung = 0; rung < 15; rung += 1) {
          truth.bid.set((100 - rung).toFixed(1), `${rung + 1}.00000000`);
          truth.ask.set((101 + rung).toFixed(1), `${rung + 1}.00000000`);
        }
        changes.forEach((levels: MarketLevel[], index) => {
          tell({ ...bookChange('BTC/USD', [], { at: index }), levels } as never);
          for (const { side, price, size } of levels) {
            if (size === '0') truth[side].delete(price);
            else truth[side].set(price, `${size}.00000000`);
          }
        });
        const book = emptyBook();
        for (const text of booksOf(client.texts, 'BTC/USD')) {
          const { computed, received } = applyV2(book, text, { depth: 10, cutEach });
          expect(computed).toBe(received);
        }
        expect(checksumOf(book)).toBe(checksumOf({ bids: truth.bid, asks: truth.ask }));
      }),
    );
  });

  it('prints numbers with the decimals of the pair, zero in full', () => {
    const { server, tell } = openScripted();
    tell(ladder('BTC/USD', 2));
    tell(ladder('BTC/JPY', 1));
    const client = connectFake(server);
    client.ask(subscribeBook(['BTC/USD', 'BTC/JPY'], 10));
    expect(booksOf(client.take(), 'BTC/JPY')[0]).toContain(
      '"bids":[{"price":100,"qty":1.00000000}],"asks":[{"price":101,"qty":1.00000000}]',
    );
    tell(bookChange('BTC/USD', ['bid 100 0', 'ask 100.5 0.00051'], { at: 784_623 }));
    const [update] = client.take();
    expect(update).toContain(
      '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD",' +
        '"bids":[{"price":100.0,"qty":0.00000000}],"asks":[{"price":100.5,"qty":0.00051000}]',
    );
    expect(update).toMatch(/"checksum":\d+,"timestamp":"2026-08-09T21:00:00\.784623Z"\}\]\}$/);
  });

  it('sends no delete for a level that is pushed out, and backfills with a delete', () => {
    const { server, tell } = openScripted();
    tell(ladder('BTC/USD', 12));
    const client = connectFake(server);
    client.ask(subscribeBook('BTC/USD', 10));
    client.take();
    tell(bookChange('BTC/USD', ['ask 100.5 7']));
    expect(client.take()[0]).toContain('"bids":[],"asks":[{"price":100.5,"qty":7.00000000}]');
    tell(bookChange('BTC/USD', ['ask 100.5 0']));
    expect(client.take()[0]).toContain(
      '"asks":[{"price":100.5,"qty":0.00000000},{"price":110.0,"qty":10.00000000}]',
    );
    tell(bookChange('BTC/USD', ['ask 112 3', 'bid 89 0']));
    expect(client.take()).toEqual([]);
  });

  it('prints what no double holds, digit by digit', () => {
    const { server, tell } = openScripted();
    const odd = ['ask 100.5 301727260.79999999', 'ask 138991023.4 886110000000'];
    tell(bookChange('BTC/USD', odd, { snapshot: true }));
    const client = connectFake(server);
    client.ask(subscribeBook('BTC/USD', 10));
    const [text = ''] = booksOf(client.texts, 'BTC/USD');
    expect(text).toContain('{"price":100.5,"qty":301727260.79999999}');
    expect(text).toContain('{"price":138991023.4,"qty":886110000000.00000000}');
    const { computed, received } = applyV2(emptyBook(), text, { depth: 10 });
    expect(computed).toBe(received);
  });
});

describe('books in v1', () => {
  it.each(DEPTHS)('checksums hold over thousands of updates at depth %i', async (depth) => {
    const { time, server } = openSynthetic(depth);
    const client = connectFake(server, { path: '/' });
    const pairs = ['XBT/USD', 'GST/EUR', 'XBT/JPY', 'USDG/USD', 'XDG/USD'];
    client.ask({ event: 'subscribe', pair: pairs, subscription: { name: 'book', depth } });
    await time.advance(60_000);
    let updates = 0;
    let republished = 0;
    for (const pair of pairs) {
      const book = emptyBook();
      const end = `"book-${depth}","${pair}"]`;
      for (const text of client.texts.filter((one) => one.endsWith(end))) {
        const checked = applyV1(book, text, depth);
        if (!checked) continue;
        expect(checked.computed, text).toBe(checked.received);
        updates += 1;
        if (text.includes(',"r"]')) republished += 1;
      }
    }
    expect(updates).toBeGreaterThan(1_500);
    if (depth === 10) expect(republished).toBeGreaterThan(100);
  });

  it('has decimals of its own, an object for each side, and marks what comes back', () => {
    const { server, tell } = openScripted();
    tell(ladder('BTC/USD', 11));
    const client = connectFake(server, { path: '/' });
    client.ask({ event: 'subscribe', pair: ['XBT/USD'], subscription: { name: 'book' } });
    expect(client.take().at(-1)).toMatch(
      /^\[\d+,\{"as":\[\["101\.00000","1\.00000000","1786309200\.000000"\],.*"book-10","XBT\/USD"\]$/,
    );
    tell(bookChange('BTC/USD', ['ask 101 0', 'bid 100 5'], { at: 789_516 }));
    expect(client.take()[0]).toMatch(
      /^\[\d+,\{"a":\[\["101\.00000","0\.00000000","1786309200\.789516"\],\["111\.00000","11\.00000000","1786309200\.000000","r"\]\]\},\{"b":\[\["100\.00000","5\.00000000","1786309200\.789516"\]\],"c":"\d+"\},"book-10","XBT\/USD"\]$/,
    );
  });

  it('its checksum is not that of v2, for the same book', () => {
    const { server, tell } = openScripted();
    tell(ladder('BTC/USD', 11));
    const one = connectFake(server, { path: '/' });
    const two = connectFake(server);
    one.ask({ event: 'subscribe', pair: ['XBT/USD'], subscription: { name: 'book' } });
    two.ask(subscribeBook('BTC/USD', 10));
    tell(bookChange('BTC/USD', ['bid 100 5']));
    const v1 = /"c":"(\d+)"/.exec(one.texts.at(-1) ?? '')?.[1];
    const v2 = /"checksum":(\d+)/.exec(two.texts.at(-1) ?? '')?.[1];
    expect(v1).toBeDefined();
    expect(v1).not.toBe(v2);
  });
});

describe('order-by-order books', () => {
  it.each([10, 100, 1000])(
    'checksums hold over thousands of updates at depth %i',
    async (depth) => {
      const { time, server, market } = openSynthetic(depth + 7);
      const token = issueToken(server);
      const client = connectFake(server, { path: '/l3/v2' });
      const symbols = ['BTC/USD', 'GST/EUR'];
      client.ask({
        method: 'subscribe',
        params: { channel: 'level3', symbol: symbols, depth, token },
      });
      await time.advance(40_000);
      let updates = 0;
      const events = new Set<string>();
      for (const symbol of symbols) {
        const book: CheckedOrders = { bids: new Map(), asks: new Map() };
        const own = client.texts.filter(
          (text) => text.startsWith('{"channel":"level3"') && text.includes(symbol),
        );
        for (const text of own) {
          const { computed, received } = applyOrders(book, text, depth);
          expect(computed, text.slice(0, 300)).toBe(received);
          for (const [, event = ''] of text.matchAll(/"event":"(\w+)"/g)) events.add(event);
          updates += 1;
        }
        const [best] = market.book(symbol)?.levels ?? [];
        const bids = [...book.bids.keys()].map(Number);
        expect(Math.max(...bids)).toBe(Number(best?.price));
      }
      expect(updates).toBeGreaterThan(500);
      expect([...events].sort()).toEqual(['add', 'delete', 'modify']);
    },
  );
});
