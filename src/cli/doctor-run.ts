import { NONCE_SCALES } from '../auth/nonce.js';
import { ConfigError } from '../model/error.js';
import { parseRestUrl, parseSocketUrl } from './address-option.js';
import { readCertificates } from './ca-file.js';
import type { CliIo } from './cli-io.js';
import { examineCloud9Trader } from './doctor-cloud9trader.js';
import { examineCoinbase } from './doctor-coinbase.js';
import { examineKraken } from './doctor-kraken.js';
import { createDoctorReport, formatConclusion, judgeFindings } from './doctor-report.js';
import type { DoctorTask } from './doctor-task.js';
import type { DoctorOptions } from './doctor.js';
import { parseDurationMs } from './duration.js';
import { EXIT_CODES } from './exit-code.js';
import {
  CLOUD9TRADER_VARIABLES,
  COINBASE_VARIABLES,
  KRAKEN_VARIABLES,
  type KeyVariables,
} from './key-source.js';
import { parseChoice } from './number-option.js';
import { VENUE_NAMES, type VenueName } from './offered-names.js';
import { choosePainter } from './paint.js';
import { requireVenue } from './venue-argument.js';

interface Examination {
  readonly variables: KeyVariables;
  examine(task: DoctorTask): Promise<void>;
}

const EXAMINATIONS: Readonly<Record<VenueName, Examination>> = {
  coinbase: { variables: COINBASE_VARIABLES, examine: examineCoinbase },
  kraken: { variables: KRAKEN_VARIABLES, examine: examineKraken },
  // One key and one REST service serve both protocols.
  'kraken-v1': { variables: KRAKEN_VARIABLES, examine: examineKraken },
  cloud9trader: { variables: CLOUD9TRADER_VARIABLES, examine: examineCloud9Trader },
};

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

/** Examines the venue that is named, or every one whose key is in the environment. */
export async function run(
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
