import type { Command } from 'commander';
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
import type { Outcome } from './outcome.js';
import { NONCE_SCALES } from '../auth/nonce.js';
import { splitNames } from './venue-argument.js';
import {
  CHANNEL_NAMES,
  VENUE_NAMES,
  type FollowedVenue,
  type VenueOptions,
} from './venue-table.js';

/** The options that every command shares which follows a market. */
export interface FollowOptions extends VenueOptions {
  readonly channels: string;
  readonly caFile?: string;
  readonly duration?: string;
}

export function addFollowOptions(command: Command, defaultChannels: string): Command {
  return command
    .argument('<venue>', `the exchange: ${VENUE_NAMES.join(', ')}`)
    .argument('[symbols...]', "symbols in the venue's spelling, as in BTC-USD or BTC/USD")
    .option('--channels <names>', `comma-separated: ${CHANNEL_NAMES.join(', ')}`, defaultChannels)
    .option('--url <url>', 'connect to this address instead of the exchange (all of its hosts)')
    .option('--user-url <url>', 'the same, for the private channels alone')
    .option('--ca-file <file>', 'also trust the certificate authorities in this PEM file')
    .option('--key-file <file>', 'key for private channels: JSON key file, or PEM with --key-name')
    .option('--key-name <name>', 'name of the key, where the file holds a bare PEM')
    .option('--rest-url <url>', 'ask this address for symbols and tokens (the REST service)')
    .option('--nonce-scale <scale>', `unit of REST nonces: ${NONCE_SCALES.join(', ')}`, 'ms')
    .option('--duration <time>', 'end after this time, as in 10s, 2m');
}

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

/** What is to be followed: a venue by its name, and symbols in its spelling. */
export interface FollowedNames {
  readonly name: string;
  readonly symbols: readonly string[];
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
