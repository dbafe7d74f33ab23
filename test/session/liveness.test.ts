import { describe, expect, it } from 'vitest';
import type { TruefeedError } from '../../src/model/error.js';
import type { Timers } from '../../src/model/runtime.js';
import type { LivenessRule } from '../../src/model/venue.js';
import { watchLiveness } from '../../src/session/liveness.js';
import { createVirtualTime } from '../doubles/virtual-time.js';
import { createBench } from './session-bench.js';

const withHeartbeat: LivenessRule = { heartbeatChannel: 'heartbeats', silentAfterMs: 4_000 };
const without: LivenessRule = { silentAfterMs: 4_000 };

function watch(rule: LivenessRule, timers?: (timers: Timers) => Timers) {
  const time = createVirtualTime();
  const dead: TruefeedError[] = [];
  const probes: number[] = [];
  const liveness = watchLiveness({
    rule,
    clock: time.clock,
    timers: timers ? timers(time.timers) : time.timers,
    ping: () => void probes.push(time.clock.monotonicMs()),
    onDead: (error) => void dead.push(error),
  });
  return { time, dead, probes, liveness };
}

describe('a socket', () => {
  it('that delivers nothing is dead by the rule, and is probed half way', async () => {
    const { time, dead, probes } = watch(without);
    await time.advance(3_999);
    expect(dead).toEqual([]);
    expect(probes).toEqual([2_000]);
    await time.advance(1);
    expect(dead).toMatchObject([{ code: 'CONNECTION_SILENT', facts: { answersPings: false } }]);
    expect(time.armedCount).toBe(0);
  });

  it('that answers pings but delivers nothing is dead all the same', async () => {
    const { time, dead, liveness } = watch(withHeartbeat);
    for (let ms = 0; ms < 4_000; ms += 500) {
      await time.advance(500);
      liveness.notePong();
    }
    expect(dead).toMatchObject([{ code: 'CONNECTION_SILENT', facts: { answersPings: true } }]);
    expect(dead[0]!.message).toContain('though it answers pings');
  });

  it('that answers pings lives where the venue has nothing else to say', async () => {
    const { time, dead, probes, liveness } = watch({ ...without, pongProvesLife: true });
    for (let count = 0; count < 10; count += 1) {
      await time.advance(2_000);
      expect(probes).toHaveLength(count + 1);
      liveness.notePong();
    }
    expect(dead).toEqual([]);
    await time.advance(4_000);
    expect(dead).toHaveLength(1);
  });

  it('lives by any frame at a venue without heartbeats', async () => {
    const { time, dead, liveness } = watch(without);
    for (let ms = 0; ms < 60_000; ms += 3_000) {
      await time.advance(3_000);
      liveness.noteFrame(time.clock.nowMs());
    }
    expect(dead).toEqual([]);
    await time.advance(4_000);
    expect(dead).toHaveLength(1);
  });

  it('is silent since the last frame, or since 50 ms before it, in a burst', async () => {
    const { time, dead, liveness } = watch(without);
    liveness.noteFrame(time.clock.nowMs());
    await time.advance(49);
    liveness.noteFrame(time.clock.nowMs());
    await time.advance(3_950);
    expect(dead).toEqual([]);
    await time.advance(1);
    expect(dead).toHaveLength(1);
  });

  it('lives on with a wall clock that is set back', async () => {
    const { time, dead, liveness } = watch(without);
    liveness.noteFrame(time.clock.nowMs());
    for (let count = 0; count < 3; count += 1) {
      await time.advance(3_000);
      liveness.noteFrame(-count);
    }
    expect(dead).toEqual([]);
  });

  it('lives by any frame until the first heartbeat, and by heartbeats from then on', async () => {
    const { time, dead, liveness } = watch(withHeartbeat);
    const pass = async (note: () => void): Promise<void> => {
      await time.advance(3_000);
      note();
    };
    await pass(() => liveness.noteFrame(time.clock.nowMs()));
    await pass(() => liveness.noteFrame(time.clock.nowMs()));
    await pass(() => liveness.noteHeartbeat());
    await pass(() => liveness.noteHeartbeat());
    expect(dead).toEqual([]);
    await pass(() => liveness.noteFrame(time.clock.nowMs()));
    await pass(() => liveness.noteFrame(time.clock.nowMs()));
    expect(dead).toMatchObject([{ facts: { silentMs: 4_000 } }]);
  });

  it('is not declared dead by a process that stood still, before what waits is read', async () => {
    let lateMs = 0;
    const { time, dead, liveness } = watch(withHeartbeat, (timers) => ({
      after: (delayMs, run) => timers.after(delayMs + lateMs, run),
    }));
    liveness.noteHeartbeat();
    lateMs = 30_000;
    await time.advance(2_000);
    lateMs = 0;
    // The check that was due at 4 s runs at 34 s; then what waited is read.
    await time.advance(32_000);
    expect(time.clock.monotonicMs()).toBe(34_000);
    expect(dead).toEqual([]);
    liveness.noteHeartbeat();
    await time.advance(3_999);
    expect(dead).toEqual([]);
    await time.advance(1);
    expect(dead).toHaveLength(1);
  });

  it('is dead all the same to a process that is late all the time', async () => {
    const { time, dead } = watch(withHeartbeat, (timers) => ({
      after: (delayMs, run) => timers.after(delayMs + 600, run),
    }));
    await time.advance(10_000);
    expect(dead).toMatchObject([{ code: 'CONNECTION_SILENT' }]);
    expect(time.armedCount).toBe(0);
  });
});

describe('a session', () => {
  it('drops a silent socket by force and dials again', async () => {
    const bench = createBench();
    bench.want('book A');
    const exchange = await bench.serve();
    exchange.send({ say: 'beat', counter: 1 });
    bench.news();
    const socket = bench.dialer.last();
    for (let second = 0; second < 5; second += 1) {
      await bench.time.advance(999);
      socket.pong();
      const update = { say: 'book', symbol: 'A', whole: false, bids: [], asks: [] } as const;
      exchange.send(update);
    }
    await bench.time.advance(5);
    expect(bench.news()).toEqual(['lost CONNECTION_SILENT in 500']);
    expect(socket.pings).toBe(1);
    expect(socket.state).toBe('closed');
    await bench.time.advance(500);
    expect(bench.dialer.sockets).toHaveLength(2);
  });

  it("sends the venue's own ping as often as the rule says", async () => {
    const liveness = { silentAfterMs: 60_000, pingEveryMs: 10_000 };
    const bench = createBench({ venue: { liveness } });
    const socket = await bench.connect();
    await bench.time.advance(30_000);
    expect(socket.sent.map((text) => (JSON.parse(text) as { op: string }).op)).toEqual([
      'ping',
      'ping',
      'ping',
    ]);
    await bench.session.close();
    expect(bench.time.armedCount).toBe(0);
  });
});
