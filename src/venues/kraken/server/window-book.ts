/**
 * One pair's whole book, and what those see of it who hold only its best levels. Levels that are
 * pushed out of a window get no delete; when one leaves, the next is sent in full in the same
 * message (guides/spot-ws-book-v2).
 */
import { compareDecimals } from '../../../book/decimal-arithmetic.js';
import type { MarketBook, MarketBookChange, MarketLevel } from '../../../model/exchange.js';
import type { Side } from '../../../model/levels.js';
import { RankedSide, type Priced } from './ranked-side.js';

/** One level; size `0` deletes. Plain decimals, as the market spells them. */
export interface BookLevel {
  readonly price: string;
  readonly size: string;
  /** When the level last changed: RFC 3339. */
  readonly time: string;
}

/** One entry of a message to a holder of a window. */
export interface BookEntry extends BookLevel {
  readonly side: Side;
  /** The level was outside the window and comes back as it was. */
  readonly isRepublished: boolean;
  /** Its rank after it was set, or before it was deleted. */
  readonly rank: number;
}

interface Ranked extends BookLevel, Priced {}

interface Entry {
  readonly side: Side;
  readonly price: string;
  readonly size: string;
}

const ZERO = /^0(\.0*)?$/;

/** Entries in the order they happened, by the depth of the window. */
export type WindowEntries = ReadonlyMap<number, BookEntry[]>;

/** The whole book. */
export class WindowBook {
  readonly #sides: Readonly<Record<Side, RankedSide<Ranked>>> = {
    bid: new RankedSide('bid'),
    ask: new RankedSide('ask'),
  };
  #time: string;

  constructor(book: MarketBook) {
    this.#time = book.time;
    for (const { side, price, size } of book.levels) {
      this.#sides[side].levels.push({ price, size, time: book.time, rough: Number(price) });
    }
  }

  get time(): string {
    return this.#time;
  }

  best(side: Side, depth: number): readonly BookLevel[] {
    return this.#sides[side].levels.slice(0, depth);
  }

  /** Carries out a change and tells what each window sees of it. */
  apply(change: MarketBookChange, depths: readonly number[]): WindowEntries {
    const seen = new Map(depths.map((depth): [number, BookEntry[]] => [depth, []]));
    this.#time = change.time;
    const entries = change.snapshot ? this.#replacement(change.levels) : change.levels;
    const startRanks = this.#rankDeleted(entries);
    for (const entry of entries) {
      if (ZERO.test(entry.size)) this.#remove(entry, seen, startRanks);
      else this.#set(entry, seen);
    }
    if (change.depth !== undefined) this.#cut(change.depth, seen);
    return seen;
  }

  #set({ side, price, size }: Entry, seen: WindowEntries): void {
    const { levels } = this.#sides[side];
    const { rank, isFound } = this.#sides[side].find(price);
    const level = { price, size, time: this.#time, rough: Number(price) };
    levels.splice(rank, isFound ? 1 : 0, level);
    for (const [depth, list] of seen) {
      if (rank < depth) list.push({ ...level, side, rank, isRepublished: false });
    }
  }

  /** Where the levels that a change deletes stand before it, as far as they exist. */
  #rankDeleted(entries: readonly Entry[]): ReadonlyMap<string, number> {
    const ranks = new Map<string, number>();
    for (const { side, price, size } of entries) {
      if (!ZERO.test(size)) continue;
      const { rank, isFound } = this.#sides[side].find(price);
      if (isFound) ranks.set(`${side} ${price}`, rank);
    }
    return ranks;
  }

  /**
   * Holders cut their window only after the message: what they held before it, or were sent in it,
   * has to be deleted for them even where it was pushed out meanwhile.
   */
  #remove(
    { side, price }: Pick<Entry, 'side' | 'price'>,
    seen: WindowEntries,
    startRanks: ReadonlyMap<string, number> = new Map(),
  ): void {
    const { levels } = this.#sides[side];
    const { rank, isFound } = this.#sides[side].find(price);
    if (!isFound) return;
    levels.splice(rank, 1);
    for (const [depth, list] of seen) {
      const isInside = rank < depth;
      const startRank = startRanks.get(`${side} ${price}`) ?? Infinity;
      const isHeld =
        isInside ||
        startRank < depth ||
        list.some((one) => one.side === side && one.price === price);
      if (!isHeld) continue;
      list.push({ side, price, size: '0', time: this.#time, rank, isRepublished: false });
      const next = levels[depth - 1];
      if (isInside && next) list.push({ ...next, side, rank: depth - 1, isRepublished: true });
    }
  }

  /** What turns the present book into another one. */
  #replacement(levels: readonly MarketLevel[]): Entry[] {
    const fresh = new WindowBook({ time: this.#time, levels });
    const sides: readonly Side[] = ['bid', 'ask'];
    const gone = sides.flatMap((side) =>
      this.#sides[side].levels
        .filter(({ price }) => !fresh.#sides[side].find(price).isFound)
        .map(({ price }) => ({ side, price, size: '0' })),
    );
    const changed = levels.filter(({ side, price, size }) => {
      const { rank, isFound } = this.#sides[side].find(price);
      const known = this.#sides[side].levels[rank];
      return !isFound || !known || compareDecimals(known.size, size) !== 0;
    });
    return [...gone, ...changed];
  }

  /** Forgets what the market itself no longer knows. */
  #cut(depth: number, seen: WindowEntries): void {
    for (const side of ['bid', 'ask'] as const) {
      for (const { price } of this.#sides[side].levels.slice(depth))
        this.#remove({ side, price }, seen);
    }
  }
}
