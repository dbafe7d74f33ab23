import { createBookChecksum } from '../../book/checksum.js';
import { createOrdersChecksum } from '../../book/orders-checksum.js';
import type { BookRule, OrdersBookRule } from '../../model/venue.js';
import { BOOK_DEPTHS, CHECKSUM_DEPTH, LEVEL3_DEPTHS } from './messages.js';

/** A depth that a subscriber may choose. */
export type BookDepth = (typeof BOOK_DEPTHS)[number];

/** What a subscriber gets who names no depth (websocket-v2/book). */
export const BOOK_DEPTH_DEFAULT: BookDepth = 10;

/**
 * Both protocols send a checksum of the ten best levels a side, whatever the depth: asks from the
 * lowest up, then bids from the highest down, each price and quantity with the decimals of the
 * wire, without point and leading zeros (guides/spot-ws-book-v2; every one of 41 + 4,269 recorded
 * ones).
 *
 * The levels must have been cut to the depth before: what is pushed out gets no delete, and without
 * the cut 450 of 510 recorded checksums fail. The decimals are those of the levels themselves,
 * since v1 prints others than the instruments say; a snapshot starts them anew. A delta lost below
 * the tenth level leaves the checksum right, which `verifiedDepth` tells.
 *
 * A second subscribe is refused and brings no snapshot; unsubscribe and subscribe, symbol by
 * symbol, do.
 */
export function bookRule(depth: BookDepth): BookRule {
  return {
    depth,
    depths: BOOK_DEPTHS,
    verifiedDepth: CHECKSUM_DEPTH,
    computeChecksum: createBookChecksum({ depth: CHECKSUM_DEPTH }),
    recovery: ['resubscribe', 'reconnect'],
  };
}

/**
 * The checksum of `level3` covers every order at the ten best prices, in queue order, in the same
 * way (guides/spot-ws-l3-v2). Nothing is throttled, and orders that come back into the window keep
 * their old times: the queue is the order of the wire, not of the times.
 */
export const ORDERS_BOOK_RULE: OrdersBookRule = {
  depth: LEVEL3_DEPTHS[0],
  depths: LEVEL3_DEPTHS,
  verifiedDepth: CHECKSUM_DEPTH,
  computeChecksum: createOrdersChecksum({ depth: CHECKSUM_DEPTH }),
  recovery: ['resubscribe', 'reconnect'],
};
