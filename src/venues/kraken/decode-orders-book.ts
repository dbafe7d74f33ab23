import type { QueuedOrder } from '../../model/message.js';
import type { Side } from '../../model/levels.js';
import { readDecimal } from '../../wire/decimals.js';
import {
  findTimeMs,
  isSymbol,
  readList,
  readSymbol,
  readTimeMs,
  toObject,
  type RawObject,
} from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import type { UpdateKind } from '../../wire/market.js';
import { faultAt, leaveList } from '../../wire/place.js';
import { readChecksum } from './decode-book.js';
import { forEachEntry } from './decoding.js';

/** Decodes `level3`: order by order, in the order of the wire, which is queue order. */
export function decodeOrdersBook(frame: RawObject, type: UpdateKind, decoding: Decoding): void {
  forEachEntry(frame, decoding, (entry) => {
    const { place } = decoding;
    const symbol = readSymbol(entry, 'symbol', place);
    const venueAtMs = findTimeMs(entry, 'timestamp', place);
    const checksum = readChecksum(entry, place);
    const orders: QueuedOrder[] = [];
    readSide(entry, 'bid', { orders, type, decoding });
    readSide(entry, 'ask', { orders, type, decoding });
    decoding.messages.push({
      type: type === 'snapshot' ? 'orders-book.snapshot' : 'orders-book.delta',
      symbol,
      venueAtMs,
      orders,
      checksum,
    });
  });
}

interface SideTarget {
  readonly orders: QueuedOrder[];
  readonly type: UpdateKind;
  readonly decoding: Decoding;
}

function readSide(entry: RawObject, side: Side, target: SideTarget): void {
  const { place } = target.decoding;
  const list = readList(entry, `${side}s`, place);
  for (let index = 0; index < list.length; index += 1) {
    place.item = index;
    const raw = toObject(list[index], place);
    const orderId = raw['order_id'];
    if (!isSymbol(orderId)) throw faultAt(place, 'order_id', ['an order id', orderId]);
    target.orders.push({
      side,
      change: readChange(raw, target),
      orderId,
      price: readDecimal(raw, 'limit_price', place),
      size: readDecimal(raw, 'order_qty', place),
      placedAtMs: readTimeMs(raw, 'timestamp', place),
    });
  }
  leaveList(place);
}

function readChange(raw: RawObject, { type, decoding }: SideTarget): QueuedOrder['change'] {
  const event = raw['event'];
  if (event === undefined && type === 'snapshot') return 'add';
  if (event === 'add' || event === 'modify' || event === 'delete') return event;
  throw faultAt(decoding.place, 'event', ['"add", "modify" or "delete"', event]);
}
