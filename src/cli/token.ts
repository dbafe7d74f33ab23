import type { Command } from 'commander';
import { NONCE_SCALES, type NonceScale } from '../auth/nonce.js';
import { fetchKrakenToken } from '../venues/kraken/token.js';
import { parseRestUrl } from './address-option.js';
import type { CliIo, CommandContext } from './cli-io.js';
import { formatHelpTail } from './command-help.js';
import {
  explainMissingKey,
  findKeyPair,
  KRAKEN_VARIABLES,
  type FoundKey,
  type KeyOptions,
} from './key-source.js';
import { openNonceFile } from './nonce-file.js';
import { parseChoice } from './number-option.js';
import { formatToken, TOKEN_FORMATS } from './token-format.js';

interface TokenOptions extends KeyOptions {
  readonly format: string;
  readonly nonceScale: string;
  readonly restUrl?: string;
}

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

async function printToken(io: CliIo, options: TokenOptions): Promise<void> {
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
}

export function addTokenCommand(program: Command, context: CommandContext): void {
  program
    .command('token')
    .description('Print a Kraken WebSocket token, to be used within 15 minutes.')
    .option('--key-file <file>', 'file with key and secret: JSON, NAME=value lines, or two lines')
    .option('--rest-url <url>', 'ask this address instead of https://api.kraken.com')
    .option('--nonce-scale <scale>', `unit of the nonces: ${NONCE_SCALES.join(', ')}`, 'ms')
    .option('--format <format>', TOKEN_FORMATS.join(', '), 'raw')
    .addHelpText(
      'after',
      formatHelpTail(
        [
          'KRAKEN_API_KEY=… KRAKEN_API_SECRET=… truefeed token',
          'eval "$(truefeed token --key-file k.json --format export)"; echo "$KRAKEN_WS_TOKEN"',
        ],
        'Without --key-file the key is read from KRAKEN_API_KEY and KRAKEN_API_SECRET.',
        'The highest nonce of each key is kept in TRUEFEED_STATE_DIR,',
        'or $XDG_STATE_HOME/truefeed, or ~/.local/state/truefeed,',
        'so that parallel calls never reuse one.',
      ),
    )
    .action((options: TokenOptions) => printToken(context.io, options));
}
