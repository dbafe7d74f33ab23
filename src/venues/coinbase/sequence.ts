import type { SequenceRule } from '../../model/venue.js';
import { createCounterTracker } from '../../sequence/counter.js';
import { createOrderedCounterTracker } from '../../sequence/ordered-counter.js';

/** What one row of `sequence_num` covers. */
export type SequenceScope = 'connection' | 'symbol';

/**
 * The scope, in one line. The overview page says per product (read 2026-11); recordings say per
 * connection: 1,030 frames of five channels and two products without a break (2026-08), and 127,537
 * frames of 188 products on seven connections without one (2026-09). README.md has the table.
 */
export const SEQUENCE_SCOPE: SequenceScope = 'connection';

/**
 * Numbers rise by one with every frame that carries one, acks and heartbeats included. A connection
 * starts at 0, so that a loss before the first frame shows; where a row of the other scope would
 * start is not known. On one connection numbers never fall: where they do, a new row began. Trade
 * ids have no holes, product by product (recorded 2026-08).
 */
export function sequenceRule(scope: SequenceScope = SEQUENCE_SCOPE): SequenceRule {
  return {
    scope,
    ...(scope === 'connection' && { lastBeforeFirst: -1 }),
    createTracker: scope === 'connection' ? createOrderedCounterTracker : createCounterTracker,
    tradeIdsContiguous: true,
  };
}
