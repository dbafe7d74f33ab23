import { describe, expect, it } from 'vitest';
import { createLevelColumns } from '../../src/book/level-columns.js';
import { createDeltaBuffer } from '../../src/feed/delta-buffer.js';
import { BID } from '../../src/model/levels.js';
import type { BookMessage } from '../../src/model/message.js';

const columns = createLevelColumns();

function message(type: BookMessage['type'], venueAtMs: number, number = NaN): BookMessage {
  columns.clear();
  columns.pushText(BID, '1', String(venueAtMs));
  return {
    type,
    symbol: 'A',
    venueAtMs,
    columns,
    firstNumber: number,
    lastNumber: number,
    checksum: NaN,
  };
}

const delta = (venueAtMs: number, number?: number): BookMessage =>
  message('book.delta', venueAtMs, number);
const snapshot = (venueAtMs: number, number?: number): BookMessage =>
  message('book.snapshot', venueAtMs, number);

describe('deltas that wait for a snapshot', () => {
  it('are taken where they are later than it, in order, each with its own levels', () => {
    const buffer = createDeltaBuffer({ maxDeltas: 10, maxLevels: 10 });
    for (const venueAtMs of [1, 3, 2, 4]) buffer.push(delta(venueAtMs));
    const later = buffer.takeLaterThan(snapshot(2));
    expect(later?.map((one) => one.venueAtMs)).toEqual([3, 4]);
    expect(later?.map((one) => one.columns.sizeUnits[0])).toEqual([3, 4]);
    expect(buffer.count).toBe(0);
  });

  it('go by their number where the symbol has its own row', () => {
    const buffer = createDeltaBuffer({ maxDeltas: 10, maxLevels: 10 });
    for (const number of [7, 8, 9]) buffer.push(delta(0, number));
    expect(buffer.takeLaterThan(snapshot(100, 8))?.map((one) => one.lastNumber)).toEqual([9]);
  });

  it('are all in the snapshot where the venue says no time', () => {
    const buffer = createDeltaBuffer({ maxDeltas: 10, maxLevels: 10 });
    buffer.push(delta(NaN));
    expect(buffer.takeLaterThan(snapshot(NaN))).toEqual([]);
  });

  it('are bounded: the oldest go, and are missed only by an older snapshot', () => {
    const limits = { maxDeltas: 3, maxLevels: 2 };
    for (const [at, expected] of [
      [2, [3, 4]],
      [1, undefined],
    ] as const) {
      const buffer = createDeltaBuffer(limits);
      for (const venueAtMs of [1, 2, 3, 4]) buffer.push(delta(venueAtMs));
      expect(buffer.count).toBe(2);
      expect(buffer.takeLaterThan(snapshot(at))?.map((one) => one.venueAtMs)).toEqual(expected);
    }
  });
});
