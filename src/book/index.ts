/**
 * Order books in exact numbers, usable alone: fill columns with the levels of a message, apply them
 * to a book, read the book. Nothing here knows the time; instants are arguments, in Unix
 * milliseconds.
 *
 * @packageDocumentation
 */
export type * from '../model/book.js';
export type * from '../model/levels.js';
export type * from '../model/orders-book.js';
export type { BookMessage, OrdersBookMessage, QueuedOrder } from '../model/message.js';
export { ASK, BID } from '../model/levels.js';
export { createBook, DEFAULT_MAX_LEVELS } from './book.js';
export type { Book, BookOptions } from './book.js';
export type { ApplyOutcome, BookTerms, StaleCause } from './book-life.js';
export { copyColumns, createLevelColumns, MAX_COLUMN_LEVELS } from './level-columns.js';
export type { MutableLevelColumns } from './level-columns.js';
export { createLevelChanges } from './level-changes.js';
export { createDecimalReader, formatDecimal, formatUnits, MAX_DIGITS } from './decimal.js';
export type { DecimalReader, DecimalUnits } from './decimal.js';
export {
  addDecimals,
  compareDecimals,
  multiplyDecimals,
  parseIncrement,
  subtractDecimals,
} from './decimal-arithmetic.js';
export { createOrderQueueBook, DEFAULT_MAX_ORDERS } from './order-queue-book.js';
export type { OrderQueueBook, OrderQueueBookOptions } from './order-queue-book.js';
export { createOrdersChecksum } from './orders-checksum.js';
export { crc32, createBookChecksum, createChecksumText } from './checksum.js';
export type { BookChecksumOptions, ChecksumText } from './checksum.js';
