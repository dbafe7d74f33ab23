import { ConfigError, KeyError } from '../model/error.js';
import type { ChannelName, ChannelRule, Venue } from '../model/venue.js';
import type { FeedSubscription } from './feed-options.js';
import { findNearestName } from '../model/nearest-name.js';
import { checkSubscriptionNames } from './option-names.js';

/** A subscription found good: one channel, and one symbol as it was asked for and as it comes. */
export interface CheckedSubscription {
  readonly rule: ChannelRule;
  /** The user's spelling; undefined where the channel is taken as a whole. */
  readonly requestedName: string | undefined;
  readonly symbol: string | undefined;
  readonly depth: number | undefined;
}

/** What subscriptions are checked against. */
export interface SubscriptionContext {
  readonly venue: Venue;
  readonly hasCredentials: boolean;
  readonly knownSymbols?: readonly string[] | undefined;
}

/** Longer names are cut in messages: they come from outside. */
const MAX_SHOWN_LENGTH = 60;

function show(name: string): string {
  return `"${name.length > MAX_SHOWN_LENGTH ? `${name.slice(0, MAX_SHOWN_LENGTH)}…` : name}"`;
}

function suggest(name: string, validNames: readonly string[]): string {
  const nearest = findNearestName(name.slice(0, MAX_SHOWN_LENGTH), validNames);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}

/** The channel of this name, or, where none has it, the one that has it as a further name. */
export function findChannel(name: string, venue: Venue): ChannelRule | undefined {
  return (
    venue.channels.find((channel) => channel.name === name) ??
    venue.channels.find((channel) => channel.aliases?.some((alias) => alias === name))
  );
}

function findRule(name: string, venue: Venue): ChannelRule {
  const rule = findChannel(name, venue);
  if (rule) return rule;
  const translated = venue.channels.find((channel) => channel.venueName === name);
  const names = venue.channels.map((channel) => channel.name);
  const hint = translated
    ? ` The venue's "${name}" is called "${translated.name}" here.`
    : suggest(name, names);
  throw new ConfigError(
    'CHANNEL_UNKNOWN',
    `${venue.title} has no channel ${show(name)}.${hint} It has: ${names.join(', ')}.`,
    { facts: { channel: name.slice(0, MAX_SHOWN_LENGTH), nearest: translated?.name } },
  );
}

function checkSymbol(symbol: string, context: SubscriptionContext): void {
  const { venue, knownSymbols } = context;
  const known = knownSymbols ?? [];
  const flaw = venue.symbols.explainInvalid(symbol);
  const isUnknown = knownSymbols !== undefined && !known.includes(symbol);
  if (flaw === undefined && !isUnknown) return;
  const reason = flaw ?? `${venue.title} has no symbol ${show(symbol)}.`;
  throw new ConfigError('SYMBOL_UNKNOWN', `${reason}${suggest(symbol, known)}`, {
    facts: { symbol: symbol.slice(0, MAX_SHOWN_LENGTH) },
  });
}

function checkSymbolCount(rule: ChannelRule, symbols: readonly string[]): void {
  if (rule.symbols === 'required' && symbols.length === 0) {
    throw new ConfigError(
      'OPTION_INVALID',
      `The channel "${rule.name}" needs symbols: name at least one in "symbols".`,
      { facts: { channel: rule.name } },
    );
  }
  if (rule.symbols === 'none' && symbols.length > 0) {
    throw new ConfigError(
      'OPTION_INVALID',
      `The channel "${rule.name}" takes no symbols: leave "symbols" out for it.`,
      { facts: { channel: rule.name } },
    );
  }
}

/** The depths that a channel offers; undefined where there is no choice. */
function listDepths(rule: ChannelRule, venue: Venue): readonly number[] | undefined {
  if (rule.name === 'book') return venue.book.depths;
  return rule.name === 'orders-book' ? venue.ordersBook?.depths : undefined;
}

function checkDepth(rule: ChannelRule, depth: number | undefined, venue: Venue): void {
  if (depth === undefined) return;
  const depths = listDepths(rule, venue);
  if (depths?.includes(depth) === true) return;
  const choice = depths === undefined ? 'it offers no choice' : `choose from ${depths.join(', ')}`;
  throw new ConfigError(
    'OPTION_INVALID',
    `${venue.title} has no depth ${depth} for "${rule.name}": ${choice}, or leave it out.`,
    { facts: { channel: rule.name, depth } },
  );
}

function checkOne(
  subscription: FeedSubscription,
  context: SubscriptionContext,
): CheckedSubscription[] {
  const { venue } = context;
  const rule = findRule(subscription.channel, venue);
  const symbols = [...new Set(subscription.symbols ?? [])];
  checkSymbolCount(rule, symbols);
  for (const symbol of symbols) checkSymbol(symbol, context);
  if (rule.private && !context.hasCredentials) {
    throw new KeyError(
      'KEY_MISSING',
      `The channel "${rule.name}" of ${venue.title} is private: give credentials, or leave it out.`,
      { facts: { channel: rule.name } },
    );
  }
  const { depth } = subscription;
  checkDepth(rule, depth, venue);
  if (symbols.length === 0) return [{ rule, requestedName: undefined, symbol: undefined, depth }];
  return symbols.map((requestedName) => {
    const symbol = venue.symbols.canonical(requestedName, rule.name);
    return { rule, requestedName, symbol, depth };
  });
}

/**
 * Checks subscriptions before anything is sent: a venue's own answer to a misspelt name is silence
 * or a misleading word. Throws CHANNEL_UNKNOWN, SYMBOL_UNKNOWN, OPTION_INVALID or KEY_MISSING.
 */
export function checkSubscriptions(
  subscriptions: readonly FeedSubscription[],
  context: SubscriptionContext,
): readonly CheckedSubscription[] {
  checkSubscriptionNames(subscriptions);
  return subscriptions.flatMap((subscription) => checkOne(subscription, context));
}

/** The name of a stream: one channel of one symbol in the spelling it comes in. */
export function nameStream(channel: ChannelName, symbol: string | undefined): string {
  return symbol === undefined ? channel : `${channel} ${symbol}`;
}
