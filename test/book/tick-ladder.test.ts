import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TickLadder } from '../../src/book/tick-ladder.js';

const WIDTH = 256;

const action = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(fc.nat(WIDTH - 1), fc.nat(2)) },
  { weight: 2, arbitrary: fc.record({ words: fc.integer({ min: -9, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ dropped: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ factor: fc.constantFrom(1, 10) }) },
);

it('holds what is in its window, wherever that is moved, and gives away the rest in order', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 400 }), (actions) => {
      const ladder = new TickLadder();
      ladder.open(-320, WIDTH);
      const expected = new Map<number, number>();
      const sort = () => [...expected].sort(([a], [b]) => b - a);
      for (const one of actions) {
        if (Array.isArray(one)) {
          const [slot, size] = one;
          ladder.put(slot, size);
          if (size === 0) expected.delete(ladder.base + slot);
          else expected.set(ladder.base + slot, size);
        } else if ('words' in one) {
          const base = ladder.base + 32 * one.words;
          const given: [number, number][] = [];
          ladder.moveTo(base, (key, size) => given.push([key, size]));
          const outside = sort().filter(([key]) => key < base || key >= base + WIDTH);
          expect(given).toEqual(outside.reverse());
          for (const [key] of given) expected.delete(key);
        } else if ('factor' in one) {
          ladder.scaleSizes(one.factor);
          for (const [key, size] of expected) expected.set(key, size * one.factor);
        } else {
          const worst = sort().slice(Math.max(0, expected.size - one.dropped));
          expect(ladder.dropWorst(one.dropped)).toBe(worst.length);
          for (const [key] of worst) expected.delete(key);
        }
        const listed = Array.from({ length: ladder.count }, (_, rank) => {
          const slot = ladder.slotOf(rank);
          return [ladder.base + slot, ladder.sizes[slot]];
        });
        expect(listed).toEqual(sort());
        expect(ladder.top).toBe(expected.size > 0 ? sort()[0]![0] - ladder.base : -1);
      }
    }),
  );
});
