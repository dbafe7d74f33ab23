import type { AnyBookMessage, BookMessage, DecodedFrame, VenueMessage } from '../model/message.js';
import type { MessageNumbers, Tracker, Verdict } from '../model/tracker.js';
import type { SequenceRule } from '../model/venue.js';

/** What a number says of a frame or message. A gap in one symbol's own row names the symbol. */
export type SequenceFinding =
  | { readonly kind: 'accept' }
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'gap';
      readonly expected: number;
      readonly received: number;
      readonly symbol: string | undefined;
      /** Of a row that is one channel's. */
      readonly channel: string | undefined;
    };

const ACCEPT: SequenceFinding = { kind: 'accept' };
const STALE: SequenceFinding = { kind: 'stale' };

function symbolOf(message: VenueMessage): string | undefined {
  return 'symbol' in message ? message.symbol : undefined;
}

function isSnapshot(message: VenueMessage): boolean {
  return message.type.endsWith('.snapshot');
}

/** What the guard asks of the streams. */
export interface SequenceGuardTools {
  /** Keeps rows of symbols that nobody asked for from piling up. */
  isFollowed(symbol: string): boolean;
  /** Whether a stream of the channel waits for a fresh snapshot, with which its row begins anew. */
  awaitsSnapshot(channel: string): boolean;
}

/** Where a row of numbers belongs, for those who hear of a gap in it. */
interface RowName {
  readonly symbol?: string;
  readonly channel?: string;
}

const WHOLE_SOCKET: RowName = {};

/** Rows of channels kept on one socket: no venue has so many channels. */
const CHANNEL_ROWS_MAX = 100;

function hasNumbers(message: VenueMessage): boolean {
  return 'lastNumber' in message && !Number.isNaN(message.lastNumber);
}

/**
 * The rows of numbers of one socket, at the scope the venue's rule names. Every frame with a number
 * counts, also those that nobody listens to.
 */
export class SequenceGuard {
  readonly #rule: SequenceRule;
  readonly #tools: SequenceGuardTools;
  readonly #connectionTracker: Tracker;
  readonly #symbolTrackers = new Map<string, Tracker>();
  readonly #channelTrackers = new Map<string, Tracker>();
  #unreadableFrames = 0;
  /** The numbers in hand; one object for all frames. */
  readonly #numbers = { first: 0, last: 0 };

  constructor(rule: SequenceRule, tools: SequenceGuardTools) {
    this.#rule = rule;
    this.#tools = tools;
    this.#connectionTracker = rule.createTracker();
  }

  /** A new socket: every row starts anew. */
  reset(): void {
    this.#connectionTracker.reset(this.#rule.lastBeforeFirst);
    this.#symbolTrackers.clear();
    this.#channelTrackers.clear();
    this.#unreadableFrames = 0;
  }

  /** A frame that could not be read had a number too, so the next good one will reveal a gap. */
  noteUnreadable(): void {
    this.#unreadableFrames += 1;
  }

  /** Checks the number of the frame itself. */
  checkFrame(frame: DecodedFrame): SequenceFinding {
    if (Number.isNaN(frame.number)) return ACCEPT;
    const numbers = this.#number(frame.number);
    switch (this.#rule.scope) {
      case 'none':
        return ACCEPT;
      case 'connection':
        return this.#explain(this.#connectionTracker.check(numbers), WHOLE_SOCKET);
      case 'channel':
        return this.#checkChannel(frame);
      case 'symbol': {
        // Numbers in the messages say more than one of the frame, and no number counts twice.
        if (frame.messages.some(hasNumbers)) return ACCEPT;
        const symbol = frame.messages.map(symbolOf).find((found) => found !== undefined);
        if (symbol === undefined || !this.#tools.isFollowed(symbol)) return ACCEPT;
        return this.#explain(this.#trackerOf(symbol).check(numbers), { symbol });
      }
    }
  }

  /** Checks the numbers of a symbol's own row, where the message brings some. */
  checkDelta(delta: AnyBookMessage): SequenceFinding {
    if (!this.#hasOwnNumbers(delta)) return ACCEPT;
    const numbers = this.#number(delta.firstNumber, delta.lastNumber);
    return this.#explain(this.#trackerOf(delta.symbol).check(numbers), { symbol: delta.symbol });
  }

  /** Whether a snapshot, by its own number, is none but one that came before. */
  isRepeated(snapshot: AnyBookMessage): boolean {
    if (!this.#hasOwnNumbers(snapshot)) return false;
    const { lastNumber } = snapshot;
    const tracker = this.#trackerOf(snapshot.symbol);
    return tracker.check(this.#number(lastNumber)).kind === 'stale';
  }

  /** A snapshot starts its symbol's own row anew. */
  startRow(snapshot: AnyBookMessage): void {
    if (this.#hasOwnNumbers(snapshot)) this.#trackerOf(snapshot.symbol).reset(snapshot.lastNumber);
  }

  /** A snapshot that is waited for begins the channel's row; any other has its place in it. */
  #checkChannel({ channel, number, messages }: DecodedFrame): SequenceFinding {
    const known = this.#channelTrackers.get(channel);
    const tracker = known ?? this.#rule.createTracker();
    if (!known) {
      if (this.#channelTrackers.size >= CHANNEL_ROWS_MAX) return ACCEPT;
      tracker.reset(this.#rule.lastBeforeFirst);
      this.#channelTrackers.set(channel, tracker);
    }
    if (messages.some(isSnapshot) && this.#tools.awaitsSnapshot(channel)) {
      tracker.reset(number);
      return ACCEPT;
    }
    return this.#explain(tracker.check(this.#number(number)), { channel });
  }

  #number(first: number, last = first): MessageNumbers {
    this.#numbers.first = first;
    this.#numbers.last = last;
    return this.#numbers;
  }

  #hasOwnNumbers(message: AnyBookMessage): message is BookMessage {
    return this.#rule.scope === 'symbol' && hasNumbers(message);
  }

  #trackerOf(symbol: string): Tracker {
    const known = this.#symbolTrackers.get(symbol);
    if (known) return known;
    const tracker = this.#rule.createTracker();
    tracker.reset(this.#rule.lastBeforeFirst);
    this.#symbolTrackers.set(symbol, tracker);
    return tracker;
  }

  #explain(verdict: Verdict, { symbol, channel }: RowName): SequenceFinding {
    if (verdict.kind === 'stale') return STALE;
    const unreadable = this.#unreadableFrames;
    this.#unreadableFrames = 0;
    if (verdict.kind === 'accept') return ACCEPT;
    const { expected, received } = verdict;
    // What is missing is just what could not be read, and trust was lost when that came. Numbers
    // that fall are another matter.
    const missing = received - expected;
    const isKnown = symbol === undefined && missing > 0 && missing <= unreadable;
    return isKnown ? ACCEPT : { kind: 'gap', expected, received, symbol, channel };
  }
}
