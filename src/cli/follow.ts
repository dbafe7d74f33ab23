import { openFeed } from '../feed/feed.js';
import type { Feed, FeedSubscription } from '../feed/feed-options.js';
import { findChannel } from '../feed/subscription-check.js';
import { ConfigError } from '../model/error.js';
import type { FeedEvent } from '../model/event.js';
import type { FrameTap } from '../model/session.js';
import type { Venue } from '../model/venue.js';
import { readCertificates } from './ca-file.js';
import type { CliIo } from './cli-io.js';
import type { Ending } from './ending.js';
import type { FollowOptions } from './follow-options.js';
import type { Outcome } from './outcome.js';
import { splitNames } from './venue-argument.js';
import type { FollowedVenue } from './venue-table.js';

/** A channel gets all symbols, where it takes them; of the account, everything is reported. */
function planSubscriptions(
  venue: Venue,
  channels: readonly string[],
  symbols: readonly string[],
): FeedSubscription[] {
  return channels.map((channel) => {
    const rule = findChannel(channel, venue);
    const isOfAccount = rule !== undefined && rule.private && rule.symbols !== 'required';
    const takesSymbols = rule?.symbols !== 'none' && !isOfAccount;
    return takesSymbols ? { channel, symbols } : { channel };
  });
}

/** Refuses a call without symbols where a channel needs them. */
function requireSymbols(
  plan: Pick<FollowPlan, 'symbols' | 'followed' | 'command'>,
  channels: readonly string[],
): void {
  if (plan.symbols.length > 0) return;
  const needing = channels
    .map((name) => findChannel(name, plan.followed.venue))
    .find((rule) => rule?.symbols === 'required');
  if (!needing) return;
  throw new ConfigError(
    'OPTION_INVALID',
    `Name at least one symbol for ${needing.name}, as in: truefeed ${plan.command} ` +
      `${plan.followed.venue.id} ${plan.followed.exampleSymbol}`,
  );
}

export function isPrivate(venue: Venue, channels: readonly string[]): boolean {
  return channels.some((name) => findChannel(name, venue)?.private === true);
}

export interface FollowPlan {
  readonly knownSymbols: readonly string[] | undefined;
  readonly followed: FollowedVenue;
  readonly symbols: readonly string[];
  readonly options: FollowOptions;
  /** For the example in an error. */
  readonly command: string;
  /** Sees the raw frames. */
  readonly tap?: FrameTap | undefined;
  onEvent(event: FeedEvent): void;
}

/** Opens the feed that the options describe; everything misspelt is refused before a dial. */
export function openFollowedFeed(io: CliIo, plan: FollowPlan): Feed {
  const { options, followed } = plan;
  const { venue } = followed;
  const channels = splitNames(options.channels, '--channels');
  requireSymbols(plan, channels);
  const caPem = readCertificates(io, options.caFile);
  return openFeed({
    venue,
    endpoints: followed.endpoints,
    credentials: isPrivate(venue, channels) ? followed.findCredentials() : undefined,
    subscriptions: planSubscriptions(venue, channels, plan.symbols),
    onEvent: (event) => plan.onEvent(event),
    runtime: io.runtime,
    caPem,
    knownSymbols: plan.knownSymbols,
    tap: plan.tap,
  });
}

/** Ends a run in which everything that was asked for has been refused for good; says whether. */
export function endIfRefused(feed: Feed, outcome: Outcome, ending: Ending): boolean {
  const { streams } = feed.status();
  const isAllRefused = streams.length > 0 && streams.every((one) => one.status === 'refused');
  if (isAllRefused) ending.end({ kind: 'failure', error: outcome.refusal });
  return isAllRefused;
}
