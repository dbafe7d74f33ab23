import type { Command } from 'commander';
import { NONCE_SCALES } from '../auth/nonce.js';
import { ConfigError } from '../model/error.js';
import { parseRestUrl, parseSocketUrl } from './address-option.js';
import { readCertificates } from './ca-file.js';
import type { CliIo, CommandContext } from './cli-io.js';
import { formatHelpTail } from './command-help.js';
import { examineCloud9Trader } from './doctor-cloud9trader.js';
import { examineCoinbase } from './doctor-coinbase.js';
import { examineKraken } from './doctor-kraken.js';
import { createDoctorReport, formatConclusion, judgeFindings } from './doctor-report.js';
import type { DoctorTask } from './doctor-task.js';
import { parseDurationMs } from './duration.js';
import { EXIT_CODES } from './exit-code.js';
import {
  CLOUD9TRADER_VARIABLES,
  COINBASE_VARIABLES,
  KRAKEN_VARIABLES,
  type KeyOptions,
  type KeyVariables,
} from './key-source.js';
import { parseChoice } from './number-option.js';
import { choosePainter } from './paint.js';
import { requireVenue } from './venue-argument.js';

interface DoctorOptions extends KeyOptions {
  readonly url?: string;
  readonly userUrl?: string;
  readonly restUrl?: string;
  readonly caFile?: string;
  readonly nonceScale: string;
  readonly timeout: string;
  readonly json?: boolean;
}

interface Examination {
  readonly variables: KeyVariables;
  examine(task: DoctorTask): Promise<void>;
}

const EXAMINATIONS = {
  coinbase: { variables: COINBASE_VARIABLES, examine: examineCoinbase },
  kraken: { variables: KRAKEN_VARIABLES, examine: examineKraken },
  // One key and one REST service serve both protocols.
  'kraken-v1': { variables: KRAKEN_VARIABLES, examine: examineKraken },
  cloud9trader: { variables: CLOUD9TRADER_VARIABLES, examine: examineCloud9Trader },
} as const satisfies Record<string, Examination>;

type VenueName = keyof typeof EXAMINATIONS;
const VENUE_NAMES = Object.keys(EXAMINATIONS) as VenueName[];

function isSet(io: CliIo, variables: KeyVariables): boolean {
  return [variables.key, variables.secret].some((name) => Boolean(io.env[name]));
}

/** The option that gives an address, where one does. */
function findAddress({ url, userUrl, restUrl }: DoctorOptions): string | undefined {
  if (url !== undefined) return '--url';
  if (userUrl !== undefined) return '--user-url';
  return restUrl === undefined ? undefined : '--rest-url';
}

/** The venue that was named, or all whose variables are set. */
function chooseVenues(
  io: CliIo,
  named: string | undefined,
  address: string | undefined,
): VenueName[] {
  if (named !== undefined) return [requireVenue(named, VENUE_NAMES)];
  if (address !== undefined) {
    throw new ConfigError(
      'OPTION_INVALID',
      `${address} is an address of one venue: name it, as in 'truefeed doctor kraken'.`,
    );
  }
  const found = VENUE_NAMES.filter((name) => isSet(io, EXAMINATIONS[name].variables));
  // What is examined in the same way is examined once.
  const isFirst = (name: VenueName): boolean =>
    found.find((one) => EXAMINATIONS[one].examine === EXAMINATIONS[name].examine) === name;
  return found.filter(isFirst);
}

function explainNoKeys(): string {
  const lines = VENUE_NAMES.map((name) => {
    const { key, secret } = EXAMINATIONS[name].variables;
    return `  ${name.padEnd(13)} ${key}, ${secret}`;
  });
  return [
    'No key was found. These variables were looked for, and none is set:',
    ...lines,
    'Set a pair of them, or name the venue and a file:',
    '  truefeed doctor coinbase --key-file cdp_api_key.json',
    'No key is needed for market data:',
    '  truefeed watch coinbase BTC-USD',
    '',
  ].join('\n');
}

async function runDoctor(
  io: CliIo,
  named: string | undefined,
  options: DoctorOptions,
): Promise<number> {
  const venues = chooseVenues(io, named, findAddress(options));
  if (venues.length === 0) {
    io.stderr.write(explainNoKeys());
    return EXIT_CODES.refused.code;
  }
  const isJson = options.json ?? false;
  const report = createDoctorReport({
    json: isJson,
    painter: choosePainter(io.stdout.isTty, io.env),
    write: (text) => void io.stdout.write(text),
  });
  const task: DoctorTask = {
    io,
    report,
    timeoutMs: parseDurationMs(options.timeout),
    nonceScale: parseChoice('--nonce-scale', options.nonceScale, NONCE_SCALES),
    url: parseSocketUrl(options.url),
    userUrl: parseSocketUrl(options.userUrl, '--user-url'),
    restUrl: parseRestUrl(options.restUrl),
    keyFile: options.keyFile,
    keyName: options.keyName,
    caPem: readCertificates(io, options.caFile),
  };
  for (const name of venues) await EXAMINATIONS[name].examine(task);
  if (!isJson) io.stdout.write(formatConclusion(report.findings));
  return judgeFindings(report.findings);
}

export function addDoctorCommand(program: Command, context: CommandContext): void {
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
    .option('--timeout <time>', 'longest time that one step may take', '10s')
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
    .action(async (venue: string | undefined, options: DoctorOptions) =>
      context.finish(await runDoctor(context.io, venue, options)),
    );
}
