/**
 * Plays a recorded session as a market: one timeline for everyone, which goes on whether or not
 * anyone listens. It begins when someone wants all that the recorded client wanted, or soon after
 * the last request of anyone; after its end the state stays, and the heart goes on beating.
 */
import type {
  ListedInstrument,
  MarketBook,
  MarketCandle,
  MarketChange,
  MarketDemand,
  MarketListener,
  MarketRecordedFrame,
  MarketSource,
  MarketTrade,
  MarketUpdate,
  RecordedSession,
  VenueFields,
} from '../model/exchange.js';
import type { Ticker } from '../model/market.js';
import type { CancelTimer, Clock, Timers } from '../model/runtime.js';
import {
  formatNanoseconds,
  millisecondsToNanoseconds,
  parseNanoseconds,
} from '../runtime/time-text.js';
import { createMarketState, type MarketState } from './market-state.js';

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

/** Plays a recorded session; the account in it may still be told something. */
export class Playback implements MarketSource {
  readonly batched = true;
  readonly #options: PlaybackOptions;
  readonly #listeners = new Set<MarketListener>();
  readonly #pace: Pace;
  #state: MarketState;
  #phase: Phase = { kind: 'waiting' };
  #lastTime: string;
  #connections = 0;
  #isClosed = false;
  #cancel: CancelTimer = () => undefined;

  constructor(options: PlaybackOptions) {
    this.#options = options;
    this.#state = seedState(options.session);
    this.#lastTime = options.session.startTime;
    this.#pace = createPace(options, () =>
      Math.max(0, ...[...this.#listeners].map((listener) => listener.pendingBytes())),
    );
  }

  get instruments(): readonly ListedInstrument[] {
    return this.#state.instruments;
  }

  time(): string {
    if (this.#phase.kind !== 'ended') return this.#lastTime;
    const sinceMs = this.#options.clock.monotonicMs() - this.#phase.endedAtMs;
    const last = parseNanoseconds(this.#lastTime) ?? 0n;
    return formatNanoseconds(last + millisecondsToNanoseconds(sinceMs));
  }

  book(symbol: string): MarketBook | undefined {
    return this.#state.book(symbol);
  }

  trades(symbol: string): readonly MarketTrade[] {
    return this.#state.trades(symbol);
  }

  ticker(symbol: string): Ticker | undefined {
    return this.#state.ticker(symbol);
  }

  candles(symbol: string): readonly MarketCandle[] {
    return this.#state.candles(symbol);
  }

  orders(): readonly VenueFields[] {
    return this.#state.orders();
  }

  /** Applies a change and tells everyone. */
  tell(change: MarketChange): void {
    this.#state.apply(change);
    this.#announce(change);
  }

  attach(listener: MarketListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onDemand(demand: MarketDemand): void {
    const wasEmpty = this.#connections === 0;
    if (demand.kind !== 'subscribed') this.#connections = demand.connections;
    if (demand.kind === 'opened' && wasEmpty && this.#phase.kind === 'ended') this.#rewind();
    if (demand.kind !== 'subscribed' || this.#phase.kind !== 'waiting') return;
    const wants = [...this.#options.session.wants];
    const isAllWanted = wants.length > 0 && wants.every((want) => demand.wants.has(want));
    if (isAllWanted) this.#start();
    else this.#later(START_AFTER_MS, () => this.#start());
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #rewind(): void {
    this.#cancel();
    // The account belongs to the key, not to the recording.
    const orders = this.#state.orders();
    this.#state = seedState(this.#options.session);
    this.#state.apply({ type: 'orders.changed', orders });
    this.#phase = { kind: 'waiting' };
    this.#lastTime = this.#options.session.startTime;
  }

  #start(): void {
    if (this.#phase.kind !== 'waiting' || this.#isClosed) return;
    const startedAtMs = this.#options.clock.monotonicMs();
    this.#phase = { kind: 'playing', startedAtMs, next: 0 };
    // The request that was the last one wanted is answered before anything moves.
    this.#later(0, () => this.#play());
  }

  #play(): void {
    const { frames } = this.#options.session;
    while (this.#phase.kind === 'playing') {
      const { next, startedAtMs } = this.#phase;
      const frame = frames[next];
      if (!frame) return this.#end();
      const delayMs = this.#pace(startedAtMs, next);
      if (delayMs > 0) return this.#later(delayMs, () => this.#play());
      this.#phase.next = next + 1;
      this.#show(frame.read());
    }
  }

  #show(frame: MarketRecordedFrame): void {
    this.#lastTime = laterTime(this.#lastTime, frame.sentTime);
    for (const change of frame.changes) this.#state.apply(change);
    this.#announce(frame);
  }

  #end(): void {
    this.#phase = { kind: 'ended', endedAtMs: this.#options.clock.monotonicMs() };
    this.#later(HEARTBEAT_EVERY_MS, () => this.#beat());
  }

  #beat(): void {
    this.#later(HEARTBEAT_EVERY_MS, () => this.#beat());
    const { lastUptime } = this.#options.session;
    const { nanoseconds, time } = lastUptime ?? { nanoseconds: 0n, time: this.#lastTime };
    const sinceNanoseconds = nanosecondsBetween(time, this.time());
    this.#announce({
      type: 'heartbeat.due',
      uptimeNanoseconds: nanoseconds + sinceNanoseconds,
    });
  }

  #announce(update: MarketUpdate): void {
    for (const listener of this.#listeners) listener.onUpdate(update);
  }

  #later(delayMs: number, run: () => void): void {
    this.#cancel();
    this.#cancel = this.#options.timers.after(delayMs, run);
  }
}

/** Milliseconds to wait before the frame of this index; 0 or less: it is due. */
type Pace = (startedAtMs: number, index: number) => number;

function seedState(session: RecordedSession): MarketState {
  const state = createMarketState(session.instruments);
  for (const change of session.seed) state.apply(change);
  return state;
}

function createPace(options: PlaybackOptions, pendingBytes: () => number): Pace {
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
