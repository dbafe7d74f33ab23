import type { CoinbaseCredentials } from '../venues/coinbase/auth.js';
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

/**
 * The addresses in place of the venue's own, by endpoint; `--url` stands for both hosts. They go to
 * the feed and not to the venue, so that it never falls back on a real host for a replaced one.
 */
export function chooseCoinbaseEndpoints(options: AddressOptions): Record<string, string> {
  const market = parseSocketUrl(options.url);
  const user = parseSocketUrl(options.userUrl, '--user-url') ?? market;
  return {
    ...(market === undefined ? {} : { market }),
    ...(user === undefined ? {} : { user }),
  };
}

/** The key for private channels; throws KEY_MISSING where there is none. */
export function findCoinbaseCredentials(io: CliIo, options: KeyOptions): CoinbaseCredentials {
  const found = findCoinbaseKey(io, options);
  if (!found) throw explainMissingKey(COINBASE_VARIABLES);
  return { keyName: found.key, privateKey: found.secret };
}
