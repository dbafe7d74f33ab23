import type { Command } from 'commander';
import type { Action } from './command-code.js';
import { formatHelpTail } from './command-help.js';
import type { KeyOptions } from './key-source.js';
import { HEADER_FORMATS } from './token-format.js';

/** What `headers` may be told. */
export interface HeadersOptions extends KeyOptions {
  readonly format: string;
  readonly path: string;
}

/** Adds `headers`. */
export function addHeadersCommand(program: Command, action: Action<[HeadersOptions]>): void {
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
    .action(action);
}
