import { describe, expect, it } from 'vitest';
import type { BookReadOptions } from '../../src/model/book.js';
import { asksForStale } from '../../src/model/read-options.js';

describe('options of a reading', () => {
  it('ask for stale data by name, or not', () => {
    expect(asksForStale(undefined)).toBe(false);
    expect(asksForStale({})).toBe(false);
    expect(asksForStale({ evenIfStale: undefined })).toBe(false);
    expect(asksForStale({ evenIfStale: false })).toBe(false);
    expect(asksForStale({ evenIfStale: true })).toBe(true);
  });

  it.each([
    ['Did you mean "evenIfStale"?', { evenifstale: true }],
    ['There are: evenIfStale.', { depth: 5 }],
    ['An object is wanted for the options of a reading', true],
    ['An object is wanted for the options of a reading', null],
    ['evenIfStale must be true or false', { evenIfStale: 'no' }],
  ])('are refused with "%s"', (text, given) => {
    const ask = (): boolean => asksForStale(given as BookReadOptions);
    expect(ask).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(ask).toThrow(text);
  });
});
