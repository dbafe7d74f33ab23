import type { Trade } from '../model/market.js';

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
  accept(trades: readonly Trade[], isSnapshot: boolean): readonly TradeOutcome[];
}

/** How one venue's trade ids can be read, and how much may be remembered. */
export interface TradeMemoryOptions {
  readonly contiguous: boolean;
  readonly maxHoles: number;
}

interface Hole {
  readonly from: bigint;
  readonly to: bigint;
}

interface NumberedTrade {
  readonly id: bigint;
  readonly trade: Trade;
}

/** More than any venue lists with a subscription. */
const MAX_REMEMBERED_IDS = 5_000;

const WHOLE_NUMBER = /^\d{1,40}$/;

/** Memory for ids that count up by one: a hole in them is a loss, and can be filled afterwards. */
class ContiguousTradeMemory implements TradeMemory {
  readonly #maxHoles: number;
  #holes: Hole[] = [];
  #lowest: bigint | undefined;
  #highest: bigint | undefined;
  #isListed = false;

  constructor(maxHoles: number) {
    this.#maxHoles = maxHoles;
  }

  accept(trades: readonly Trade[], isSnapshot: boolean): readonly TradeOutcome[] {
    const numbered: NumberedTrade[] = trades.map((trade) => ({ id: BigInt(trade.tradeId), trade }));
    numbered.sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
    return isSnapshot ? this.#acceptSnapshot(numbered) : this.#acceptAll(numbered, false);
  }

  #acceptSnapshot(numbered: readonly NumberedTrade[]): readonly TradeOutcome[] {
    const newest = numbered.at(-1)?.id;
    const isRestart =
      newest !== undefined && this.#lowest !== undefined && newest < this.#lowest && this.#isListed;
    // A history that lies wholly before all we ever saw means that the venue began to count anew.
    if (isRestart) this.#forget();
    if (this.#isListed) {
      const outcomes = this.#acceptAll(numbered, true);
      // The history holds all it could of what was missing; what is still missing stays lost.
      this.#holes = [];
      return outcomes;
    }
    this.#isListed = true;
    const printedFrom = this.#lowest;
    const history = numbered.filter(({ id }) => printedFrom === undefined || id < printedFrom);
    const listed: TradeOutcome = { kind: 'listed', trades: history.map(({ trade }) => trade) };
    const rest = numbered.slice(history.length);
    this.#lowest = history[0]?.id ?? this.#lowest;
    this.#highest ??= history.at(-1)?.id;
    return [listed, ...this.#acceptAll(rest, true)];
  }

  #acceptAll(numbered: readonly NumberedTrade[], isSnapshot: boolean): TradeOutcome[] {
    const outcomes: TradeOutcome[] = [];
    for (const { id, trade } of numbered) {
      if (this.#highest === undefined || id > this.#highest) {
        this.#advance(id, outcomes);
        outcomes.push({ kind: 'printed', trade, recovered: isSnapshot });
      } else if (this.#fill(id)) {
        outcomes.push({ kind: 'printed', trade, recovered: true });
      }
    }
    return outcomes;
  }

  #advance(id: bigint, outcomes: TradeOutcome[]): void {
    const expected = this.#highest === undefined ? id : this.#highest + 1n;
    if (id > expected) {
      this.#holes.push({ from: expected, to: id - 1n });
      if (this.#holes.length > this.#maxHoles) this.#holes.shift();
      outcomes.push({
        kind: 'gapped',
        expected: String(expected),
        received: String(id),
        missing: Number(id - expected),
      });
    }
    this.#highest = id;
    this.#lowest ??= id;
  }

  /** Takes an id out of the hole it lies in; false where it lies in none. */
  #fill(id: bigint): boolean {
    const index = this.#holes.findIndex((hole) => hole.from <= id && id <= hole.to);
    const hole = this.#holes[index];
    if (!hole) return false;
    const left: Hole[] = hole.from < id ? [{ from: hole.from, to: id - 1n }] : [];
    const right: Hole[] = id < hole.to ? [{ from: id + 1n, to: hole.to }] : [];
    this.#holes.splice(index, 1, ...left, ...right);
    return true;
  }

  #forget(): void {
    this.#holes = [];
    this.#lowest = undefined;
    this.#highest = undefined;
    this.#isListed = false;
  }
}

/** Memory for ids that say nothing but which trade it is. */
class NamedTradeMemory implements TradeMemory {
  readonly #seen = new Set<string>();
  #isListed = false;

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
    accept(trades, isSnapshot) {
      // An id that is no whole number breaks the venue's promise; such a batch is only de-duplicated.
      const isNumbered = trades.every((trade) => WHOLE_NUMBER.test(trade.tradeId));
      return (isNumbered ? contiguous : named).accept(trades, isSnapshot);
    },
  };
}
