import { test as propertyTest } from 'vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJson, JsonNumber } from '../../src/model/json-number.js';

describe('formatJson', () => {
  it('writes numbers in their own digits, which a double would lose', () => {
    const order = {
      order_qty: new JsonNumber('1.10'),
      limit_price: new JsonNumber('9007199254740993.5'),
    };
    expect(formatJson({ params: order })).toBe(
      '{"params":{"order_qty":1.10,"limit_price":9007199254740993.5}}',
    );
  });

  it.each([
    { a: [1, 'x"\u2028', null, true, undefined], b: undefined, c: { d: [] } },
    [],
    'x',
    1.5,
  ])('writes everything else as JSON.stringify does: %j', (value) =>
    expect(formatJson(value)).toBe(JSON.stringify(value)),
  );

  it('writes dates as JSON.stringify does', () => {
    expect(formatJson([new Date(0)])).toBe('["1970-01-01T00:00:00.000Z"]');
  });

  propertyTest('is JSON.stringify for any value without exact numbers', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => formatJson(value) === JSON.stringify(value)),
      { seed: 20_260_809 },
    );
  });
});

describe('JsonNumber', () => {
  it.each(['', '1e5', '01', '.5', '5.', '+1', 'NaN', '1 ', '1_0', '0x1', '1,2', '1\n'])(
    'refuses what is no plain decimal: %j',
    (digits) => expect(() => new JsonNumber(digits)).toThrow(RangeError),
  );

  it('cannot leave by JSON.stringify, which would put quotes around it', () => {
    expect(() => JSON.stringify({ size: new JsonNumber('1') })).toThrow(TypeError);
  });
});
