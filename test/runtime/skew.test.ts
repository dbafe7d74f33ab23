import { describe, expect, it } from 'vitest';
import { createSkewMeter, type SkewMeter } from '../../src/runtime/skew.js';
import { createVirtualTime, type VirtualTime } from '../doubles/virtual-time.js';

interface Bench {
  readonly time: VirtualTime;
  readonly meter: SkewMeter;
  /** A frame that the server sent `aheadMs` ahead of our clock and that travelled `delayMs`. */
  readonly frame: (aheadMs: number, delayMs?: number) => void;
}

function setUp(): Bench {
  const time = createVirtualTime();
  const meter = createSkewMeter(time.clock);
  const frame = (aheadMs: number, delayMs = 0): void => {
    const nowMs = time.clock.nowMs();
    meter.noteFrame(nowMs + aheadMs - delayMs, nowMs);
  };
  return { time, meter, frame };
}

describe('the skew meter', () => {
  it('knows nothing at first and leaves the local clock as it is', () => {
    const { time, meter } = setUp();
    expect(meter.skewMs).toBeUndefined();
    expect(meter.frameSkewMs).toBeUndefined();
    expect(meter.serverNowMs()).toBe(time.clock.nowMs());
  });

  it('uses a Date at once: middle of its second against middle of the round trip', async () => {
    const { time, meter } = setUp();
    const askedAtMs = time.clock.nowMs();
    await time.advance(400);
    meter.noteDate(askedAtMs + 30_000, askedAtMs);
    expect(meter.skewMs).toBe(30_000 + 500 - 200);
    expect(meter.serverNowMs()).toBe(time.clock.nowMs() + 30_300);
  });

  it('follows the newest Date', () => {
    const { time, meter } = setUp();
    meter.noteDate(time.clock.nowMs() + 30_000, time.clock.nowMs());
    meter.noteDate(time.clock.nowMs() - 10_000, time.clock.nowMs());
    expect(meter.skewMs).toBe(-9_500);
  });

  it('is refined by frames that are near the Date', () => {
    const { time, meter, frame } = setUp();
    meter.noteDate(time.clock.nowMs() + 1_000, time.clock.nowMs());
    expect(meter.skewMs).toBe(1_500);
    frame(1_800, 40);
    expect(meter.skewMs).toBe(1_760);
  });

  it('takes the frame that travelled fastest', () => {
    const { meter, frame } = setUp();
    for (const delayMs of [80, 20, 500]) frame(0, delayMs);
    expect(meter.frameSkewMs).toBe(-20);
  });

  it('forgets frames of long ago', async () => {
    const { time, meter, frame } = setUp();
    frame(0, 10);
    for (let stretch = 0; stretch < 3; stretch += 1) {
      await time.advance(31_000);
      frame(0, 60);
    }
    expect(meter.frameSkewMs).toBe(-60);
  });

  it('does not believe frames that are far from the Date, as those of a replay are', () => {
    const { time, meter, frame } = setUp();
    meter.noteDate(time.clock.nowMs(), time.clock.nowMs());
    frame(-90 * 86_400_000);
    expect(meter.skewMs).toBe(500);
    expect(meter.frameSkewMs).toBe(-90 * 86_400_000);
  });

  it('does not use frames without any Date until a refusal says that the clock is off', () => {
    const { meter, frame } = setUp();
    frame(60_000);
    expect(meter.skewMs).toBeUndefined();
    expect(meter.frameSkewMs).toBe(60_000);
    expect(meter.adoptFrameSkew()).toBe(true);
    expect(meter.skewMs).toBe(60_000);
    expect(meter.adoptFrameSkew()).toBe(false);
  });

  it('adopts nothing where frames agree with the clock, or none came', () => {
    const { meter, frame } = setUp();
    expect(meter.adoptFrameSkew()).toBe(false);
    frame(1_900);
    expect(meter.adoptFrameSkew()).toBe(false);
    expect(meter.skewMs).toBeUndefined();
  });

  it('returns to the Date with the next answer that has one', () => {
    const { time, meter, frame } = setUp();
    frame(60_000);
    meter.adoptFrameSkew();
    meter.noteDate(time.clock.nowMs(), time.clock.nowMs());
    expect(meter.skewMs).toBe(500);
  });

  it('follows a server whose clock is set back, as its frames show it', async () => {
    const { time, meter, frame } = setUp();
    frame(60_000, 10);
    await time.advance(2_000);
    frame(40_000, 30);
    expect(meter.frameSkewMs).toBe(39_970);
    await time.advance(100);
    frame(40_000, 20);
    expect(meter.frameSkewMs).toBe(39_980);
  });

  it('takes a frame that is only late for nothing else', async () => {
    const { time, meter, frame } = setUp();
    frame(0, 10);
    await time.advance(2_500);
    frame(0, 2_450);
    expect(meter.frameSkewMs).toBe(-10);
  });

  it('ignores frames that say no time', () => {
    const { meter } = setUp();
    meter.noteFrame(NaN, 0);
    expect(meter.frameSkewMs).toBeUndefined();
  });

  it('forgets everything when the wall clock is set, not while time just passes', async () => {
    const { time, meter, frame } = setUp();
    meter.noteDate(time.clock.nowMs() + 60_000, time.clock.nowMs());
    frame(60_400);
    await time.advance(3_600_000);
    expect(meter.skewMs).toBe(60_400);
    time.jumpWallClock(60_000);
    expect(meter.skewMs).toBeUndefined();
    expect(meter.frameSkewMs).toBeUndefined();
    expect(meter.serverNowMs()).toBe(time.clock.nowMs());
  });

  it('takes a frame that waited behind others of its read for no clock that was set', async () => {
    const { time, meter } = setUp();
    const readAtMs = time.clock.nowMs();
    meter.noteDate(readAtMs + 30_000, readAtMs);
    await time.advance(1_500);
    meter.noteFrame(readAtMs + 30_400, readAtMs);
    expect(meter.skewMs).toBe(30_400);
  });

  it('keeps the frames since the clock was set for the refusal that follows', () => {
    const { time, meter, frame } = setUp();
    frame(0);
    time.jumpWallClock(70_000);
    frame(-70_000);
    expect(meter.serverNowMs()).toBe(time.clock.nowMs());
    expect(meter.adoptFrameSkew()).toBe(true);
    expect(meter.serverNowMs()).toBe(time.clock.nowMs() - 70_000);
  });
});
