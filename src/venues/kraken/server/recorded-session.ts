/**
 * Turns a recording of the venue into a market. Nothing of it is a seed: subscribers are given the
 * recorded snapshots, byte for byte, and then the updates, so that every checksum is the recorded
 * one. Acks and heartbeats are dropped: a server makes its own.
 */
import { ConfigError } from '../../../model/error.js';
import type {
  ListedInstrument,
  MarketRecordedFrame,
  RecordedLine,
  RecordedSession,
  TimedFrame,
} from '../../../model/exchange.js';
import { formatNanoseconds, millisecondsToNanoseconds } from '../../../runtime/time-text.js';
import { BOOK_DEPTHS } from '../messages.js';
import { countDecimals } from './number-text.js';
import { FrameDefect, readRecordedFrame, type RecordedFrame } from './recorded-frame.js';
import { parseObject } from './request-fields.js';
import { readV1Request } from './request-v1.js';
import { readV2Request } from './request-v2.js';
import type { Wish } from './wish.js';
import { toV2Asset } from './pairs.js';
import { topicKey } from './topic.js';

/** Where a recording is silent about times, frames follow each other at this distance. */
const UNTIMED_STEP_MS = 100;
const V2_BOOK = 'v2/book';
const EPOCH = '1970-01-01T00:00:00Z';

interface Kept {
  readonly line: RecordedLine;
  /** Undefined where neither the line nor the frame says. */
  readonly atMs: number | undefined;
  /** Of books: levels a side. */
  readonly depth: number | undefined;
}

/** Reads all lines of a recording; throws ConfigError RECORDING_INVALID, naming the line. */
export async function readRecordedSession(
  lines: AsyncIterable<RecordedLine>,
  name: string,
): Promise<RecordedSession> {
  const wants = new Set<string>();
  const pairs = new Map<string, PairEvidence>();
  const kept: Kept[] = [];
  let startTime: string | undefined;
  for await (const line of lines) {
    if (line.direction === 'send') addWants(wants, line.data);
    if (line.direction !== 'recv') continue;
    const frame = readLine(line, name);
    if (!frame) continue;
    startTime ??= timeOf(line, frame);
    const evidence = pairs.get(frame.symbol) ?? { priceDecimals: 0, sizeDecimals: 0 };
    if (frame.symbol !== '') pairs.set(frame.symbol, evidence);
    noteDecimals(evidence, frame);
    const atMs = receivedAtMsOf(line, frame);
    kept.push({ line, atMs, depth: noteDepth(evidence, frame) });
  }
  if (startTime === undefined) {
    const message = `The recording ${name} holds no frame of this venue; give one that does.`;
    throw new ConfigError('RECORDING_INVALID', message, { facts: { recording: name } });
  }
  return {
    instruments: [...pairs].map(([symbol, evidence]) => instrumentOf(symbol, evidence)),
    seed: [],
    frames: timeFrames(kept, name),
    wants,
    startTime,
    lastUptime: undefined,
  };
}

function receivedAtMsOf(line: RecordedLine, { change }: RecordedFrame): number | undefined {
  if (!Number.isNaN(line.receivedAtMs)) return line.receivedAtMs;
  const atMs = change && change.time !== EPOCH ? Date.parse(change.time) : NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** A frame that says no time comes with the one before it, or where none does, a step after it. */
function timeFrames(kept: readonly Kept[], name: string): TimedFrame[] {
  let lastMs = kept.find(({ atMs }) => atMs !== undefined)?.atMs;
  return kept.map((one, index) => {
    lastMs = one.atMs ?? lastMs;
    const receivedAtMs = lastMs ?? index * UNTIMED_STEP_MS;
    return { receivedAtMs, read: () => toMarketFrame(one, name) };
  });
}

interface PairEvidence {
  priceDecimals: number;
  sizeDecimals: number;
  depth?: number;
}

function noteDecimals(evidence: PairEvidence, { change }: RecordedFrame): void {
  for (const { price, size } of change?.levels ?? []) {
    evidence.priceDecimals = Math.max(evidence.priceDecimals, countDecimals(price));
    evidence.sizeDecimals = Math.max(evidence.sizeDecimals, countDecimals(size));
  }
}

/** A book's depth: said by the frame in v1, the fullest side of the snapshot in v2. */
function noteDepth(evidence: PairEvidence, { change }: RecordedFrame): number | undefined {
  if (!change) return undefined;
  if (change.depth !== undefined) return change.depth;
  if (change.snapshot) {
    const bids = change.levels.filter(({ side }) => side === 'bid').length;
    const most = Math.max(bids, change.levels.length - bids);
    evidence.depth = BOOK_DEPTHS.find((depth) => depth >= most) ?? BOOK_DEPTHS.at(-1) ?? most;
  }
  return evidence.depth;
}

function toMarketFrame({ line, depth }: Kept, name: string): MarketRecordedFrame {
  const frame = readLine(line, name);
  if (!frame) throw new TypeError(`Line ${line.line} was a frame and is none any more.`);
  const { symbol, change } = frame;
  const isV2Book = frame.channelKey === V2_BOOK && depth !== undefined;
  return {
    type: 'frame.recorded',
    channel: isV2Book ? `${V2_BOOK}-${depth}` : frame.channelKey,
    sentTime: timeOf(line, frame),
    events: [{ symbols: symbol === '' ? [] : [symbol], body: line.data }],
    changes: change ? [depth === undefined ? change : { ...change, depth }] : [],
  };
}

function timeOf({ receivedAtMs }: RecordedLine, { change }: RecordedFrame): string {
  if (!Number.isNaN(receivedAtMs)) return toTime(receivedAtMs);
  return change?.time ?? EPOCH;
}

function toTime(ms: number): string {
  return formatNanoseconds(millisecondsToNanoseconds(ms));
}

function readLine(line: RecordedLine, recording: string): RecordedFrame | undefined {
  try {
    const atTime = Number.isNaN(line.receivedAtMs) ? EPOCH : toTime(line.receivedAtMs);
    return readRecordedFrame(line.data, atTime);
  } catch (error) {
    if (!(error instanceof FrameDefect || error instanceof SyntaxError)) throw error;
    // The parser's own text quotes the frame, in which a credential may stand.
    const defect = error instanceof FrameDefect ? error.message : 'is not JSON; it may be cut off';
    const message =
      `The frame in line ${line.line} of the recording ${recording} ${defect}; ` +
      'repair or remove that line.';
    const facts = { recording, line: line.line };
    throw new ConfigError('RECORDING_INVALID', message, { facts });
  }
}

function instrumentOf(symbol: string, evidence: PairEvidence): ListedInstrument {
  const [base = symbol, quote = ''] = symbol.split('/');
  const step = (decimals: number): string =>
    decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`;
  return {
    symbol,
    base,
    quote,
    status: 'online',
    aliases: [],
    priceIncrement: step(evidence.priceDecimals),
    sizeIncrement: step(evidence.sizeDecimals),
  };
}

/** What the recorded client asked for; what it sent besides is of no interest. */
function addWants(wants: Set<string>, data: string): void {
  const request =
    'event' in (parseObject(data) ?? {})
      ? readV1Request(data, (pair) => pair.split('/').map(toV2Asset).join('/'))
      : readV2Request(data, () => true);
  if (request.kind !== 'subscribe') return;
  const wishes: readonly Wish[] = request.wishes;
  for (const wish of wishes) if (wish.kind === 'topic') wants.add(topicKey(wish.topic));
}
