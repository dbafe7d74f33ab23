import { parseKeyAndSecret } from '../auth/key-file.js';
import { parsePrivateKey } from '../auth/key-material.js';
import { KeyError, TruefeedError } from '../model/error.js';
import { Secret } from '../model/secret.js';
import { parseCoinbaseKeyFile, type CoinbaseCredentials } from '../venues/coinbase/auth.js';
import type { CliIo } from './cli-io.js';
import { readKeyFile } from './key-file.js';

/** Where keys may be looked for, as the options say. */
export interface KeyOptions {
  readonly keyFile?: string | undefined;
  readonly keyName?: string | undefined;
}

/** A key that was found and is not judged yet. */
export interface FoundKey {
  /** The public half: an API key, or the name of a key. */
  readonly key: string;
  readonly secret: Secret;
  /** Where it was found, in words; safe to print. */
  readonly origin: string;
}

/** Which variables hold a venue's key. */
export interface KeyVariables {
  readonly venueTitle: string;
  readonly key: string;
  readonly secret: string;
}

export const COINBASE_VARIABLES: KeyVariables = {
  venueTitle: 'Coinbase',
  key: 'COINBASE_KEY_NAME',
  secret: 'COINBASE_KEY_SECRET',
};

export const KRAKEN_VARIABLES: KeyVariables = {
  venueTitle: 'Kraken',
  key: 'KRAKEN_API_KEY',
  secret: 'KRAKEN_API_SECRET',
};

export const CLOUD9TRADER_VARIABLES: KeyVariables = {
  venueTitle: 'Cloud9Trader',
  key: 'CLOUD9TRADER_KEY',
  secret: 'CLOUD9TRADER_SECRET',
};

/** Reads both variables, or none; one alone is an error that names the other. */
function readVariables(io: CliIo, variables: KeyVariables): FoundKey | undefined {
  const key = io.env[variables.key]?.trim();
  const secret = io.env[variables.secret]?.trim();
  if (key && secret) {
    const origin = `the environment (${variables.key}, ${variables.secret})`;
    return { key, secret: new Secret(secret), origin };
  }
  if (!key && !secret) return undefined;
  const [present, absent] = key
    ? [variables.key, variables.secret]
    : [variables.secret, variables.key];
  throw new KeyError(
    'KEY_MISSING',
    `${present} is set but ${absent} is not; set both, or use --key-file.`,
    { facts: { present, absent } },
  );
}

/** A defect of a key, with the place where the key was found. */
function nameOrigin<Result>(origin: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TruefeedError)) throw error;
    throw new KeyError(error.code, `${origin}: ${error.message}`, {
      facts: error.facts,
      cause: error,
    });
  }
}

/** A key and its secret, from the file if one is named, else from the environment. */
export function findKeyPair(
  io: CliIo,
  options: KeyOptions,
  variables: KeyVariables,
): FoundKey | undefined {
  const { keyFile } = options;
  if (keyFile === undefined) return readVariables(io, variables);
  const text = readKeyFile(io, keyFile);
  const pair = nameOrigin(keyFile, () => parseKeyAndSecret(text));
  return { ...pair, origin: `the file ${keyFile}` };
}

/** A Coinbase key from a JSON key file, a bare key beside its name, or the variables. */
export function findCoinbaseKey(io: CliIo, options: KeyOptions): FoundKey | undefined {
  const { keyFile, keyName } = options;
  if (keyFile === undefined) return readVariables(io, COINBASE_VARIABLES);
  const text = readKeyFile(io, keyFile);
  const origin = `the file ${keyFile}`;
  if (/^\uFEFF?\s*([{[]|$)/.test(text)) {
    const parsed = nameOrigin(keyFile, () => {
      const found = parseCoinbaseKeyFile(text);
      parsePrivateKey(found.privateKey.reveal());
      return found;
    });
    return { key: keyName ?? parsed.keyName, secret: parsed.privateKey, origin };
  }
  // What is no key at all would not become one by a name beside it.
  nameOrigin(keyFile, () => parsePrivateKey(text));
  const key = keyName ?? io.env[COINBASE_VARIABLES.key]?.trim();
  if (key) return { key, secret: new Secret(text), origin };
  throw new KeyError(
    'KEY_MISSING',
    `The file '${keyFile}' holds a key without its name; add --key-name ` +
      'organizations/…/apiKeys/… (it is on the portal page of the key).',
  );
}

export function explainMissingKey(variables: KeyVariables): KeyError {
  return new KeyError(
    'KEY_MISSING',
    `No ${variables.venueTitle} key was found: set ${variables.key} and ${variables.secret}, ` +
      'or name a file with --key-file.',
  );
}

/** The key for private channels; throws KEY_MISSING where there is none. */
export function findCoinbaseCredentials(io: CliIo, options: KeyOptions): CoinbaseCredentials {
  const found = findCoinbaseKey(io, options);
  if (!found) throw explainMissingKey(COINBASE_VARIABLES);
  return { keyName: found.key, privateKey: found.secret };
}
