import type { Command } from 'commander';
import { ConfigError } from '../model/error.js';
import { simulate, type Simulation } from '../simulator/index.js';
import type { CliIo, CommandContext } from './cli-io.js';
import { formatHelpTail } from './command-help.js';
import { parseDurationMs } from './duration.js';
import { awaitEnding } from './ending.js';
import { EXIT_CODES } from './exit-code.js';
import { parseChoice, parseSpeed, parseWholeNumber } from './number-option.js';
import { requireVenue } from './venue-argument.js';

const FAULTS_MAX_BYTES = 1024 * 1024;
const KEY_TYPES = ['ec', 'ed25519'] as const;

interface SimulateOptions {
  readonly port: string;
  readonly from?: string;
  readonly speed: string;
  readonly faults?: string;
  readonly tls?: boolean;
  readonly json?: boolean;
  readonly keyType: string;
  readonly duration?: string;
}

/** What the first line of `--json` says; programs wait for it. */
function formatReadyLine(simulation: Simulation): string {
  const { wsUrl, userWsUrl, keyName, privateKey } = simulation.venues.coinbase;
  const venues = { coinbase: { wsUrl, userWsUrl, keyName, privateKey } };
  return `${JSON.stringify({ event: 'simulator.ready', venues })}\n`;
}

/** For a person: what was started, and lines to paste into another terminal. */
function formatGuide(simulation: Simulation, keyFile: string): string {
  const { wsUrl, userWsUrl, keyName } = simulation.venues.coinbase;
  return [
    'The simulated Coinbase is ready. It ends with Ctrl-C.',
    `  market data    ${wsUrl}`,
    `  user channel   ${userWsUrl}`,
    `  demo key       ${keyName}`,
    '',
    'In another terminal:',
    `  truefeed watch coinbase BTC-USD ETH-USD --url ${wsUrl}`,
    keyFile,
    '',
  ].join('\n');
}
