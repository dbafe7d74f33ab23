import type { Topic } from './topic.js';

/** One thing that a request asks for. */
export type Wish =
  | { readonly kind: 'topic'; readonly topic: Topic; readonly symbol: string }
  | { readonly kind: 'refused'; readonly symbol: string | undefined; readonly error: string };

/** What the venue says of a pair that it does not have under that name. */
export function unsupportedPair(name: string): string {
  return `Currency pair not supported ${name}`;
}
