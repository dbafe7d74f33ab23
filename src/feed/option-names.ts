import { ConfigError } from '../model/error.js';
import type { FeedOptions, FeedSubscription } from './feed-options.js';
import { findNearestName } from './nearest-name.js';

/** Complete by its type: a new option that is left out here does not compile. */
const FEED_OPTION_NAMES: Readonly<Record<keyof FeedOptions, true>> = {
  venue: true,
  credentials: true,
  subscriptions: true,
  onEvent: true,
  signal: true,
  runtime: true,
  endpoints: true,
  caPem: true,
  tap: true,
  knownSymbols: true,
  maxAttempts: true,
  budget: true,
  recovery: true,
  limits: true,
};

const SUBSCRIPTION_NAMES: Readonly<Record<keyof FeedSubscription, true>> = {
  channel: true,
  symbols: true,
  depth: true,
};

const MAX_SHOWN_LENGTH = 60;

/** What is said of a name that nobody reads, with the nearest name that there is. */
export function explainUnknownName(
  what: string,
  name: string,
  validNames: readonly string[],
): { readonly text: string; readonly facts: { readonly option: string; nearest?: string } } {
  const option = name.slice(0, MAX_SHOWN_LENGTH);
  const nearest = findNearestName(option, validNames);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  const text = `There is no "${option}" in ${what}.${hint} There are: ${validNames.join(', ')}.`;
  return { text, facts: { option, ...(nearest !== undefined && { nearest }) } };
}

/**
 * A name that nobody reads is a wish that is not heard: `credential` would leave a feed public, and
 * nothing would say so. Throws OPTION_INVALID with the nearest name that there is.
 */
export function checkNames(what: string, given: object, valid: object): void {
  const validNames = Object.keys(valid);
  const unknown = Object.keys(given).find((name) => !validNames.includes(name));
  if (unknown === undefined) return;
  const { text, facts } = explainUnknownName(what, unknown, validNames);
  throw new ConfigError('OPTION_INVALID', text, { facts });
}

/** Checks the names of everything that `openFeed` is given. */
export function checkOptionNames(options: FeedOptions): void {
  checkNames('the options of openFeed', options, FEED_OPTION_NAMES);
}

/** Checks the names in subscriptions, such as `symbol` where `symbols` is meant. */
export function checkSubscriptionNames(subscriptions: readonly FeedSubscription[]): void {
  for (const subscription of subscriptions) {
    checkNames('a subscription', subscription, SUBSCRIPTION_NAMES);
  }
}
