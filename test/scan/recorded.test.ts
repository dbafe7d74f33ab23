import { describe, expect, it } from 'vitest';
import { hasSamples, readFrames, readTimedFrames, SKIP_NOTE } from '../venues/kraken/samples.js';
import { requireAgreement } from './agreement.js';
import { subjectOf, type ScanSubject } from './subjects.js';

function count(subject: ScanSubject, frames: readonly string[]): number {
  let scanned = 0;
  for (const text of frames) {
    const frame = Buffer.from(text);
    if (subject.isScanned(frame)) scanned += 1;
    requireAgreement(subject, frame);
  }
  return scanned;
}

describe.skipIf(!hasSamples)(`scanners on recorded traffic of Kraken${SKIP_NOTE}`, () => {
  it('take every book of v2', () => {
    const frames = readFrames('v2-book-btcusd-d10-raw-2026-07-19.jsonl');
    const books = frames.filter((text) => text.includes('"channel":"book"'));
    expect(books.length).toBe(41);
    expect(count(subjectOf('Kraken v2 book'), frames)).toBe(books.length);
  });

  it.each([
    ['Kraken v2 trade', 'trade', 2],
    ['Kraken v2 level3', 'level3', 2],
  ])('take every frame of %s', (name, channel, least) => {
    const frames = readFrames('v2-kraken-async-rs-captures-2024.jsonl');
    const data = frames.filter((text) => text.startsWith(`{"channel":"${channel}","type"`));
    expect(data.length).toBeGreaterThanOrEqual(least);
    expect(count(subjectOf(name), frames)).toBe(data.length);
  });

  it('take every update of a book of v1', () => {
    const frames = readTimedFrames('v1-cryptofeed-KRAKEN.ws.50.0.txt');
    const updates = frames.filter((text) => /^\[\d+,\{"[ab]":.*"book-/.test(text));
    const isUpdate = new Set(updates);
    const others = frames.filter((text) => text.includes('"book-') && !isUpdate.has(text));
    expect(updates.length).toBeGreaterThan(3_000);
    expect(others.every((text) => text.includes('"as":') || text.startsWith('{'))).toBe(true);
    expect(count(subjectOf('Kraken v1 book'), frames)).toBe(updates.length);
  });
});
