import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crc32,
  createBook,
  createBookChecksum,
  createChecksumText,
  createDecimalReader,
  type ApplyOutcome,
  type Book,
  type BookMessage,
} from '../../src/book/index.js';
import { delta, snapshot, type LevelText } from './book-message.js';
import { readSample, readSampleLines, samplesAbsent } from './samples.js';

interface LevelVector {
  readonly price_precision: number;
  readonly qty_precision: number;
  readonly asks: readonly LevelText[];
  readonly bids: readonly LevelText[];
  readonly checksum_input: string;
  readonly crc32: number;
}

interface OrderVector {
  readonly limit_price: string;
  readonly order_qty: string;
}

interface Vectors {
  readonly v2_book_guide: LevelVector;
  readonly v2_book_page_matic_snapshot: LevelVector;
  readonly v2_book_page_matic_update: LevelVector;
  readonly v1_book_guide: LevelVector;
  readonly v2_level3_guide: {
    readonly message_with_string_decoder: {
      readonly data: readonly [{ readonly asks: OrderVector[]; readonly bids: OrderVector[] }];
    };
    readonly crc32: number;
  };
}

const readVectors = (): Vectors => JSON.parse(readSample('kraken/doc-vectors.json')) as Vectors;

function createCheckedBook(decimals: { priceDecimals?: number; sizeDecimals?: number } = {}): Book {
  return createBook({
    venue: 'test',
    symbol: 'BTC/USD',
    depth: 10,
    verifiedDepth: 10,
    sinceAtMs: 0,
    computeChecksum: createBookChecksum({ depth: 10, ...decimals }),
  });
}

describe('crc32', () => {
  it('has the check value of CRC-32/ISO-HDLC', () => {
    const bytes = new TextEncoder().encode('123456789 and more');
    expect(crc32(bytes, 9)).toBe(0xcbf43926);
    expect(crc32(bytes, 0)).toBe(0);
  });

  it('equals that of zlib for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(crc32(bytes, bytes.length)).toBe(zlibCrc32(bytes));
      }),
    );
  });
});

describe('checksum text', () => {
  it('is the digits of integers without leading zeros', () => {
    const text = createChecksumText();
    const units = [0, 7, 10, 99_999_999, 100_000_000, 1_000_000_007, Number.MAX_SAFE_INTEGER];
    for (const one of units) text.pushUnits(one);
    for (const one of [0n, 12345678901234567890n]) text.pushUnits(one);
    expect(text.toString()).toBe(`${units.slice(1).join('')}12345678901234567890`);
    text.clear();
    expect(text.toString()).toBe('');
  });

  it('spells any safe integer as String does, and grows with it', () => {
    const text = createChecksumText();
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat(), { maxLength: 200 }), (units) => {
        text.clear();
        for (const one of units) text.pushUnits(one);
        expect(text.toString()).toBe(units.map((one) => (one === 0 ? '' : String(one))).join(''));
      }),
    );
  });
});

describe('the checksum of a book', () => {
  const book = {
    bids: [['0.04', '2.5']],
    asks: [['0.05', '0.00001']],
  } as const;

  it('covers asks first, then bids, at the decimals of the wire', () => {
    const checked = createCheckedBook();
    checked.applySnapshot(snapshot(book), 1);
    const input = new TextEncoder().encode('514250000');
    expect(createBookChecksum({ depth: 10 })(checked.levels)).toBe(crc32(input, input.length));
  });

  it('pads to the decimals that are announced', () => {
    const checked = createCheckedBook();
    checked.applySnapshot(snapshot(book), 1);
    const compute = createBookChecksum({ depth: 10, priceDecimals: 5, sizeDecimals: 25 });
    const input = `5000${1}${'0'.repeat(20)}4000${25}${'0'.repeat(24)}`;
    const bytes = new TextEncoder().encode(input);
    expect(compute(checked.levels)).toBe(crc32(bytes, bytes.length));
  });
});

describe('a checksum that is asked for again and again', () => {
  it('is the same for readers that have no copy of the best levels', () => {
    const compute = createBookChecksum({ depth: 10 });
    const reader = (levels: readonly (readonly [number, number])[]) => ({
      count: levels.length,
      priceAt: (rank: number) => levels[rank]![0],
      sizeAt: (rank: number) => levels[rank]![1],
    });
    const decimals = { priceDecimals: 1, sizeDecimals: 3 };
    for (const size of [5, 7, 5]) {
      const bids = reader([[1_000, size]]);
      const asks = reader([[1_001, 20]]);
      expect(compute({ bids, asks, ...decimals })).toBe(zlibCrc32(`100120${1_000}${size}`));
    }
  });

  const digitsOf = (level: { price: string; size: string }, decimals: [number, number]): string =>
    [level.price, level.size]
      .map((text, index) => {
        const [whole = '', fraction = ''] = text.split('.');
        return (whole + fraction.padEnd(decimals[index]!, '0')).replace(/^0+/, '');
      })
      .join('');

  const level = fc
    .tuple(
      fc.constantFrom('bids', 'asks'),
      fc.nat(30),
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom('0', '1', '2.5', '0.00000001', '123456789') },
        { weight: 1, arbitrary: fc.constantFrom('12345678901234567890.5', '1.0000000000001') },
      ),
    )
    .map(([side, step, size]) => {
      const price = side === 'bids' ? `${100 - step}.5` : `${101 + step}${'.25'.repeat(step % 2)}`;
      return { side, entry: [price, size] as const };
    });

  it.each([{}, { priceDecimals: 6, sizeDecimals: 10 }])(
    'is the one of the levels as they are, with %j',
    (decimals) => {
      const { priceDecimals = 0, sizeDecimals = 0 } = decimals as Partial<Record<string, number>>;
      fc.assert(
        fc.property(fc.array(fc.array(level, { maxLength: 4 }), { maxLength: 30 }), (messages) => {
          const book = createBook({
            venue: 'test',
            symbol: 'A',
            depth: 'whole',
            verifiedDepth: 10,
            sinceAtMs: 0,
          });
          const compute = createBookChecksum({ depth: 10, ...decimals });
          book.applySnapshot(snapshot({ bids: [], asks: [] }), 1);
          for (const levels of messages) {
            const of = (side: string) => levels.filter((one) => one.side === side);
            const [bids, asks] = ['bids', 'asks'].map((side) => of(side).map((one) => one.entry));
            book.applyDelta(delta({ bids: bids!, asks: asks! }), 1);
            const { levels: units } = book;
            const shown: [number, number] = [
              Math.max(priceDecimals, units.priceDecimals),
              Math.max(sizeDecimals, units.sizeDecimals),
            ];
            const top = book.top(10);
            const input = [...top.asks, ...top.bids].map((one) => digitsOf(one, shown)).join('');
            expect(compute(units)).toBe(zlibCrc32(input));
          }
        }),
        { numRuns: 200 },
      );
    },
  );

  it('keeps the levels of two books apart', () => {
    const compute = createBookChecksum({ depth: 10 });
    const [left, right] = ['7', '8'].map((size) => {
      const book = createCheckedBook();
      book.applySnapshot(snapshot({ bids: [['1', size]], asks: [] }), 1);
      return book.levels;
    });
    for (let turn = 0; turn < 3; turn += 1) {
      expect(compute(left!)).toBe(zlibCrc32('17'));
      expect(compute(right!)).toBe(zlibCrc32('18'));
    }
  });
});

describe.skipIf(samplesAbsent)('published checksums (skipped where samples are absent)', () => {
  it.each(['v2_book_guide', 'v1_book_guide'] as const)('%s', (name) => {
    const { asks, bids, crc32: checksum, checksum_input: input } = readVectors()[name];
    const book = createCheckedBook();
    expect(book.applySnapshot(snapshot({ asks, bids, checksum }), 1)).toEqual({ kind: 'applied' });
    expect(book.evidence().checksumsVerified).toBe(1);
    expect(crc32(new TextEncoder().encode(input), input.length)).toBe(checksum);
  });

  it('v2_book_page_matic, printed without trailing zeros, with its update', () => {
    const vectors = readVectors();
    const first = vectors.v2_book_page_matic_snapshot;
    const { price_precision: priceDecimals, qty_precision: sizeDecimals } = first;
    const book = createCheckedBook({ priceDecimals, sizeDecimals });
    const message = snapshot({ asks: first.asks, bids: first.bids, checksum: first.crc32 });
    expect(book.applySnapshot(message, 1)).toEqual({ kind: 'applied' });
    const { bids, crc32: checksum } = vectors.v2_book_page_matic_update;
    expect(book.applyDelta(delta({ bids, checksum }), 2)).toEqual({ kind: 'applied' });
    expect(book.evidence().checksumsVerified).toBe(2);
  });

  it('v2_level3_guide, order by order', () => {
    const { message_with_string_decoder: message, crc32: checksum } = readVectors().v2_level3_guide;
    const text = createChecksumText();
    const reader = createDecimalReader();
    for (const order of [...message.data[0].asks, ...message.data[0].bids]) {
      for (const number of [order.limit_price, order.order_qty]) {
        expect(reader.readText(number)).toBe(true);
        text.pushUnits(reader.exactUnits ?? reader.units);
      }
    }
    expect(text.crc32()).toBe(checksum);
  });
});

/** The levels of one side, in the digits of the wire: JSON.parse would lose trailing zeros. */
function extractLevels(line: string, side: 'bids' | 'asks'): LevelText[] {
  const [, list = ''] = new RegExp(`"${side}":\\[(.*?)\\]`).exec(line) ?? [];
  return [...list.matchAll(/"price":([\d.]+),"qty":([\d.]+)/g)].map(
    ([, price = '', quantity = '']) => [price, quantity],
  );
}

function toRecordedMessage(line: string): BookMessage {
  const parts = {
    bids: extractLevels(line, 'bids'),
    asks: extractLevels(line, 'asks'),
    checksum: Number(/"checksum":(\d+)/.exec(line)?.[1]),
  };
  return line.includes('"type":"snapshot"') ? snapshot(parts) : delta(parts);
}

function apply(book: Book, message: BookMessage): ApplyOutcome['kind'] {
  const outcome =
    message.type === 'book.snapshot' ? book.applySnapshot(message, 1) : book.applyDelta(message, 1);
  return outcome.kind;
}

const readRecordedMessages = (): BookMessage[] =>
  readSampleLines('kraken/v2-book-btcusd-d10-raw-2026-07-19.jsonl').map(toRecordedMessage);

describe.skipIf(samplesAbsent)('a recorded book of depth 10 (skipped without samples)', () => {
  it('matches the checksum of every message', () => {
    const book = createCheckedBook();
    const outcomes = readRecordedMessages().map((message) => apply(book, message));
    expect(outcomes).toEqual(Array.from({ length: 41 }, () => 'applied'));
    expect(book.evidence().checksumsVerified).toBe(41);
    expect([book.bidCount, book.askCount]).toEqual([10, 10]);
  });

  // A level that is added by one message and deleted by the next leaves no trace if the first is
  // lost: the book is right again before anything could be noticed. It is never wrong and live.
  it('is never wrong and live when any one update is left out', () => {
    const messages = readRecordedMessages();
    let noticed = 0;
    for (let left = 1; left < messages.length; left += 1) {
      const right = createCheckedBook();
      const lossy = createCheckedBook();
      messages.forEach((message, index) => {
        apply(right, message);
        if (index === left) return;
        apply(lossy, message);
        if (lossy.state.status === 'live') expect(lossy.top(10)).toEqual(right.top(10));
      });
      if (lossy.state.status !== 'live') noticed += 1;
    }
    expect(noticed).toBe(33);
  });
});
