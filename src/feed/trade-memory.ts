import type { Trade } from '../model/market.js';
import { createTradeIdTracker, type TradeIdTracker } from '../sequence/trade-ids.js';

/** What a batch of trades means to someone who must see each trade once. */
export type TradeOutcome =
  | { readonly kind: 'listed'; readonly trades: readonly Trade[] }
  | { readonly kind: 'printed'; readonly trade: Trade; readonly recovered: boolean }
  | {
      readonly kind: 'gapped';
      readonly expected: string;
      readonly received: string;
      readonly missing: number;
    };

/** Remembers which trades of one symbol were delivered. Decides, never acts. */
export interface TradeMemory {
  /** How many ids, or holes in their row, are remembered. */
  readonly size: number;
  accept(trades: readonly Trade[], isSnapshot: boolean): readonly TradeOutcome[];
}

/** How one venue's trade ids can be read, and how much may be remembered. */
export interface TradeMemoryOptions {
  readonly contiguous: boolean;
  readonly maxHoles: number;
}

interface NumberedTrade {
  readonly id: bigint;
  readonly trade: Trade;
}

/** More than any venue lists with a subscription. */
const MAX_REMEMBERED_IDS = 5_000;

/**
 * A history can be a little older than a trade that overtook it. One that ends so far before the
 * newest trade of all says that the venue began to count anew, or that this id was none of its row.
 */
const MAX_LEAD = 10_000n;
/** So many old trades in a row are no repetition: they are new, and numbered anew. */
const MAX_STALE_IN_ROW = 1_000;

const WHOLE_NUMBER = /^\d{1,40}$/;

/** Memory for ids that count up by one: a hole in them is a loss, and can be filled afterwards. */
class ContiguousTradeMemory implements TradeMemory {
  readonly #tracker: TradeIdTracker;
  /** The first id that was delivered in any way. */
  #lowestId: bigint | undefined;
  #highestId: bigint | undefined;
  #isListed = false;
  #staleInRow = 0;

  constructor(maxHoles: number) {
    this.#tracker = createTradeIdTracker({ maxRanges: maxHoles });
  }

  get size(): number {
    return this.#tracker.missingRanges().length;
  }

  accept(trades: readonly Trade[], isSnapshot: boolean): readonly TradeOutcome[] {
    const numbered: NumberedTrade[] = trades.map((trade) => ({ id: BigInt(trade.tradeId), trade }));
    numbered.sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
    return isSnapshot ? this.#acceptHistory(numbered) : this.#acceptAll(numbered, false);
  }

  #acceptHistory(numbered: readonly NumberedTrade[]): readonly TradeOutcome[] {
    const newestId = numbered.at(-1)?.id;
    if (this.#isListed && newestId !== undefined && this.#isFallen(newestId)) this.#forget();
    if (!this.#isListed) return this.#list(numbered);
    const outcomes = this.#acceptAll(numbered, true);
    // The history holds all it could of what was missing; what is still missing stays lost.
    if (this.#highestId !== undefined) this.#tracker.reset(String(this.#highestId));
    return outcomes;
  }

  /** Whether the venue began to count anew: its newest trade is before all, or far before some. */
  #isFallen(newestId: bigint): boolean {
    const isBeforeAll = this.#lowestId !== undefined && newestId < this.#lowestId;
    return isBeforeAll || (this.#highestId ?? 0n) - newestId > MAX_LEAD;
  }

  /** The first history: what came before the first trade we printed, if we printed any. */
  #list(numbered: readonly NumberedTrade[]): readonly TradeOutcome[] {
    this.#isListed = true;
    const printedFrom = this.#lowestId;
    const history = numbered.filter(({ id }) => printedFrom === undefined || id < printedFrom);
    const newest = history.at(-1);
    if (newest && this.#highestId === undefined) {
      this.#highestId = newest.id;
      this.#tracker.reset(String(newest.id));
    }
    this.#lowestId = history[0]?.id ?? this.#lowestId;
    const listed: TradeOutcome = { kind: 'listed', trades: history.map(({ trade }) => trade) };
    return [listed, ...this.#acceptAll(numbered.slice(history.length), true)];
  }

  #acceptAll(numbered: readonly NumberedTrade[], isHistory: boolean): TradeOutcome[] {
    const outcomes: TradeOutcome[] = [];
    for (const { id, trade } of numbered) {
      let verdict = this.#tracker.check(trade.tradeId);
      if (verdict.kind === 'stale') {
        const wasMissing = this.#tracker.takeMissing(trade.tradeId);
        if (wasMissing) outcomes.push({ kind: 'printed', trade, recovered: true });
        this.#staleInRow = wasMissing || isHistory ? 0 : this.#staleInRow + 1;
        if (this.#staleInRow <= MAX_STALE_IN_ROW) continue;
        const expected = String((this.#highestId ?? 0n) + 1n);
        outcomes.push({ kind: 'gapped', expected, received: trade.tradeId, missing: 0 });
        this.#forget();
        verdict = this.#tracker.check(trade.tradeId);
      }
      this.#staleInRow = 0;
      if (verdict.kind === 'gap') outcomes.push({ ...verdict, kind: 'gapped' });
      outcomes.push({ kind: 'printed', trade, recovered: isHistory });
      this.#highestId = id;
      this.#lowestId ??= id;
    }
    return outcomes;
  }

  #forget(): void {
    this.#tracker.reset();
    this.#lowestId = undefined;
    this.#highestId = undefined;
    this.#isListed = false;
    this.#staleInRow = 0;
  }
}

/** Memory for ids that say nothing but which trade it is. */
class NamedTradeMemory implements TradeMemory {
  readonly #seen = new Set<string>();
  #isListed = false;

  get size(): number {
    return this.#seen.size;
  }

  accept(trades: readonly Trade[], isSnapshot: boolean): readonly TradeOutcome[] {
    if (isSnapshot && !this.#isListed) {
      this.#isListed = true;
      return [{ kind: 'listed', trades: trades.filter((trade) => this.#remember(trade)) }];
    }
    // Of a later history, what stands before the first trade we know is older than all we know.
    const firstKnown = trades.findIndex((trade) => this.#seen.has(trade.tradeId));
    const from = isSnapshot ? Math.max(0, firstKnown) : 0;
    return trades
      .slice(from)
      .filter((trade) => this.#remember(trade))
      .map((trade) => ({ kind: 'printed', trade, recovered: isSnapshot }));
  }

  #remember(trade: Trade): boolean {
    // Trades without an id cannot be told apart: two alike may be two.
    if (trade.tradeId === '') return true;
    if (this.#seen.has(trade.tradeId)) return false;
    this.#seen.add(trade.tradeId);
    if (this.#seen.size > MAX_REMEMBERED_IDS) {
      const oldest = this.#seen.values().next();
      if (!oldest.done) this.#seen.delete(oldest.value);
    }
    return true;
  }
}

/** Memory for one symbol, by what the venue promises of its trade ids. */
export function createTradeMemory(options: TradeMemoryOptions): TradeMemory {
  const named = new NamedTradeMemory();
  if (!options.contiguous) return named;
  const contiguous = new ContiguousTradeMemory(options.maxHoles);
  return {
    get size() {
      return contiguous.size + named.size;
    },
    accept(trades, isSnapshot) {
      // An id that is no whole number breaks the promise; such a batch is only de-duplicated.
      const isNumbered = trades.every((trade) => WHOLE_NUMBER.test(trade.tradeId));
      return (isNumbered ? contiguous : named).accept(trades, isSnapshot);
    },
  };
}
