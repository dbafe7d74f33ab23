import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { kraken } from '../../../src/venues/kraken/index.js';
import { followBooks, hasSamples, readSample, SKIP_NOTE } from './samples.js';

type Levels = readonly (readonly [price: string, qty: string])[];

interface Sides {
  readonly asks: Levels;
  readonly bids: Levels;
}

interface BookVector extends Sides {
  readonly crc32: number;
  readonly price_precision?: number;
  readonly qty_precision?: number;
}

/** The venue's rule, from its words and apart from the project's own arithmetic. */
function checksumOf(asks: Levels, bids: Levels): number {
  const digits = (text: string): string => text.replace('.', '').replace(/^0+/, '');
  const levels = [...asks.slice(0, 10), ...bids.slice(0, 10)];
  return crc32(levels.map(([price, qty]) => digits(price) + digits(qty)).join(''));
}

/** A frame as the wire has it: numbers in their own digits. */
function frameOf(type: string, sides: Sides, checksum?: number): string {
  const { asks, bids } = sides;
  const list = (levels: Levels): string =>
    levels.map(([price, qty]) => `{"price":${price},"qty":${qty}}`).join(',');
  return (
    `{"channel":"book","type":"${type}","data":[{"symbol":"A/B","bids":[${list(bids)}],"asks":` +
    `[${list(asks)}],"checksum":${checksum ?? checksumOf(asks, bids)}}]}`
  );
}

function pad(levels: Levels, vector: BookVector): Levels {
  const padOne = (text: string, decimals: number): string => {
    const [whole = '', fraction = ''] = text.split('.');
    return decimals === 0 ? whole : `${whole}.${fraction.padEnd(decimals, '0')}`;
  };
  const { price_precision: priceDecimals = 0, qty_precision: qtyDecimals = 0 } = vector;
  return levels.map(([price, qty]) => [padOne(price, priceDecimals), padOne(qty, qtyDecimals)]);
}

const outcomeOf = (depth: number, ...frames: string[]): string[] => {
  const { follow } = followBooks(kraken(), depth);
  return frames.flatMap(follow).map(({ outcome }) => outcome.kind);
};

const asks: Levels = Array.from({ length: 10 }, (_, at) => [`${101 + at}.0`, '1.00000000']);
const bids: Levels = Array.from({ length: 10 }, (_, at) => [`${100 - at}.0`, '2.50000000']);

describe('the book of Kraken', () => {
  it('cuts to the depth after each message, as what is pushed out gets no delete', () => {
    const better: Levels = [['100.5', '3.00000000']];
    const pushed = [...better, ...bids.slice(0, 9)] as Levels;
    const gone: Levels = [['100.5', '0.00000000']];
    // The venue fills the tenth place again, with a level that is not the one pushed out.
    const refilled = [...bids.slice(0, 9), ['90.5', '7.00000000']] as Levels;
    const frames = [
      frameOf('snapshot', { asks, bids }),
      frameOf('update', { asks: [], bids: better }, checksumOf(asks, pushed)),
      frameOf(
        'update',
        { asks: [], bids: [...gone, ['90.5', '7.00000000']] },
        checksumOf(asks, refilled),
      ),
    ];
    expect(outcomeOf(10, ...frames)).toEqual(['applied', 'applied', 'applied']);
    // Without the cut the level at 91 is still there and stands before the one at 90.5.
    expect(outcomeOf(25, ...frames)).toEqual(['applied', 'applied', 'refused']);
  });

  it('takes books with fewer than ten levels, and empty ones', () => {
    const few = frameOf('snapshot', { asks: asks.slice(0, 1), bids: bids.slice(0, 3) });
    expect(outcomeOf(10, few, frameOf('snapshot', { asks: [], bids: [] }))).toEqual([
      'applied',
      'applied',
    ]);
  });

  it('takes prices without decimals and quantities that no double holds', () => {
    const huge: Levels = [['886110000000', '301727260.79999999']];
    expect(outcomeOf(10, frameOf('snapshot', { asks: huge, bids: [['1', '0.00000001']] }))).toEqual(
      ['applied'],
    );
  });

  it('proves ten levels and says so: a change lost below them is not seen', () => {
    const rule = kraken({ bookDepth: 25 }).book;
    expect(rule).toMatchObject({ depth: 25, verifiedDepth: 10 });
    const deep: Levels = [...bids, ['80.0', '1.00000000']];
    const change: Levels = [['80.0', '2.00000000']];
    const withheld = [
      frameOf('snapshot', { asks, bids: deep }),
      frameOf('update', { asks: [], bids: [] }, checksumOf(asks, deep)),
    ];
    const whole = [
      withheld[0]!,
      frameOf('update', { asks: [], bids: change }, checksumOf(asks, deep)),
    ];
    expect(outcomeOf(25, ...withheld)).toEqual(['applied', 'applied']);
    expect(outcomeOf(25, ...whole)).toEqual(['applied', 'applied']);
  });
});

describe.skipIf(!hasSamples)(`the checksums that the venue publishes${SKIP_NOTE}`, () => {
  const vectors = hasSamples
    ? (JSON.parse(readSample('doc-vectors.json')) as Record<string, BookVector>)
    : {};

  it('hold for the guide of v2, 3310070434', () => {
    const guide = vectors['v2_book_guide']!;
    expect(guide.crc32).toBe(3310070434);
    expect(outcomeOf(10, frameOf('snapshot', guide, guide.crc32))).toEqual(['applied']);
  });

  it('hold for the page of the channel, 2439117997 and then 2114181697', () => {
    const page = vectors['v2_book_page_matic_snapshot']!;
    const update = vectors['v2_book_page_matic_update']!;
    const snapshot = frameOf(
      'snapshot',
      { asks: pad(page.asks, page), bids: pad(page.bids, page) },
      page.crc32,
    );
    const change = frameOf('update', { asks: [], bids: pad(update.bids, page) }, update.crc32);
    expect([page.crc32, update.crc32]).toEqual([2439117997, 2114181697]);
    expect(outcomeOf(10, snapshot, change)).toEqual(['applied', 'applied']);
  });

  it('hold for the guide of v1, 974947235', () => {
    const guide = vectors['v1_book_guide']!;
    expect(guide.crc32).toBe(974947235);
    expect(outcomeOf(10, frameOf('snapshot', guide, guide.crc32))).toEqual(['applied']);
  });
});
