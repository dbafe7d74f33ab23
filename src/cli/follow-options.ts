import type { Command } from 'commander';
import { NONCE_SCALES } from '../auth/nonce.js';
import { CHANNEL_NAMES, VENUE_NAMES } from './offered-names.js';
import type { VenueOptions } from './venue-table.js';

/** The options that every command shares which follows a market. */
export interface FollowOptions extends VenueOptions {
  readonly channels: string;
  readonly caFile?: string;
  readonly duration?: string;
}

/** What is to be followed: a venue by its name, and symbols in its spelling. */
export interface FollowedNames {
  readonly name: string;
  readonly symbols: readonly string[];
}

/** Adds what every command takes that follows a market. */
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
    .option('--duration <time>', 'end after this time, as in 10s, 2m (10 is 10s)');
}
