import type { EventBase } from '../model/event.js';
import type {
  CandlesMessage,
  DecodedFrame,
  InstrumentsMessage,
  NoticeMessage,
  SkippedMessage,
  TickerMessage,
  TradesMessage,
  VenueStatusMessage,
} from '../model/message.js';
import type { FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';
import type { TradeOutcome } from './trade-memory.js';

/** Where and when a message came. Reused: valid while its frame is read. */
export interface Arrival {
  readonly session: string;
  readonly frame: DecodedFrame;
  readonly receivedAtMs: number;
}

/** Names under which a stream's events go out; a channel taken as a whole uses the venue's own. */
function namesOf(stream: FeedStream, symbol: string): Iterable<string> {
  return stream.names.size > 0 ? stream.names : [symbol];
}

function describe(tools: FeedTools, symbol: string, arrival: Arrival): EventBase {
  const { frame, receivedAtMs } = arrival;
  return { venue: tools.venue.id, symbol, venueAtMs: frame.sentAtMs, receivedAtMs };
}

function emitTrade(tools: FeedTools, outcome: TradeOutcome, base: EventBase): void {
  switch (outcome.kind) {
    case 'listed':
      return tools.emit({ ...base, type: 'trades.listed', trades: outcome.trades });
    case 'gapped': {
      const { expected, received, missing } = outcome;
      return tools.emit({ ...base, type: 'trades.gapped', expected, received, missing });
    }
    case 'printed': {
      const { trade, recovered } = outcome;
      const venueAtMs = trade.tradedAtMs;
      return tools.emit({ ...base, ...trade, venueAtMs, type: 'trade.printed', recovered });
    }
  }
}

/** Emits each trade once; returns whether some are missing that were not before. */
export function deliverTrades(
  tools: FeedTools,
  stream: FeedStream,
  delivery: { readonly message: TradesMessage; readonly arrival: Arrival },
): boolean {
  const { message, arrival } = delivery;
  const outcomes = stream.trades?.accept(message.trades, message.type === 'trades.snapshot') ?? [];
  let isGapped = false;
  for (const outcome of outcomes) {
    if (outcome.kind === 'gapped') {
      isGapped = true;
      tools.counters.tradesMissing += outcome.missing;
    }
    if (outcome.kind === 'printed' && outcome.recovered) tools.counters.tradesRecovered += 1;
    for (const name of namesOf(stream, message.symbol)) {
      emitTrade(tools, outcome, describe(tools, name, arrival));
    }
  }
  return isGapped;
}

/** Emits a ticker under every name it was asked for. */
export function deliverTicker(
  tools: FeedTools,
  stream: FeedStream,
  delivery: { readonly message: TickerMessage; readonly arrival: Arrival },
): void {
  const { message, arrival } = delivery;
  const { ticker } = message;
  const channel = stream.rule.name;
  for (const name of namesOf(stream, message.symbol)) {
    const base = describe(tools, name, arrival);
    const venueAtMs = Number.isNaN(message.venueAtMs) ? base.venueAtMs : message.venueAtMs;
    tools.emit({ ...base, venueAtMs, type: 'ticker.changed', channel, ticker });
  }
}

/** A history that is sent again, as after a loss, speaks only of candles that it changes. */
export function deliverCandles(
  tools: FeedTools,
  stream: FeedStream,
  delivery: { readonly message: CandlesMessage; readonly arrival: Arrival },
): void {
  const { message, arrival } = delivery;
  const history = message.type === 'candles.snapshot';
  for (const candle of message.candles) {
    const key = `candle ${message.symbol} ${candle.intervalMs} ${candle.openedAtMs}`;
    const isNews = tools.reports.isNews(key, candle);
    if (history && !isNews) continue;
    for (const name of namesOf(stream, message.symbol)) {
      tools.emit({ ...describe(tools, name, arrival), type: 'candle.changed', candle, history });
    }
  }
}

/** Emits what changed of the instruments that were asked for. */
export function deliverInstruments(
  tools: FeedTools,
  find: (symbol: string) => FeedStream | undefined,
  delivery: { readonly message: InstrumentsMessage; readonly arrival: Arrival },
): void {
  const { message, arrival } = delivery;
  for (const instrument of message.instruments) {
    const stream = find(instrument.symbol);
    if (!stream || !tools.reports.isNews(`instrument ${instrument.symbol}`, instrument)) continue;
    for (const name of namesOf(stream, instrument.symbol)) {
      tools.emit({ ...describe(tools, name, arrival), type: 'instrument.changed', instrument });
    }
  }
}

/** Passes on a line that the venue wrote to the owner of the account. */
export function deliverNotice(tools: FeedTools, message: NoticeMessage, arrival: Arrival): void {
  const { kind, text } = message;
  tools.emit({ ...describe(tools, '', arrival), type: 'notice.received', kind, text });
}

/** Passes on what the venue says of its engine, also where it says the same again. */
export function deliverVenueStatus(
  tools: FeedTools,
  message: VenueStatusMessage,
  arrival: Arrival,
): void {
  const { status, venueStatus } = message;
  const base = describe(tools, '', arrival);
  tools.emit({ ...base, type: 'venue.changed', session: arrival.session, status, venueStatus });
}

/** Counts what we do not know, and speaks of each kind once. */
export function deliverSkipped(tools: FeedTools, message: SkippedMessage, arrival: Arrival): void {
  tools.counters.framesSkipped += 1;
  const { kind, reason } = message;
  if (!tools.isNewKind(`skipped ${kind}`)) return;
  const base = describe(tools, '', arrival);
  tools.emit({ ...base, type: 'frame.skipped', session: arrival.session, kind, reason });
}
