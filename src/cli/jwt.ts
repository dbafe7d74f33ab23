import type { Command } from 'commander';
import type { Action } from './command-code.js';
import { formatHelpTail } from './command-help.js';
import type { KeyOptions } from './key-source.js';
import { TOKEN_FORMATS } from './token-format.js';

/** What `jwt` may be told. */
export interface JwtOptions extends KeyOptions {
  readonly format: string;
}

/** Adds `jwt`. */
export function addJwtCommand(program: Command, action: Action<[JwtOptions]>): void {
  program
    .command('jwt')
    .description('Print a Coinbase token for the WebSocket, valid for two minutes.')
    .option('--key-file <file>', 'JSON key file (cdp_api_key.json), or PEM with --key-name')
    .option('--key-name <name>', 'name of the key, where the file holds a bare PEM')
    .option('--format <format>', TOKEN_FORMATS.join(', '), 'export')
    .addHelpText(
      'after',
      formatHelpTail(
        [
          'eval "$(truefeed jwt --key-file cdp_api_key.json)"; echo "$JWT"',
          'truefeed jwt --key-file key.pem --key-name organizations/…/apiKeys/… --format raw',
          'COINBASE_KEY_NAME=… COINBASE_KEY_SECRET="$(cat key.pem)" truefeed jwt --format json',
        ],
        'Without --key-file the key is read from COINBASE_KEY_NAME and COINBASE_KEY_SECRET:',
        'PEM (also with literal \\n, on one line, quoted) or base64.',
        'The algorithm follows from the key.',
      ),
    )
    .action(action);
}
