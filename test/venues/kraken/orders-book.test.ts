import { describe, expect, it } from 'vitest';
import { createOrderQueueBook, type OrderQueueBook } from '../../../src/book/order-queue-book.js';
import type { OrdersBookMessage } from '../../../src/model/message.js';
import { kraken } from '../../../src/venues/kraken/index.js';
import { hasSamples, readFrames, readSample, SKIP_NOTE } from './samples.js';

interface RawOrder {
  readonly limit_price: string;
  readonly order_qty: string;
}

interface Vector {
  readonly crc32: number;
  readonly message_with_string_decoder: {
    readonly data: readonly [{ readonly bids: RawOrder[]; readonly asks: RawOrder[] }];
  };
}

/** The published message is printed with its numbers in quotes; the wire has none. */
function toWire(message: unknown): string {
  return JSON.stringify(message).replace(/"(limit_price|order_qty)":"([\d.]+)"/g, '"$1":$2');
}

function decodeOrders(frame: string): OrdersBookMessage {
  const [message] = kraken().createCodec().decode(Buffer.from(frame)).messages;
  if (message?.type === 'orders-book.snapshot' || message?.type === 'orders-book.delta') {
    return message;
  }
  throw new Error(`Not an order-by-order book: ${message?.type}`);
}

function createBook(): OrderQueueBook {
  const names = { venue: 'kraken', symbol: 'BTC/USD' };
  return createOrderQueueBook({ ...names, ...kraken().ordersBook!, sinceAtMs: 0 });
}

describe.skipIf(!hasSamples)(`the order-by-order book that the venue publishes${SKIP_NOTE}`, () => {
  const vector = hasSamples
    ? (JSON.parse(readSample('doc-vectors.json')) as { v2_level3_guide: Vector }).v2_level3_guide
    : undefined;
  const raw = vector?.message_with_string_decoder;

  it('has the checksum 1063832831 over its 35 orders', () => {
    const book = createBook();
    expect(vector?.crc32).toBe(1063832831);
    const message = decodeOrders(toWire(raw));
    expect(message).toMatchObject({ checksum: 1063832831 });
    expect(message.orders).toHaveLength(35);
    expect(book.applySnapshot(message, 1)).toEqual({ kind: 'applied' });
    expect(book.evidence().checksumsVerified).toBe(1);
  });

  it('is refused where two orders of one price change places', () => {
    const changed = structuredClone(raw)!;
    const { bids } = changed.data[0];
    [bids[0], bids[1]] = [bids[1]!, bids[0]!];
    expect(bids[0]?.limit_price).toBe(bids[1]?.limit_price);
    const outcome = createBook().applySnapshot(decodeOrders(toWire(changed)), 1);
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'checksum-mismatch' });
  });

  it('is refused where any digit changes', () => {
    const frame = toWire(raw);
    const places = [...frame.matchAll(/"(?:limit_price|order_qty)":([\d.]+)/g)];
    expect(places).toHaveLength(70);
    for (const match of places) {
      const last = match.index + match[0].length - 1;
      const flipped = String((Number(frame[last]) + 1) % 10);
      const changed = frame.slice(0, last) + flipped + frame.slice(last + 1);
      const outcome = createBook().applySnapshot(decodeOrders(changed), 1);
      expect(outcome.kind).toBe('refused');
    }
  });
});

describe.skipIf(!hasSamples)(`recorded order-by-order frames${SKIP_NOTE}`, () => {
  it('say what became of each order; their lists are cut, so that no checksum fits', () => {
    const frames = readFrames('v2-kraken-async-rs-captures-2024.jsonl')
      .filter((frame) => frame.startsWith('{"channel":"level3"'))
      .map(decodeOrders);
    expect(frames.map(({ type }) => type)).toEqual(['orders-book.snapshot', 'orders-book.delta']);
    expect(frames[1]?.orders.map(({ change, price }) => [change, price])).toEqual([
      ['delete', '66567.3'],
      ['add', '66566.9'],
    ]);
    expect(createBook().applySnapshot(frames[0]!, 1)).toMatchObject({ kind: 'refused' });
  });
});
