import { describe, expect, it } from 'vitest';
import { requireAgreement } from './agreement.js';
import { subjectOf } from './subjects.js';

/** What the reader of shapes takes at once: see `assembly/memory.ts`. */
const PART_BYTES = 65_536;
const PART_LEVELS = 4_096;
const TIME = '2026-08-09T02:39:53.495541Z';

type Level = readonly [price: string, size: string];

const joinLevels = (levels: readonly Level[], write: (level: Level) => string): string =>
  levels.map(write).join(',');

/** Frames of both sides with so many levels each, as every venue spells them. */
const WRITERS: Readonly<
  Record<string, (bids: readonly Level[], asks: readonly Level[]) => string>
> = {
  'Coinbase l2_data': (bids, asks) => {
    const write =
      (side: string) =>
      ([price, size]: Level): string =>
        `{"side":"${side}","event_time":"${TIME}","price_level":"${price}",` +
        `"new_quantity":"${size}"}`;
    const updates = [joinLevels(bids, write('bid')), joinLevels(asks, write('offer'))];
    return (
      `{"channel":"l2_data","timestamp":"${TIME}","sequence_num":1,"events":[{"type":` +
      `"snapshot","product_id":"BTC-USD","updates":[${updates.filter(Boolean).join(',')}]}]}`
    );
  },
  'Kraken v2 book': (bids, asks) => {
    const write = ([price, size]: Level): string => `{"price":${price},"qty":${size}}`;
    return (
      '{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD",' +
      `"bids":[${joinLevels(bids, write)}],"asks":[${joinLevels(asks, write)}],` +
      `"checksum":7,"timestamp":"${TIME}"}]}`
    );
  },
  'Kraken v1 book': (bids, asks) => {
    const write = ([price, size]: Level): string => `["${price}","${size}","1765432100.123456"]`;
    return (
      `[336,{"a":[${joinLevels(asks, write)}]},{"b":[${joinLevels(bids, write)}],"c":"7"},` +
      '"book-1000","XBT/USD"]'
    );
  },
  'Cloud9Trader order-book': (bids, asks) => {
    const write = ([price, size]: Level): string => `[${price},${size}]`;
    return (
      `["order-book.BTC:X",{"sequence":5,"bids":[${joinLevels(bids, write)}],` +
      `"asks":[${joinLevels(asks, write)}]}]`
    );
  },
};

function listLevels(count: number, first: number, digits = 1): Level[] {
  const size = '1'.padEnd(digits, '0');
  return Array.from({ length: count }, (_, rank) => [`${first + rank}.5`, `${size}.${rank + 1}`]);
}

describe.each(Object.entries(WRITERS))('a frame of %s that is read in parts', (name, write) => {
  const subject = subjectOf(name);
  const check = (text: string, isScanned = true): void => {
    const frame = Buffer.from(text);
    expect(subject.isScanned(frame)).toBe(isScanned);
    requireAgreement(subject, frame);
  };

  it('is read as the codec reads it, wherever a part ends', () => {
    const base = write(listLevels(400, 10_000), listLevels(400, 20_000));
    const itemBytes = Math.round(base.length / 800);
    const count = Math.round(PART_BYTES / itemBytes / 2);
    // Around the length of a part, and around two of them, byte by byte of a level.
    for (const levels of [count - 3, count, count * 2]) {
      for (let digits = 1; digits <= 12; digits += 1) {
        check(write(listLevels(levels, 10_000, digits), listLevels(levels, 70_000)));
      }
    }
  });

  it('is read with more levels than the columns hold, on one side or both', () => {
    check(write(listLevels(PART_LEVELS + 1, 10_000), []));
    check(write([], listLevels(3 * PART_LEVELS, 10_000)));
    check(write(listLevels(2 * PART_LEVELS, 10_000), listLevels(PART_LEVELS, 50_000)));
  });

  it('is read with numbers beyond 2^53, unless there are very many of them', () => {
    const long = (count: number): Level[] =>
      listLevels(count, 10_000).map(([price], rank) => [price, `123456789012345678.${rank + 1}`]);
    check(write(long(3), listLevels(3_000, 90_000)));
    check(write(listLevels(3_000, 10_000), long(60)));
    check(write(long(70), []), false);
    check(write([['0.000000000000000000001', '1']], [['9007199254740993', '0.00']]));
    check(write([['1', '2'.repeat(61)]], []), false);
  });

  it('is left to the codec where it is damaged far behind its beginning', () => {
    const text = write(listLevels(3_000, 10_000), listLevels(3_000, 50_000));
    for (let at = text.length - 1; at > PART_BYTES; at -= 7_919) {
      check(`${text.slice(0, at)} ${text.slice(at)}`, false);
      expect(subject.isScanned(Buffer.from(text.slice(0, at)))).toBe(false);
    }
  });
});

it('never looks for a symbol in a later part, where other bytes stand in its place', () => {
  const subject = subjectOf('Cloud9Trader order-book');
  const level: Level = ['1000000.5', '1000000000000.5'];
  const count = Math.floor(PART_BYTES / '[1000000.5,1000000000000.5],'.length);
  // The bids end a little before the second part begins, or behind it, at every place.
  for (let fewer = 34; fewer < 40; fewer += 1) {
    for (let digits = 1; digits <= 25; digits += 4) {
      const last: Level = ['1'.padEnd(digits, '0'), '1'];
      const bids = [...Array.from({ length: count - fewer }, () => level), last];
      const text = WRITERS['Cloud9Trader order-book']!(bids, listLevels(200, 10_000));
      const frame = Buffer.from(text.replace('BTC:X', 'no-broker-of-this-name'));
      expect(subject.isScanned(frame)).toBe(false);
    }
  }
});
