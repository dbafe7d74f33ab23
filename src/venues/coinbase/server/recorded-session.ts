/**
 * Turns a recording of the venue into a market: the first snapshot of a channel and product is the
 * state to begin with, every later data frame is one update. Acks are dropped: a server makes its
 * own.
 */
import { ConfigError } from '../../../model/error.js';
import type {
  ListedInstrument,
  MarketChange,
  MarketRecordedFrame,
  RecordedEvent,
  RecordedLine,
  RecordedSession,
  TimedFrame,
} from '../../../model/exchange.js';
import { NATIVE_USDC_PRODUCTS, REQUEST_CHANNELS } from '../messages.js';
import {
  EventDefect,
  instrumentNamed,
  readEvent,
  symbolsOf,
  type EventFields,
} from './recorded-event.js';

const DATA_CHANNELS: ReadonlySet<string> = new Set([
  ...REQUEST_CHANNELS.filter((channel) => channel !== 'level2'),
  'l2_data',
]);
const UPTIME = /m=\+(\d+)\.(\d{1,9})$/;
const NANOSECOND_DIGITS = 9;

interface Frame extends MarketRecordedFrame {
  readonly isSnapshot: boolean;
}

/** What the venue's first snapshot of a channel and product says; older updates are in it. */
interface Seed {
  readonly line: number;
  readonly change: MarketChange;
}

/** Reads all lines of a recording; throws ConfigError RECORDING_INVALID, naming the line. */
export async function readRecordedSession(
  lines: AsyncIterable<RecordedLine>,
  name: string,
): Promise<RecordedSession> {
  const wants = new Set<string>();
  const seeds = new Map<string, Seed>();
  const updateLines: RecordedLine[] = [];
  const symbols = new Map<string, ListedInstrument>();
  let startTime: string | undefined;
  let lastUptime: RecordedSession['lastUptime'];

  for await (const line of lines) {
    if (line.direction === 'send') addWants(wants, line.data);
    if (line.direction !== 'recv') continue;
    const frame = readFrame(line, name);
    if (!frame) continue;
    startTime ??= frame.sentTime;
    lastUptime = readUptime(frame) ?? lastUptime;
    for (const change of frame.changes) noteInstruments(symbols, change);
    // A snapshot that only seeds is not served again as a frame; a repeated one is.
    const seedKeys = frame.isSnapshot
      ? frame.changes.map((one) => seedKey(frame.channel, one))
      : [];
    const isSeed = frame.isSnapshot && seedKeys.every((key) => !seeds.has(key));
    if (isSeed) {
      frame.changes.forEach((change, index) =>
        seeds.set(seedKeys[index] ?? '', { line: line.line, change }),
      );
    } else updateLines.push(line);
  }
  if (startTime === undefined) {
    const message = `The recording ${name} holds no frame of this venue; give one that does.`;
    throw new ConfigError('RECORDING_INVALID', message, { facts: { recording: name } });
  }
  const lastSeedLine = Math.max(0, ...[...seeds.values()].map((seed) => seed.line));
  const frames = updateLines.flatMap((line): TimedFrame[] => {
    if (line.line < lastSeedLine && isInSeed(requireFrame(line, name), line, seeds)) return [];
    return [{ receivedAtMs: line.receivedAtMs, read: () => requireFrame(line, name) }];
  });
  return {
    instruments: withAliases([...symbols.values()]),
    seed: [...seeds.values()].map(({ change }) => change),
    frames,
    wants,
    startTime,
    lastUptime,
  };
}

function seedKey(channel: string, change: MarketChange): string {
  return `${channel}:${'symbol' in change ? change.symbol : ''}`;
}

/** An update that overtook the snapshot, and that the snapshot already holds. */
function isInSeed(frame: Frame, line: RecordedLine, seeds: ReadonlyMap<string, Seed>): boolean {
  if (frame.isSnapshot || frame.changes.length === 0) return false;
  return frame.changes.every((change) => {
    const seed = seeds.get(seedKey(frame.channel, change));
    return seed !== undefined && line.line < seed.line && !isNewer(change, seed.change);
  });
}

function isNewer(change: MarketChange, seed: MarketChange): boolean {
  if (change.type === 'book.changed' && seed.type === 'book.changed') {
    return bareTime(change.time) > bareTime(seed.time);
  }
  if (change.type === 'trades.printed' && seed.type === 'trades.printed') {
    return Number(change.trades[0]?.tradeId ?? 0) > Number(seed.trades[0]?.tradeId ?? 0);
  }
  return false;
}

/** Without the Z, times with trimmed fractions compare as text. */
function bareTime(time: string): string {
  return time.replace(/Z$/, '');
}

function requireFrame(line: RecordedLine, name: string): Frame {
  const frame = readFrame(line, name);
  if (!frame) throw new TypeError(`Line ${line.line} was a frame and is none any more.`);
  return frame;
}

/** Undefined for acks, errors and channels that nobody can subscribe to. */
function readFrame(line: RecordedLine, recording: string): Frame | undefined {
  try {
    return readData(line.data);
  } catch (error) {
    if (!(error instanceof EventDefect || error instanceof SyntaxError)) throw error;
    // The parser's own text quotes the frame, in which a credential may stand.
    const defect = error instanceof EventDefect ? error.message : 'is not JSON; it may be cut off';
    const message =
      `The frame in line ${line.line} of the recording ${recording} ${defect}; ` +
      'repair or remove that line.';
    const facts = { recording, line: line.line };
    throw new ConfigError('RECORDING_INVALID', message, { facts });
  }
}

function readData(data: string): Frame | undefined {
  const value: unknown = JSON.parse(data);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EventDefect('is not a JSON object');
  }
  const { channel, timestamp, events } = value as EventFields;
  if (typeof channel !== 'string' || !DATA_CHANNELS.has(channel)) return undefined;
  if (typeof timestamp !== 'string') throw new EventDefect('has no text "timestamp"');
  const isList = Array.isArray(events) && events.every((one) => typeof one === 'object' && one);
  if (!isList) throw new EventDefect('has no list "events"');
  const list = events as EventFields[];
  const changes = list.map((event) => readEvent(channel, event));
  return {
    type: 'frame.recorded',
    channel,
    sentTime: timestamp,
    isSnapshot: list.length > 0 && list.every((event) => event.type === 'snapshot'),
    events: list.map((event, index): RecordedEvent => ({
      symbols: symbolsOf(changes[index] ?? []),
      body: (list.length === 1 && sliceOnlyEvent(data)) || JSON.stringify(event),
    })),
    changes: changes.flat(),
  };
}

/** The one event's own bytes; undefined where the frame is spelled in an unusual way. */
function sliceOnlyEvent(data: string): string | undefined {
  const mark = '"events":[';
  const start = data.indexOf(mark);
  const isLast = data.endsWith('}]}') && /^\{"channel":"\w+",[^[\]{}]*$/.test(data.slice(0, start));
  return start > 0 && isLast ? data.slice(start + mark.length, -2) : undefined;
}

function readUptime(frame: Frame): RecordedSession['lastUptime'] {
  if (frame.channel !== 'heartbeats') return undefined;
  const { current_time: time } = JSON.parse(frame.events[0]?.body ?? '{}') as EventFields;
  const [, seconds, fraction = ''] = UPTIME.exec(String(time)) ?? [];
  if (seconds === undefined) return undefined;
  const nanoseconds = BigInt(seconds + fraction.padEnd(NANOSECOND_DIGITS, '0'));
  return { nanoseconds, time: frame.sentTime };
}

function noteInstruments(symbols: Map<string, ListedInstrument>, change: MarketChange): void {
  if (change.type === 'instruments.changed') {
    for (const one of change.instruments) symbols.set(one.symbol, one);
  } else if ('symbol' in change && !symbols.has(change.symbol)) {
    symbols.set(change.symbol, instrumentNamed(change.symbol));
  }
}

/** `-USDC` is another name of the `-USD` product, but for the few native ones. */
function withAliases(instruments: readonly ListedInstrument[]): ListedInstrument[] {
  const listed = new Set(instruments.map((one) => one.symbol));
  return instruments.map((one) => {
    const alias = `${one.base}-USDC`;
    const isNative = NATIVE_USDC_PRODUCTS.includes(alias) || listed.has(alias);
    return { ...one, aliases: one.quote === 'USD' && !isNative ? [alias] : [] };
  });
}

/** What the recorded client asked for; what it sent besides is of no interest. */
function addWants(wants: Set<string>, data: string): void {
  let request: EventFields;
  try {
    request = JSON.parse(data) as EventFields;
  } catch {
    return;
  }
  const { type, channel, product_ids: products } = request ?? {};
  if (type !== 'subscribe' || typeof channel !== 'string') return;
  wants.add(channel);
  if (channel === 'heartbeats' || channel === 'user' || !Array.isArray(products)) return;
  for (const product of products) wants.add(`${channel}:${String(product)}`);
}
