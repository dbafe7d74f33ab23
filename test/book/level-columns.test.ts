import { describe, expect, it } from 'vitest';
import {
  ASK,
  BID,
  copyColumns,
  createDecimalReader,
  createLevelChanges,
  createLevelColumns,
  MAX_COLUMN_LEVELS,
} from '../../src/book/index.js';
import { ProtocolError } from '../../src/model/error.js';

describe('level columns', () => {
  it('hold the digits and decimals of each level', () => {
    const columns = createLevelColumns();
    expect(columns.pushText(BID, '65083.67', '0.00000000')).toBe(true);
    expect(columns.pushText(ASK, '1505', '301727260.79999999')).toBe(true);
    expect(columns.count).toBe(2);
    expect([...columns.sides.subarray(0, 2)]).toEqual([BID, ASK]);
    expect([...columns.priceUnits.subarray(0, 2)]).toEqual([6508367, 1505]);
    expect([...columns.priceDecimals.subarray(0, 2)]).toEqual([2, 0]);
    expect([...columns.sizeUnits.subarray(0, 2)]).toEqual([0, NaN]);
    expect([...columns.sizeDecimals.subarray(0, 2)]).toEqual([8, 8]);
    expect([...columns.exactUnits]).toEqual([[3, 30172726079999999n]]);
  });

  it('add nothing where a text is not a decimal', () => {
    const columns = createLevelColumns();
    expect(columns.pushText(BID, '1e5', '1')).toBe(false);
    expect(columns.pushText(BID, '1', '')).toBe(false);
    expect(columns.pushText(BID, '9'.repeat(30), '-1')).toBe(false);
    expect(columns.count).toBe(0);
    expect(columns.exactUnits.size).toBe(0);
  });

  it('take levels from readers that are used again', () => {
    const columns = createLevelColumns();
    const price = createDecimalReader();
    const size = createDecimalReader();
    for (const text of ['1.5', '12345678901234567890.5', '2.5']) {
      price.readText(text);
      size.readText('1');
      columns.push(ASK, price, size);
    }
    const prices = createLevelChanges(columns)
      .toArray()
      .map((change) => change.price);
    expect(prices).toEqual(['1.5', '12345678901234567890.5', '2.5']);
  });

  it('keep what they hold when they grow, and forget it when cleared', () => {
    const columns = createLevelColumns(1);
    for (let index = 0; index < 1000; index += 1) columns.pushText(BID, String(index), '1');
    expect(columns.count).toBe(1000);
    expect(columns.priceUnits[0]).toBe(0);
    expect(columns.priceUnits[999]).toBe(999);
    columns.pushText(BID, '9'.repeat(20), '1');
    columns.clear();
    expect(columns.count).toBe(0);
    expect(columns.exactUnits.size).toBe(0);
  });

  it('refuse more levels than their limit with FRAME_INVALID', () => {
    const columns = createLevelColumns(1);
    const reader = createDecimalReader();
    reader.readText('1');
    for (let index = 0; index < MAX_COLUMN_LEVELS; index += 1) columns.push(BID, reader, reader);
    expect(() => columns.push(BID, reader, reader)).toThrow(ProtocolError);
    expect(() => columns.push(BID, reader, reader)).toThrow(/more than 524288 levels/);
    expect(columns.count).toBe(MAX_COLUMN_LEVELS);
  });

  it('can be copied for later', () => {
    const columns = createLevelColumns();
    columns.pushText(ASK, '2.50', '12345678901234567890');
    const copy = copyColumns(columns);
    columns.clear();
    columns.pushText(BID, '1', '1');
    expect(createLevelChanges(copy).toArray()).toEqual([
      {
        side: 'ask',
        price: '2.50',
        size: '12345678901234567890',
        priceNumber: 2.5,
        sizeNumber: 12345678901234567890,
      },
    ]);
    expect(copy.priceUnits.length).toBe(1);
  });
});

describe('level changes', () => {
  it('spell numbers as the wire did, and every deletion as 0', () => {
    const columns = createLevelColumns();
    columns.pushText(BID, '64525.0', '0.53807066');
    columns.pushText(ASK, '64525.30', '0.00000000');
    const changes = createLevelChanges(columns);
    expect(changes.count).toBe(2);
    expect(changes.at(0)).toEqual({
      side: 'bid',
      price: '64525.0',
      size: '0.53807066',
      priceNumber: 64525,
      sizeNumber: 0.53807066,
    });
    expect(changes.at(1)).toMatchObject({ side: 'ask', price: '64525.30', size: '0' });
  });

  it('follow the columns from message to message', () => {
    const columns = createLevelColumns();
    const changes = createLevelChanges(columns);
    columns.pushText(BID, '1', '1');
    expect(changes.toArray()).toHaveLength(1);
    columns.clear();
    expect(changes.toArray()).toEqual([]);
    expect(() => changes.at(0)).toThrow(RangeError);
    expect(() => changes.at(-1)).toThrow(RangeError);
  });
});
