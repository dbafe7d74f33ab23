import type { Command } from 'commander';
import type { Action } from './command-code.js';
import { formatHelpTail } from './command-help.js';
import { addFollowOptions, type FollowedNames, type FollowOptions } from './follow-options.js';

/** Adds `watch`. */
export function addWatchCommand(
  program: Command,
  action: Action<[names: FollowedNames, options: FollowOptions]>,
): void {
  const command = program.command('watch');
  addFollowOptions(command, 'book,trades')
    .description('Show books, trades and the state of sign-in and connections, live.')
    .addHelpText(
      'after',
      formatHelpTail(
        [
          'truefeed watch coinbase BTC-USD ETH-USD',
          'truefeed watch kraken BTC/USD',
          'truefeed watch coinbase BTC-USD --channels book,trades,user --key-file cdp_api_key.json',
        ],
        'q or Ctrl-C quits. Without a terminal it prints one plain line a second instead;',
        'NO_COLOR=1 leaves the colours out. A book that is not live is not shown.',
      ),
    )
    .action((name: string, symbols: string[], options: FollowOptions) =>
      action({ name, symbols }, options),
    );
}
