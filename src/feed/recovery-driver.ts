import type { CancelTimer } from '../model/runtime.js';
import type { RecoveryMeans, Venue } from '../model/venue.js';
import type { FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';
import { recoveryDueAtMs, stepRecovery, type RecoveryInput } from './recovery.js';

/** Carries out what recovery decides, for all the streams of one socket. */
export interface RecoveryHost {
  /** Asks for fresh snapshots, several at once; the streams are those that this is the turn of. */
  request(means: RecoveryMeans, streams: readonly FeedStream[]): void;
  /** A stream's budget is used up. */
  giveUp(stream: FeedStream): void;
}

/** What may have hidden the end of an order. */
const LOSSES: readonly RecoveryInput[] = [
  'socket-lost',
  'trust-lost',
  'refused',
  'passed-over',
  'renewing',
];

/** Only a book is worth a new socket; whatever else is lost, its next message replaces. */
const MEANS_FOR_OTHERS: readonly RecoveryMeans[] = ['resubscribe'];

function chooseMeans(stream: FeedStream, venue: Venue): readonly RecoveryMeans[] {
  if (stream.levelBook) return venue.book.recovery;
  return (stream.ordersBook && venue.ordersBook?.recovery) ?? MEANS_FOR_OTHERS;
}

/**
 * Steps the recovery of a socket's streams, gathers what they ask for, and keeps one timer for all.
 * Streams that fall due together share their jitter, so that one message heals them together.
 */
export class RecoveryDriver {
  readonly #tools: FeedTools;
  readonly #host: RecoveryHost;
  readonly #streams: () => Iterable<FeedStream>;
  readonly #requests = new Map<RecoveryMeans, FeedStream[]>();
  #givenUp: FeedStream[] = [];
  #jitter: number | undefined;
  #isDirty = false;
  #isEnded = false;
  #cancelTimer: CancelTimer | undefined;

  constructor(tools: FeedTools, host: RecoveryHost, streams: () => Iterable<FeedStream>) {
    this.#tools = tools;
    this.#host = host;
    this.#streams = streams;
  }

  /** What a stream says whole heals it; one that is live needs no healing. */
  noteSnapshot(stream: FeedStream): void {
    if (stream.recovery?.phase.kind !== 'live') this.step(stream, 'snapshot');
  }

  /**
   * True where the input made the stream trustworthy. Requests wait for `flush`. `heldBackMs` is
   * how long the session waits before it asks again for what was refused.
   */
  step(stream: FeedStream, input: RecoveryInput, heldBackMs = 0): boolean {
    if (stream.account && LOSSES.includes(input)) this.#tools.account.doubt(stream.account);
    if (!stream.recovery) return false;
    const { runtime, venue, recovery: rule } = this.#tools;
    this.#jitter ??= runtime.random.fraction();
    const { state, effects } = stepRecovery(stream.recovery, input, {
      nowMs: runtime.clock.monotonicMs(),
      jitter: this.#jitter,
      rule,
      heldBackMs,
      means: chooseMeans(stream, venue),
      tellsEnds: venue.acknowledges !== 'none',
    });
    if (state !== stream.recovery) this.#isDirty = true;
    stream.recovery = state;
    let isTrusted = false;
    for (const effect of effects) {
      if (effect.kind === 'trust') isTrusted = true;
      else if (effect.kind === 'fail') this.#givenUp.push(stream);
      else this.#gather(effect.means, stream);
    }
    return isTrusted;
  }

  /** Sends what was gathered and sets the timer; to be called when a batch of steps is done. */
  flush(): void {
    if (!this.#isDirty || this.#isEnded) return;
    this.#isDirty = false;
    this.#jitter = undefined;
    const givenUp = this.#givenUp;
    this.#givenUp = [];
    const requests = [...this.#requests];
    this.#requests.clear();
    this.#arm();
    for (const [means, streams] of requests) this.#host.request(means, streams);
    for (const stream of givenUp) this.#host.giveUp(stream);
  }

  /**
   * No timer is left armed and nothing gathered is sent, also not by what a listener interrupted
   * when it closed the feed.
   */
  end(): void {
    this.#isEnded = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#requests.clear();
    this.#givenUp = [];
  }

  #gather(means: RecoveryMeans, stream: FeedStream): void {
    const streams = this.#requests.get(means);
    if (streams) streams.push(stream);
    else this.#requests.set(means, [stream]);
  }

  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    let dueAtMs = Infinity;
    for (const stream of this.#streams()) {
      if (stream.recovery) dueAtMs = Math.min(dueAtMs, recoveryDueAtMs(stream.recovery));
    }
    if (dueAtMs === Infinity) return;
    const { clock, timers } = this.#tools.runtime;
    const delayMs = Math.max(0, dueAtMs - clock.monotonicMs());
    this.#cancelTimer = timers.after(delayMs, () => this.#onTimer());
  }

  #onTimer(): void {
    this.#isDirty = true;
    for (const stream of this.#streams()) this.step(stream, 'time');
    this.flush();
  }
}
