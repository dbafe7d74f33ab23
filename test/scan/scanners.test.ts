import { describe, expect, it } from 'vitest';
import { widenScale, type Scale } from '../../src/book/column-units.js';
import { fitByDigits } from '../../src/book/level-columns.js';
import type { LevelColumns } from '../../src/model/levels.js';
import { countAgreement, listColumns, requireAgreement } from './agreement.js';
import { SCAN_SUBJECTS } from './subjects.js';

/** Whether all numbers have at most 15 digits at the scale, by the numbers themselves. */
function areShort(columns: LevelColumns, { priceDecimals, sizeDecimals }: Scale): boolean {
  const isShort = (units: number, decimals: number, most: number): boolean =>
    Math.max(1, String(units).length - decimals) + most <= 15;
  if (columns.exactUnits.size > 0) return false;
  return Array.from({ length: columns.count }, (_, at) => at).every(
    (at) =>
      isShort(columns.priceUnits[at]!, columns.priceDecimals[at]!, priceDecimals) &&
      isShort(columns.sizeUnits[at]!, columns.sizeDecimals[at]!, sizeDecimals),
  );
}

const WIDE = { priceDecimals: 8, sizeDecimals: 8 };

describe.each(SCAN_SUBJECTS)('the scanner of $name', (subject) => {
  const frames = subject.frames.map((text) => Buffer.from(text));

  it('takes the spelling of the venue, and reads it as the codec does', () => {
    for (const frame of frames) {
      expect(subject.isScanned(frame)).toBe(true);
      requireAgreement(subject, frame);
      expect(subject.scanning.decode(frame).channel).toMatch(/^(?:book|trades|orders-book)$/);
    }
  });

  it('counts the digits of its numbers, so that nobody has to look at each again', () => {
    for (const frame of frames) {
      // The counts begin with the last numbers that had a point: with those of the same frame then.
      subject.scanning.decode(frame);
      for (const columns of listColumns(subject.scanning, frame)) {
        const scale = widenScale({ priceDecimals: 0, sizeDecimals: 0 }, columns);
        const hasPoints = Math.min(scale.priceDecimals, scale.sizeDecimals) > 0;
        if (hasPoints) expect(fitByDigits(columns, scale)).toBe(areShort(columns, scale));
      }
      expect(listColumns(subject.ordinary, frame).some((one) => fitByDigits(one, WIDE))).toBe(
        false,
      );
    }
  });

  it('leaves every truncation, every space and everything after the end to the codec', () => {
    for (const frame of frames) {
      for (let at = 0; at < frame.length; at += 1) {
        expect(subject.isScanned(frame.subarray(0, at))).toBe(false);
      }
      for (const end of [' ', '{}', '\0', ',']) {
        expect(subject.isScanned(Buffer.concat([frame, Buffer.from(end)]))).toBe(false);
      }
      const spaced = frame.toString().replaceAll(/[:,](?=["[{])/g, '$& ');
      expect(subject.isScanned(Buffer.from(spaced))).toBe(false);
      requireAgreement(subject, Buffer.from(spaced));
    }
  });

  it('reads a frame that lies inside a larger buffer, at any place', () => {
    for (const frame of frames) {
      for (let before = 0; before < 9; before += 1) {
        const buffer = Buffer.concat([Buffer.alloc(before, '{'), frame, Buffer.from('}]}')]);
        const inside = buffer.subarray(before, before + frame.length);
        expect(subject.isScanned(inside)).toBe(true);
        requireAgreement(subject, inside);
      }
    }
  });

  it('keeps nothing of a frame that it gave up in the middle of', () => {
    const [first] = frames;
    const before = JSON.stringify(subject.ordinary.decode(first!));
    for (const frame of frames) subject.isScanned(frame.subarray(0, frame.length - 3));
    requireAgreement(subject, first!);
    expect(JSON.stringify(subject.ordinary.decode(first!))).toBe(before);
  });

  it('reads nothing otherwise than the codec, however frames are damaged', () => {
    const { scanned, left } = countAgreement(subject, { seed: 1, count: 8_000 });
    // Both ways were met: damage to digits leaves good frames, other damage does not.
    expect(scanned).toBeGreaterThan(800);
    expect(left).toBeGreaterThan(2_000);
  });
});
