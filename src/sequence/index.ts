/**
 * Continuity of numbered messages, usable alone: give a tracker the numbers of each message and it
 * says whether to accept it, drop it or recover. A tracker decides and never acts.
 *
 * @packageDocumentation
 */
export type { MessageNumbers, Tracker, Verdict } from '../model/tracker.js';
export { createCounterTracker } from './counter.js';
export { createOrderedCounterTracker } from './ordered-counter.js';
export { createRangeTracker } from './range.js';
export { createChainTracker } from './chain.js';
export { createNoneTracker } from './none.js';
export { createTradeIdTracker } from './trade-ids.js';
export type { TradeIdTracker, TradeIdTrackerOptions, TradeVerdict } from './trade-ids.js';
