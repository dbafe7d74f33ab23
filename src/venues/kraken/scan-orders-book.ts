/** A fast reader of `level3` frames of one book, in the fields' orders of the recordings. */
import { createDecimalReader } from '../../book/decimal.js';
import type { Side } from '../../model/levels.js';
import type { OrdersBookMessage, QueuedOrder } from '../../model/message.js';
import {
  createCursor,
  readBareDecimal,
  readFrame,
  readItems,
  readTimeMs,
  readWholeNumber,
  skip,
  skipLast,
  skipPlainText,
  sliceText,
  toFixed,
  type Cursor,
  type FixedText,
} from '../../wire/byte-cursor.js';
import type { OrdersBookScanner } from '../../wire/frame-scan.js';
import { SymbolCache } from '../../wire/symbol-cache.js';
import { CHECKSUM_MAX } from './decode-book.js';

/** As long as a name may be: see `isSymbol`. */
const ID_BYTES_MAX = 64;

const UPDATE = toFixed('{"channel":"level3","type":"update","data":[{"checksum":');
const TIMESTAMP = toFixed(',"timestamp":"');
const SYMBOL_AFTER_TIME = toFixed('","symbol":"');
const SNAPSHOT = toFixed('{"channel":"level3","type":"snapshot","data":[{"symbol":"');
const CHECKSUM_AFTER_SYMBOL = toFixed('","checksum":');
const BIDS_AFTER_SYMBOL = toFixed('","bids":[');
const BIDS = toFixed(',"bids":[');
const ASKS = toFixed(',"asks":[');
const EVENTS: readonly (readonly [QueuedOrder['change'], FixedText])[] = [
  ['add', toFixed('{"event":"add","order_id":"')],
  ['modify', toFixed('{"event":"modify","order_id":"')],
  ['delete', toFixed('{"event":"delete","order_id":"')],
];
/** Orders of a snapshot have no event. */
const ORDER_ID = toFixed('{"order_id":"');
const PRICE = toFixed('","limit_price":');
const SIZE = toFixed(',"order_qty":');
const ORDER_END = toFixed('"}');
const TIME_END = toFixed('"');
const TAIL = toFixed('}]}');

/** Reads the lists of orders at a cursor. */
class OrderLists {
  readonly #cursor: Cursor;
  readonly #decimals = createDecimalReader();

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Adds the orders of a side, and reads the end of their list; false for anything else. */
  read(side: Side, isSnapshot: boolean, orders: QueuedOrder[]): boolean {
    return readItems(this.#cursor, () => {
      const order = this.#readOrder(side, isSnapshot);
      if (order) orders.push(order);
      return order !== undefined;
    });
  }

  #readOrder(side: Side, isSnapshot: boolean): QueuedOrder | undefined {
    const cursor = this.#cursor;
    const change = this.#readChange(isSnapshot);
    const idAt = cursor.at;
    if (change === undefined || !skipPlainText(cursor, ID_BYTES_MAX)) return undefined;
    const orderId = sliceText(cursor, idAt, cursor.at);
    if (!skip(cursor, PRICE)) return undefined;
    const price = this.#readText();
    if (price === '' || !skip(cursor, SIZE)) return undefined;
    const size = this.#readText();
    if (size === '' || !skip(cursor, TIMESTAMP)) return undefined;
    const placedAtMs = readTimeMs(cursor);
    if (Number.isNaN(placedAtMs) || !skip(cursor, ORDER_END)) return undefined;
    return { side, change, orderId, price, size, placedAtMs };
  }

  #readChange(isSnapshot: boolean): QueuedOrder['change'] | undefined {
    if (isSnapshot) return skip(this.#cursor, ORDER_ID) ? 'add' : undefined;
    for (const [change, text] of EVENTS) if (skip(this.#cursor, text)) return change;
    return undefined;
  }

  #readText(): string {
    const { at } = this.#cursor;
    const isRead = readBareDecimal(this.#cursor, this.#decimals);
    return isRead ? sliceText(this.#cursor, at, this.#cursor.at) : '';
  }
}

/** Makes a scanner. */
export function createOrdersBookScanner(): OrdersBookScanner {
  const cursor = createCursor();
  const lists = new OrderLists(cursor);
  const symbols = new SymbolCache();
  let checksum = NaN;
  let symbol = '';
  let venueAtMs = NaN;

  function readChecksum(): boolean {
    checksum = readWholeNumber(cursor);
    return checksum <= CHECKSUM_MAX;
  }

  function readHead(): OrdersBookMessage['type'] | undefined {
    venueAtMs = NaN;
    if (skip(cursor, SNAPSHOT)) {
      symbol = symbols.read(cursor);
      const isRead = symbol !== '' && skip(cursor, CHECKSUM_AFTER_SYMBOL) && readChecksum();
      return isRead && skip(cursor, BIDS) ? 'orders-book.snapshot' : undefined;
    }
    if (!skip(cursor, UPDATE) || !readChecksum() || !skip(cursor, TIMESTAMP)) return undefined;
    venueAtMs = readTimeMs(cursor);
    if (Number.isNaN(venueAtMs) || !skip(cursor, SYMBOL_AFTER_TIME)) return undefined;
    symbol = symbols.read(cursor);
    return symbol !== '' && skip(cursor, BIDS_AFTER_SYMBOL) ? 'orders-book.delta' : undefined;
  }

  /** A snapshot has its time at the end, where it has one. */
  function readLastTime(): boolean {
    if (!skip(cursor, TIMESTAMP)) return true;
    venueAtMs = readTimeMs(cursor);
    return !Number.isNaN(venueAtMs) && skip(cursor, TIME_END);
  }

  function readMessage(): OrdersBookMessage | undefined {
    const orders: QueuedOrder[] = [];
    const type = readHead();
    const isSnapshot = type === 'orders-book.snapshot';
    const isRead =
      type !== undefined &&
      lists.read('bid', isSnapshot, orders) &&
      skip(cursor, ASKS) &&
      lists.read('ask', isSnapshot, orders) &&
      (!isSnapshot || readLastTime()) &&
      skipLast(cursor, TAIL);
    return isRead ? { type, symbol, venueAtMs, orders, checksum } : undefined;
  }

  return { scan: (bytes) => readFrame(cursor, bytes, readMessage) };
}
