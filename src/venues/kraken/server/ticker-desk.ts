/**
 * Tickers of both protocols and v1's spread. A ticker comes with each trade, or with each change of
 * the touch for those who ask for that (websocket-v2/ticker).
 */
import type { MarketTrade } from '../../../model/exchange.js';
import type { Ticker } from '../../../model/market.js';
import type { DeskOptions } from './book-desk.js';
import * as v1 from './encode-v1.js';
import { encodeTicker, type FrameType } from './encode-v2.js';
import type { Pair } from './pairs.js';
import type { ServerFrame } from './server-frame.js';
import { topicKey, type Topic } from './topic.js';

/** All tickers of a server. */
export interface TickerDesk {
  snapshot(pair: Pair, topic: Topic): readonly ServerFrame[];
  /** Notes trades; the ticker that follows them is sent to all. Oldest first. */
  onTrades(symbol: string, trades: readonly MarketTrade[]): void;
  onTicker(symbol: string): void;
}

interface Occasion {
  readonly isTrade: boolean;
  readonly isTouch: boolean;
}

interface TickerTopic {
  readonly topic: Omit<Topic, 'symbol'>;
  /** Whether it is told of an occasion. */
  readonly isDue: (occasion: Occasion) => boolean;
}

const TOPICS: readonly TickerTopic[] = [
  {
    topic: { protocol: 'v2', channel: 'ticker', option: 'trades' },
    isDue: ({ isTrade }) => isTrade,
  },
  { topic: { protocol: 'v2', channel: 'ticker', option: 'bbo' }, isDue: ({ isTouch }) => isTouch },
  { topic: { protocol: 'v1', channel: 'ticker', option: '' }, isDue: ({ isTrade }) => isTrade },
  { topic: { protocol: 'v1', channel: 'spread', option: '' }, isDue: ({ isTouch }) => isTouch },
];

/** Opens the desk of one server. */
export function createTickerDesk(
  options: DeskOptions & { readonly timeText: () => string },
): TickerDesk {
  const { source, pairs, audience, timeText } = options;
  const traded = new Set<string>();
  const counts = new Map<string, number>();
  const touches = new Map<string, string>();

  const frameOf = (pair: Pair, topic: Omit<Topic, 'symbol'>, type: FrameType): ServerFrame[] => {
    const ticker = source.ticker(pair.symbol);
    if (!ticker) return [];
    const isV1 = topic.protocol === 'v1';
    const symbol = isV1 ? pair.v1Symbol : pair.symbol;
    const { channel } = topic;
    const parts = {
      ticker,
      time: timeText(),
      lastSize: source.trades(pair.symbol)[0]?.size ?? '0',
      tradeCount: counts.get(pair.symbol) ?? source.trades(pair.symbol).length,
    };
    const text = isV1 ? encodeV1(pair, channel, parts) : encodeTicker(pair, type, parts);
    return [{ kind: type, channel, symbol, isDeep: false, text }];
  };

  return {
    snapshot: (pair, topic) => frameOf(pair, topic, 'snapshot'),
    onTrades(symbol, trades) {
      traded.add(symbol);
      const count = counts.get(symbol) ?? source.trades(symbol).length;
      counts.set(symbol, count + trades.length);
    },
    onTicker(symbol) {
      const pair = pairs.bySymbol(symbol);
      const ticker = source.ticker(symbol);
      if (!pair || !ticker) return;
      const touch = touchOf(ticker);
      const isTouch = touches.get(symbol) !== touch;
      touches.set(symbol, touch);
      const occasion = { isTrade: traded.delete(symbol), isTouch };
      for (const { topic, isDue } of TOPICS) {
        const key = topicKey({ ...topic, symbol });
        if (!isDue(occasion) || !audience.isHeld(key)) continue;
        for (const frame of frameOf(pair, topic, 'update')) audience.publish(key, frame);
      }
    },
  };
}

function touchOf({ bid, bidSize, ask, askSize }: Ticker): string {
  return [bid, bidSize, ask, askSize].join(' ');
}

function encodeV1(
  pair: Pair,
  channel: Topic['channel'],
  parts: v1.TickerParts & { readonly time: string },
): string {
  const place = { pair, channel, option: '', optionIndex: 0 } as const;
  return channel === 'spread'
    ? v1.encodeSpread(place, parts.ticker, parts.time)
    : v1.encodeTicker(place, parts);
}
