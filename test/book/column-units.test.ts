import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUnitScale, fitsScale, widenScale } from '../../src/book/column-units.js';
import { copyColumns, createLevelColumns } from '../../src/book/index.js';

const UNITS = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 1_000_000 }) },
  { weight: 4, arbitrary: fc.integer({ min: 900_000_000_000, max: Number.MAX_SAFE_INTEGER }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, -1, 0.5, Infinity, 2 ** 53) },
);
const DECIMALS = fc.oneof(
  { weight: 12, arbitrary: fc.nat({ max: 10 }) },
  { weight: 1, arbitrary: fc.nat({ max: 255 }) },
);
const LEVEL = fc.record({
  side: fc.oneof(
    { weight: 40, arbitrary: fc.nat({ max: 1 }) },
    { weight: 1, arbitrary: fc.constant(2) },
  ),
  price: UNITS,
  priceDecimals: DECIMALS,
  size: UNITS,
  sizeDecimals: DECIMALS,
});
const SCALE = fc.record({ priceDecimals: fc.nat({ max: 12 }), sizeDecimals: fc.nat({ max: 12 }) });

describe('the scale of a snapshot, found in one pass', () => {
  it('is the wider one where all numbers fit it, and else none', () => {
    let found = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(LEVEL, { maxLength: 6 }), SCALE, (levels, least) => {
        const columns = createLevelColumns();
        for (const { price, size, ...level } of levels) {
          columns.push(
            level.side as 0 | 1,
            { units: price, decimals: level.priceDecimals, exactUnits: undefined },
            { units: size, decimals: level.sizeDecimals, exactUnits: undefined },
          );
        }
        const wider = widenScale(least, columns);
        const expected = fitsScale(columns, wider) ? wider : undefined;
        expect(findUnitScale(columns, least)).toEqual(expected);
        if (expected) found += 1;
        else refused += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(found, refused)).toBeGreaterThan(300);
  });
});

describe('columns of a message that comes in parts', () => {
  it('hold the same levels with and without room made before, small parts and large ones', () => {
    const part = createLevelColumns();
    for (let level = 0; level < 200; level += 1) part.pushText(0, `${level + 1}.5`, `${level}`);
    for (const [reserved, counts] of [
      [0, [3, 200, 5]],
      [2_000, [200, 200, 70]],
      [100, [1, 1, 200]],
    ] as const) {
      const grown = createLevelColumns(1);
      const roomy = createLevelColumns(1);
      for (const count of counts) {
        for (let level = 0; level < count; level += 1) {
          grown.pushText(0, `${level + 1}.5`, `${level}`);
        }
        // The first part is only shown until there is another one.
        if (roomy.count === 0) roomy.borrow(part, count);
        else roomy.append(part, count);
        roomy.reserve(reserved);
      }
      expect(copyColumns(roomy)).toEqual(copyColumns(grown));
    }
  });
});
