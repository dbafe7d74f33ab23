import { NONCE_SCALES, type NonceScale } from '../auth/nonce.js';
import { fetchKrakenToken } from '../venues/kraken/token.js';
import { parseRestUrl } from './address-option.js';
import type { CliIo } from './cli-io.js';
import { EXIT_CODES } from './exit-code.js';
import { explainMissingKey, findKeyPair, KRAKEN_VARIABLES, type FoundKey } from './key-source.js';
import { openNonceFile } from './nonce-file.js';
import { parseChoice } from './number-option.js';
import { formatToken, TOKEN_FORMATS } from './token-format.js';
import type { TokenOptions } from './token.js';

/** What a token call needs beside the key. */
export interface TokenCall {
  readonly restUrl?: string | undefined;
  readonly nonceScale: NonceScale;
}

/** Fetches a token with nonces that all processes of this machine count on together. */
export async function fetchTokenFor(io: CliIo, found: FoundKey, call: TokenCall) {
  const nonces = openNonceFile(io, found.key, call.nonceScale);
  const credentials = { key: found.key, secret: found.secret };
  return fetchKrakenToken(credentials, { http: io.runtime.http, nonces, restUrl: call.restUrl });
}

/** Prints a token for Kraken. */
export async function run(io: CliIo, options: TokenOptions): Promise<number> {
  const format = parseChoice('--format', options.format, TOKEN_FORMATS);
  const nonceScale = parseChoice('--nonce-scale', options.nonceScale, NONCE_SCALES);
  const restUrl = parseRestUrl(options.restUrl);
  const found = findKeyPair(io, options, KRAKEN_VARIABLES);
  if (!found) throw explainMissingKey(KRAKEN_VARIABLES);
  const fetched = await fetchTokenFor(io, found, { restUrl, nonceScale });
  const printed = {
    variable: 'KRAKEN_WS_TOKEN',
    field: 'token',
    value: fetched.token.reveal(),
    facts: { expiresInS: fetched.expiresInS },
  };
  io.stdout.write(formatToken(printed, format));
  return EXIT_CODES.done.code;
}
