import { ConnectionError, VenueError, type TruefeedError } from '../model/error.js';
import type { Session } from '../model/session.js';
import type { RecoveryMeans } from '../model/venue.js';
import { asSubscription, type FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';
import type { RecoveryHost } from './recovery-driver.js';
import type { StreamTable } from './stream-table.js';

/** What the remedies of one socket are carried out with. */
export interface RemedyParts {
  /** What the socket is called, whichever session it has. */
  readonly name: string;
  readonly tools: FeedTools;
  readonly table: StreamTable;
  /** The session that it has now. */
  readonly session: () => Session;
  /** Tells the end of hope for a stream that is no book. */
  readonly fail: (stream: FeedStream, error: TruefeedError) => void;
  /** Gives the stream a socket of its own; false where that cannot be. */
  readonly isolate: (stream: FeedStream) => boolean;
}

/** Carries out what recovery decides for the streams of one socket. */
export class StreamRemedies implements RecoveryHost {
  readonly #parts: RemedyParts;

  constructor(parts: RemedyParts) {
    this.#parts = parts;
  }

  request(means: RecoveryMeans, streams: readonly FeedStream[]): void {
    if (means === 'reconnect') return this.#reconnect(streams);
    const { tools, session } = this.#parts;
    tools.counters.streamsResubscribed += streams.length;
    const subscriptions = streams.map(asSubscription);
    if (means === 'request-snapshot') session().requestSnapshots(subscriptions);
    else session().resubscribe(subscriptions);
  }

  giveUp(stream: FeedStream): void {
    const { name, tools, fail } = this.#parts;
    const { slowestPaceMs } = tools.recovery;
    const error = new VenueError(
      'BOOK_UNRECOVERED',
      `${stream.key} was not healed by ${stream.recovery?.attempts ?? 0} attempts and is tried ` +
        `every ${slowestPaceMs / 1_000} s from now on. Ask the venue, or leave the symbol out.`,
      { facts: { channel: stream.rule.name, symbol: stream.symbol, session: name } },
    );
    if (stream.book) stream.book.announceFailure(error, tools.runtime.clock.nowMs());
    else fail(stream, error);
  }

  /** A socket is dropped for the books that need it only where no other book on it is live. */
  #reconnect(streams: readonly FeedStream[]): void {
    const { name, tools, table, session, isolate } = this.#parts;
    if (table.all.some((stream) => stream.book?.isLive)) {
      const staying = streams.filter((stream) => !isolate(stream));
      if (staying.length > 0) this.request('resubscribe', staying);
      return;
    }
    tools.counters.socketsReconnected += 1;
    const symbols = streams.map((stream) => stream.symbol ?? stream.rule.name).join(', ');
    session().reconnect(
      new ConnectionError(
        'CONNECTION_CLOSED',
        `The socket ${name} is dialled anew: new subscriptions did not heal ${symbols}.`,
        { facts: { session: name, symbols } },
      ),
    );
  }
}
