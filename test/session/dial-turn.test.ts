import { describe, expect, it, vi } from 'vitest';
import { createBench } from './session-bench.js';

describe('a turn to dial', () => {
  it('is given back by a session that ends while it waits, and leaves no timer', async () => {
    const giveBack = vi.fn();
    const bench = createBench({
      session: { budget: { take: () => ({ waitMs: 1_000, giveBack }) } },
    });
    bench.session.open();
    expect(bench.session.status).toBe('preparing');
    await bench.session.close();
    expect(bench.time.armedCount).toBe(0);
    expect(giveBack).toHaveBeenCalledTimes(1);
  });

  it('is kept once it has come, whatever becomes of the dial', async () => {
    const giveBack = vi.fn();
    const bench = createBench({
      session: { budget: { take: () => ({ waitMs: 1_000, giveBack }) } },
    });
    bench.session.open();
    await bench.time.advance(1_000);
    expect(bench.session.status).toBe('dialling');
    await bench.session.close();
    expect(giveBack).not.toHaveBeenCalled();
  });
});
