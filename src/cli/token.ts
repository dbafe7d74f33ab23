import type { Command } from 'commander';
import { NONCE_SCALES } from '../auth/nonce.js';
import type { Action } from './command-code.js';
import { formatHelpTail } from './command-help.js';
import type { KeyOptions } from './key-source.js';
import { TOKEN_FORMATS } from './token-format.js';

/** What `token` may be told. */
export interface TokenOptions extends KeyOptions {
  readonly format: string;
  readonly nonceScale: string;
  readonly restUrl?: string;
}

/** Adds `token`. */
export function addTokenCommand(program: Command, action: Action<[TokenOptions]>): void {
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
    .action(action);
}
