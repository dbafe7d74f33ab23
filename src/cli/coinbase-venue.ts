import type { CoinbaseCredentials } from '../venues/coinbase/auth.js';
import { coinbase } from '../venues/coinbase/index.js';
import { parseSocketUrl } from './address-option.js';
import type { CliIo } from './cli-io.js';
import {
  COINBASE_VARIABLES,
  explainMissingKey,
  findCoinbaseKey,
  type KeyOptions,
} from './key-source.js';

/** Addresses that replace the venue's own. */
export interface AddressOptions {
  readonly url?: string | undefined;
  readonly userUrl?: string | undefined;
}

/** The Coinbase venue at the addresses that the options name; `--url` stands for both hosts. */
export function openCoinbaseVenue(options: AddressOptions) {
  return coinbase({
    marketUrl: parseSocketUrl(options.url),
    userUrl: parseSocketUrl(options.userUrl, '--user-url'),
  });
}

/** The key for private channels; throws KEY_MISSING where there is none. */
export function findCoinbaseCredentials(io: CliIo, options: KeyOptions): CoinbaseCredentials {
  const found = findCoinbaseKey(io, options);
  if (!found) throw explainMissingKey(COINBASE_VARIABLES);
  return { keyName: found.key, privateKey: found.secret };
}
