// Both sides of a book and their units. Normally units are safe integers in typed arrays. When a
// number comes that is not one at the book's decimals, the book goes on in exact integers until the
// next snapshot. Decimals follow the wire: levels are rescaled, never rounded.
import { ASK, BID, type BookUnits, type LevelColumns, type SideIndex } from '../model/levels.js';
import {
  countNewLevels,
  createExactReader,
  exactPowerOfTen,
  explainInvalidColumns,
  findUnitScale,
  fitsScale,
  POWERS_OF_TEN,
  readExactSide,
  UnitSides,
  widenScale,
  type ExactReader,
  type Scale,
} from './column-units.js';
import { createExactLevels } from './exact-levels.js';
import type { LevelStore } from './levels.js';
import { loadSide } from './load-side.js';
import { UnitLevels } from './unit-levels.js';

/** What both sides of a book are made of. */
export interface BookLevelsOptions {
  /** What an empty book starts from. */
  readonly scale: Scale;
  readonly depth: 'whole' | number;
  readonly maxLevels: number;
}

/** Both sides of a book to change. A message is taken whole or, with a sentence why, not at all. */
export interface BookLevels extends BookUnits {
  replace(columns: LevelColumns): string | undefined;
  merge(columns: LevelColumns): string | undefined;
  /** Whether the best bid is not below the best ask. */
  isCrossed(): boolean;
  /** The size at a price in units; undefined where there is no such level. */
  sizeOf(side: SideIndex, price: bigint): number | bigint | undefined;
}

const SIDES = [BID, ASK] as const;

interface Stores<Units extends number | bigint> {
  readonly bids: LevelStore<Units>;
  readonly asks: LevelStore<Units>;
}

/** `bySide` so that `set` is called in one place only, where V8 can compile it in. */
interface UnitStores {
  readonly bids: UnitLevels;
  readonly asks: UnitLevels;
  readonly bySide: readonly UnitLevels[];
}

function createUnitStores(): UnitStores {
  const bids = new UnitLevels(BID);
  const asks = new UnitLevels(ASK);
  return { bids, asks, bySide: [bids, asks] };
}

function canRescale(store: LevelStore<number>, factors: readonly [number, number]): boolean {
  const [priceFactor, sizeFactor] = factors;
  for (let rank = 0; rank < store.count; rank += 1) {
    if (store.priceAt(rank) * priceFactor > Number.MAX_SAFE_INTEGER) return false;
    if (store.sizeAt(rank) * sizeFactor > Number.MAX_SAFE_INTEGER) return false;
  }
  return true;
}

function copyExactly(source: LevelStore<number>, target: LevelStore<bigint>): void {
  for (let rank = source.count - 1; rank >= 0; rank -= 1) {
    target.set(BigInt(source.priceAt(rank)), BigInt(source.sizeAt(rank)));
  }
}

function mergeExactly(stores: Stores<bigint>, reader: ExactReader): void {
  const { count, sides } = reader.columns;
  for (let index = 0; index < count; index += 1) {
    const store = sides[index] === BID ? stores.bids : stores.asks;
    store.set(reader.price(index), reader.size(index));
  }
}

/** The hot path: no object, no call but one into the store for each level. */
function mergeUnits({ bySide }: UnitStores, columns: LevelColumns, scale: Scale): void {
  const { count, sides, priceUnits, priceDecimals, sizeUnits, sizeDecimals } = columns;
  for (let index = 0; index < count; index += 1) {
    const priceGap = scale.priceDecimals - (priceDecimals[index] as number);
    const sizeGap = scale.sizeDecimals - (sizeDecimals[index] as number);
    const price = (priceUnits[index] as number) * (POWERS_OF_TEN[priceGap] as number);
    const size = (sizeUnits[index] as number) * (POWERS_OF_TEN[sizeGap] as number);
    (bySide[sides[index] as number] as UnitLevels).set(price, size);
  }
}

interface HeldLevels {
  readonly options: BookLevelsOptions;
  readonly units: UnitStores;
  /** While it is there it holds the levels, and `units` is empty. */
  exact: Stores<bigint> | undefined;
  scale: Scale;
}

function promote(held: HeldLevels): Stores<bigint> {
  const promoted = { bids: createExactLevels(BID), asks: createExactLevels(ASK) };
  copyExactly(held.units.bids, promoted.bids);
  copyExactly(held.units.asks, promoted.asks);
  held.units.bids.clear();
  held.units.asks.clear();
  held.exact = promoted;
  return promoted;
}

/** Brings the levels to a wider scale: as units if they and the columns fit, else exactly. */
function rescale(held: HeldLevels, wider: Scale, columnsFit: boolean): void {
  const priceGap = wider.priceDecimals - held.scale.priceDecimals;
  const sizeGap = wider.sizeDecimals - held.scale.sizeDecimals;
  const factors = [POWERS_OF_TEN[priceGap], POWERS_OF_TEN[sizeGap]] as [number, number];
  const { bids, asks } = held.units;
  held.scale = wider;
  if (!held.exact && columnsFit && canRescale(bids, factors) && canRescale(asks, factors)) {
    bids.rescale(...factors);
    asks.rescale(...factors);
    return;
  }
  const exact = held.exact ?? promote(held);
  if (priceGap === 0 && sizeGap === 0) return;
  exact.bids.rescale(exactPowerOfTen(priceGap), exactPowerOfTen(sizeGap));
  exact.asks.rescale(exactPowerOfTen(priceGap), exactPowerOfTen(sizeGap));
}

function findSize(held: HeldLevels, side: SideIndex, price: bigint): number | bigint | undefined {
  const name = side === BID ? 'bids' : 'asks';
  const { exact, units } = held;
  return exact ? exact[name].sizeOf(price) : units[name].sizeOf(Number(price));
}

/** Only a whole book can grow; any other is cut to its depth after each message. */
function explainTooMany(
  held: HeldLevels,
  columns: LevelColumns,
  isReplaced: boolean,
): string | undefined {
  const { maxLevels, depth, scale: firstScale } = held.options;
  if (depth !== 'whole') return undefined;
  const { bids, asks } = held.exact ?? held.units;
  const most = isReplaced ? 0 : Math.max(bids.count, asks.count);
  if (most + columns.count <= maxLevels) return undefined;
  for (const side of SIDES) {
    const before = isReplaced ? 0 : (side === BID ? bids : asks).count;
    // Counting exactly is slow, and only needed close to the limit.
    if (before + columns.count <= maxLevels) continue;
    const scale = isReplaced ? widenScale(firstScale, columns) : held.scale;
    const isHeld = (price: bigint): boolean =>
      !isReplaced && findSize(held, side, price) !== undefined;
    const after = before + countNewLevels(createExactReader(columns, scale), side, isHeld);
    if (after <= maxLevels) continue;
    return `The message makes ${after} levels on one side; the limit is ${maxLevels}.`;
  }
  return undefined;
}

function truncate(held: HeldLevels): void {
  const { depth } = held.options;
  if (depth === 'whole') return;
  const { bids, asks } = held.exact ?? held.units;
  bids.truncate(depth);
  asks.truncate(depth);
}

function replaceLevels(held: HeldLevels, columns: LevelColumns): string | undefined {
  const { units, options } = held;
  const unitScale = findUnitScale(columns, options.scale);
  const problem =
    (unitScale ? undefined : explainInvalidColumns(columns)) ?? explainTooMany(held, columns, true);
  if (problem !== undefined) return problem;
  held.scale = unitScale ?? widenScale(options.scale, columns);
  if (unitScale) {
    held.exact = undefined;
    const sides = new UnitSides(columns, unitScale);
    loadSide(units.bids, sides.read(BID));
    loadSide(units.asks, sides.read(ASK));
  } else {
    units.bids.clear();
    units.asks.clear();
    held.exact = { bids: createExactLevels(BID), asks: createExactLevels(ASK) };
    const reader = createExactReader(columns, held.scale);
    loadSide(held.exact.bids, readExactSide(reader, BID));
    loadSide(held.exact.asks, readExactSide(reader, ASK));
  }
  truncate(held);
  return undefined;
}

function mergeColumns(held: HeldLevels, columns: LevelColumns): string | undefined {
  if (held.exact !== undefined || !fitsScale(columns, held.scale)) {
    const problem = explainInvalidColumns(columns);
    if (problem !== undefined) return problem;
    const wider = widenScale(held.scale, columns);
    rescale(held, wider, fitsScale(columns, wider));
  }
  const problem = explainTooMany(held, columns, false);
  if (problem !== undefined) return problem;
  if (held.exact === undefined) mergeUnits(held.units, columns, held.scale);
  else mergeExactly(held.exact, createExactReader(columns, held.scale));
  truncate(held);
  return undefined;
}

/**
 * A class, and not an object with getters: V8 looks up the fields of the latter in a table, one at
 * a time, on the path of every message.
 */
class HeldBookLevels implements BookLevels {
  readonly #held: HeldLevels;

  constructor(options: BookLevelsOptions) {
    this.#held = {
      options,
      units: createUnitStores(),
      exact: undefined,
      scale: options.scale,
    };
  }

  get bids(): LevelStore<number> | LevelStore<bigint> {
    return (this.#held.exact ?? this.#held.units).bids;
  }

  get asks(): LevelStore<number> | LevelStore<bigint> {
    return (this.#held.exact ?? this.#held.units).asks;
  }

  get priceDecimals(): number {
    return this.#held.scale.priceDecimals;
  }

  get sizeDecimals(): number {
    return this.#held.scale.sizeDecimals;
  }

  replace(columns: LevelColumns): string | undefined {
    return replaceLevels(this.#held, columns);
  }

  merge(columns: LevelColumns): string | undefined {
    return mergeColumns(this.#held, columns);
  }

  isCrossed(): boolean {
    const { exact, units } = this.#held;
    // The key of an ask is its negated price, and of a side without a level minus infinity.
    if (exact === undefined) return units.bids.bestKey + units.asks.bestKey >= 0;
    const { bids, asks } = exact;
    return bids.count > 0 && asks.count > 0 && bids.priceAt(0) >= asks.priceAt(0);
  }

  sizeOf(side: SideIndex, price: bigint): number | bigint | undefined {
    return findSize(this.#held, side, price);
  }
}

/** Both sides, empty. */
export function createBookLevels(options: BookLevelsOptions): BookLevels {
  return new HeldBookLevels(options);
}
