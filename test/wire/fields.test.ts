import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findDecimal,
  isPlainDecimal,
  readCount,
  readDecimal,
  readWholeNumber,
  toDecimal,
} from '../../src/wire/decimals.js';
import {
  copyFields,
  dropAbsent,
  findText,
  findTimeMs,
  readList,
  readSymbol,
  readText,
  readTimeMs,
  toList,
  toObject,
  type RawObject,
} from '../../src/wire/fields.js';
import {
  createPlace,
  enter,
  FieldFault,
  leaveList,
  pathOf,
  type Place,
} from '../../src/wire/place.js';

type Reader = (from: RawObject, name: string, place: Place) => unknown;

interface WrongField {
  readonly name: string;
  readonly read: Reader;
  readonly values: readonly unknown[];
  readonly expected: string;
}

/** What a reader says of a field, at `data[0].bids[3]`. */
function faultOf(read: Reader, from: RawObject): FieldFault {
  const place = { entry: 'data[0]', list: 'bids', item: 3 };
  try {
    read(from, 'price', place);
  } catch (error) {
    if (error instanceof FieldFault) return error;
    throw error;
  }
  throw new Error('Nothing was wrong.');
}

describe('the place in a frame', () => {
  it('names fields as they are seen from the frame', () => {
    const place = createPlace();
    expect(pathOf(place, '')).toBe('');
    expect(pathOf(place, 'channel')).toBe('channel');
    enter(place, 'data[0]');
    expect(pathOf(place, 'symbol')).toBe('data[0].symbol');
    readList({ bids: [1] }, 'bids', place);
    place.item = 3;
    expect(pathOf(place, 'price')).toBe('data[0].bids[3].price');
    expect(pathOf(place, '')).toBe('data[0].bids[3]');
    expect(pathOf(place, '[1]')).toBe('data[0].bids[3][1]');
    leaveList(place);
    expect(pathOf(place, '')).toBe('data[0]');
  });

  it('counts in an entry that is the list itself', () => {
    const place = createPlace();
    enter(place, '[1]');
    expect(toList([{}], place)).toEqual([{}]);
    expect(pathOf(place, 'price')).toBe('[1][0].price');
    expect(pathOf(place, '')).toBe('[1][0]');
  });
});

describe('fields', () => {
  it.each<WrongField>([
    { name: 'a text', read: readText, values: ['', 5, null, undefined, {}], expected: 'a text' },
    { name: 'a text that may be absent', read: findText, values: [5, {}, []], expected: 'a text' },
    {
      name: 'a symbol',
      read: readSymbol,
      values: ['', 'a b', 'a\nb', 'é', 'x'.repeat(65), 5],
      expected: 'a symbol',
    },
    { name: 'a list', read: readList, values: [{}, 'x', undefined], expected: 'a list' },
    {
      name: 'a time',
      read: readTimeMs,
      values: ['', 'yesterday', 5, undefined],
      expected: 'an RFC 3339 time',
    },
    {
      name: 'a time that may be absent',
      read: findTimeMs,
      values: ['yesterday', 5],
      expected: 'an RFC 3339 time',
    },
    {
      name: 'a decimal',
      read: readDecimal,
      values: ['', '.5', '1.', '01', '-1', '+1', 'NaN', null],
      expected: 'a decimal',
    },
    {
      name: 'a decimal too long',
      read: readDecimal,
      values: ['9'.repeat(62)],
      expected: 'a decimal',
    },
    { name: 'a bare number', read: readDecimal, values: [1.5], expected: 'a decimal in quotes' },
    {
      name: 'a decimal that may be absent',
      read: findDecimal,
      values: ['--1', '-', 'x'],
      expected: 'a decimal',
    },
    {
      name: 'a whole number',
      read: readWholeNumber,
      values: ['1.5', '01', '-1', '', '1'.repeat(31)],
      expected: 'a whole number',
    },
    {
      name: 'a bare whole number',
      read: readWholeNumber,
      values: [5],
      expected: 'a whole number in quotes',
    },
    {
      name: 'a count',
      read: readCount,
      values: ['9007199254740992'],
      expected: 'a whole number from 0 to 2^53 - 1',
    },
  ])('say where $name should be and is not', ({ read, values, expected }) => {
    for (const value of values) {
      const fault = faultOf(read, { price: value });
      expect(fault.path).toBe('data[0].bids[3].price');
      expect(fault.expected).toBe(expected);
      expect(fault.received).not.toBe('');
    }
  });

  it.each<[string, Reader, unknown]>([
    ['text', findText, undefined],
    ['decimal', findDecimal, undefined],
    ['time', findTimeMs, NaN],
  ])('take nothing, null and an empty text for an absent %s', (_name, find, absent) => {
    for (const value of [undefined, null, '']) {
      expect(find({ price: value }, 'price', createPlace())).toEqual(absent);
    }
  });

  it('keep the digits of a decimal, and write an exponent out', () => {
    expect(toDecimal('65083.670')).toBe('65083.670');
    expect(toDecimal('1e-8')).toBe('0.00000001');
    expect(findDecimal({ price: '-1.50' }, 'price', createPlace())).toBe('-1.50');
    expect(findDecimal({ price: '-1E3' }, 'price', createPlace())).toBe('-1000');
    expect(isPlainDecimal('1e3')).toBe(false);
    expect(toDecimal('1e999')).toBeUndefined();
    expect(toDecimal(`1e-8${'0'.repeat(70)}`)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 1_000 }), (whole, fraction) => {
        expect(toDecimal(`${whole}.${fraction}`)).toBe(`${whole}.${fraction}`);
      }),
    );
  });

  it('keep ids that no double holds, and counts that one does', () => {
    const from = { price: '900719925474099312345' };
    expect(readWholeNumber(from, 'price', createPlace())).toBe(from.price);
    expect(readCount({ price: '0' }, 'price', createPlace())).toBe(0);
  });

  it('say where an object should be and is not', () => {
    const place = { entry: 'data[0]', list: '', item: -1 };
    for (const value of [null, [], 'x', 5]) {
      expect(() => toObject(value, place)).toThrow('data[0] should be an object');
    }
    expect(toObject({}, place)).toEqual({});
  });

  it('are copied as texts, without what is deep and without traps', () => {
    const raw: unknown = JSON.parse(
      '{"a":"x","b":1.5,"c":true,"d":{"e":1},"f":[1],"g":null,"__proto__":"p"}',
    );
    expect(copyFields(raw as RawObject)).toEqual({ a: 'x', b: '1.5', c: 'true' });
  });

  it('are left out where there is nothing', () => {
    expect(dropAbsent({ a: undefined, b: 0, c: '', d: false })).toEqual({ b: 0, c: '', d: false });
  });
});
