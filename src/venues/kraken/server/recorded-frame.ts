/**
 * Reads one recorded frame of either protocol: where it belongs, and what it did to a book. Pure;
 * for recordings only, not for clients.
 */
import type { MarketBookChange, MarketLevel } from '../../../model/exchange.js';
import type { Side } from '../../../model/levels.js';
import { toV2Asset } from './pairs.js';
import type { Fields } from './request-fields.js';
import { channelKey, type Channel, type Protocol } from './topic.js';

/** What a recorded frame is. */
export interface RecordedFrame {
  /** As topics are named, without the pair. Of v2's books the depth is not in the frame. */
  readonly channelKey: string;
  /** The market's name of the pair; empty where there is none. */
  readonly symbol: string;
  /** What a frame of a book does, but for the depth. */
  readonly change: MarketBookChange | undefined;
}

/** What is wrong with a frame, in words that follow "the frame". */
export class FrameDefect extends Error {}

/** The same as a client of its own would be asked for: prices are sorted exactly. */
const DECIMAL = /^(0|[1-9]\d{0,39})(\.\d{1,40})?$/;
const NUMBER = /([:,[]\s*)(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,}\]])/g;
const V2_DATA: ReadonlySet<string> = new Set([
  'book',
  'level3',
  'ticker',
  'trade',
  'ohlc',
  'instrument',
]);

/** Undefined for acks, heartbeats and all else that a server makes of its own. */
export function readRecordedFrame(text: string, atTime: string): RecordedFrame | undefined {
  // Numbers are kept as the texts that they are: their zeros are part of checksums.
  const value: unknown = JSON.parse(text.replace(NUMBER, '$1"$2"'));
  if (Array.isArray(value)) return readV1(value, atTime);
  if (!isObject(value)) throw new FrameDefect('is neither a JSON object nor an array');
  const { channel } = value;
  return typeof channel === 'string' && V2_DATA.has(channel)
    ? readV2(value, channel as Channel, atTime)
    : undefined;
}

function readV2(frame: Fields, channel: Channel, atTime: string): RecordedFrame {
  if (channel === 'instrument') {
    return { channelKey: keyOf('v2', channel, ''), symbol: '', change: undefined };
  }
  const [entry] = Array.isArray(frame.data) ? (frame.data as unknown[]) : [];
  if (!isObject(entry)) throw new FrameDefect('has no object in "data"');
  const symbol = readText(entry, 'symbol');
  if (channel === 'ticker')
    return { channelKey: keyOf('v2', channel, 'trades'), symbol, change: undefined };
  if (channel === 'ohlc') {
    return {
      channelKey: keyOf('v2', channel, readText(entry, 'interval')),
      symbol,
      change: undefined,
    };
  }
  if (channel !== 'book')
    return { channelKey: keyOf('v2', channel, ''), symbol, change: undefined };
  const { timestamp, bids, asks } = entry;
  const levels = [...readV2Levels('bid', bids), ...readV2Levels('ask', asks)];
  const change: MarketBookChange = {
    type: 'book.changed',
    symbol,
    levels,
    snapshot: frame.type === 'snapshot',
    time: typeof timestamp === 'string' ? timestamp : atTime,
  };
  return { channelKey: keyOf('v2', 'book', ''), symbol, change };
}

function readV2Levels(side: Side, list: unknown): MarketLevel[] {
  if (!Array.isArray(list)) throw new FrameDefect(`has no list of ${side}s`);
  return list.map((level: unknown) => {
    if (!isObject(level)) throw new FrameDefect(`has a ${side} that is no object`);
    return { side, price: readDecimal(level.price), size: readDecimal(level.qty) };
  });
}

/** `[channelID, payload…, channelName, pair]`, read from the end. */
function readV1(frame: readonly unknown[], atTime: string): RecordedFrame | undefined {
  const pair = frame.at(-1);
  const name = frame.at(-2);
  // Private messages end in an object; nobody can subscribe to those of another account.
  if (isObject(pair)) return undefined;
  if (typeof pair !== 'string' || typeof name !== 'string') {
    throw new FrameDefect('does not end in a channel and a pair');
  }
  const [channel = '', option = ''] = name.split('-');
  const symbol = pair.split('/').map(toV2Asset).join('/');
  const key = keyOf('v1', channel as Channel, option);
  if (channel !== 'book') return { channelKey: key, symbol, change: undefined };
  const payloads = frame.slice(1, -2).filter(isObject);
  const levels = payloads.flatMap((payload) => [
    ...readV1Levels('ask', payload.as ?? payload.a ?? []),
    ...readV1Levels('bid', payload.bs ?? payload.b ?? []),
  ]);
  const snapshot = payloads.some((payload) => 'as' in payload || 'bs' in payload);
  const change = { type: 'book.changed', symbol, levels, snapshot, time: atTime } as const;
  return { channelKey: key, symbol, change: { ...change, depth: Number(option) } };
}

function readV1Levels(side: Side, list: unknown): MarketLevel[] {
  if (!Array.isArray(list)) throw new FrameDefect(`has no list of ${side}s`);
  return list.map((level: unknown) => {
    if (!Array.isArray(level)) throw new FrameDefect(`has a ${side} that is no list`);
    return { side, price: readDecimal(level[0]), size: readDecimal(level[1]) };
  });
}

function keyOf(protocol: Protocol, channel: Channel, option: string): string {
  return channelKey({ protocol, channel, option });
}

function readText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new FrameDefect(`has no "${name}"`);
  return value;
}

function readDecimal(value: unknown): string {
  if (typeof value === 'string' && DECIMAL.test(value)) return value;
  throw new FrameDefect('has a price or size that is no plain decimal');
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
