import type { Command } from 'commander';
import type { Action } from './command-code.js';
import { formatHelpTail } from './command-help.js';
import { addFollowOptions, type FollowedNames, type FollowOptions } from './follow-options.js';

/** What `stream` may be told. */
export interface StreamOptions extends FollowOptions {
  readonly depth: string;
  readonly count?: string;
  readonly record?: string;
}

/** Adds `stream`. */
export function addStreamCommand(
  program: Command,
  action: Action<[names: FollowedNames, options: StreamOptions]>,
): void {
  const command = program.command('stream');
  addFollowOptions(command, 'book,trades')
    .description('Print the events of a feed, one JSON object a line.')
    .option(
      '--depth <levels>',
      'levels a side in book.changed, prices in orders-book.changed',
      '10',
    )
    .option('--count <lines>', 'end after this many lines')
    .option('--record <file>', 'also keep the raw frames in a new file, for simulate --from')
    .addHelpText(
      'after',
      formatHelpTail(
        [
          'truefeed stream coinbase BTC-USD ETH-USD --channels book,trades --depth 5',
          'truefeed stream coinbase BTC-USD --count 100 | jq -c .type',
          'truefeed stream coinbase --channels user --key-file cdp_api_key.json',
          'truefeed stream kraken BTC/USD --channels book,trades',
          'truefeed stream kraken BTC/USD --channels orders-book --key-file kraken_key.json',
          'truefeed stream coinbase BTC-USD --record session.jsonl --duration 10m > events.jsonl',
        ],
        'A slow reader gets newer states in place of older ones, and is told what was left out',
        '(events.dropped). A summary goes to stderr at the end. What --record keeps is every frame',
        "of public channels as it came, whatever the reader does; 'truefeed simulate coinbase",
        "--from session.jsonl' plays it again.",
      ),
    )
    .action((name: string, symbols: string[], options: StreamOptions) =>
      action({ name, symbols }, options),
    );
}
