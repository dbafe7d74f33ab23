import { describe, expect, it } from 'vitest';
import { krakenV1 } from '../../../../src/venues/kraken/index.js';
import { toPlainFrame } from '../../../contract/plain-message.js';
import { followBooks, hasSamples, readFrames, readTimedFrames, SKIP_NOTE } from '../samples.js';

const SAMPLE = 'v1-cryptofeed-KRAKEN.ws.50.0.txt';

describe.skipIf(!hasSamples)(`recorded books of 2021-04${SKIP_NOTE}`, () => {
  it('agree with the venue in all 4,269 updates of ten pairs', () => {
    const { books, follow } = followBooks(krakenV1(), 1_000);
    const outcomes = readTimedFrames(SAMPLE).flatMap(follow);
    const refused = outcomes.filter(({ outcome }) => outcome.kind === 'refused');
    expect(refused.map(({ outcome }) => outcome)).toEqual([]);
    const evidence = [...books.values()].map((book) => book.evidence());
    const sum = (name: 'snapshotsApplied' | 'deltasApplied' | 'checksumsVerified') =>
      evidence.reduce((total, one) => total + one[name], 0);
    expect(books.size).toBe(10);
    expect(sum('snapshotsApplied')).toBe(10);
    expect(sum('deltasApplied')).toBe(4_269);
    expect(sum('checksumsVerified')).toBe(4_269);
  });

  it('keep the decimals of the wire, which are not those of the instruments', () => {
    const { books, follow } = followBooks(krakenV1(), 1_000);
    for (const frame of readTimedFrames(SAMPLE)) follow(frame);
    const decimals = [...books.values()].map(({ symbol, levels }) => [
      symbol,
      levels.priceDecimals,
    ]);
    expect(Object.fromEntries(decimals)).toMatchObject({
      'XBT/CHF': 5,
      'XMR/USD': 8,
      'ADA/XBT': 9,
      'OMG/USD': 6,
    });
  });
});

describe.skipIf(!hasSamples)(`recorded frames of v1${SKIP_NOTE}`, () => {
  const typesOf = (frames: readonly string[]): Set<string> => {
    const codec = krakenV1().createCodec();
    const decoded = frames.map((frame) => toPlainFrame(codec.decode(Buffer.from(frame))));
    return new Set(decoded.flatMap((frame) => frame.messages.map((message) => message.type)));
  };

  it.each([
    ['v1-cryptofeed-KRAKEN.ws.48.0.txt', 'trades.update'],
    ['v1-cryptofeed-KRAKEN.ws.49.0.txt', 'ticker.update'],
    [SAMPLE, 'book.delta'],
  ])('are all decoded: %s', (name, type) => {
    const types = typesOf(readTimedFrames(name));
    expect(types).toContain(type);
    expect(types).toContain('subscription.accepted');
    expect(types).not.toContain('frame.skipped');
  });

  it('are all decoded: examples of the documentation, and the life of an order', () => {
    const types = typesOf(readFrames('v1-gct-wsHandleData.jsonl'));
    expect(types).toContain('candles.update');
    expect(types).toContain('fills.snapshot');
    expect(typesOf(readFrames('v1-gct-wsOpenTrades.jsonl'))).toEqual(
      new Set(['orders.snapshot', 'orders.update']),
    );
    expect(typesOf(readFrames('v1-gct-wsAllTrades.jsonl'))).toEqual(new Set(['trades.update']));
  });
});
