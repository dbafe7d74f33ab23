/**
 * Plays a recorded session as a market: one timeline for everyone, which goes on whether or not
 * anyone listens. It begins when someone wants all that the recorded client wanted, or soon after the
 * last request of anyone; after its end the state stays, and the heart goes on beating.
 */
import type {
  MarketChange,
  MarketDemand,
  MarketListener,
  MarketSource,
  MarketUpdate,
  RecordedSession,
} from '../model/exchange.js';
import type { CancelTimer, Clock, Timers } from '../model/runtime.js';
import {
  formatNanoseconds,
  millisecondsToNanoseconds,
  parseNanoseconds,
} from '../runtime/time-text.js';
import { createMarketState } from './market-state.js';

/** A client that paces its requests is given this long for the next one. */
const START_AFTER_MS = 300;
const HEARTBEAT_EVERY_MS = 1_000;
/** At full speed: what clients may be behind, and how long one that takes nothing is waited for. */
const PENDING_BYTES_MAX = 1024 * 1024;
const STALLED_AFTER_MS = 1_000;
const RETRY_MS = 2;
const YIELD_MS = 0.001;
/** At full speed: frames between two chances for the sockets to be served. */
const FRAMES_PER_TURN = 32;

/** How fast a recording is played: a factor, or as fast as the sockets take it. */
export type PlaybackSpeed = number | 'max';

/** What a playback is made of. */
export interface PlaybackOptions {
  readonly session: RecordedSession;
  readonly speed: PlaybackSpeed;
  readonly clock: Clock;
  readonly timers: Timers;
}

type Phase =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'playing'; readonly startedAtMs: number; next: number }
  | { readonly kind: 'ended'; readonly endedAtMs: number };

/** A recorded market, in which the account may still be told something. */
export interface Playback extends MarketSource {
  /** Applies a change and tells everyone. */
  tell(change: MarketChange): void;
}

/** Plays a recorded session. */
export function createPlayback(options: PlaybackOptions): Playback {
  const { session, clock, timers } = options;
  const listeners = new Set<MarketListener>();
  let state = seedState(session);
  let phase: Phase = { kind: 'waiting' };
  let lastTime = session.startTime;
  let connections = 0;
  let isClosed = false;
  let cancel: CancelTimer = () => undefined;
  const later = (delayMs: number, run: () => void): void => {
    cancel();
    cancel = timers.after(delayMs, run);
  };

  const tell = (update: MarketUpdate): void => {
    for (const listener of listeners) listener.onUpdate(update);
  };
  const rewind = (): void => {
    cancel();
    // The account belongs to the key, not to the recording.
    const orders = state.orders();
    state = seedState(session);
    state.apply({ type: 'orders.changed', orders });
    phase = { kind: 'waiting' };
    lastTime = session.startTime;
  };
  const end = (): void => {
    phase = { kind: 'ended', endedAtMs: clock.monotonicMs() };
    later(HEARTBEAT_EVERY_MS, () => beat(1));
  };
  const beat = (count: number): void => {
    const { nanoseconds, time } = session.lastUptime ?? { nanoseconds: 0n, time: lastTime };
    const sinceNanoseconds = nanosecondsBetween(time, presentTime());
    later(HEARTBEAT_EVERY_MS, () => beat(count + 1));
    tell({ type: 'heartbeat.due', uptimeNanoseconds: nanoseconds + sinceNanoseconds });
  };
  const presentTime = (): string => {
    if (phase.kind !== 'ended') return lastTime;
    const sinceMs = clock.monotonicMs() - phase.endedAtMs;
    const last = parseNanoseconds(lastTime) ?? 0n;
    return formatNanoseconds(last + millisecondsToNanoseconds(sinceMs));
  };

  const playNext = (): void => {
    if (phase.kind !== 'playing') return;
    const frame = session.frames[phase.next]?.read();
    phase.next += 1;
    if (!frame) return;
    lastTime = laterTime(lastTime, frame.sentTime);
    for (const change of frame.changes) state.apply(change);
    tell(frame);
  };
  const pace = createPace(options, () =>
    Math.max(0, ...[...listeners].map((listener) => listener.pendingBytes())),
  );
  const play = (): void => {
    if (phase.kind !== 'playing') return;
    for (;;) {
      if (phase.next >= session.frames.length) return end();
      const delayMs = pace(phase.startedAtMs, phase.next);
      if (delayMs > 0) return later(delayMs, play);
      playNext();
    }
  };
  const start = (): void => {
    if (phase.kind !== 'waiting' || isClosed) return;
    phase = { kind: 'playing', startedAtMs: clock.monotonicMs(), next: 0 };
    // The request that was the last one wanted is answered before anything moves.
    later(0, play);
  };

  return {
    get instruments() {
      return state.instruments;
    },
    batched: true,
    time: presentTime,
    book: (symbol) => state.book(symbol),
    trades: (symbol) => state.trades(symbol),
    ticker: (symbol) => state.ticker(symbol),
    candles: (symbol) => state.candles(symbol),
    orders: () => state.orders(),
    tell(change) {
      state.apply(change);
      tell(change);
    },
    attach(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onDemand(demand: MarketDemand) {
      const wasEmpty = connections === 0;
      if (demand.kind !== 'subscribed') connections = demand.connections;
      if (demand.kind === 'opened' && wasEmpty && phase.kind === 'ended') rewind();
      if (demand.kind !== 'subscribed' || phase.kind !== 'waiting') return;
      const wants = [...session.wants];
      if (wants.length > 0 && wants.every((want) => demand.wants.has(want))) start();
      else later(START_AFTER_MS, start);
    },
    close() {
      isClosed = true;
      cancel();
    },
  };
}

function seedState(session: RecordedSession) {
  const state = createMarketState(session.instruments);
  for (const change of session.seed) state.apply(change);
  return state;
}

/** Milliseconds to wait before the frame of this index; 0 or less: it is due. */
function createPace(options: PlaybackOptions, pendingBytes: () => number) {
  const { session, speed, clock } = options;
  const { frames } = session;
  const firstAtMs = frames[0]?.receivedAtMs ?? 0;
  if (speed !== 'max') {
    return (startedAtMs: number, index: number): number => {
      const dueAtMs = ((frames[index]?.receivedAtMs ?? 0) - firstAtMs) / speed;
      return startedAtMs + dueAtMs - clock.monotonicMs();
    };
  }
  let yieldedAt = -1;
  let lastBytes = 0;
  let movedAtMs = -Infinity;
  return (_startedAtMs: number, index: number): number => {
    const bytes = pendingBytes();
    const nowMs = clock.monotonicMs();
    if (bytes < lastBytes || lastBytes <= PENDING_BYTES_MAX) movedAtMs = nowMs;
    lastBytes = bytes;
    const isStalled = nowMs - movedAtMs >= STALLED_AFTER_MS;
    if (bytes > PENDING_BYTES_MAX && !isStalled) return RETRY_MS;
    if (index % FRAMES_PER_TURN !== 0 || yieldedAt === index) return 0;
    yieldedAt = index;
    return YIELD_MS;
  };
}

function laterTime(left: string, right: string): string {
  // Without the Z, times with trimmed fractions compare as text.
  return left.replace(/Z$/, '') < right.replace(/Z$/, '') ? right : left;
}

function nanosecondsBetween(from: string, to: string): bigint {
  const start = parseNanoseconds(from);
  const end = parseNanoseconds(to);
  return start === undefined || end === undefined || end < start ? 0n : end - start;
}
