import type { Tracker } from '../../model/tracker.js';
import type { SequenceRule } from '../../model/venue.js';
import { createCounterTracker } from '../../sequence/counter.js';

/** A number this far behind is no late delta. */
const RESTART_DISTANCE = 1_000;
/** So many late deltas in a row are none. */
const STALE_RUN_MAX = 50;

/**
 * `sequence` of a book rises by one with each of its deltas, whoever reads them (order-book page).
 * At or below the last one is a late delta, further on is a gap. A broker's feed behind the venue
 * may restart and count anew on an open socket; dropping everything as late would leave a book that
 * looks live and never moves. So numbers that fall far back, or stay behind for long, are a gap as
 * well.
 */
export function createRestartableTracker(): Tracker {
  const counter = createCounterTracker();
  let lastNumber: number | undefined;
  let staleRun = 0;
  return {
    reset(start) {
      counter.reset(start);
      lastNumber = start;
      staleRun = 0;
    },
    check(numbers) {
      const verdict = counter.check(numbers);
      if (verdict.kind !== 'stale' || lastNumber === undefined) {
        lastNumber = numbers.last;
        staleRun = 0;
        return verdict;
      }
      staleRun += 1;
      const isLate = lastNumber - numbers.last < RESTART_DISTANCE && staleRun <= STALE_RUN_MAX;
      if (isLate) return verdict;
      const expected = lastNumber + 1;
      counter.reset(numbers.last);
      lastNumber = numbers.last;
      staleRun = 0;
      return { kind: 'gap', expected, received: numbers.last };
    },
  };
}

/** One row for each instrument, starting anywhere. Trade ids are texts of the brokers'. */
export const SEQUENCE_RULE: SequenceRule = {
  scope: 'symbol',
  createTracker: createRestartableTracker,
  tradeIdsContiguous: false,
};
