import type { Command } from 'commander';
import { signCloud9TraderUpgrade } from '../venues/cloud9trader/auth.js';
import { ConfigError } from '../model/error.js';
import type { CliIo, CommandContext } from './cli-io.js';
import { formatHelpTail } from './command-help.js';
import {
  CLOUD9TRADER_VARIABLES,
  explainMissingKey,
  findKeyPair,
  type KeyOptions,
} from './key-source.js';
import { parseChoice } from './number-option.js';
import { formatHeaders, HEADER_FORMATS } from './token-format.js';

interface HeadersOptions extends KeyOptions {
  readonly format: string;
  readonly path: string;
}

function checkPath(path: string): string {
  if (/^\/[\x21-\x7e]*$/.test(path) && !/[?#]/.test(path)) return path;
  throw new ConfigError(
    'OPTION_INVALID',
    `--path must begin with '/' and hold no query, as in /feed; it is '${path}'.`,
  );
}

async function printHeaders(io: CliIo, options: HeadersOptions): Promise<void> {
  const format = parseChoice('--format', options.format, HEADER_FORMATS);
  const path = checkPath(options.path);
  const found = findKeyPair(io, options, CLOUD9TRADER_VARIABLES);
  if (!found) throw explainMissingKey(CLOUD9TRADER_VARIABLES);
  const headers = await signCloud9TraderUpgrade({
    key: found.key,
    secret: found.secret,
    nowMs: io.runtime.clock.nowMs(),
    path,
  });
  io.stdout.write(formatHeaders(headers, format));
}

export function addHeadersCommand(program: Command, context: CommandContext): void {
  program
    .command('headers')
    .description('Print the three headers that sign in to Cloud9Trader, for one attempt made now.')
    .option('--key-file <file>', 'file with key and secret: JSON, NAME=value lines, or two lines')
    .option('--path <path>', 'the path that is signed', '/')
    .option('--format <format>', HEADER_FORMATS.join(', '), 'headers')
    .addHelpText(
      'after',
      formatHelpTail(
        [
          'CLOUD9TRADER_KEY=… CLOUD9TRADER_SECRET=… truefeed headers',
          'truefeed headers --key-file c9t.json --format json',
          'eval "curl -i $(truefeed headers --format curl) https://sockets.cloud9trader.com/"',
        ],
        'Without --key-file the key is read from CLOUD9TRADER_KEY and CLOUD9TRADER_SECRET.',
        'Headers are good for one attempt within half a minute.',
      ),
    )
    .action((options: HeadersOptions) => printHeaders(context.io, options));
}
