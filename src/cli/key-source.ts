import { KeyError } from '../model/error.js';
import type { CliIo } from './cli-io.js';
import { parseKeyPairFile, readKeyFile, type KeyPair, type KeyPairNames } from './key-file.js';

/** Where keys may be looked for, as the options say. */
export interface KeyOptions {
  readonly keyFile?: string | undefined;
  readonly keyName?: string | undefined;
}

/** Where a key was found, in words; safe to print. */
export interface KeyOrigin {
  readonly from: 'file' | 'environment';
  readonly text: string;
}

export interface Found<Key> {
  readonly key: Key;
  readonly origin: KeyOrigin;
}

export const KRAKEN_NAMES: KeyPairNames = {
  venueTitle: 'Kraken',
  keyVariable: 'KRAKEN_API_KEY',
  secretVariable: 'KRAKEN_API_SECRET',
};

export const CLOUD9TRADER_NAMES: KeyPairNames = {
  venueTitle: 'Cloud9Trader',
  keyVariable: 'CLOUD9TRADER_KEY',
  secretVariable: 'CLOUD9TRADER_SECRET',
};

export const COINBASE_NAMES: KeyPairNames = {
  venueTitle: 'Coinbase',
  keyVariable: 'COINBASE_KEY_NAME',
  secretVariable: 'COINBASE_KEY_SECRET',
};

/** Reads both variables, or none; one alone is an error that names the other. */
function readVariables(io: CliIo, names: KeyPairNames): KeyPair | undefined {
  const key = io.env[names.keyVariable]?.trim();
  const secret = io.env[names.secretVariable]?.trim();
  if (key && secret) return { key, secret };
  if (!key && !secret) return undefined;
  const [present, absent] = key
    ? [names.keyVariable, names.secretVariable]
    : [names.secretVariable, names.keyVariable];
  throw new KeyError(
    'KEY_MISSING',
    `${present} is set but ${absent} is not; set both, or use --key-file.`,
    { facts: { present, absent } },
  );
}

export function originOfVariables(names: KeyPairNames): KeyOrigin {
  return { from: 'environment', text: `${names.keyVariable} and ${names.secretVariable}` };
}

export function explainMissingKey(names: KeyPairNames): KeyError {
  return new KeyError(
    'KEY_MISSING',
    `No ${names.venueTitle} key was found: set ${names.keyVariable} and ${names.secretVariable}, ` +
      'or name a file with --key-file.',
  );
}

/** A key and its secret, from the file if one is named, else from the environment. */
export function findKeyPair(
  io: CliIo,
  options: KeyOptions,
  names: KeyPairNames,
): Found<KeyPair> | undefined {
  if (options.keyFile !== undefined) {
    const text = readKeyFile(io, options.keyFile);
    const key = parseKeyPairFile(text, options.keyFile, names);
    return { key, origin: { from: 'file', text: `file ${options.keyFile}` } };
  }
  const key = readVariables(io, names);
  return key && { key, origin: originOfVariables(names) };
}

/** The name and the text of a Coinbase key, as they were found and not yet judged. */
export function findCoinbaseKey(
  io: CliIo,
  options: KeyOptions,
  parseJsonFile: (text: string) => { readonly keyName: string; readonly privateKey: string },
): Found<KeyPair> | undefined {
  if (options.keyFile === undefined) {
    const pair = readVariables(io, COINBASE_NAMES);
    return pair && { key: pair, origin: originOfVariables(COINBASE_NAMES) };
  }
  const text = readKeyFile(io, options.keyFile);
  const origin: KeyOrigin = { from: 'file', text: `file ${options.keyFile}` };
  if (/^\s*\uFEFF?\s*[{[]/.test(text)) {
    const parsed = parseJsonFile(text);
    return { key: { key: options.keyName ?? parsed.keyName, secret: parsed.privateKey }, origin };
  }
  const name = options.keyName ?? io.env[COINBASE_NAMES.keyVariable]?.trim();
  if (name) return { key: { key: name, secret: text }, origin };
  throw new KeyError(
    'KEY_MISSING',
    `The file '${options.keyFile}' holds a key without its name; add --key-name ` +
      'organizations/…/apiKeys/… (it is on the portal page of the key).',
  );
}
