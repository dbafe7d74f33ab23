import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonText } from '../../src/runtime/json-text.js';

const TEXT = `{
  "rules": [
    { "fault": "drop" },
    {
      "fault": "delay",
      "at": { "kind": "update" }
    }
  ]
}`;

describe('JSON that a person wrote', () => {
  it.each([
    [[], 1],
    [['rules'], 2],
    [['rules', 0, 'fault'], 3],
    [['rules', 1], 4],
    [['rules', 1, 'fault'], 5],
    [['rules', 1, 'at', 'kind'], 6],
    [['rules', 1, 'delayMs'], 4],
    [['rules', 9, 'fault'], 2],
  ])('%j begins in line %i', (path, line) => {
    expect(readJsonText(TEXT, 'x').lineOf(path)).toBe(line);
  });

  it.each([
    ['{"a":1,}', 'line 1, column 8'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3'],
    ['{\n  // why\n}', 'line 2, column 3'],
    ['[1, 2', 'line 1, column 6, at its end'],
    ['', 'line 1, column 1, at its end'],
    ["{'a': 1}", 'line 1, column 2'],
    ['{"a": 01}', 'line 1, column 8'],
  ])('says where it is none: %j', (text, place) => {
    expect(() => readJsonText(text, "'f.json'")).toThrow(`'f.json' is not JSON: ${place}`);
  });

  it('agrees with JSON.parse on what is JSON, for any value and any damage of it', () => {
    const damage = fc.record({ value: fc.jsonValue(), cut: fc.nat(200), add: fc.string() });
    fc.assert(
      fc.property(damage, ({ value, cut, add }) => {
        const text = JSON.stringify(value);
        expect(readJsonText(text, 'x').lineOf(['any'])).toBe(1);
        const damaged = text.slice(0, cut) + add + text.slice(cut);
        let isJson = true;
        try {
          JSON.parse(damaged);
        } catch {
          isJson = false;
        }
        if (isJson) expect(readJsonText(damaged, 'x').lineOf([])).toBe(1);
        else expect(() => readJsonText(damaged, 'x')).toThrow('is not JSON');
      }),
      { numRuns: 300 },
    );
  });
});
