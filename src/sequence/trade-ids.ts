// The rule: the trades of one symbol are numbered without holes, by decimal strings that may exceed
// what a double can count. The tracker also remembers which ids are missing, so that trades fetched
// afterwards can be told from duplicates.

/** What to do with a trade. */
export type TradeVerdict =
  | { readonly kind: 'accept' }
  /** A duplicate, an older one, or a missing one that came late: ask `takeMissing`. */
  | { readonly kind: 'stale' }
  /** Trades `expected` to `received - 1` are missing; this one is new. */
  | {
      readonly kind: 'gap';
      readonly expected: string;
      readonly received: string;
      readonly missing: number;
    }
  /** Not a decimal integer of at most 40 digits; the tracker ignores it. */
  | { readonly kind: 'unreadable' };

/** What a trade-id tracker is made of. */
export interface TradeIdTrackerOptions {
  /** Holes that are remembered, 64 by default; beyond it the oldest hole is given up. */
  readonly maxRanges?: number | undefined;
}

/** Continuity of the trade ids of one symbol. */
export interface TradeIdTracker {
  /** Forgets everything; `lastTradeId`, where given, is taken as seen. */
  reset(lastTradeId?: string): void;
  check(tradeId: string): TradeVerdict;
  /** Whether this id was missing; it no longer is afterwards. */
  takeMissing(tradeId: string): boolean;
  /** The holes that are remembered, oldest first; both ends belong to them. */
  missingRanges(): readonly { readonly first: string; readonly last: string }[];
}

interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

const ACCEPT: TradeVerdict = Object.freeze({ kind: 'accept' });
const STALE: TradeVerdict = Object.freeze({ kind: 'stale' });
const UNREADABLE: TradeVerdict = Object.freeze({ kind: 'unreadable' });
const TRADE_ID = /^\d{1,40}$/;
const DEFAULT_MAX_RANGES = 64;

function parseTradeId(text: string): bigint | undefined {
  return TRADE_ID.test(text) ? BigInt(text) : undefined;
}

/** What stays of a hole when one id in it is filled. */
function splitRange(range: Range, id: bigint): Range[] {
  return [
    { first: range.first, last: id - 1n },
    { first: id + 1n, last: range.last },
  ].filter((part) => part.first <= part.last);
}

/** Follows the trade ids of one symbol and remembers the holes in them. */
export function createTradeIdTracker(options: TradeIdTrackerOptions = {}): TradeIdTracker {
  const maxRanges = options.maxRanges ?? DEFAULT_MAX_RANGES;
  let lastId: bigint | undefined;
  let ranges: Range[] = [];

  function keepNewest(): void {
    if (ranges.length > maxRanges) ranges = ranges.slice(ranges.length - maxRanges);
  }

  return {
    reset(lastTradeId) {
      const id = lastTradeId === undefined ? undefined : parseTradeId(lastTradeId);
      if (lastTradeId !== undefined && id === undefined) {
        throw new RangeError('lastTradeId must be a decimal integer of at most 40 digits.');
      }
      lastId = id;
      ranges = [];
    },
    check(tradeId) {
      const received = parseTradeId(tradeId);
      if (received === undefined) return UNREADABLE;
      const expected = lastId === undefined ? received : lastId + 1n;
      if (received < expected) return STALE;
      lastId = received;
      if (received === expected) return ACCEPT;
      ranges.push({ first: expected, last: received - 1n });
      keepNewest();
      const missing = Number(received - expected);
      return { kind: 'gap', expected: String(expected), received: String(received), missing };
    },
    takeMissing(tradeId) {
      const id = parseTradeId(tradeId);
      if (id === undefined) return false;
      const index = ranges.findIndex((range) => range.first <= id && id <= range.last);
      const range = ranges[index];
      if (range === undefined) return false;
      ranges.splice(index, 1, ...splitRange(range, id));
      keepNewest();
      return true;
    },
    missingRanges: () =>
      ranges.map((range) => ({ first: String(range.first), last: String(range.last) })),
  };
}
