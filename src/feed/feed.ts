import type { Feed, FeedOptions } from './feed-options.js';

export function openFeed<Credentials>(options: FeedOptions<Credentials>): Feed {
  throw new Error(`Not built yet for ${options.venue.id}.`);
}
