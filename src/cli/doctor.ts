import type { Command } from 'commander';
import { NONCE_SCALES } from '../auth/nonce.js';
import type { Action } from './command-code.js';
import { formatHelpTail } from './command-help.js';
import type { KeyOptions } from './key-source.js';
import { VENUE_NAMES } from './offered-names.js';

/** What `doctor` may be told. */
export interface DoctorOptions extends KeyOptions {
  readonly url?: string;
  readonly userUrl?: string;
  readonly restUrl?: string;
  readonly caFile?: string;
  readonly nonceScale: string;
  readonly timeout: string;
  readonly json?: boolean;
}

/** Adds `doctor`. */
export function addDoctorCommand(
  program: Command,
  action: Action<[venue: string | undefined, options: DoctorOptions]>,
): void {
  program
    .command('doctor')
    .description('Say in words what is wrong with a key, the clock, the network or the sign-in.')
    .argument(
      '[venue]',
      `${VENUE_NAMES.join(', ')} (default: every venue whose key is in the environment)`,
    )
    .option('--key-file <file>', 'key file, as in jwt, token and headers')
    .option('--key-name <name>', 'name of the key, where the file holds a bare PEM')
    .option('--url <url>', "connect to this address instead of the venue's WebSocket")
    .option('--user-url <url>', 'the same, for the private channels alone')
    .option('--rest-url <url>', 'ask this address (the REST service)')
    .option('--nonce-scale <scale>', `unit of the nonces: ${NONCE_SCALES.join(', ')}`, 'ms')
    .option('--ca-file <file>', 'also trust the certificate authorities in this PEM file')
    .option('--timeout <time>', 'longest time that one step may take (10 is 10s)', '10s')
    .option('--json', 'one JSON object a line for each check')
    .addHelpText(
      'after',
      formatHelpTail(
        [
          'truefeed doctor coinbase --key-file cdp_api_key.json',
          'truefeed doctor',
          'truefeed doctor kraken --json | jq -r "select(.status==\\"problem\\").text"',
        ],
        'The exit code is 0 unless a check found a problem.',
      ),
    )
    .action(action);
}
