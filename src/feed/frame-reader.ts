import type { StaleCause } from '../book/book-life.js';
import type { AnyBookMessage, DecodedFrame, VenueMessage } from '../model/message.js';
import type { ChannelName } from '../model/venue.js';
import { AccountReader } from './account-reader.js';
import type { BookStream } from './book-stream.js';
import type { FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';
import {
  deliverCandles,
  deliverInstruments,
  deliverNotice,
  deliverSkipped,
  deliverTicker,
  deliverTrades,
  deliverVenueStatus,
  type Arrival,
} from './message-delivery.js';
import type { RecoveryDriver } from './recovery-driver.js';
import { SequenceGuard, type SequenceFinding } from './sequence-guard.js';
import type { SilenceWatch } from './silence-watch.js';
import type { StreamTable } from './stream-table.js';

/** A stream's book of one kind, as messages of that kind change it. */
type BookOf<Message extends AnyBookMessage> = Pick<
  BookStream<Message, unknown, unknown>,
  'isLive' | 'wait' | 'apply' | 'install'
>;

/** Before the first frame. */
const NO_FRAME: DecodedFrame = { channel: '', number: NaN, sentAtMs: NaN, messages: [] };

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

type Gap = Extract<SequenceFinding, { kind: 'gap' }>;

/** What the frames of one socket are read with. */
export interface FrameReaderParts {
  readonly tools: FeedTools;
  readonly table: StreamTable;
  readonly driver: RecoveryDriver;
  readonly silence: SilenceWatch;
  /** Whether heartbeats were asked for, on any socket. */
  wantsHeartbeats(): boolean;
}

/** Frames of one socket since the feed was opened. */
export interface FrameCounts {
  received: number;
  invalid: number;
  stale: number;
  missing: number;
}

/**
 * Reads the frames of one socket: first whether each is the next one, then what it says. Every book
 * that a gap concerns is stale before anything of the frame that revealed it is used.
 */
export class FrameReader {
  readonly counts: FrameCounts = { received: 0, invalid: 0, stale: 0, missing: 0 };
  readonly #parts: FrameReaderParts;
  readonly #tools: FeedTools;
  readonly #guard: SequenceGuard;
  readonly #account: AccountReader;
  #isStopped = false;
  /** Of the frame in hand; one object for all of them. */
  readonly #arrival: Mutable<Arrival> = { session: '', frame: NO_FRAME, receivedAtMs: 0 };

  constructor(parts: FrameReaderParts) {
    this.#parts = parts;
    this.#tools = parts.tools;
    const { sequence } = parts.tools.venue;
    this.#guard = new SequenceGuard(sequence, {
      isFollowed: (symbol) => parts.table.hasSymbol(symbol),
      awaitsSnapshot: (channel) => this.#awaitsSnapshot(channel),
    });
    this.#account = new AccountReader({
      ...parts,
      hear: (stream) => this.#hear(stream),
      distrust: (streams, cause) => this.distrust(streams, cause),
    });
  }

  /** A new socket: nothing of the last one counts. */
  restart(): void {
    this.#guard.reset();
  }

  /** Nothing is delivered any more, not even what is left of the frame in hand. */
  stop(): void {
    this.#isStopped = true;
  }

  read(session: string, frame: DecodedFrame, receivedAtMs: number): void {
    const arrival = this.#arrival;
    arrival.session = session;
    arrival.frame = frame;
    arrival.receivedAtMs = receivedAtMs;
    this.counts.received += 1;
    this.#tools.counters.framesReceived += 1;
    const finding = this.#guard.checkFrame(arrival.frame);
    if (finding.kind === 'stale') return this.#countStale();
    if (finding.kind === 'gap') this.#reportGap(finding);
    for (const message of arrival.frame.messages) {
      if (this.#isStopped) return;
      this.#deliver(message);
    }
    this.#account.settle(arrival);
    this.#parts.driver.flush();
  }

  /** What could not be read may have concerned any stream. */
  readUnreadable(detail: string, receivedAtMs: number): void {
    this.counts.invalid += 1;
    this.#tools.counters.framesInvalid += 1;
    this.#guard.noteUnreadable();
    const cause = { reason: 'frame-invalid', detail } as const;
    const announce = this.distrust(this.#parts.table.all, cause);
    announce(receivedAtMs);
    this.#parts.driver.flush();
  }

  #countStale(): void {
    this.counts.stale += 1;
    this.#tools.counters.framesStale += 1;
  }

  #reportGap(gap: Gap): void {
    const arrival = this.#arrival;
    const { expected, received, symbol, channel } = gap;
    // A row that began anew says nothing of how much is missing.
    const missing = Math.max(0, received - expected);
    this.counts.missing += missing;
    this.#tools.counters.framesMissing += missing;
    this.#tools.counters.sequenceGaps += 1;
    const { all } = this.#parts.table;
    const suspects = all.filter(
      (each) =>
        (symbol === undefined || each.symbol === symbol) &&
        (channel === undefined || each.rule.name === channel),
    );
    const row = channel === undefined ? arrival.session : `${channel} on ${arrival.session}`;
    const detail =
      received < expected
        ? `Numbers of ${row} fell from ${expected - 1} to ${received}: a new row began.`
        : `Numbers ${expected} to ${received - 1} of ${row} did not arrive.`;
    const announce = this.distrust(suspects, { reason: 'sequence-gap', detail });
    this.#tools.emit({
      type: 'sequence.gapped',
      venue: this.#tools.venue.id,
      symbol: symbol ?? '',
      venueAtMs: arrival.frame.sentAtMs,
      receivedAtMs: arrival.receivedAtMs,
      session: arrival.session,
      scope: channel === undefined ? scopeOf(symbol) : 'channel',
      channel: (channel ?? '') as ChannelName | '',
      expected,
      received,
      missing,
    });
    announce(arrival.receivedAtMs);
  }

  /**
   * Marks first; calling the result tells. Whoever hears of one book finds none of the others live.
   * What recovery asks for waits until the driver is flushed.
   */
  distrust(streams: readonly FeedStream[], cause: StaleCause): (receivedAtMs: number) => void {
    const staled = streams.filter((stream) => stream.trusted?.distrust(cause));
    for (const stream of streams) this.#parts.driver.step(stream, 'trust-lost');
    return (receivedAtMs) => {
      for (const stream of staled) stream.trusted?.announceStale(cause, receivedAtMs);
    };
  }

  #deliver(message: VenueMessage): void {
    const arrival = this.#arrival;
    switch (message.type) {
      case 'book.snapshot':
      case 'book.delta': {
        const stream = this.#hearSymbol('book', message.symbol);
        if (stream?.levelBook) this.#deliverBook(stream, stream.levelBook, message);
        return;
      }
      case 'orders-book.snapshot':
      case 'orders-book.delta': {
        const stream = this.#hearSymbol('orders-book', message.symbol);
        if (stream?.ordersBook) this.#deliverBook(stream, stream.ordersBook, message);
        return;
      }
      case 'trades.snapshot':
      case 'trades.update': {
        const stream = this.#hearSymbol('trades', message.symbol);
        if (!stream) return;
        const isGapped = deliverTrades(this.#tools, stream, { message, arrival });
        if (message.type === 'trades.snapshot') this.#parts.driver.noteSnapshot(stream);
        else if (isGapped) this.#parts.driver.step(stream, 'trust-lost');
        return;
      }
      case 'ticker.update': {
        const stream = this.#hearSymbol(message.channel, message.symbol);
        if (!stream) return;
        deliverTicker(this.#tools, stream, { message, arrival });
        return this.#parts.driver.noteSnapshot(stream);
      }
      case 'candles.snapshot':
      case 'candles.update': {
        const stream = this.#hearSymbol('candles', message.symbol);
        if (!stream) return;
        deliverCandles(this.#tools, stream, { message, arrival });
        if (message.type === 'candles.snapshot') this.#parts.driver.noteSnapshot(stream);
        return;
      }
      default:
        return this.#deliverWhole(message);
    }
  }

  /** Messages that concern a channel as a whole, or none. */
  #deliverWhole(message: VenueMessage): void {
    const arrival = this.#arrival;
    const { channel } = arrival.frame;
    switch (message.type) {
      case 'instruments.snapshot':
      case 'instruments.update': {
        const find = (symbol: string) => this.#parts.table.find(channel, symbol);
        this.#tools.instruments.note(message);
        deliverInstruments(this.#tools, find, { message, arrival });
        return this.#hearChannel(channel, message.type === 'instruments.snapshot');
      }
      case 'orders.snapshot':
      case 'orders.update':
      case 'fills.snapshot':
      case 'fills.update':
      case 'positions.snapshot':
      case 'positions.update':
      case 'balances.snapshot':
      case 'balances.update':
        return this.#account.take(message, arrival);
      case 'heartbeat':
        this.#hearChannel('heartbeats', false);
        this.#parts.silence.hearHeartbeat();
        if (!this.#parts.wantsHeartbeats()) return;
        return this.#tools.emit({
          type: 'heartbeat.received',
          venue: this.#tools.venue.id,
          symbol: '',
          venueAtMs: message.venueAtMs,
          receivedAtMs: arrival.receivedAtMs,
          session: arrival.session,
          counter: message.counter,
        });
      case 'order-limits.told':
        return this.#tools.orderLimiter?.noteLimits(message);
      case 'notice':
        this.#hearChannel('notices', false);
        return deliverNotice(this.#tools, message, arrival);
      case 'venue.status':
        return deliverVenueStatus(this.#tools, message, arrival);
      case 'frame.skipped':
        return deliverSkipped(this.#tools, message, arrival);
      default:
        // Acknowledgements and refusals are the session's; it tells what came of them.
        return;
    }
  }

  #awaitsSnapshot(channel: string): boolean {
    for (const { recovery } of this.#parts.table.ofChannel(channel)) {
      if (recovery?.phase.kind !== 'live') return true;
    }
    return false;
  }

  /** A stream that nobody wants any more may still speak until the venue has heard of it. */
  #hearSymbol(channel: string, symbol: string): FeedStream | undefined {
    const stream = this.#parts.table.find(channel, symbol);
    if (stream) this.#hear(stream);
    return stream;
  }

  #hear(stream: FeedStream): void {
    stream.messages += 1;
    stream.lastMessageAtMs = this.#arrival.receivedAtMs;
    this.#parts.silence.hear(stream);
  }

  #hearChannel(channel: string, isSnapshot: boolean): void {
    for (const stream of this.#parts.table.ofChannel(channel)) {
      this.#hear(stream);
      if (isSnapshot) this.#parts.driver.noteSnapshot(stream);
    }
  }

  #deliverBook<Message extends AnyBookMessage>(
    stream: FeedStream,
    book: BookOf<Message>,
    message: Message,
  ): void {
    if (message.type === 'book.snapshot' || message.type === 'orders-book.snapshot') {
      return this.#deliverSnapshot(stream, book, message);
    }
    if (!book.isLive) {
      const phase = stream.recovery?.phase.kind;
      if (phase === 'attempting' || phase === 'waiting') book.wait(message);
      return;
    }
    const finding = this.#guard.checkDelta(message);
    if (finding.kind === 'stale') return this.#countStale();
    if (finding.kind === 'gap') return this.#reportGap(finding);
    const outcome = book.apply(message, this.#arrival.receivedAtMs);
    if (outcome.kind === 'refused') this.#parts.driver.step(stream, 'trust-lost');
  }

  #deliverSnapshot<Message extends AnyBookMessage>(
    stream: FeedStream,
    book: BookOf<Message>,
    message: Message,
  ): void {
    if (book.isLive && this.#guard.isRepeated(message)) return this.#countStale();
    // A snapshot that nobody waits for replaces a live book; any other has to be one to trust.
    const isTrusted = book.isLive || this.#parts.driver.step(stream, 'snapshot');
    if (!isTrusted) return;
    this.#guard.startRow(message);
    const outcome = book.install(
      message,
      this.#arrival.receivedAtMs,
      (delta) => this.#guard.checkDelta(delta).kind,
    );
    if (outcome.kind === 'refused') this.#parts.driver.step(stream, 'trust-lost');
  }
}

function scopeOf(symbol: string | undefined): 'connection' | 'symbol' {
  return symbol === undefined ? 'connection' : 'symbol';
}
