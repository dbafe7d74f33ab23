import type { RandomSource } from '../../src/model/runtime.js';

/** Which frames a rule picks, beside how many of them are let through first. */
type Fits = object;

/** What a script is rolled with. */
export interface Dice {
  fraction(): number;
  whole(least: number, most: number): number;
  pick<One>(list: readonly One[]): One;
  /** One frame of those that fit. */
  at(fits?: Fits): { readonly at: object };
  /** Most often one frame, else each n-th of those that fit. */
  once(fits?: Fits): object;
}

/** How often a rule picks one frame alone. */
const ONE_SHARE = 0.7;

/** `countMax` frames are let through at most before one is picked: of a short day fewer come. */
export function createDice(random: RandomSource, countMax: number): Dice {
  const fraction = (): number => random.fraction();
  const whole = (least: number, most: number): number =>
    least + Math.floor(fraction() * (most - least + 1));
  const at = (fits: Fits = {}) => ({ at: { ...fits, count: whole(1, countMax) } });
  return {
    fraction,
    whole,
    at,
    pick: (list) => list[Math.floor(fraction() * list.length)]!,
    once: (fits = {}) =>
      fraction() < ONE_SHARE
        ? at(fits)
        : { every: { ...fits, frames: whole(5, Math.round(countMax * 1.5)) } },
  };
}
