import type { Command } from 'commander';
import type { Action } from './command-code.js';
import { formatHelpTail } from './command-help.js';

/** What `demo` may be told. */
export interface DemoOptions {
  readonly duration?: string;
}

/** Adds `demo`. */
export function addDemoCommand(program: Command, action: Action<[DemoOptions]>): void {
  program
    .command('demo')
    .description('See it work with no account and no network: our own exchange, watched signed in.')
    .option('--duration <time>', 'end after this time with a summary, as in 10s (10 is 10s)')
    .addHelpText(
      'after',
      formatHelpTail(
        ['truefeed demo', 'truefeed demo --duration 10s'],
        'It runs a simulated Coinbase on a free local port, makes a demo key, signs in with it,',
        'and follows two books. q or Ctrl-C quits.',
      ),
    )
    .action(action);
}
