import { ConfigError } from '../model/error.js';
import {
  SIMULATED_NAMES,
  simulate,
  type ControlAddress,
  type MarketScenario,
  type SimulatedName,
  type SimulateOptions,
  type Simulator,
} from '../simulator/index.js';
import { readJsonText } from '../runtime/json-text.js';
import { readYamlText } from '../runtime/yaml-text.js';
import { GUIDES, selectFacts } from './simulate-guide.js';
import type { CliIo } from './cli-io.js';
import { parseDurationMs } from './duration.js';
import { awaitEnding } from './ending.js';
import { EXIT_CODES } from './exit-code.js';
import { parseChoice, parseSpeed, parseWholeNumber } from './number-option.js';
import { EXCHANGE_NAMES } from './offered-names.js';
import { KEY_TYPES, type SimulateCommandOptions } from './simulate.js';
import { quoteForShell } from './token-format.js';
import { requireVenue } from './venue-argument.js';

const FILE_MAX_BYTES = 1024 * 1024;
const PORT_MOST = 65_535;
const SEED_MOST = 4_294_967_295;
const OPEN_CONTROL = 'Whoever reaches the control commands these exchanges; it listens at';

function chooseExchange(name: string): SimulatedName {
  const found = requireVenue(name, EXCHANGE_NAMES);
  return found === 'kraken-v1' ? 'kraken' : found;
}

/** YAML by its name, else JSON. Whether it makes sense is judged by the simulator. */
async function readSettings(io: CliIo, path: string) {
  const name = `'${path}'`;
  const { text } = io.readFile(path, FILE_MAX_BYTES);
  const isYaml = /\.ya?ml$/i.test(path);
  const { value, lineOf } = isYaml ? await readYamlText(text, name) : readJsonText(text, name);
  const nameOf = (field: readonly PropertyKey[]): string => `${name}, line ${lineOf(field)}`;
  return { value, nameOf };
}

type FileOptions = Pick<SimulateOptions, 'faults' | 'faultsName' | 'market' | 'marketName'>;

async function readFiles(io: CliIo, options: SimulateCommandOptions): Promise<FileOptions> {
  const faults = options.faults === undefined ? undefined : await readSettings(io, options.faults);
  const market = options.market === undefined ? undefined : await readSettings(io, options.market);
  return {
    ...(faults && { faults: faults.value as { rules: object[] }, faultsName: faults.nameOf }),
    ...(market && { market: market.value as MarketScenario, marketName: market.nameOf }),
  };
}

/** `9000`, `0`, or with an address: `0.0.0.0:9000`, `[::1]:9000`. */
function parseControl(text: string): ControlAddress {
  const [, address, port = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(text.trim()) ?? [];
  const range = { name: '--control', least: 0, most: PORT_MOST };
  if (address === undefined) return { port: parseWholeNumber(port === '' ? text : port, range) };
  return { port: parseWholeNumber(port, range), address: address.replace(/^\[(.*)\]$/, '$1') };
}

/** For programs; the first line is a contract, so what else there is to say comes after it. */
function formatJsonLines(simulator: Simulator): string {
  const { controlUrl } = simulator;
  const control = controlUrl === undefined ? {} : { controlUrl };
  const venues = selectFacts(simulator);
  const ready = JSON.stringify({ event: 'simulator.ready', venues, ...control });
  if (simulator.caPem === undefined) return `${ready}\n`;
  const certificate = { event: 'simulator.certificate', caPem: simulator.caPem };
  return `${ready}\n${JSON.stringify(certificate)}\n`;
}

/** For a person: what was started, and lines to paste into another terminal. */
function formatGuide(simulator: Simulator, caFile: string | undefined): string {
  const trust = caFile === undefined ? '' : ` --ca-file ${quoteForShell(caFile)}`;
  const isUntrusted = simulator.caPem !== undefined && caFile === undefined;
  return [
    ...GUIDES.flatMap((guide) => guide(simulator, trust)),
    ...(isUntrusted ? ['The certificate was made now; --ca-out FILE writes it for clients.'] : []),
    ...(simulator.controlUrl === undefined
      ? []
      : [`Control over HTTP: curl ${simulator.controlUrl}/`, '']),
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

/** Runs exchanges until it is told to end. */
export async function run(
  io: CliIo,
  name: string | undefined,
  options: SimulateCommandOptions,
): Promise<number> {
  const durationMs = options.duration === undefined ? undefined : parseDurationMs(options.duration);
  const names = name === undefined ? SIMULATED_NAMES : [chooseExchange(name)];
  const control = options.control === undefined ? undefined : parseControl(options.control);
  const request = {
    venues: Object.fromEntries(names.map((one) => [one, {}])),
    port: parseWholeNumber(options.port, { name: '--port', least: 0, most: PORT_MOST }),
    speed: parseSpeed(options.speed),
    keyType: parseChoice('--key-type', options.keyType, KEY_TYPES),
    tls: options.tls ?? false,
    clock: io.runtime.clock,
    timers: io.runtime.timers,
    logger: io.runtime.logger,
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(await readFiles(io, options)),
    ...(options.seed !== undefined && {
      seed: parseWholeNumber(options.seed, { name: '--seed', least: 0, most: SEED_MOST }),
    }),
    ...(control && { control }),
  };
  if (options.caOut !== undefined && !options.tls) {
    throw new ConfigError('OPTION_INVALID', '--ca-out writes the certificate of --tls; add --tls.');
  }
  const ending = awaitEnding(io, durationMs);
  try {
    await using simulator = await simulate(request);
    if (options.caOut !== undefined && simulator.caPem !== undefined) {
      io.writeFile(options.caOut, simulator.caPem);
    }
    if (control?.address !== undefined) {
      io.stderr.write(`${OPEN_CONTROL} ${simulator.controlUrl ?? ''}\n`);
    }
    io.stdout.write(
      options.json ? formatJsonLines(simulator) : formatGuide(simulator, options.caOut),
    );
    // A signal is how a server is meant to end, so it is no failure.
    await ending.reached;
    return EXIT_CODES.done.code;
  } finally {
    ending.dispose();
  }
}
