import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemTimers } from '../../src/runtime/system-timers.js';

describe('the system timers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('run once, when due', () => {
    const run = vi.fn();
    systemTimers.after(100, run);
    vi.advanceTimersByTime(99);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('do not run once cancelled, and may be cancelled late and twice', () => {
    const run = vi.fn();
    const cancel = systemTimers.after(100, run);
    cancel();
    cancel();
    vi.advanceTimersByTime(1_000);
    expect(run).not.toHaveBeenCalled();
  });

  it('wait longer than the platform can in one go, and may be cancelled in between', () => {
    const run = vi.fn();
    const monthMs = 31 * 86_400_000;
    systemTimers.after(monthMs, run);
    const cancel = systemTimers.after(monthMs, run);
    vi.advanceTimersByTime(monthMs - 1);
    expect(run).not.toHaveBeenCalled();
    cancel();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('take a delay below zero as none', () => {
    const run = vi.fn();
    systemTimers.after(-5, run);
    vi.advanceTimersByTime(0);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
