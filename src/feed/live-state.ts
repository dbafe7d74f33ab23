import type { TruefeedError } from '../model/error.js';
import type { FeedEngine } from './feed-engine.js';
import { isDelivering } from './feed-stream.js';

/** A stream that is not live, and what the venue or the socket last said against it. */
export interface MissingStream {
  readonly key: string;
  readonly error: TruefeedError | undefined;
}

/** What there is left to wait for. */
export type LiveState =
  | { readonly kind: 'live' }
  | { readonly kind: 'waiting'; readonly listMissing: () => readonly MissingStream[] }
  | { readonly kind: 'hopeless'; readonly error: TruefeedError };

const LIVE: LiveState = { kind: 'live' };

function listMissing(engine: FeedEngine): readonly MissingStream[] {
  const losses = engine.listLosses();
  return [...engine.streams.values()]
    .filter((stream) => !isDelivering(stream))
    .map((stream) => ({ key: stream.key, error: stream.error ?? losses.get(stream) }));
}

/** Creates what reads how far everything is that the engine was asked for. */
export function createLiveStateReader(engine: FeedEngine): () => LiveState {
  const waiting: LiveState = { kind: 'waiting', listMissing: () => listMissing(engine) };
  // Read after each frame until all is live: nothing is made here.
  return () => {
    let isLive = true;
    for (const stream of engine.streams.values()) {
      if (stream.status === 'refused' && stream.error) {
        return { kind: 'hopeless', error: stream.error };
      }
      isLive &&= isDelivering(stream);
    }
    for (const { endedBy } of engine.links) {
      if (endedBy) return { kind: 'hopeless', error: endedBy };
    }
    return isLive ? LIVE : waiting;
  };
}
