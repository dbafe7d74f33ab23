import type { TruefeedError } from '../model/error.js';
import type { EventBase, SubscriptionAccepted, SubscriptionRefused } from '../model/event.js';
import type { Subscription, SubscriptionRefusal } from '../model/session.js';
import type { FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';
import type { RecoveryDriver } from './recovery-driver.js';
import type { StreamTable } from './stream-table.js';
import { nameStream } from './subscription-check.js';

/** What the notices of one socket are taken in with. */
export interface SubscriptionNoticesParts {
  readonly tools: FeedTools;
  readonly table: StreamTable;
  readonly driver: RecoveryDriver;
  sessionName(): string;
  /** The socket has no room for the stream; false where no other may be tried. */
  moveRefused(stream: FeedStream): boolean;
}

type Told =
  | Pick<SubscriptionAccepted, 'type' | 'session' | 'channel'>
  | Pick<SubscriptionRefused, 'type' | 'session' | 'channel' | 'error' | 'final'>;

/** What the session says of subscriptions, carried to their streams, and told. */
export class SubscriptionNotices {
  readonly #parts: SubscriptionNoticesParts;

  constructor(parts: SubscriptionNoticesParts) {
    this.#parts = parts;
  }

  accept(subscription: Subscription): void {
    const stream = this.#find(subscription);
    if (!stream) return;
    const { driver } = this.#parts;
    const isNews = stream.status !== 'accepted';
    stream.status = 'accepted';
    stream.error = undefined;
    const channel = stream.rule.name;
    if (isNews)
      this.#tell(stream, {
        type: 'subscription.accepted',
        session: this.#parts.sessionName(),
        channel,
      });
    // Only a book and the account have to wait for their snapshot: the others may have none.
    const phase = stream.recovery?.phase;
    const isVain = phase?.kind === 'attempting' && (phase.tainted || phase.awaitsEnd);
    driver.step(stream, stream.trusted || isVain ? 'acknowledged' : 'snapshot');
    driver.flush();
  }

  /** A snapshot of the old subscription may have come late: nothing follows on it any more. */
  end(subscription: Subscription): void {
    const stream = this.#find(subscription);
    if (!stream) return;
    const detail = 'The venue ended the old subscription; the new one has not begun yet.';
    const announce = this.#distrust(stream, { detail, final: false });
    this.#parts.driver.step(stream, 'renewing');
    announce();
    this.#parts.driver.flush();
  }

  refuse(subscription: Subscription, { error, inWords, retryInMs }: SubscriptionRefusal): void {
    const stream = this.#find(subscription);
    if (!stream) return;
    const { driver } = this.#parts;
    const isMoved = error.code === 'SUBSCRIPTION_LIMIT' && this.#parts.moveRefused(stream);
    const isFinal = retryInMs === undefined && !isMoved;
    stream.error = error;
    const announce = this.#distrust(stream, { detail: error.message, final: isFinal });
    if (isFinal) {
      stream.status = 'refused';
      driver.step(stream, 'stop');
    } else {
      driver.step(stream, inWords ? 'refused' : 'passed-over', retryInMs);
    }
    const parts = { type: 'subscription.refused', session: this.#parts.sessionName() } as const;
    this.#tell(stream, { ...parts, channel: stream.rule.name, error, final: isFinal });
    announce();
    driver.flush();
  }

  /** What a stream without a book lost was not sent again, however often it was asked for. */
  fail(stream: FeedStream, error: TruefeedError): void {
    stream.error = error;
    const parts = { type: 'subscription.refused', session: this.#parts.sessionName() } as const;
    this.#tell(stream, { ...parts, channel: stream.rule.name, error, final: false });
  }

  /** The socket ended for good: whoever wants a stream of it has to ask again. */
  giveUp(error: TruefeedError): void {
    const streams = this.#parts.table.all.filter((stream) => stream.status !== 'refused');
    for (const stream of streams) {
      stream.status = 'refused';
      stream.error = error;
      this.#parts.driver.step(stream, 'stop');
    }
    const parts = { type: 'subscription.refused', session: this.#parts.sessionName() } as const;
    for (const stream of streams) {
      this.#tell(stream, { ...parts, channel: stream.rule.name, error, final: true });
    }
  }

  #find(subscription: Subscription): FeedStream | undefined {
    const key = nameStream(subscription.channel, subscription.symbol);
    return this.#parts.table.all.find((stream) => stream.key === key);
  }

  /** Marks what is live at once, anything for good; what is returned tells of it. */
  #distrust(
    stream: FeedStream,
    loss: { readonly detail: string; readonly final: boolean },
  ): () => void {
    const { trusted } = stream;
    const cause = { reason: 'subscription-lost', detail: loss.detail } as const;
    const isMeant = trusted !== undefined && (loss.final || trusted.isLive);
    const isStaled = isMeant && trusted.distrust(cause);
    const { clock } = this.#parts.tools.runtime;
    return () => {
      if (isStaled) trusted.announceStale(cause, clock.nowMs());
    };
  }

  #tell(stream: FeedStream, told: Told): void {
    const { tools } = this.#parts;
    const receivedAtMs = tools.runtime.clock.nowMs();
    const names = stream.names.size > 0 ? stream.names : [stream.symbol ?? ''];
    for (const symbol of names) {
      const base: EventBase = { venue: tools.venue.id, symbol, venueAtMs: NaN, receivedAtMs };
      tools.emit({ ...base, ...told });
    }
  }
}
