import { expect, it } from 'vitest';
import { systemRandom } from '../../src/runtime/system-random.js';

it('gives bytes that never come again, in any number', () => {
  const seen = new Set<string>();
  let count = 0;
  for (let turn = 0; turn < 2_000; turn += 1) {
    for (const length of [16, 24, 255, 256, 257]) {
      const bytes = systemRandom.bytes(length);
      expect(bytes).toHaveLength(length);
      seen.add(Buffer.from(bytes.subarray(0, 16)).toString('hex'));
      count += 1;
    }
  }
  expect(seen.size).toBe(count);
  expect(systemRandom.bytes(0)).toHaveLength(0);
});

it('gives bytes of all values, and a copy that nobody else holds', () => {
  const first = systemRandom.bytes(32);
  const kept = Buffer.from(first).toString('hex');
  const values = new Set<number>();
  for (let turn = 0; turn < 200; turn += 1) {
    for (const byte of systemRandom.bytes(64)) values.add(byte);
  }
  expect(values.size).toBe(256);
  expect(Buffer.from(first).toString('hex')).toBe(kept);
});
