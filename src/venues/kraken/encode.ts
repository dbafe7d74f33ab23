import type { OutgoingMessage, VenueRequest } from '../../model/venue.js';
import { findChannel, type V2ChannelRule } from './channels.js';
import {
  BOOK_DEPTHS,
  LEVEL3_COSTS,
  LEVEL3_COST_LIMIT,
  LEVEL3_DEPTHS,
  type RawV2Request,
} from './messages.js';

/** Symbols in one message: 250 make some 4 kB, where requests below 64 kB are known to work. */
const SYMBOLS_PER_MESSAGE_MAX = 250;

/** What the requests of one venue object always say. */
export interface EncodeOptions {
  readonly bookDepth: number;
  readonly candleMinutes: number;
  readonly tickerTrigger: 'trades' | 'bbo';
}

/**
 * Turns a request into messages of v2, one channel each. There is no request for a snapshot: that
 * yields nothing. The venue answers each symbol by itself, all with the request's id.
 */
export function encodeRequest(
  request: VenueRequest,
  options: EncodeOptions,
): readonly OutgoingMessage[] {
  const { kind, channel, symbols, requestId } = request;
  if (kind === 'request-snapshot') return [];
  // The venue refuses a ping that has `params`.
  if (kind === 'ping') return [toMessage({ method: 'ping', req_id: requestId }, false)];
  const rule = findChannel(channel);
  if (rule === undefined) throw new RangeError(`Kraken v2 has no channel "${channel}".`);
  if (rule.symbols === 'required' && symbols.length === 0) {
    throw new RangeError(`The channel "${channel}" needs at least one symbol.`);
  }
  const params: NonNullable<RawV2Request['params']> = {
    channel: rule.venueName,
    ...(kind === 'subscribe' && snapshotOf(rule)),
    ...optionsOf(rule, request, options),
  };
  const method = kind;
  if (rule.symbols === 'none') {
    return [toMessage({ method, params, req_id: requestId }, rule.private)];
  }
  const costEach = kind === 'subscribe' ? costOf(rule, params.depth) : 0;
  const countMax =
    costEach > 0 ? Math.floor(LEVEL3_COST_LIMIT.count / costEach) : SYMBOLS_PER_MESSAGE_MAX;
  const messages: OutgoingMessage[] = [];
  for (let from = 0; from < symbols.length; from += countMax) {
    const symbol = symbols.slice(from, from + countMax);
    const body: RawV2Request = { method, params: { ...params, symbol }, req_id: requestId };
    const cost = costEach * symbol.length;
    messages.push({ ...toMessage(body, rule.private), ...(cost > 0 && { cost }) });
  }
  return messages;
}

/** No message costs more than the venue takes at once. */
function costOf({ venueName }: V2ChannelRule, depth: number | undefined): number {
  return venueName === 'level3' ? (LEVEL3_COSTS.get(depth ?? LEVEL3_DEPTHS[0]) ?? 0) : 0;
}

/** `snapshot` is deprecated for executions, which say what of it is wanted. */
function snapshotOf({ venueName }: V2ChannelRule): Partial<NonNullable<RawV2Request['params']>> {
  return venueName === 'executions'
    ? { snap_orders: true, snap_trades: true, ratecounter: true }
    : { snapshot: true };
}

/** What a channel wants to be told beside symbols; an unsubscribe names the same (websocket-v2). */
function optionsOf(
  rule: V2ChannelRule,
  { depth }: VenueRequest,
  options: EncodeOptions,
): Partial<NonNullable<RawV2Request['params']>> {
  switch (rule.venueName) {
    case 'book':
      return { depth: checkDepth(depth ?? options.bookDepth, BOOK_DEPTHS) };
    case 'level3':
      return { depth: checkDepth(depth ?? LEVEL3_DEPTHS[0], LEVEL3_DEPTHS) };
    case 'ohlc':
      return { interval: options.candleMinutes };
    case 'ticker':
      return options.tickerTrigger === 'bbo' ? { event_trigger: 'bbo' } : {};
    case 'trade':
    case 'instrument':
    case 'executions':
    case 'balances':
      return {};
  }
}

function checkDepth(depth: number, offered: readonly number[]): number {
  if (offered.includes(depth)) return depth;
  throw new RangeError(`The depth ${depth} is not offered; choose one of ${offered.join(', ')}.`);
}

function toMessage(body: RawV2Request, isPrivate: boolean): OutgoingMessage {
  return { body: { ...body }, private: isPrivate };
}
