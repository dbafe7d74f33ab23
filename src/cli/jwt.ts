import type { Command } from 'commander';
import { createCoinbaseJwtMinter } from '../venues/coinbase/auth.js';
import type { CliIo, CommandContext } from './cli-io.js';
import { findCoinbaseCredentials } from './venue-table.js';
import { formatHelpTail } from './command-help.js';
import type { KeyOptions } from './key-source.js';
import { parseChoice } from './number-option.js';
import { formatToken, TOKEN_FORMATS } from './token-format.js';

interface JwtOptions extends KeyOptions {
  readonly format: string;
}

/** When a token ends, read from the token itself. */
function readExpiryMs(token: string): number | undefined {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  const { exp } = JSON.parse(claims) as { exp?: unknown };
  return typeof exp === 'number' ? exp * 1000 : undefined;
}

async function printJwt(io: CliIo, options: JwtOptions): Promise<void> {
  const format = parseChoice('--format', options.format, TOKEN_FORMATS);
  const credentials = findCoinbaseCredentials(io, options);
  const minter = createCoinbaseJwtMinter(credentials, io.runtime.random);
  const value = await minter.mint(io.runtime.clock.nowMs());
  const facts = {
    keyName: minter.keyName,
    algorithm: minter.algorithm,
    expiresAtMs: readExpiryMs(value),
  };
  io.stdout.write(formatToken({ variable: 'JWT', field: 'jwt', value, facts }, format));
}

export function addJwtCommand(program: Command, context: CommandContext): void {
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
    .action((options: JwtOptions) => printJwt(context.io, options));
}
