// What the parent of an exchange is told of it.

const SHOWN_LEVELS = 50;

/** Counts of updates up to the end of each phase. */
export function sumUp(phases) {
  return phases.map((_, index) =>
    phases.slice(0, index + 1).reduce((sum, count) => sum + count, 0),
  );
}

/**
 * When each phase is over as clients can see it, how many bytes it has, and what the best levels
 * are then. The market must be at its end.
 */
export function describeTraffic({ market, phases, phaseBytes, snapshotBytes, wire }) {
  return {
    ends: sumUp(phases).map((count) => ({ messages: count, atMs: wire.timeMsOf(count) })),
    phaseBytes,
    snapshotBytes,
    best: { bids: market.bestBids(SHOWN_LEVELS), asks: market.bestAsks(SHOWN_LEVELS) },
    priceDecimals: wire.PRICE_DECIMALS,
    sizeDecimals: wire.SIZE_DECIMALS,
  };
}
