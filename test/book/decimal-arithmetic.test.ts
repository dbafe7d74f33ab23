import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  multiplyDecimals,
  parseIncrement,
  subtractDecimals,
} from '../../src/book/index.js';
import { divideDecimals, isMultipleOf } from '../../src/book/decimal-arithmetic.js';

const decimal = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,25})?$/);

describe('arithmetic on decimal strings', () => {
  it('adds and subtracts without a rounding', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3');
    expect(addDecimals('9007199254740993', '0.00000001')).toBe('9007199254740993.00000001');
    expect(subtractDecimals('1.50', '1.5')).toBe('0');
    expect(subtractDecimals('1', '1.25')).toBe('-0.25');
    expect(addDecimals('-0.25', '0.25')).toBe('0');
  });

  it('multiplies without a rounding', () => {
    expect(multiplyDecimals('0.1', '0.20')).toBe('0.02');
    expect(multiplyDecimals('-9007199254740993', '1.01')).toBe('-9097271247288402.93');
    expect(multiplyDecimals('-0.5', '0')).toBe('0');
    expect(multiplyDecimals('-0.5', '-4')).toBe('2');
    expect(() => multiplyDecimals('1e5', '1')).toThrow(RangeError);
  });

  it('compares by value and not by spelling', () => {
    expect(compareDecimals('1.10', '1.1')).toBe(0);
    expect(compareDecimals('9', '10')).toBe(-1);
    expect(compareDecimals('0.30000000000000001', '0.3')).toBe(1);
    expect(compareDecimals('-0', '0')).toBe(0);
    expect(compareDecimals('-2', '-10')).toBe(1);
  });

  it.each(['', '1e5', '.5', '5.', '+1', 'NaN', '--1', '01', '1'.repeat(121)])(
    'throws RangeError for %j',
    (text) => {
      expect(() => addDecimals(text, '1')).toThrow(RangeError);
      expect(() => subtractDecimals('1', text)).toThrow(RangeError);
      expect(() => compareDecimals(text, text)).toThrow(RangeError);
    },
  );

  it('takes back what it added', () => {
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        const difference = subtractDecimals(addDecimals(left, right), right);
        expect(compareDecimals(difference, left)).toBe(0);
        expect(compareDecimals(left, right)).toBe(0 - compareDecimals(right, left) + 0);
      }),
    );
  });
});

describe('divideDecimals', () => {
  it.each([
    ['152', '1.5', 10, '101.3333333333'],
    ['1', '3', 0, '0'],
    ['1.00', '0.25', 2, '4'],
    ['0', '7', 5, '0'],
    ['9007199254740993', '0.5', 0, '18014398509481986'],
  ])('%s by %s to %i decimals is %s', (...[left, right, decimals, quotient]) => {
    expect(divideDecimals(left, right, decimals)).toBe(quotient);
  });
});

describe('isMultipleOf', () => {
  it.each([
    ['26500.40', '0.1', true],
    ['26500.45', '0.1', false],
    ['9007199254740993', '2', false],
  ])('%s in steps of %s: %s', (decimal, step, isWhole) => {
    expect(isMultipleOf(decimal, step)).toBe(isWhole);
  });
});

describe('parseIncrement', () => {
  it.each([
    ['0.01', '0.01'],
    ['1E-8', '0.00000001'],
    ['1e-08', '0.00000001'],
    ['2.5e-3', '0.0025'],
    ['1.5e2', '150'],
    ['1e+3', '1000'],
    ['0.00000100', '0.000001'],
    ['10', '10'],
    ['0', '0'],
  ])('spells %s as %s', (text, plain) => {
    expect(parseIncrement(text)).toBe(plain);
  });

  it.each(['', 'e5', '1e', '-1', '1e-61', '1e61', '1e9999', '.1', 'Infinity'])(
    'refuses %j',
    (text) => {
      expect(parseIncrement(text)).toBeUndefined();
    },
  );
});
