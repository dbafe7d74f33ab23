import { ConfigError } from '../model/error.js';
import { checkNames } from '../model/option-names.js';
import type {
  EventStreamOptions,
  FeedOptions,
  FeedSubscription,
  LiveWaitOptions,
} from './feed-options.js';

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

const STREAM_OPTION_NAMES: Readonly<Record<keyof EventStreamOptions, true>> = {
  maxEvents: true,
  whenFull: true,
};

const WAIT_OPTION_NAMES: Readonly<Record<keyof LiveWaitOptions, true>> = { timeoutMs: true };

const SUBSCRIPTION_FORM = "[{ channel: 'book', symbols: [name] }]";

/** Checks the names of everything that `openFeed` is given. */
export function checkOptionNames(options: FeedOptions): void {
  checkNames('the options of openFeed', options, FEED_OPTION_NAMES);
}

/** Checks the names of everything that `feed.events` is given. */
export function checkStreamNames(options: EventStreamOptions): void {
  checkNames('the options of events', options, STREAM_OPTION_NAMES);
}

/** Checks the names of everything that `feed.whenLive` is given. */
export function checkWaitNames(options: LiveWaitOptions): void {
  checkNames('the options of whenLive', options, WAIT_OPTION_NAMES);
}

/** No type guard: `Array.isArray` makes a list of anything of a read-only one. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}

function refuseForm(option: string, rule: string): never {
  const message = `The option ${option} must be ${rule}, as in ${SUBSCRIPTION_FORM}.`;
  throw new ConfigError('OPTION_INVALID', message, { facts: { option } });
}

/** Checks the form of subscriptions, and names in them, as `symbol` where `symbols` is meant. */
export function checkSubscriptionNames(subscriptions: readonly FeedSubscription[]): void {
  if (!isList(subscriptions)) refuseForm('subscriptions', 'a list of subscriptions');
  for (const subscription of subscriptions) {
    if (typeof subscription !== 'object') refuseForm('subscriptions', 'a list of objects');
    checkNames('a subscription', subscription, SUBSCRIPTION_NAMES);
    const { symbols = [] } = subscription;
    if (!isList(symbols)) refuseForm('symbols', 'a list of texts');
  }
}
