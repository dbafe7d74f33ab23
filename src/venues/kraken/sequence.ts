import type { SequenceRule } from '../../model/venue.js';
import { createCounterTracker } from '../../sequence/counter.js';

/**
 * Public feeds carry no sequence number (websocket-v2, websocket-v1): a loss shows in the checksum
 * of a book, and in the ids of v2's trades, which have no holes symbol by symbol
 * (websocket-v2/trade). The private feeds count for each subscription, from 1 with its snapshot
 * (websocket-v2/executions; recorded 2023-08 to 2025-02).
 */
export const SEQUENCE_RULE_V2: SequenceRule = {
  scope: 'channel',
  lastBeforeFirst: 0,
  createTracker: createCounterTracker,
  tradeIdsContiguous: true,
};

/** Trades of v1 have no id at all, so that a lost one cannot be noticed. */
export const SEQUENCE_RULE_V1: SequenceRule = { ...SEQUENCE_RULE_V2, tradeIdsContiguous: false };
