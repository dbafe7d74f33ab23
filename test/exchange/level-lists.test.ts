import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeLists, fillList, halveLists } from '../../src/exchange/level-lists.js';

describe('lists of levels in a text', () => {
  it('lose every other level, and no digit of the others', () => {
    const text =
      '{"bids":[{"p":1.10,"q":"]"},{"p":1.00},{"p":0.90}],"asks":[[2,"a,b"],[3,4]],"x":[1]}';
    expect(halveLists(text, ['bids', 'asks'])).toBe(
      '{"bids":[{"p":1.10,"q":"]"},{"p":0.90}],"asks":[[2,"a,b"]],"x":[1]}',
    );
  });

  it('are filled up to a size, empty ones too', () => {
    const item = (step: number) => `[${step},1]`;
    expect(fillList('{"asks":[]}', 'asks', { bytes: 20, item })).toBe('{"asks":[[0,1],[1,1]]}');
    const giant = fillList('{"asks":[[9,9]]}', 'asks', { bytes: 100_000, item });
    expect(giant.length).toBeGreaterThanOrEqual(100_000);
    expect((JSON.parse(giant) as { asks: number[][] }).asks[0]).toEqual([9, 9]);
  });

  it('are left alone where the text breaks off', () => {
    expect(halveLists('{"bids":[[1,2],[3', ['bids'])).toBe('{"bids":[[1,2],[3');
  });

  it('are found as JSON.parse finds them, whatever their items are', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), (items) => {
        const seen: unknown[] = [];
        // What a list holds may itself hold a list of that name; the outer one is meant.
        const text = `{"list":${JSON.stringify(items)}}`;
        const same = changeLists(text, ['list'], (found) => {
          seen.push(...found.map((one) => JSON.parse(one) as unknown));
          return found;
        });
        expect(same).toBe(text);
        expect(seen).toEqual(JSON.parse(JSON.stringify(items)));
      }),
    );
  });
});
