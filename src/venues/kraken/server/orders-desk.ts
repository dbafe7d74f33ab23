/**
 * Order-by-order books of v2, kept for pairs that somebody holds. The checksum covers every order
 * of the ten best prices, in queue order (guides/spot-ws-l3-v2).
 */
import type { MarketBookChange } from '../../../model/exchange.js';
import { CHECKSUM_DEPTH, LEVEL3_DEPTHS } from '../messages.js';
import type { DeskOptions } from './book-desk.js';
import { encodeData, splitSides, type FrameType } from './encode-v2.js';
import { checksumDigits, checksumText, printDecimal, printUnits } from './number-text.js';
import { OrderBook, type OrderEntry, type RestingOrder } from './order-book.js';
import type { Pair } from './pairs.js';
import type { ServerFrame } from './server-frame.js';
import { toNanoseconds } from './time-text.js';
import { topicKey, type Topic } from './topic.js';

/** All order-by-order books of a server. */
export interface OrdersDesk {
  snapshot(topic: Topic): ServerFrame | undefined;
  onChange(change: MarketBookChange): void;
  forget(): void;
}

/** Opens the desk of one server. */
export function createOrdersDesk({ source, pairs, audience }: DeskOptions): OrdersDesk {
  const books = new Map<string, OrderBook>();

  const open = (pair: Pair): OrderBook | undefined => {
    const known = books.get(pair.symbol);
    const present = known ? undefined : source.book(pair.symbol);
    if (!present) return known;
    const book = new OrderBook(present, pair.v2.size);
    books.set(pair.symbol, book);
    return book;
  };
  const snapshot = ({ symbol, option }: Topic): ServerFrame | undefined => {
    const pair = pairs.bySymbol(symbol);
    const book = pair && open(pair);
    if (!book) return undefined;
    const depth = Number(option);
    const content = { bids: book.best('bid', depth), asks: book.best('ask', depth) };
    return frameOf(pair, book, { type: 'snapshot', isDeep: false, ...content });
  };

  return {
    snapshot,
    forget: () => books.clear(),
    onChange(change) {
      const pair = pairs.bySymbol(change.symbol);
      const book = books.get(change.symbol);
      if (!pair) return;
      const held = heldTopics(pair).filter((topic) => audience.isHeld(topicKey(topic)));
      if (!book) {
        for (const topic of held) {
          const frame = snapshot(topic);
          if (frame) audience.publish(topicKey(topic), frame);
        }
        return;
      }
      const seen = book.apply(change, LEVEL3_DEPTHS);
      for (const topic of held) {
        const entries = seen.get(Number(topic.option)) ?? [];
        if (entries.length === 0) continue;
        const isDeep = entries.every(({ rank }) => rank >= CHECKSUM_DEPTH);
        const content = { type: 'update', isDeep, ...splitSides(entries) } as const;
        audience.publish(topicKey(topic), frameOf(pair, book, content));
      }
    },
  };
}

function heldTopics({ symbol }: Pair): Topic[] {
  return LEVEL3_DEPTHS.map((depth) => {
    return { protocol: 'v2', channel: 'level3', symbol, option: String(depth) };
  });
}

interface Content {
  readonly type: FrameType;
  readonly isDeep: boolean;
  readonly bids: readonly (RestingOrder | OrderEntry)[];
  readonly asks: readonly (RestingOrder | OrderEntry)[];
}

function frameOf(pair: Pair, book: OrderBook, content: Content): ServerFrame {
  const { type, isDeep, bids, asks } = content;
  const list = (orders: Content['bids']): string =>
    orders.map((order) => encodeOrder(pair, order)).join(',');
  const data =
    `[{"symbol":${JSON.stringify(pair.symbol)},"checksum":${checksumOf(pair, book)},` +
    `"timestamp":"${toNanoseconds(book.time)}","bids":[${list(bids)}],"asks":[${list(asks)}]}]`;
  const text = encodeData('level3', type, { data });
  return { kind: type, channel: 'level3', symbol: pair.symbol, isDeep, text };
}

function encodeOrder(pair: Pair, order: RestingOrder | OrderEntry): string {
  const event = 'event' in order ? `"event":"${order.event}",` : '';
  return (
    `{${event}"order_id":"${order.orderId}",` +
    `"limit_price":${printDecimal(order.price, pair.v2.price)},` +
    `"order_qty":${printUnits(order.units, pair.v2.size)},` +
    `"timestamp":"${toNanoseconds(order.time)}"}`
  );
}

function checksumOf(pair: Pair, book: OrderBook): number {
  const orders = [...book.best('ask', CHECKSUM_DEPTH), ...book.best('bid', CHECKSUM_DEPTH)];
  const digits = orders.map(
    ({ price, units }) =>
      checksumDigits(printDecimal(price, pair.v2.price)) +
      checksumDigits(printUnits(units, pair.v2.size)),
  );
  return checksumText(digits.join(''));
}
