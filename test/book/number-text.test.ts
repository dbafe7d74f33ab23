import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteNumbers } from '../../src/book/number-text.js';

/** The value with its numbers as texts turned into numbers again is what `JSON.parse` reads. */
function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Makes of every number the mark that a text of its digits gets as well. */
function blurNumbers(value: unknown): unknown {
  if (typeof value === 'number') return { number: value };
  if (typeof value === 'string') {
    return /^-?\d/.test(value) && !Number.isNaN(Number(value)) ? { number: Number(value) } : value;
  }
  if (Array.isArray(value)) return value.map(blurNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([name, item]) => [name, blurNumbers(item)]);
}

function expectSame(text: string): void {
  const plain = parse(text);
  const quoted = parse(quoteNumbers(text));
  expect(quoted === undefined).toBe(plain === undefined);
  if (plain && quoted) expect(blurNumbers(quoted.value)).toEqual(blurNumbers(plain.value));
}

describe('quoting the numbers of a frame', () => {
  it.each([
    ['{"a":1.10}', '{"a":"1.10"}'],
    ['[0,-0.0,1e-08,1E+5]', '["0","-0.0","1e-08","1E+5"]'],
    ['{"id":12393906104898154338}', '{"id":"12393906104898154338"}'],
    ['{"1":"2","3":"4:5"}', '{"1":"2","3":"4:5"}'],
    ['{"a\\"1":"\\\\","b":2}', '{"a\\"1":"\\\\","b":"2"}'],
    ['  7 ', '  "7" '],
    ['[true,false,null]', '[true,false,null]'],
  ])('makes of %s %s', (text, expected) => {
    expect(quoteNumbers(text)).toBe(expected);
  });

  it.each([
    '{1:2}',
    '{1 \n:2}',
    '[01]',
    '[1.]',
    '[.5]',
    '[-]',
    '[--1]',
    '[1-2]',
    '[1e]',
    '[0x10]',
    '[1 2]',
    '[1"a"]',
    '["a"1]',
    '"1',
    '{"a":1',
    '[1_000]',
    '[tru1]',
    '[NaN]',
    '[-Infinity]',
    '[1,]',
  ])('makes nothing valid of %s', (text) => {
    expect(parse(text)).toBeUndefined();
    expect(parse(quoteNumbers(text))).toBeUndefined();
  });

  it('reads any JSON as JSON.parse does, but for the numbers, which are texts', () => {
    const spaces = fc.constantFrom(undefined, 1, '\t', '\n ');
    fc.assert(
      fc.property(fc.jsonValue(), spaces, (value, space) => {
        expectSame(JSON.stringify(value, undefined, space));
      }),
      { numRuns: 1_000 },
    );
  });

  it('accepts a text exactly where JSON.parse does', () => {
    const pieces = '{ } [ ] : , " \\ - + . e E 0 1 12 -3 4.50 "a" "1" \\" true null'.split(' ');
    const piece = fc.constantFrom(...pieces, ' ', '\n', '\u00a0');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (parts) => expectSame(parts.join(''))),
      { numRuns: 20_000 },
    );
  });

  it('accepts a damaged frame exactly where JSON.parse does', () => {
    const damage = fc.record({ at: fc.nat(), text: fc.constantFrom('', '1', '"', ':', '-', '}') });
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(damage, { maxLength: 3 }), (value, damages) => {
        let text = JSON.stringify(value);
        for (const { at, text: piece } of damages) {
          const index = at % (text.length + 1);
          text = text.slice(0, index) + piece + text.slice(index + 1);
        }
        expectSame(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes time in proportion to the text, whatever the text', () => {
    const hostile = ['\\', '"', '\\"', '"\\', '1', '-', '1:', '{', ' '].map((one) =>
      one.repeat(200_000),
    );
    for (const text of [...hostile, `"${'\\'.repeat(400_000)}`, `1${' '.repeat(400_000)}`]) {
      expect(parse(quoteNumbers(text)) === undefined).toBe(parse(text) === undefined);
    }
  });
});
