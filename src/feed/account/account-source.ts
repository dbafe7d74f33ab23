import { createBookLife, type BookLife, type StaleCause } from '../../book/book-life.js';
import type { AccountPart } from '../../model/account.js';
import type { BookState } from '../../model/book.js';
import type { ChannelRule } from '../../model/venue.js';
import type { FeedTools } from '../feed-tools.js';
import { FINAL_REASONS, type Trusted } from '../trust.js';

/** What a source is of: a channel, or one symbol of it. */
interface SourceParts {
  readonly key: string;
  readonly rule: ChannelRule;
  readonly symbol: string | undefined;
}

/** One channel that tells parts of the account, and whether they are whole and current. */
export class AccountSource implements Trusted {
  readonly key: string;
  readonly symbol: string | undefined;
  readonly rule: ChannelRule;
  readonly parts: readonly AccountPart[];
  readonly #tools: FeedTools;
  readonly #life: BookLife;
  #staleSinceMs: number | undefined;

  constructor(tools: FeedTools, { key, rule, symbol }: SourceParts) {
    this.key = key;
    this.symbol = symbol;
    this.rule = rule;
    this.parts = rule.supplies ?? [];
    this.#tools = tools;
    this.#life = createBookLife({ sinceAtMs: tools.runtime.clock.nowMs() });
  }

  get state(): BookState {
    return this.#life.state;
  }

  get isLive(): boolean {
    return this.#life.isLive;
  }

  /**
   * Whether it was whole once, also under a subscription before, so that what a fresh snapshot
   * brings anew was missed.
   */
  get wasLive(): boolean {
    return this.#tools.account.wasWhole(this);
  }

  distrust(cause: StaleCause): boolean {
    const { state } = this.#life;
    const isFinal = FINAL_REASONS.has(cause.reason);
    const isSameEnd = state.status === 'stale' && state.reason === cause.reason;
    if (state.status !== 'live' && (!isFinal || isSameEnd)) return false;
    this.#life.markStale(cause, this.#tools.runtime.clock.nowMs());
    this.#staleSinceMs ??= this.#tools.runtime.clock.monotonicMs();
    return true;
  }

  announceStale({ reason, detail }: StaleCause, receivedAtMs: number): void {
    const base = { venue: this.#tools.venue.id, symbol: '', venueAtMs: NaN, receivedAtMs };
    this.#tools.emit({ ...base, type: 'account.staled', parts: this.parts, reason, detail });
  }

  /** A whole snapshot was taken in, and what it changed was told. */
  markLive(receivedAtMs: number): void {
    if (this.isLive) return;
    this.#life.markLive(receivedAtMs);
    this.#tools.account.noteWhole(this);
    if (this.#staleSinceMs === undefined) return;
    const notLiveMs = this.#tools.runtime.clock.monotonicMs() - this.#staleSinceMs;
    this.#staleSinceMs = undefined;
    const base = { venue: this.#tools.venue.id, symbol: '', venueAtMs: NaN, receivedAtMs };
    this.#tools.emit({ ...base, type: 'account.restored', parts: this.parts, notLiveMs });
  }
}
