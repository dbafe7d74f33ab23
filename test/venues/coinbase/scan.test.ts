import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnyBytes } from '../../contract/venue-hostile-input.js';
import { requireAgreement } from '../../scan/agreement.js';
import { subjectOf } from '../../scan/subjects.js';
import { envelope, rawLevel } from './market-fixtures.js';
import { readSample, readSampleLines, samplesAbsent } from './samples.js';

const subject = subjectOf('Coinbase l2_data');
const { isScanned, ordinary, scanning } = subject;

/** Both ways must answer alike: the same frame, or the same refusal. */
const expectSameAnswer = (frame: Uint8Array): void => requireAgreement(subject, frame);

function bookFrame(type: string, levels: readonly (readonly [string, string, string])[]): Buffer {
  const updates = levels.map(([side, price, size]) => rawLevel(side, price, size));
  return Buffer.from(envelope('l2_data', { type, product_id: 'BTC-USD', updates }, 17));
}

const TWO_LEVELS = bookFrame('update', [
  ['bid', '65083.66', '0.20371215'],
  ['offer', '65083.67', '0'],
]);

const MANY_KINDS = [
  TWO_LEVELS,
  bookFrame('snapshot', []),
  bookFrame('snapshot', [['bid', '123456789012345678901.5', '301727260.79999999']]),
  Buffer.from(TWO_LEVELS.toString().replace('l2_data",', 'l2_data","client_id":"",')),
  Buffer.from(TWO_LEVELS.toString().replace(':17,', ':0,')),
];

describe('the scanner', () => {
  it('takes the spelling that the venue uses', () => {
    for (const frame of MANY_KINDS) {
      expect(isScanned(frame)).toBe(true);
      expectSameAnswer(frame);
    }
  });

  it.each([
    ['another channel', 'l2_data', 'ticker'],
    ['a space', '"side":', '"side": '],
    [
      'another order of fields',
      /"type":"update","product_id":"BTC-USD"/,
      '"product_id":"BTC-USD","type":"update"',
    ],
    ['a field more', '"side":"bid",', '"side":"bid","new":1,'],
    ['the side ask', '"offer"', '"ask"'],
    ['another event', '}]}]}', '}]},{"type":"update"}]}'],
    ['two times', /T02:39:53.495541Z(?=.*offer)/, 'T02:39:52.495541Z'],
    ['a time of the same length that is none', /-30T02:39:53.495541Z/g, '-31T02:39:53.495541Z'],
    ['an escape', 'BTC-USD', 'BTC\\u002dUSD'],
    ['a number in another spelling', ':17,', ':1.7e1,'],
    ['a leading zero', ':17,', ':017,'],
    ['a number past 2^53', ':17,', ':9007199254740993,'],
    ['a price without quotes', '"65083.66"', '65083.66'],
    ['a price with a leading zero', '"65083.66"', '"065083.66"'],
    ['a size with an exponent', '"0.20371215"', '"2e-1"'],
    ['an empty price', '"65083.66"', '""'],
    ['a product with a space', 'BTC-USD', 'BTC USD'],
    ['an empty product', 'BTC-USD', ''],
    ['an unknown type', '"update"', '"upsert"'],
    ['a comma too many', '}]}]}', '},]}]}'],
    ['white space after the end', /$/, ' '],
    ['a second frame after the end', /$/, '{}'],
  ])('leaves to the ordinary codec: %s', (_name, from, to) => {
    const text = TWO_LEVELS.toString();
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(isScanned(Buffer.from(changed))).toBe(false);
    expectSameAnswer(Buffer.from(changed));
  });

  it('keeps nothing of a frame that it gave up in the middle of', () => {
    const broken = Buffer.from(TWO_LEVELS.toString().replace('"offer"', '"other"'));
    expect(decodeAnyBytes(scanning, broken)).toBeUndefined();
    expectSameAnswer(TWO_LEVELS);
  });

  it('reads a frame that lies inside a larger buffer, at any place', () => {
    for (let before = 0; before < 9; before += 1) {
      const buffer = Buffer.concat([Buffer.alloc(before, '{'), TWO_LEVELS, Buffer.from('}]}')]);
      const frame = buffer.subarray(before, before + TWO_LEVELS.length);
      expect(isScanned(frame)).toBe(true);
      expect(decodeAnyBytes(scanning, frame)).toEqual(decodeAnyBytes(ordinary, TWO_LEVELS));
    }
  });

  it('answers as the ordinary codec does, whatever the digits', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789.'), maxLength: 70 });
    const side = fc.constantFrom('bid', 'offer');
    fc.assert(
      fc.property(fc.array(fc.tuple(side, digits, digits), { maxLength: 5 }), (levels) => {
        expectSameAnswer(bookFrame('update', levels));
      }),
    );
  });

  it('answers as the ordinary codec does, however a frame is damaged', () => {
    const damage = fc.record({
      which: fc.nat(MANY_KINDS.length - 1),
      at: fc.nat(),
      length: fc.constantFrom(0, 0, 1, 1, 1, 2, 8),
      insert: fc.string({ unit: fc.constantFrom(...'0123456789"\\,.:{}[] -eTZabid\u0000\u007fé') }),
    });
    let scanned = 0;
    fc.assert(
      fc.property(damage, ({ which, at, length, insert }) => {
        const frame = MANY_KINDS[which]!.toString();
        const from = at % frame.length;
        const damaged = Buffer.from(frame.slice(0, from) + insert + frame.slice(from + length));
        if (isScanned(damaged)) scanned += 1;
        expectSameAnswer(damaged);
      }),
      { numRuns: 5_000 },
    );
    // Some damage only changes a digit: both ways must have been compared on accepted frames too.
    expect(scanned).toBeGreaterThan(50);
  });
});

describe.skipIf(samplesAbsent)('the scanner on recorded traffic (left out where absent)', () => {
  it('takes every book frame of the session, and reads it as the ordinary codec does', () => {
    const lines = readSampleLines('advtrade-cryptofeed-2026-08-09-trimmed250.jsonl');
    let scanned = 0;
    for (const { dir, data } of lines) {
      if (dir !== 'recv') continue;
      const frame = Buffer.from(data as string);
      if (isScanned(frame)) scanned += 1;
      expectSameAnswer(frame);
    }
    expect(scanned).toBe(775);
  });

  it('takes a whole snapshot', () => {
    const frame = Buffer.from(readSample('advtrade-l2-snapshot-ETH-USD-untrimmed.json').trim());
    expect(isScanned(frame)).toBe(true);
    expectSameAnswer(frame);
  });
});
