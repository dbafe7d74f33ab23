import { describe, expect, it } from 'vitest';
import { kraken } from '../../../src/venues/kraken/index.js';
import { followBooks, hasSamples, readFrames, SKIP_NOTE } from './samples.js';

const SAMPLE = 'v2-book-btcusd-d10-raw-2026-07-19.jsonl';

/** Every place of a digit that belongs to a price or a quantity. */
function listDigitPlaces(frame: string): number[] {
  return [...frame.matchAll(/"(?:price|qty)":([\d.]+)/g)].flatMap((match) => {
    const start = match.index + match[0].length - (match[1] ?? '').length;
    return [...(match[1] ?? '')].flatMap((char, at) => (char === '.' ? [] : [start + at]));
  });
}

function flipDigit(frame: string, at: number): string {
  const flipped = String((Number(frame[at]) + 1) % 10);
  return frame.slice(0, at) + flipped + frame.slice(at + 1);
}

/** A zero in front would make it no JSON number. */
function isNumber(frame: string, at: number): boolean {
  const isFirst = !/[\d.]/.test(frame[at - 1] ?? '');
  return !(isFirst && frame[at] === '0' && /\d/.test(frame[at + 1] ?? ''));
}

describe.skipIf(!hasSamples)(`a recorded book of 2026-07${SKIP_NOTE}`, () => {
  it('agrees with the venue in all 41 messages, snapshot included', () => {
    const { books, follow } = followBooks(kraken(), 10);
    const outcomes = readFrames(SAMPLE).flatMap(follow);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(41).fill({ kind: 'applied' }));
    const book = books.get('BTC/USD')!;
    expect(book.evidence()).toMatchObject({
      snapshotsApplied: 1,
      deltasApplied: 40,
      checksumsVerified: 41,
    });
    expect(book).toMatchObject({ bidCount: 10, askCount: 10, verifiedDepth: 10 });
  });

  it('notices any changed digit of the snapshot, which is the top ten, in the same message', () => {
    const [snapshot = ''] = readFrames(SAMPLE);
    const places = listDigitPlaces(snapshot);
    expect(places.length).toBeGreaterThan(200);
    for (const at of places) {
      const flipped = flipDigit(snapshot, at);
      if (!isNumber(flipped, at)) continue;
      const [first] = followBooks(kraken(), 10).follow(flipped);
      // A changed price may also cross the book, which is noticed before the checksum.
      expect(first?.outcome.kind, `digit at ${at}`).toBe('refused');
    }
  });

  it('is stale at once where one change is withheld from the top ten', () => {
    const frames = readFrames(SAMPLE);
    for (let withheld = 1; withheld < frames.length - 1; withheld += 1) {
      const { books, follow } = followBooks(kraken(), 10);
      const rest = frames.filter((_, index) => index !== withheld);
      const refused = rest.flatMap(follow).filter(({ outcome }) => outcome.kind === 'refused');
      const isLive = books.get('BTC/USD')?.state.status === 'live';
      // What is withheld may have been overwritten before the next message: then nothing was lost.
      expect(isLive).toBe(refused.length === 0);
      if (isLive) expect(books.get('BTC/USD')!.evidence().checksumsVerified).toBe(40);
    }
  });

  it('lets no changed digit of an update alter the top ten unnoticed', () => {
    const frames = readFrames(SAMPLE);
    let altered = 0;
    for (let index = 1; index < frames.length; index += 1) {
      const truth = followBooks(kraken(), 10);
      for (const frame of frames.slice(0, index + 1)) truth.follow(frame);
      for (const at of listDigitPlaces(frames[index]!)) {
        const flipped = flipDigit(frames[index]!, at);
        if (!isNumber(flipped, at)) continue;
        const { books, follow } = followBooks(kraken(), 10);
        for (const frame of frames.slice(0, index)) follow(frame);
        const [changed] = follow(flipped);
        if (changed?.outcome.kind === 'refused') altered += 1;
        else expect(books.get('BTC/USD')!.top(10)).toEqual(truth.books.get('BTC/USD')!.top(10));
      }
    }
    expect(altered).toBeGreaterThan(500);
  });
});
