import { describe, expect, it } from 'vitest';
import { parseChoice, parseSpeed, parseWholeNumber } from '../../src/cli/number-option.js';

describe('options that are numbers or words', () => {
  const range = { name: '--depth', least: 1, most: 1000 };

  it('reads whole numbers within the range', () => {
    expect(parseWholeNumber('1', range)).toBe(1);
    expect(parseWholeNumber('1000', range)).toBe(1000);
  });

  it.each(['0', '1001', '-1', '1.5', '1e2', '0x10', '', 'ten', '٣'])('refuses "%s"', (text) => {
    expect(() => parseWholeNumber(text, range)).toThrow(/--depth must be a whole number from 1/);
  });

  it('reads a speed as a factor or as max', () => {
    expect(parseSpeed('max')).toBe('max');
    expect(parseSpeed('10x')).toBe(10);
    expect(parseSpeed('0.5')).toBe(0.5);
    expect(() => parseSpeed('fast')).toThrow(/--speed/);
    expect(() => parseSpeed('0')).toThrow(/--speed/);
  });

  it('lists the choices when it refuses a word', () => {
    expect(parseChoice('--format', 'raw', ['raw', 'json'])).toBe('raw');
    expect(() => parseChoice('--format', 'xml', ['raw', 'json'])).toThrow(/raw, json, not 'xml'/);
  });
});
