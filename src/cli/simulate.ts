import type { Command } from 'commander';
import type { Action } from './command-code.js';
import { formatHelpTail } from './command-help.js';
import { EXCHANGE_NAMES } from './offered-names.js';

/** Kinds of demo keys. */
export const KEY_TYPES = ['es256', 'ed25519'] as const;

/** What `simulate` may be told. */
export interface SimulateCommandOptions {
  readonly port: string;
  readonly from?: string;
  readonly speed: string;
  readonly faults?: string;
  readonly market?: string;
  readonly seed?: string;
  readonly control?: string;
  readonly tls?: boolean;
  readonly caOut?: string;
  readonly json?: boolean;
  readonly keyType: string;
  readonly duration?: string;
}

/** Adds `simulate`. */
export function addSimulateCommand(
  program: Command,
  action: Action<[venue: string | undefined, options: SimulateCommandOptions]>,
): void {
  program
    .command('simulate')
    .description('Run exchanges to test against, on this machine, with demo keys of their own.')
    .argument('[venue]', `the exchange: ${EXCHANGE_NAMES.join(', ')}; all of them by default`)
    .option(
      '--port <port>',
      'port on 127.0.0.1, and the next ones for further venues; 0 takes free ones',
      '0',
    )
    .option('--from <file>', 'serve this recording (JSON lines) instead of a synthetic market')
    .option('--speed <factor>', 'pace of the recording: 1, 10, 0.5, or max', '1')
    .option(
      '--market <file>',
      'what the synthetic market is like, as JSON or YAML (docs/simulator.md)',
    )
    .option('--seed <number>', 'of the synthetic market: the same number, the same market')
    .option(
      '--faults <file>',
      'JSON or YAML file that says which frames go wrong, and how (docs/faults.md)',
    )
    .option(
      '--control <port>',
      'serve a control over HTTP on 127.0.0.1; 0 takes a free port, ADDRESS:PORT listens there',
    )
    .option('--tls', 'serve wss:// with a certificate made now')
    .option('--ca-out <file>', 'with --tls: write the certificate to trust to this file')
    .option('--key-type <type>', `kind of the demo key: ${KEY_TYPES.join(', ')}`, 'es256')
    .option('--json', 'print addresses and demo key as JSON, first line simulator.ready')
    .option('--duration <time>', 'end after this time, as in 10s, 2m (10 is 10s)')
    .addHelpText(
      'after',
      formatHelpTail(
        [
          'truefeed simulate coinbase --port 9443',
          'truefeed simulate coinbase --from session.jsonl --speed max --json',
          'truefeed simulate coinbase --faults faults.json',
          'truefeed simulate kraken --market market.yaml --seed 7 --control 9000',
          `curl http://127.0.0.1:9000/faults -d '{"fault":"reset","at":{"kind":"update"}}'`,
        ],
        'The control takes faults, ends connections and moves the market; GET / lists all of it.',
        'Faults are rules such as {"rules":[{"fault":"drop","at":{"frame":60}}]}.',
        'It runs until Ctrl-C, SIGTERM or --duration, and then ends with 0.',
      ),
    )
    .action(action);
}
