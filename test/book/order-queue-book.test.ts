import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderQueueBook, type OrderQueueBook } from '../../src/book/order-queue-book.js';
import { createOrdersChecksum } from '../../src/book/orders-checksum.js';
import type { OrdersBookMessage, QueuedOrder } from '../../src/model/message.js';

const NAMES = { venue: 'somewhere', symbol: 'A/B', verifiedDepth: 10 } as const;

type Change = readonly [QueuedOrder['side'], QueuedOrder['change'], string, string, string];

function message(kind: 'snapshot' | 'delta', changes: readonly Change[], checksum = NaN) {
  const orders = changes.map(([side, change, orderId, price, size]): QueuedOrder => {
    return { side, change, orderId, price, size, placedAtMs: 1 };
  });
  const type = `orders-book.${kind}` as const;
  return { type, symbol: 'A/B', venueAtMs: NaN, orders, checksum } satisfies OrdersBookMessage;
}

const snapshot = message('snapshot', [
  ['bid', 'add', 'b1', '99.0', '1.0'],
  ['bid', 'add', 'b2', '99.0', '2.0'],
  ['bid', 'add', 'b3', '98.5', '3.0'],
  ['ask', 'add', 'a1', '100.0', '0.5'],
]);

function createLive(depth: 'whole' | number = 'whole'): OrderQueueBook {
  const book = createOrderQueueBook({ ...NAMES, depth, sinceAtMs: 0 });
  expect(book.applySnapshot(snapshot, 1)).toEqual({ kind: 'applied' });
  return book;
}

const show = (book: OrderQueueBook): Record<'bids' | 'asks', string[]> => {
  const { bids, asks } = book.top(100);
  const list = (side: typeof bids): string[] =>
    side.map(({ price, orders }) => `${price}: ${orders.map((one) => one.orderId).join(' ')}`);
  return { bids: list(bids), asks: list(asks) };
};

describe('an order-by-order book', () => {
  it('shows queues in the order of the wire, best price first', () => {
    expect(show(createLive())).toEqual({ bids: ['99.0: b1 b2', '98.5: b3'], asks: ['100.0: a1'] });
  });

  it('adds last, changes in place, moves to the end of another price, deletes', () => {
    const book = createLive();
    book.applyDelta(
      message('delta', [
        ['bid', 'add', 'b4', '99.00', '1.0'],
        ['bid', 'modify', 'b1', '99.0', '0.5'],
        ['bid', 'modify', 'b3', '99.0', '3.0'],
        ['ask', 'delete', 'a1', '100.0', '0.5'],
        ['ask', 'delete', 'never seen', '100.0', '0.5'],
      ]),
      2,
    );
    expect(show(book)).toEqual({ bids: ['99.0: b1 b2 b4 b3'], asks: [] });
    expect(book.top(1).bids[0]?.orders[0]).toMatchObject({ orderId: 'b1', size: '0.5' });
  });

  it('answers readers with copies, and with nothing while it is not live', () => {
    const book = createOrderQueueBook({ ...NAMES, depth: 'whole', sinceAtMs: 0 });
    const counts = () => [book.bidCount, book.askCount];
    expect([counts(), book.bestBid(), book.queueAt('bid', '99')]).toEqual([
      [0, 0],
      undefined,
      undefined,
    ]);
    const misspelt: object = { evenIfStal: true };
    expect(() => book.bestBid(misspelt)).toThrow('Did you mean "evenIfStale"?');
    book.applySnapshot({ ...snapshot, venueAtMs: 7 }, 1);
    expect(() => book.queueAt('bid', '99', misspelt)).toThrow('Did you mean "evenIfStale"?');
    expect([counts(), book.venueAtMs]).toEqual([[2, 1], 7]);
    const best = book.bestBid();
    expect(best).toEqual({
      price: '99.0',
      orders: [
        { orderId: 'b1', price: '99.0', size: '1.0', placedAtMs: 1 },
        { orderId: 'b2', price: '99.0', size: '2.0', placedAtMs: 1 },
      ],
    });
    expect(book.queueAt('bid', '99')).toEqual(best);
    expect(book.queueAt('ask', '99')).toBeUndefined();
    expect(book.queueAt('bid', 'x')).toBeUndefined();
    book.applyDelta(message('delta', [['bid', 'delete', 'b1', '99.0', '1.0']]), 2);
    expect(best?.orders).toHaveLength(2);
    expect(book.bestBid()?.orders).toHaveLength(1);
    book.markStale({ reason: 'silence', detail: '' }, 3);
    expect([counts(), book.bestBid(), book.bestAsk()]).toEqual([[0, 0], undefined, undefined]);
    expect(book.queueAt('bid', '99')).toBeUndefined();
    expect(book.bestAsk({ evenIfStale: true })?.price).toBe('100.0');
    expect(book.queueAt('bid', '99', { evenIfStale: true })?.orders).toHaveLength(1);
    expect(book.top(1, { evenIfStale: true }).bids).toHaveLength(1);
  });

  it('is cut to its depth in prices, and knows nothing of orders below', () => {
    const book = createLive(1);
    expect(show(book).bids).toEqual(['99.0: b1 b2']);
    const outcome = book.applyDelta(message('delta', [['bid', 'modify', 'b3', '98.5', '1.0']]), 2);
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'sequence-gap' });
    expect(book.top(10)).toEqual({ bids: [], asks: [] });
    expect(book.state.status).toBe('stale');
  });

  it.each([
    ['crossed', message('delta', [['bid', 'add', 'b9', '100.0', '1.0']]), 'crossed'],
    ['of another checksum', message('delta', [], 1), 'checksum-mismatch'],
  ])('goes stale where it is %s, and only a snapshot heals it', (_name, delta, reason) => {
    const computeChecksum = createOrdersChecksum({ depth: 10 });
    const book = createOrderQueueBook({
      ...NAMES,
      depth: 10,
      sinceAtMs: 0,
      computeChecksum,
    });
    book.applySnapshot(snapshot, 1);
    expect(book.applyDelta(delta, 2)).toMatchObject({ kind: 'refused', reason });
    expect(book.applyDelta(message('delta', []), 3)).toMatchObject({ kind: 'refused', reason });
    expect(book.applySnapshot(snapshot, 4)).toEqual({ kind: 'applied' });
    expect(book.evidence()).toMatchObject({ timesStale: 1, snapshotsApplied: 2 });
  });

  it('holds no more orders than its limit', () => {
    const book = createOrderQueueBook({ ...NAMES, depth: 'whole', sinceAtMs: 0, maxOrders: 2 });
    expect(book.applySnapshot(snapshot, 1)).toMatchObject({ reason: 'frame-invalid' });
  });

  it('equals a list of orders kept the plain way, whatever happens', () => {
    const change = fc.record({
      side: fc.constantFrom('bid' as const, 'ask' as const),
      change: fc.constantFrom('add' as const, 'modify' as const, 'delete' as const),
      id: fc.integer({ min: 1, max: 8 }),
      price: fc.integer({ min: 1, max: 5 }),
      size: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const book = createOrderQueueBook({ ...NAMES, depth: 'whole', sinceAtMs: 0 });
        book.applySnapshot(message('snapshot', []), 1);
        const plain: { side: string; id: string; price: number; size: number }[] = [];
        for (const { side, change: kind, id: number, price, size } of changes) {
          const id = `${side} ${number}`;
          const at = plain.findIndex((one) => one.id === id);
          if (kind === 'modify' && at < 0) continue;
          // Bids below 10 and asks above, so that the book is never crossed.
          const wirePrice = side === 'bid' ? price : price + 10;
          const next = { side, id, price: wirePrice, size };
          if (kind === 'modify' && plain[at]?.price === wirePrice) plain[at] = next;
          else {
            if (at >= 0) plain.splice(at, 1);
            if (kind !== 'delete') plain.push(next);
          }
          const wire: Change = [side, kind, id, String(wirePrice), String(size)];
          expect(book.applyDelta(message('delta', [wire]), 2).kind).toBe('applied');
        }
        const listed = (side: string, sign: number) =>
          plain.filter((one) => one.side === side).sort((a, b) => sign * (a.price - b.price));
        const { bids, asks } = book.top(100);
        const flat = [...asks, ...bids].flatMap(({ orders }) => orders);
        expect(flat.map(({ orderId, size }) => [orderId, size])).toEqual(
          [...listed('ask', 1), ...listed('bid', -1)].map(({ id, size }) => [id, String(size)]),
        );
      }),
    );
  });
});

describe('the checksum over orders', () => {
  it('takes every order of the best prices, asks up and bids down, in wire digits', () => {
    const book = createLive();
    const compute = createOrdersChecksum({ depth: 10 });
    const text = ['1000', '5', '990', '10', '990', '20', '985', '30'].join('');
    expect(compute(book.top(100))).toBe(crc32(text));
    expect(createOrdersChecksum({ depth: 1 })(book.top(100))).toBe(crc32(text.slice(0, -5)));
    expect(compute({ bids: [], asks: [] })).toBe(0);
  });

  it('reads numbers that no double holds', () => {
    const order = { orderId: 'x', price: '886110000000.00', size: '301727260.79999999' };
    const queue = { price: order.price, orders: [{ ...order, placedAtMs: 1 }] };
    const compute = createOrdersChecksum({ depth: 10 });
    expect(compute({ asks: [queue], bids: [] })).toBe(crc32('8861100000000030172726079999999'));
  });
});
