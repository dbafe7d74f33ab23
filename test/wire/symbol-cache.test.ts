import { expect, it } from 'vitest';
import { createCursor, openFrame } from '../../src/wire/byte-cursor.js';
import { SymbolCache } from '../../src/wire/symbol-cache.js';

/** Reads a symbol that stands at the beginning of the bytes, before a quote. */
function readFrom(cache: SymbolCache, bytes: Uint8Array): string {
  const cursor = createCursor();
  openFrame(cursor, bytes);
  return cache.read(cursor);
}

it('what is known of a symbol does not change with the bytes that it was read from', () => {
  const cache = new SymbolCache();
  const frame = Buffer.alloc(16, '"');
  for (let count = 0; count < 3_000; count += 1) {
    const symbol = `C${String(count).padStart(5, '0')}-USD`;
    frame.write(symbol, 'latin1');
    expect(readFrom(cache, frame)).toBe(symbol);
  }
});

it('a symbol that was read before is the same text', () => {
  const cache = new SymbolCache();
  const texts = ['BTC-USD"', 'ETH-USD"', 'BTC-USD"'].map((text) =>
    readFrom(cache, Buffer.from(text)),
  );
  expect(texts).toEqual(['BTC-USD', 'ETH-USD', 'BTC-USD']);
});
