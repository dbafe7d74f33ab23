import type { ChannelName, Venue } from '../model/venue.js';
import type { FeedStream } from './feed-stream.js';

const NO_STREAMS: readonly FeedStream[] = [];

/** The streams of one socket, found by what a frame says it is about. */
export class StreamTable {
  readonly #venue: Venue;
  #all: readonly FeedStream[] = NO_STREAMS;
  #bySymbol = new Map<string, Map<string | undefined, FeedStream>>();
  /** What was found last: mostly the next frame is about the same. */
  #last: FeedStream | undefined;

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  get all(): readonly FeedStream[] {
    return this.#all;
  }

  replace(streams: readonly FeedStream[]): void {
    this.#all = streams;
    this.#bySymbol = new Map();
    this.#last = undefined;
    for (const stream of streams) {
      const ofChannel =
        this.#bySymbol.get(stream.rule.name) ?? new Map<string | undefined, FeedStream>();
      ofChannel.set(stream.symbol, stream);
      this.#bySymbol.set(stream.rule.name, ofChannel);
    }
  }

  ofChannel(channel: string): Iterable<FeedStream> {
    return this.#bySymbol.get(channel)?.values() ?? NO_STREAMS;
  }

  /** Exactly as spelled first, then under the canonical name, then the channel taken as a whole. */
  find(channel: string, symbol: string | undefined): FeedStream | undefined {
    const last = this.#last;
    if (last && last.symbol === symbol && last.rule.name === channel) return last;
    const ofChannel = this.#bySymbol.get(channel);
    if (!ofChannel) return undefined;
    const exact = ofChannel.get(symbol);
    if (exact) this.#last = exact;
    if (exact || symbol === undefined) return exact;
    const canonical = this.#venue.symbols.canonical(symbol, channel as ChannelName);
    return ofChannel.get(canonical) ?? ofChannel.get(undefined);
  }

  hasSymbol(symbol: string): boolean {
    return this.#all.some((stream) => stream.symbol === symbol);
  }
}
