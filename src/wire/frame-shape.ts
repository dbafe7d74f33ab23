/**
 * How a venue spells a frame of an order book, for the fast reader: texts, and the values between
 * them, in their order. A frame that is spelled otherwise in one byte is not for it. The reader is
 * made of this by `npm run kernel`.
 */
import type { SideIndex } from '../model/levels.js';

/**
 * What a frame says beside its levels; NaN where it does not say it. `number` is the frame's own,
 * `sequence` the book's.
 */
export type FactName =
  'type' | 'number' | 'sequence' | 'sentAtMs' | 'venueAtMs' | 'checksum' | 'unused';

/** Where a fact is among the facts of a frame. */
export const FACT_AT: Readonly<Record<FactName, number>> = {
  type: 0,
  number: 1,
  sequence: 2,
  sentAtMs: 3,
  venueAtMs: 4,
  checksum: 5,
  unused: 6,
};

/** What levels of a side begin with. */
type LevelHead = readonly [side: SideIndex, text: string];

/** How a list of levels goes on after its `[`; a level begins with one of the texts of `heads`. */
export interface LevelsShape {
  /** For a list of one side its side and text; for a list of both what each side begins with. */
  readonly heads: readonly [LevelHead, LevelHead?];
  /** An RFC 3339 time between that text and the price, the same for all levels of the list. */
  readonly time?: { readonly fact: FactName; readonly beforePrice: string };
  readonly beforeSize: string;
  /** Unix seconds after the size, of which the latest counts. */
  readonly seconds?: { readonly fact: FactName; readonly text: string };
  readonly end: string;
  /** Another end that means the same. */
  readonly otherEnd?: string;
}

/** One step of a frame. */
export type ShapeStep =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'if';
      readonly text: string;
      readonly then: readonly ShapeStep[];
      readonly otherwise: readonly ShapeStep[];
    }
  | { readonly kind: 'note'; readonly fact: FactName; readonly value: number }
  | { readonly kind: 'time'; readonly fact: FactName }
  | { readonly kind: 'whole'; readonly fact: FactName; readonly digitsMax: number }
  | { readonly kind: 'symbol' }
  | { readonly kind: 'levels'; readonly shape: LevelsShape };

/** The frames of one kind. */
export interface FrameShape {
  /** Of the module's function that reads them. */
  readonly name: string;
  readonly steps: readonly ShapeStep[];
}

/** More digits than this may pass 2^53; the ordinary codec decides on those. */
const NUMBER_DIGITS_MAX = 15;

/** ASCII that has to stand here. */
export const text = (wanted: string): ShapeStep => ({ kind: 'text', text: wanted });

/** ASCII that may stand here, and what comes after it then. */
export const optional = (wanted: string, ...then: readonly ShapeStep[]): ShapeStep => ({
  kind: 'if',
  text: wanted,
  then,
  otherwise: [],
});

/** One of two texts, and what comes after each. */
export const either = (
  [first, ...then]: readonly [string, ...ShapeStep[]],
  [second, ...otherwise]: readonly [string, ...ShapeStep[]],
): ShapeStep => ({
  kind: 'if',
  text: first,
  then,
  otherwise: [text(second), ...otherwise],
});

/** Notes a value of our own: which way the frame went. */
export const note = (fact: FactName, value: number): ShapeStep => ({ kind: 'note', fact, value });

/** RFC 3339 in UTC, as Unix milliseconds. */
export const time = (fact: FactName): ShapeStep => ({ kind: 'time', fact });

/** A JSON number without sign, point and leading zero. */
export const whole = (fact: FactName, digitsMax = NUMBER_DIGITS_MAX): ShapeStep => ({
  kind: 'whole',
  fact,
  digitsMax,
});

/** The venue's name of what is traded, up to the quote after it. */
export const symbol: ShapeStep = { kind: 'symbol' };

/** Levels up to, and with, the `]` after them. */
export const levels = (shape: LevelsShape): ShapeStep => ({ kind: 'levels', shape });
