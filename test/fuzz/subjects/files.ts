/** Recordings, files of faults, and words of a command line. */
import { stringify } from 'yaml';
import { parseRestUrl, parseSocketUrl } from '../../../src/cli/address-option.js';
import { parseDurationMs } from '../../../src/cli/duration.js';
import { formatFailure } from '../../../src/cli/failure-text.js';
import { parseChoice, parseSpeed, parseWholeNumber } from '../../../src/cli/number-option.js';
import { TruefeedError } from '../../../src/model/error.js';
import type { RecordedLine, RecordedSession } from '../../../src/model/exchange.js';
import { readAnyRecording } from '../../../src/recording/frame-lines.js';
import { readRecording } from '../../../src/recording/reader.js';
import { readJsonText } from '../../../src/runtime/json-text.js';
import { readYamlText } from '../../../src/runtime/yaml-text.js';
import type { RulesName } from '../../../src/exchange/read-rules.js';
import { shareRules } from '../../../src/simulator/fault-file.js';
import { createScenarioProduct, readScenario } from '../../../src/simulator/scenario.js';
import * as cloud9traderFaults from '../../../src/venues/cloud9trader/server/fault-rules.js';
import * as coinbaseFaults from '../../../src/venues/coinbase/server/fault-rules.js';
import * as coinbaseSession from '../../../src/venues/coinbase/server/recorded-session.js';
import * as krakenFaults from '../../../src/venues/kraken/server/fault-rules.js';
import * as krakenSession from '../../../src/venues/kraken/server/recorded-session.js';
import { recordedFiles } from '../samples.js';
import { require, type AnyFuzzSubject } from '../subject.js';

const TOKEN = 'x5aQ0RCC7hBYNVh53sTv1yZ5H4wIbwDF20PiHtTF14UI';
const CODES = { codes: ['RECORDING_INVALID'] } as const;
const SECRETS = [{ text: TOKEN, pieceCharacters: 12 }];

const toLines = (entries: readonly (readonly [string, unknown])[]): string =>
  entries
    .map(([dir, data], index) => {
      const text = typeof data === 'string' ? data : JSON.stringify(data);
      return JSON.stringify({ ts: 1786309548 + index / 10, dir, data: text });
    })
    .join('\n');

const COINBASE_LEVEL = {
  side: 'bid',
  event_time: '2026-08-09T21:00:00Z',
  price_level: '1.5',
  new_quantity: '2',
};
const coinbaseFrame = (channel: string, event: object, number: number): object => ({
  channel,
  timestamp: `2026-08-09T21:00:0${number}Z`,
  sequence_num: number,
  events: [event],
});
const COINBASE_RECORDING = toLines([
  ['connect', 'wss://advanced-trade-ws.coinbase.com'],
  ['send', { type: 'subscribe', channel: 'level2', product_ids: ['BTC-USD'], jwt: TOKEN }],
  [
    'recv',
    coinbaseFrame(
      'l2_data',
      { type: 'snapshot', product_id: 'BTC-USD', updates: [COINBASE_LEVEL] },
      1,
    ),
  ],
  [
    'recv',
    coinbaseFrame(
      'l2_data',
      { type: 'update', product_id: 'BTC-USD', updates: [COINBASE_LEVEL] },
      2,
    ),
  ],
  [
    'recv',
    coinbaseFrame(
      'heartbeats',
      { current_time: '2026-08-09 21:00:03 +0000 UTC m=+5.25', heartbeat_counter: '1' },
      3,
    ),
  ],
]);
const KRAKEN_LEVELS = { bids: [{ price: 1.5, qty: 2 }], asks: [{ price: 2.5, qty: 1 }] };
const KRAKEN_FRAME = {
  channel: 'book',
  type: 'snapshot',
  data: [{ symbol: 'BTC/USD', ...KRAKEN_LEVELS, checksum: 7 }],
};
const KRAKEN_RECORDINGS = [
  toLines([
    ['connect', 'wss://ws.kraken.com/v2'],
    ['send', { method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USD'] } }],
    ['recv', KRAKEN_FRAME],
    ['recv', { ...KRAKEN_FRAME, type: 'update' }],
  ]),
  'wss://ws.kraken.com <-> 1618678132.3\n' +
    'wss://ws.kraken.com <- 1618678132.8: {"event":"subscribe","pair":["XBT/USD"],' +
    '"subscription":{"name":"book","depth":10}}\n' +
    '1618678133.6: [13,{"as":[["1.5","2","3.5"]],"bs":[["1.4","2","3.5"]]},"book-10","XBT/USD"]\n' +
    '1618678133.7: [13,{"a":[["1.5","0","3.5"]],"c":"7"},"book-10","XBT/USD"]\n',
];

async function* toChunks(text: string): AsyncGenerator<string, void, undefined> {
  const half = text.length >> 1;
  yield text.slice(0, half);
  await Promise.resolve();
  yield text.slice(half);
}

async function drain(lines: AsyncIterable<RecordedLine>): Promise<void> {
  for await (const { line, direction, receivedAtMs, data } of lines) {
    require(Number.isInteger(line) && line > 0, 'No line', line);
    require(['connect', 'send', 'recv'].includes(direction), 'No direction', direction);
    require(typeof receivedAtMs === 'number' && typeof data === 'string', 'No data', data);
  }
}

function requireSession(session: RecordedSession): void {
  require(typeof session.startTime === 'string', 'No start', session.startTime);
  for (const frame of session.frames) {
    require(Number.isFinite(frame.receivedAtMs), 'No time', frame.receivedAtMs);
    const { sentTime, changes } = frame.read();
    require(typeof sentTime === 'string' && Array.isArray(changes), 'No frame', sentTime);
  }
}

function recordingSubjects(): AnyFuzzSubject[] {
  const coinbase = [COINBASE_RECORDING, ...recordedFiles('coinbase')];
  const kraken = [...KRAKEN_RECORDINGS, ...recordedFiles('kraken')];
  return [
    {
      name: 'recordings/lines',
      ...CODES,
      corpus: [...coinbase, ...kraken],
      secrets: SECRETS,
      async readLater(bytes) {
        await drain(readAnyRecording(toChunks(bytes.toString()), 'the recording'));
        await drain(readRecording(toChunks(bytes.toString()), 'the recording'));
      },
    },
    {
      name: 'recordings/coinbase',
      ...CODES,
      corpus: coinbase,
      secrets: SECRETS,
      async readLater(bytes) {
        const lines = readRecording(toChunks(bytes.toString()), 'the recording');
        requireSession(await coinbaseSession.readRecordedSession(lines, 'the recording'));
      },
    },
    {
      name: 'recordings/kraken',
      ...CODES,
      corpus: kraken,
      secrets: SECRETS,
      async readLater(bytes) {
        const lines = readAnyRecording(toChunks(bytes.toString()), 'the recording');
        requireSession(await krakenSession.readRecordedSession(lines, 'the recording'));
      },
    },
  ];
}

const RULES: readonly (readonly [
  string,
  (value: unknown, name: RulesName) => { rules: readonly object[] },
  unknown,
])[] = [
  [
    'coinbase',
    (value, name) => ({ rules: [...coinbaseFaults.FAULT_RULES.readFile(value, name).rules] }),
    [
      { fault: 'drop', at: { frame: 60 } },
      { fault: 'delay', at: { channel: 'l2_data', count: 3 }, delayMs: 500 },
      { fault: 'close', code: 1001, at: { frame: 200 }, connection: 1 },
      { fault: 'refuse-upgrade', status: 503, connection: 1 },
      { fault: 'clock-skew', skewMs: 5 },
    ],
  ],
  [
    'kraken',
    (value, name) => ({ rules: [...krakenFaults.FAULT_RULES.readFile(value, name).rules] }),
    [
      { fault: 'drop', every: { channel: 'book', deep: true, frames: 20 } },
      { fault: 'snapshot-late', at: { symbol: 'ETH/USD' }, delayMs: 3000 },
      { fault: 'close', at: { kind: 'heartbeat', count: 3 } },
    ],
  ],
  [
    'cloud9trader',
    (value, name) => ({ rules: [...cloud9traderFaults.FAULT_RULES.readFile(value, name).rules] }),
    [
      { fault: 'drop', at: { kind: 'delta', count: 5 } },
      { fault: 'refuse-sign-in', connection: 2 },
    ],
  ],
];

/** As the command reads a file: errors say the line. */
function readFile(bytes: Buffer): { value: unknown; nameOf: RulesName } {
  const { value, lineOf } = readJsonText(bytes.toString(), "'faults.json'");
  return { value, nameOf: (path) => `'faults.json', line ${lineOf(path)}` };
}

const SCENARIO = {
  seed: 7,
  symbols: [
    { base: 'BTC', quote: 'USD', price: '65083.67', everyMs: 40, levels: 500, levelValue: 20_000 },
    { base: 'NEW', quote: 'USD', price: '1.0000', sizeDecimals: 6, listedAfterMs: 30_000 },
  ],
  hours: [
    { afterMs: 0, rate: 0.3 },
    { afterMs: 60_000, rate: 5, violence: 8 },
  ],
  repeatHoursMs: 120_000,
  halts: [{ symbol: 'BTC/USD', afterMs: 40_000, forMs: 10_000 }],
  moves: [{ symbol: 'BTC/USD', afterMs: 50_000, price: '58000.00' }],
};

function requireMarket(value: unknown, nameOf: RulesName): void {
  for (const symbol of readScenario(value, nameOf).symbols) {
    const { priceUnits, sizeUnits } = createScenarioProduct(symbol, 'X');
    const isWhole = Number.isSafeInteger(priceUnits) && Number.isSafeInteger(sizeUnits);
    require(isWhole && sizeUnits > 0, 'No product', symbol);
  }
}

/** The sorts of files that say what a simulator does. */
function simulatorSubjects(): AnyFuzzSubject[] {
  return [
    {
      name: 'simulator/market-file',
      corpus: [JSON.stringify(SCENARIO), JSON.stringify(SCENARIO, null, 2)],
      codes: ['OPTION_INVALID'],
      read(bytes) {
        const { value, nameOf } = readFile(bytes);
        requireMarket(value, nameOf);
      },
    },
    {
      name: 'simulator/market-yaml',
      corpus: [stringify(SCENARIO), stringify(SCENARIO, { collectionStyle: 'flow' })],
      codes: ['OPTION_INVALID'],
      async readLater(bytes) {
        const { value, lineOf } = await readYamlText(bytes.toString(), "'market.yaml'");
        requireMarket(value, (path) => `'market.yaml', line ${lineOf(path)}`);
      },
    },
    {
      name: 'simulator/shared-faults',
      corpus: [
        JSON.stringify({
          rules: RULES.map(([venue, , rules]) => ({ venue, ...(rules as readonly object[])[0] })),
        }),
      ],
      codes: ['OPTION_INVALID'],
      read(bytes) {
        const { value, nameOf } = readFile(bytes);
        const shares = shareRules(value, ['coinbase', 'kraken'], nameOf);
        require(shares.size === 2, 'No shares', [...shares]);
      },
    },
  ];
}

function faultSubjects(): AnyFuzzSubject[] {
  return RULES.map(([venue, readFaults, rules]) => ({
    name: `faults/${venue}`,
    corpus: [JSON.stringify({ rules })],
    codes: ['OPTION_INVALID'],
    read(bytes) {
      const { value, nameOf } = readFile(bytes);
      for (const rule of readFaults(value, nameOf).rules) {
        require(typeof (rule as { fault?: unknown }).fault === 'string', 'No fault', rule);
      }
    },
  }));
}

/** Each reads a word of a command line as one option or another. */
function optionSubject(): AnyFuzzSubject {
  const readers: readonly ((text: string) => unknown)[] = [
    parseDurationMs,
    parseSpeed,
    (text) => parseWholeNumber(text, { name: '--port', least: 0, most: 65_535 }),
    (text) => parseChoice('--key-type', text, ['es256', 'ed25519']),
    parseRestUrl,
    (text) => parseSocketUrl(text),
  ];
  return {
    name: 'options/words',
    corpus: [
      '10s',
      '500ms',
      '1.5h',
      'max',
      '10x',
      '0.5',
      '8080',
      'es256',
      'https://a.test/x',
      'wss://user:pass@a.test/?token=x',
      'ws://127.0.0.1:80',
      '[::1]',
      'wss://[::1]:5',
    ],
    codes: [],
    read(bytes) {
      const text = bytes.toString();
      const errors = readers.flatMap((reader) => {
        try {
          const value = reader(text);
          const isNumber = typeof value !== 'number' || Number.isFinite(value);
          require(isNumber && value !== undefined, 'No value', value);
          return [];
        } catch (error) {
          return [error];
        }
      });
      // A refusal by one must not hide a fault of another.
      const worst = errors.find((one) => !(one instanceof TruefeedError)) ?? errors[0];
      if (worst === undefined) return;
      if (!(worst instanceof TruefeedError)) throw new Error('A bug', { cause: worst });
      const line = formatFailure(worst, {});
      require(/^truefeed: \P{Cc}+ \[OPTION_INVALID\]\n$/u.test(line), 'Not one line', line);
    },
  };
}

/** All of them. */
export function fileSubjects(): AnyFuzzSubject[] {
  return [...recordingSubjects(), ...faultSubjects(), ...simulatorSubjects(), optionSubject()];
}
