import type { StaleCause } from '../book/book-life.js';
import { isWholeSnapshot, type AccountArrival, type AccountMessage } from './account/account.js';
import type { FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';
import type { Arrival } from './message-delivery.js';
import type { RecoveryDriver } from './recovery-driver.js';
import type { StreamTable } from './stream-table.js';

/** What an account is read with; of the socket that tells of it. */
export interface AccountReaderParts {
  readonly tools: FeedTools;
  readonly table: StreamTable;
  readonly driver: RecoveryDriver;
  /** The stream has spoken. */
  hear(stream: FeedStream): void;
  /** Marks first; calling the result tells. */
  distrust(streams: readonly FeedStream[], cause: StaleCause): (receivedAtMs: number) => void;
}

/**
 * Reads what the frames of one socket say of the account. It is live once all of a snapshot was
 * told, on every stream of its channel; a part of something unknown takes that trust away.
 */
export class AccountReader {
  readonly #parts: AccountReaderParts;
  /** The channel of which this frame completed the snapshot. */
  #wholeChannel: string | undefined;

  constructor(parts: AccountReaderParts) {
    this.#parts = parts;
  }

  /** A channel of the account is one stream, or one for each symbol it was asked for with. */
  take(message: AccountMessage, arrival: Arrival): void {
    const { tools, table } = this.#parts;
    const { channel } = arrival.frame;
    const streams = [...table.ofChannel(channel)];
    const first = streams.find(({ account }) => account !== undefined)?.account;
    if (!first) return;
    for (const stream of streams) this.#parts.hear(stream);
    const of = (symbol: string) => table.find(channel, symbol)?.account ?? first;
    const isKnown = tools.account.take(message, { first, of }, toAccountArrival(arrival));
    if (isWholeSnapshot(message, first.rule)) this.#wholeChannel = channel;
    if (isKnown || !first.isLive) return;
    const detail = `${channel} told a part of an order that is not known: something was missed.`;
    this.#parts.distrust(streams, { reason: 'sequence-gap', detail })(arrival.receivedAtMs);
  }

  /** All of the frame was taken in, and it may have told all that there is of the account. */
  settle(arrival: Arrival): void {
    const channel = this.#wholeChannel;
    if (channel === undefined) return;
    this.#wholeChannel = undefined;
    const { tools, table, driver } = this.#parts;
    // What the venue refused for good is on no list, and no list waits for it.
    const streams = [...table.ofChannel(channel)].filter(
      ({ recovery }) => recovery?.phase.kind !== 'stopped',
    );
    for (const stream of streams) driver.noteSnapshot(stream);
    const isTrusted = streams.every(({ recovery }) => recovery?.phase.kind === 'live');
    if (!isTrusted) return;
    const source = streams.find(({ account }) => account !== undefined)?.account;
    if (source) tools.account.settle(source, toAccountArrival(arrival));
    for (const { account } of streams) account?.markLive(arrival.receivedAtMs);
  }
}

function toAccountArrival({ session, frame, receivedAtMs }: Arrival): AccountArrival {
  return { session, venueAtMs: frame.sentAtMs, receivedAtMs };
}
