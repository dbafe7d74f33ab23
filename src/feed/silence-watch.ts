import type { CancelTimer } from '../model/runtime.js';
import type { FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';

/** Reports streams that are quiet for longer than their channel ever should be. */
export class SilenceWatch {
  readonly #tools: FeedTools;
  readonly #streams: () => readonly FeedStream[];
  #cancelTimer: CancelTimer | undefined;

  constructor(tools: FeedTools, streams: () => readonly FeedStream[]) {
    this.#tools = tools;
    this.#streams = streams;
  }

  /** The socket is ready, or carries other streams: those that are new begin their wait now. */
  start(): void {
    this.stop();
    const nowMs = this.#tools.runtime.clock.monotonicMs();
    let dueInMs = Infinity;
    for (const stream of this.#streams()) {
      const cadenceMs = stream.rule.expectedCadenceMs;
      if (cadenceMs === undefined || stream.isSilent) continue;
      dueInMs = Math.min(dueInMs, stream.heardAtMs + cadenceMs - nowMs);
    }
    if (dueInMs === Infinity) return;
    const check = (): void => this.#check();
    this.#cancelTimer = this.#tools.runtime.timers.after(Math.max(1, dueInMs), check);
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** A message of the stream came. */
  hear(stream: FeedStream): void {
    if (stream.rule.expectedCadenceMs === undefined) return;
    stream.heardAtMs = this.#tools.runtime.clock.monotonicMs();
    if (!stream.isSilent) return;
    stream.isSilent = false;
    this.#announce(stream, 0);
    this.start();
  }

  #check(): void {
    const nowMs = this.#tools.runtime.clock.monotonicMs();
    for (const stream of this.#streams()) {
      const cadenceMs = stream.rule.expectedCadenceMs;
      const silentMs = nowMs - stream.heardAtMs;
      if (cadenceMs === undefined || stream.isSilent || silentMs < cadenceMs) continue;
      stream.isSilent = true;
      this.#announce(stream, silentMs);
    }
    this.start();
  }

  /** `silentMs` 0 says that the stream speaks again. */
  #announce(stream: FeedStream, silentMs: number): void {
    const receivedAtMs = this.#tools.runtime.clock.nowMs();
    const names = stream.names.size > 0 ? stream.names : [stream.symbol ?? ''];
    for (const symbol of names) {
      const base = { venue: this.#tools.venue.id, symbol, venueAtMs: NaN, receivedAtMs };
      this.#tools.emit({ ...base, type: 'stream.silenced', channel: stream.rule.name, silentMs });
    }
  }
}
