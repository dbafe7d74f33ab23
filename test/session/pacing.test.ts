import { describe, expect, it } from 'vitest';
import { createMessagePacer } from '../../src/session/pacing.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

describe('the message pacer', () => {
  it('lets a first burst through at once, then waits for the window with a margin', async () => {
    const time = createVirtualTime();
    const pacer = createMessagePacer({ count: 3, windowMs: 1_000 }, time.clock);
    expect([pacer.take(), pacer.take(), pacer.take()]).toEqual([0, 0, 0]);
    expect(pacer.take()).toBe(1_100);
    await time.advance(1_000);
    expect(pacer.take()).toBe(100);
    await time.advance(100);
    expect([pacer.take(), pacer.take(), pacer.take()]).toEqual([0, 0, 0]);
    expect(pacer.take()).toBe(1_100);
  });

  it('never passes the limit in any window', async () => {
    const time = createVirtualTime();
    const pacer = createMessagePacer({ count: 8, windowMs: 1_000 }, time.clock);
    const sentAtMs: number[] = [];
    while (time.clock.monotonicMs() < 20_000) {
      const waitMs = pacer.take();
      if (waitMs === 0) sentAtMs.push(time.clock.monotonicMs());
      await time.advance(waitMs === 0 ? 37 : waitMs);
    }
    expect(sentAtMs.length).toBeGreaterThan(130);
    for (const [index, atMs] of sentAtMs.entries()) {
      const earlier = sentAtMs[index - 8];
      if (earlier !== undefined) expect(atMs - earlier).toBeGreaterThan(1_000);
    }
  });

  it('told to slow down, stops for a window and then sends half as much', async () => {
    const time = createVirtualTime();
    const pacer = createMessagePacer({ count: 8, windowMs: 1_000 }, time.clock);
    pacer.slowDown();
    expect(pacer.take()).toBe(1_100);
    await time.advance(1_100);
    const take = (count: number): number[] => Array.from({ length: count }, () => pacer.take());
    expect(take(5)).toEqual([0, 0, 0, 0, 1_100]);
    await time.advance(60_000);
    expect(take(9)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1_100]);
  });

  it('sends at least one message at a time, however slow', async () => {
    const time = createVirtualTime();
    const pacer = createMessagePacer({ count: 1, windowMs: 1_000 }, time.clock);
    pacer.slowDown();
    await time.advance(1_100);
    expect(pacer.take()).toBe(0);
  });

  it('is not moved by a wall clock that is set', async () => {
    const time = createVirtualTime();
    const pacer = createMessagePacer({ count: 1, windowMs: 1_000 }, time.clock);
    pacer.take();
    time.jumpWallClock(3_600_000);
    expect(pacer.take()).toBe(1_100);
  });

  it('lets through what messages may cost in a window, and free ones beside', async () => {
    const time = createVirtualTime();
    const costs = { count: 200, windowMs: 1_000 };
    const pacer = createMessagePacer({ count: 10, windowMs: 500, costs }, time.clock);
    expect([pacer.take(125), pacer.take(75)]).toEqual([0, 0]);
    expect([pacer.take(5), pacer.take(), pacer.take(0)]).toEqual([1_100, 0, 0]);
    await time.advance(1_100);
    // What is more than all of it goes alone.
    expect(pacer.take(500)).toBe(0);
    expect(pacer.take(5)).toBe(1_100);
    await time.advance(1_100);
    expect([pacer.take(5), pacer.take(500)]).toEqual([0, 1_100]);
  });

  it('told to slow down lets through half of what messages may cost', async () => {
    const time = createVirtualTime();
    const costs = { count: 200, windowMs: 1_000 };
    const pacer = createMessagePacer({ count: 10, windowMs: 500, costs }, time.clock);
    pacer.slowDown();
    await time.advance(550);
    expect([pacer.take(75), pacer.take(25), pacer.take(5)]).toEqual([0, 0, 1_100]);
  });
});
