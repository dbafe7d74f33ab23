import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDouble } from '../../src/book/column-units.js';
import { createDecimalReader, formatDecimal, formatUnits } from '../../src/book/index.js';

/** Digits without a needless leading zero, and maybe decimals. */
const plainDecimal = fc.stringMatching(/^(0|[1-9][0-9]{0,28})(\.[0-9]{1,30})?$/);

function readBytes(text: string): string | undefined {
  const padded = new TextEncoder().encode(`{"${text}"}`);
  const reader = createDecimalReader();
  return reader.readBytes(padded, 2, padded.length - 2) ? formatDecimal(reader) : undefined;
}

function readText(text: string): string | undefined {
  const reader = createDecimalReader();
  return reader.readText(text) ? formatDecimal(reader) : undefined;
}

describe('the decimal reader', () => {
  it.each([
    ['65083.67', 6508367, 2],
    ['0', 0, 0],
    ['0.00000000', 0, 8],
    ['0.01', 1, 2],
    ['1505', 1505, 0],
    ['138991023.41', 13899102341, 2],
    ['0.00001000', 1000, 8],
    ['9007199254740991', Number.MAX_SAFE_INTEGER, 0],
  ])('reads %s as units', (text, units, decimals) => {
    const reader = createDecimalReader();
    expect(reader.readText(text)).toBe(true);
    expect([reader.units, reader.decimals]).toEqual([units, decimals]);
    expect(reader.exactUnits).toBeUndefined();
  });

  it.each([
    ['9007199254740992', 9007199254740992n, 0],
    ['90071992547.40993', 9007199254740993n, 5],
    ['301727260.79999999', 30172726079999999n, 8],
    ['886110000000.00000000', 88611000000000000000n, 8],
    ['123456789012345678901234567890', 123456789012345678901234567890n, 0],
  ])('reads %s exactly', (text, exactUnits, decimals) => {
    const reader = createDecimalReader();
    expect(reader.readText(text)).toBe(true);
    expect(reader.units).toBeNaN();
    expect([reader.exactUnits, reader.decimals]).toEqual([exactUnits, decimals]);
  });

  it.each([
    ['', 'nothing'],
    ['.', 'a lone point'],
    ['.5', 'no digit before the point'],
    ['5.', 'no digit after the point'],
    ['1.2.3', 'two points'],
    ['-1', 'a minus'],
    ['+1', 'a plus'],
    ['1e5', 'an exponent'],
    ['1E-8', 'an exponent'],
    ['NaN', 'words'],
    ['Infinity', 'words'],
    ['0x10', 'another base'],
    [' 1', 'a space'],
    ['1 ', 'a space'],
    ['1,5', 'a comma'],
    ['01', 'a leading zero'],
    ['00.5', 'a leading zero'],
    ['\u0131', 'a character whose low byte is a digit'],
    ['\u0661', 'a digit of another script'],
    ['1'.repeat(61), '61 digits'],
    [`0.${'1'.repeat(60)}`, '61 digits with a point'],
    ['1'.repeat(62), '62 digits'],
    ['1'.repeat(100_000), 'a flood'],
  ])('refuses %j: %s', (text) => {
    expect(readText(text)).toBeUndefined();
    expect(readBytes(text)).toBeUndefined();
  });

  it('reads 60 digits with and without a point', () => {
    for (const text of ['1'.repeat(60), `0.${'1'.repeat(59)}`]) expect(readText(text)).toBe(text);
  });

  it('gives every plain decimal back, from text and from bytes', () => {
    fc.assert(
      fc.property(plainDecimal, (text) => {
        expect(readText(text)).toBe(text);
        expect(readBytes(text)).toBe(text);
      }),
    );
  });

  it('accepts nothing that JSON would not read as the same number', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...'0123456789.-+eE '), maxLength: 12 });
    fc.assert(
      fc.property(nearly, (text) => {
        if (readText(text) === undefined) return;
        expect(JSON.parse(text)).toBe(Number(text));
      }),
    );
  });
});

describe('formatUnits', () => {
  it.each([
    [6508367, 2, 0, '65083.67'],
    [150500, 2, 0, '1505'],
    [50, 2, 0, '0.5'],
    [0, 8, 0, '0'],
    [1, 8, 0, '0.00000001'],
    [1100, 3, 2, '1.10'],
    [1234, 3, 2, '1.234'],
    [5, 0, 2, '5.00'],
    [0, 0, 8, '0.00000000'],
    [12, 1, 8, '1.20000000'],
    [30172726079999999n, 8, 0, '301727260.79999999'],
    [88611000000000000000n, 8, 2, '886110000000.00'],
  ])('shows %s at %i decimals, at least %i, as %s', (...row) => {
    const [units, decimals, least, text] = row;
    expect(formatUnits(units, decimals, least)).toBe(text);
  });
});

describe('the double of a decimal', () => {
  it('is the nearest one, as Number finds it in the text', () => {
    const reader = createDecimalReader();
    fc.assert(
      fc.property(plainDecimal, (text) => {
        expect(reader.readText(text)).toBe(true);
        expect(toDouble(reader.units, reader.decimals, text)).toBe(Number(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
