import type { CancelTimer } from '../model/runtime.js';
import type { FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';

/** What is watched of a stream. */
type Watched = Pick<FeedStream, 'rule' | 'symbol' | 'names' | 'heardAtMs' | 'isSilent'>;

/** The socket that is watched. */
export interface WatchedSocket {
  sessionName(): string;
  streams(): readonly FeedStream[];
}

/**
 * Reports streams that are quiet for longer than their channel ever should be. The heartbeats that
 * the session holds for itself are watched like a stream that was asked for: a socket whose
 * heartbeats are late is not dead yet, but whoever trades on its books should know.
 */
export class SilenceWatch {
  readonly #tools: FeedTools;
  readonly #socket: WatchedSocket;
  /** From the first one on each socket: large snapshots may delay that. */
  #heartbeats: Watched | undefined;
  #cancelTimer: CancelTimer | undefined;
  #isEnded = false;

  constructor(tools: FeedTools, socket: WatchedSocket) {
    this.#tools = tools;
    this.#socket = socket;
  }

  /** A new socket is ready. */
  restart(): void {
    this.#heartbeats = undefined;
    this.start();
  }

  /** The socket is ready, or carries other streams: those that are new begin their wait now. */
  start(): void {
    this.stop();
    if (this.#isEnded) return;
    const nowMs = this.#tools.runtime.clock.monotonicMs();
    let dueInMs = Infinity;
    for (const stream of this.#watched()) {
      const cadenceMs = stream.rule.expectedCadenceMs;
      if (cadenceMs === undefined || stream.isSilent) continue;
      dueInMs = Math.min(dueInMs, stream.heardAtMs + cadenceMs - nowMs);
    }
    if (dueInMs === Infinity) return;
    const check = (): void => this.#check();
    this.#cancelTimer = this.#tools.runtime.timers.after(Math.max(1, dueInMs), check);
  }

  /** Whatever is heard from now on. */
  end(): void {
    this.#isEnded = true;
    this.stop();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** The venue's sign of life came. */
  hearHeartbeat(): void {
    if (this.#heartbeats) return this.hear(this.#heartbeats);
    const { liveness, channels } = this.#tools.venue;
    const rule = channels.find(({ name }) => name === liveness.heartbeatChannel);
    if (rule?.expectedCadenceMs === undefined) return;
    const heardAtMs = this.#tools.runtime.clock.monotonicMs();
    const names = new Set<string>();
    this.#heartbeats = { rule, symbol: undefined, names, heardAtMs, isSilent: false };
    this.start();
  }

  /** A message of the stream came. */
  hear(stream: Watched): void {
    if (stream.rule.expectedCadenceMs === undefined) return;
    stream.heardAtMs = this.#tools.runtime.clock.monotonicMs();
    if (!stream.isSilent) return;
    stream.isSilent = false;
    this.#announce(stream, 0);
    this.start();
  }

  #check(): void {
    const nowMs = this.#tools.runtime.clock.monotonicMs();
    for (const stream of this.#watched()) {
      const cadenceMs = stream.rule.expectedCadenceMs;
      const silentMs = nowMs - stream.heardAtMs;
      if (cadenceMs === undefined || stream.isSilent || silentMs < cadenceMs) continue;
      stream.isSilent = true;
      this.#announce(stream, silentMs);
    }
    this.start();
  }

  #watched(): readonly Watched[] {
    const streams = this.#socket.streams();
    const heartbeats = this.#heartbeats;
    const isAskedFor = streams.some(({ rule }) => rule.name === heartbeats?.rule.name);
    return heartbeats === undefined || isAskedFor ? streams : [...streams, heartbeats];
  }

  /** `silentMs` 0 says that the stream speaks again. */
  #announce(stream: Watched, silentMs: number): void {
    const receivedAtMs = this.#tools.runtime.clock.nowMs();
    const names = stream.names.size > 0 ? stream.names : [stream.symbol ?? ''];
    for (const symbol of names) {
      const base = { venue: this.#tools.venue.id, symbol, venueAtMs: NaN, receivedAtMs };
      const session = this.#socket.sessionName();
      const parts = { type: 'stream.silenced', session, channel: stream.rule.name } as const;
      this.#tools.emit({ ...base, ...parts, silentMs });
    }
  }
}
