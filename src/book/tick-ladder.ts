// Levels in a window of prices: a size for each price that a level may have, so that a level is
// found, put in and taken out at once, whatever is around it. A bit for each price says where there
// is a level; 32 prices are looked through at a time.
import type { OrderedLevels } from './levels.js';

const NO_SIZES = new Float64Array(0);
const NO_MARKS = new Int32Array(0);

/** A slot for each key from `base` on; a slot of size zero is empty. */
export class TickLadder {
  /** A multiple of 32; NaN, as long as there is no window. */
  base = NaN;
  /** How many slots there are, also a multiple of 32; none, as long as there is no window. */
  width = 0;
  count = 0;
  /** The slot of the highest key; -1 where there is none. */
  top = -1;
  sizes = NO_SIZES;
  #marks = NO_MARKS;
  /** No level is in a slot below. */
  #bottom = 0;
  /** The slot that was read last, and how many levels are above; -1 where one has changed. */
  #readSlot = -1;
  #readRank = -1;

  /**
   * Puts a level into a slot, or with size zero takes it out. Without a branch but for the best:
   * whether there was a level and whether there will be one cannot be foreseen.
   */
  put(slot: number, size: number): void {
    const sizes = this.sizes;
    const marks = this.#marks;
    const isHeld = Number(size !== 0);
    this.count = (this.count + isHeld - Number((sizes[slot] as number) !== 0)) | 0;
    sizes[slot] = size;
    const word = slot >> 5;
    marks[word] = ((marks[word] as number) & ~(1 << slot)) | (isHeld << slot);
    this.#readRank = -1;
    if (slot >= this.top) this.top = size === 0 ? this.#below(slot) : slot;
    if (slot < this.#bottom) this.#bottom = slot;
  }

  /** The slot of the level with so many better ones in the window; the rank is below `count`. */
  slotOf(rank: number): number {
    if (rank === 0) return this.top;
    let slot = this.#readSlot;
    let read = this.#readRank;
    if (read < 0) {
      slot = this.top;
      read = 0;
    }
    for (; read < rank; read += 1) slot = this.#below(slot);
    for (; read > rank; read -= 1) slot = this.#above(slot);
    this.#readSlot = slot;
    this.#readRank = read;
    return slot;
  }

  /** Takes out levels from the lowest key up. Returns how many: as many as told, or all. */
  dropWorst(most: number): number {
    const dropped = Math.min(most, this.count);
    for (let left = dropped; left > 0; left -= 1) {
      const slot = this.#above((this.#bottom - 1) | 0);
      this.put(slot, 0);
      this.#bottom = slot;
    }
    return dropped;
  }

  /** Makes a window where there was none. */
  open(base: number, width: number): void {
    this.base = base;
    this.width = width;
    this.sizes = new Float64Array(width);
    this.#marks = new Int32Array(width / 32);
  }

  /** Puts levels into a window that has none yet; all of their keys are in it. */
  fill(levels: OrderedLevels<number>, from: number, to: number): void {
    const { base, sizes } = this;
    const marks = this.#marks;
    let count = 0;
    let top = -1;
    for (let at = from; at < to; at += 1) {
      const size = levels.sizes[at] as number;
      if (size === 0) continue;
      top = ((levels.keys[at] as number) - base) | 0;
      sizes[top] = size;
      marks[top >> 5] = (marks[top >> 5] as number) | (1 << top);
      count += 1;
    }
    this.count = count;
    this.top = top;
  }

  /** As it was made: without a window, and without a level. */
  close(): void {
    this.base = NaN;
    this.width = this.count = this.#bottom = 0;
    this.top = this.#readRank = -1;
    this.sizes = NO_SIZES;
    this.#marks = NO_MARKS;
  }

  /** Puts the window elsewhere, or with NaN nowhere; what is outside then is given away. */
  moveTo(base: number, giveAway: (key: number, size: number) => void): void {
    const { sizes, width, base: from } = this;
    const shift = base - from;
    // From the lowest key up, as whoever takes them has them in order.
    let slot = this.#bottom - 1;
    for (let left = this.count; left > 0; left -= 1) {
      slot = this.#above(slot);
      const next = slot - shift;
      if (next >= 0 && next < width) continue;
      giveAway(from + slot, sizes[slot] as number);
      this.put(slot, 0);
    }
    // Where the two windows do not overlap there is nothing left to be moved.
    if (this.count > 0) this.#shift(shift | 0);
    this.base = base;
    this.#bottom = 0;
    this.#readRank = -1;
  }

  /** Multiplies all sizes; the caller knows that the results are exact. */
  scaleSizes(factor: number): void {
    const { sizes } = this;
    for (let slot = 0; slot < sizes.length; slot += 1)
      sizes[slot] = (sizes[slot] as number) * factor;
  }

  #shift(shift: number): void {
    const marks = this.#marks;
    const words = shift / 32;
    this.sizes.copyWithin(Math.max(0, -shift), Math.max(0, shift));
    marks.copyWithin(Math.max(0, -words), Math.max(0, words));
    if (shift > 0) {
      this.sizes.fill(0, -shift);
      marks.fill(0, -words);
    } else {
      this.sizes.fill(0, 0, -shift);
      marks.fill(0, 0, -words);
    }
    this.top = (this.top - shift) | 0;
  }

  /** The next slot down that has a level; -1 where there is none. */
  #below(slot: number): number {
    if (slot <= 0) return -1;
    const marks = this.#marks;
    const last = slot - 1;
    let word = last >> 5;
    let bits = (marks[word] as number) & (-1 >>> (31 - (last & 31)));
    while (bits === 0) {
      if (word === 0) return -1;
      word -= 1;
      bits = marks[word] as number;
    }
    return (word << 5) + 31 - Math.clz32(bits);
  }

  /** The next slot up that has a level. There must be one. */
  #above(slot: number): number {
    const marks = this.#marks;
    const first = slot + 1;
    let word = first >> 5;
    let bits = (marks[word] as number) & (-1 << first);
    while (bits === 0) {
      word += 1;
      bits = marks[word] as number;
    }
    return (word << 5) + 31 - Math.clz32(bits & -bits);
  }
}
