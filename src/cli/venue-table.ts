import { NONCE_SCALES } from '../auth/nonce.js';
import type { Venue } from '../model/venue.js';
import { cloud9trader } from '../venues/cloud9trader/index.js';
import { coinbase } from '../venues/coinbase/index.js';
import { kraken, krakenV1 } from '../venues/kraken/index.js';
import { parseRestUrl, parseSocketUrl } from './address-option.js';
import type { CliIo } from './cli-io.js';
import {
  CLOUD9TRADER_VARIABLES,
  explainMissingKey,
  findCoinbaseCredentials,
  findKeyPair,
  KRAKEN_VARIABLES,
  type FoundKey,
  type KeyOptions,
  type KeyVariables,
} from './key-source.js';
import { readCoinbaseProducts, type SymbolList } from './known-symbols.js';
import { openNonceFile } from './nonce-file.js';
import { parseChoice } from './number-option.js';
import { VENUE_NAMES, type VenueName } from './offered-names.js';
import { requireVenue } from './venue-argument.js';

/** Addresses that replace the venue's own, and how its key is used. */
export interface VenueOptions extends KeyOptions {
  readonly url?: string | undefined;
  readonly userUrl?: string | undefined;
  readonly restUrl?: string | undefined;
  readonly nonceScale?: string | undefined;
}

/** A venue as a command follows it. */
export interface FollowedVenue {
  readonly venue: Venue;
  /** Addresses in place of the venue's own, by endpoint. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** A symbol in the venue's spelling, for examples. */
  readonly exampleSymbol: string;
  /** Where its symbols are listed; absent where there is no such list, or not for this address. */
  readonly symbolList?: SymbolList | undefined;
  /** Looks the key up; throws KEY_MISSING where there is none. */
  findCredentials(): unknown;
}

/** Answers without a key (REST, market/products). */
const COINBASE_REST_URL = 'https://api.coinbase.com';

type Choose = (io: CliIo, options: VenueOptions) => FollowedVenue;

/**
 * The addresses in place of the venue's own, by endpoint; `--url` stands for both hosts. They go to
 * the feed and not to the venue, so that it never falls back on a real host for a replaced one.
 */
export function chooseCoinbaseEndpoints(options: VenueOptions): Record<string, string> {
  const market = parseSocketUrl(options.url);
  const user = parseSocketUrl(options.userUrl, '--user-url') ?? market;
  return {
    ...(market === undefined ? {} : { market }),
    ...(user === undefined ? {} : { user }),
  };
}

function requireKeyPair(io: CliIo, options: KeyOptions, variables: KeyVariables): FoundKey {
  const found = findKeyPair(io, options, variables);
  if (!found) throw explainMissingKey(variables);
  return found;
}

/** Beside a replaced socket the list is asked for only where `--rest-url` says so. */
function chooseCoinbaseList(options: VenueOptions): SymbolList | undefined {
  const own = options.url === undefined ? COINBASE_REST_URL : undefined;
  const restUrl = parseRestUrl(options.restUrl) ?? own;
  if (restUrl === undefined) return undefined;
  const url = `${restUrl.replace(/\/$/, '')}/api/v3/brokerage/market/products`;
  return { url, read: readCoinbaseProducts };
}

const chooseCoinbase: Choose = (io, options) => ({
  venue: coinbase(),
  endpoints: chooseCoinbaseEndpoints(options),
  exampleSymbol: 'BTC-USD',
  symbolList: chooseCoinbaseList(options),
  findCredentials: () => findCoinbaseCredentials(io, options),
});

/** Kraken's venue asks for tokens by itself, with nonces that belong to the key. */
function chooseKraken(open: typeof kraken | typeof krakenV1, exampleSymbol: string): Choose {
  return (io, options) => {
    const marketUrl = parseSocketUrl(options.url);
    const authUrl = parseSocketUrl(options.userUrl, '--user-url');
    const restUrl = parseRestUrl(options.restUrl);
    const nonceScale = parseChoice('--nonce-scale', options.nonceScale ?? 'ms', NONCE_SCALES);
    let keyId: string | undefined;
    return {
      venue: open({
        marketUrl,
        authUrl,
        restUrl,
        nonces: {
          // Opened at the first use: public channels touch no file.
          next: () => openNonceFile(io, keyId ?? 'unnamed', nonceScale).next(),
        },
      }),
      endpoints: {},
      exampleSymbol,
      findCredentials() {
        const { key, secret } = requireKeyPair(io, options, KRAKEN_VARIABLES);
        keyId = key;
        return { key, secret };
      },
    };
  };
}

const chooseCloud9Trader: Choose = (io, options) => ({
  venue: cloud9trader({ url: parseSocketUrl(options.url) }),
  endpoints: {},
  exampleSymbol: 'XBTUSD:BitMEX',
  findCredentials() {
    const { key, secret } = requireKeyPair(io, options, CLOUD9TRADER_VARIABLES);
    return { key, secret };
  },
});

const VENUES: Readonly<Record<VenueName, Choose>> = {
  coinbase: chooseCoinbase,
  kraken: chooseKraken(kraken, 'BTC/USD'),
  'kraken-v1': chooseKraken(krakenV1, 'XBT/USD'),
  cloud9trader: chooseCloud9Trader,
};

/** The venue of that name, with what the options say of it; refuses a name that is none. */
export function chooseVenue(io: CliIo, name: string, options: VenueOptions): FollowedVenue {
  return VENUES[requireVenue(name, VENUE_NAMES)](io, options);
}
