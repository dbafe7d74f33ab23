import { describe, expect, it } from 'vitest';
import { createBurstGate, createIdleGate, createRateGate } from '../../src/exchange/gates.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

describe('a rate gate', () => {
  it('lets through what is within any one second', async () => {
    const time = createVirtualTime();
    const { clock } = time;
    const gate = createRateGate(2, clock);
    expect([gate.pass(), gate.pass(), gate.pass()]).toEqual([true, true, false]);
    await time.advance(999);
    expect(gate.pass()).toBe(false);
    await time.advance(1);
    expect(gate.pass()).toBe(true);
  });
});

describe('a burst gate', () => {
  it('lets a burst through at once and refills steadily', async () => {
    const time = createVirtualTime();
    const { clock } = time;
    const gate = createBurstGate({ perSecond: 2, burst: 3 }, clock);
    const pass = (): boolean => gate.pass();
    expect([pass(), pass(), pass(), pass()]).toEqual([true, true, true, false]);
    await time.advance(499);
    expect(pass()).toBe(false);
    await time.advance(1);
    expect([pass(), pass()]).toEqual([true, false]);
    await time.advance(60_000);
    expect([pass(), pass(), pass(), pass()]).toEqual([true, true, true, false]);
  });

  it('counts what each passing costs, and what is refused costs nothing', () => {
    const { clock } = createVirtualTime();
    const gate = createBurstGate({ perSecond: 1, burst: 10 }, clock);
    expect([gate.pass(8), gate.pass(5), gate.pass(2)]).toEqual([true, false, true]);
  });
});

describe('an idle gate', () => {
  it('tells of each stretch without a touch, and of nothing once closed', async () => {
    const time = createVirtualTime();
    const { clock, timers } = time;
    let times = 0;
    const gate = createIdleGate({ clock, timers, idleMs: 100 }, () => (times += 1));
    await time.advance(60);
    gate.touch();
    await time.advance(60);
    expect(times).toBe(0);
    await time.advance(40);
    expect(times).toBe(1);
    await time.advance(100);
    expect(times).toBe(2);
    gate.close();
    await time.advance(1_000);
    expect(times).toBe(2);
  });
});
