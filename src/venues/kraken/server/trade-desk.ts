/** Trades of both protocols. */
import type { MarketTrade } from '../../../model/exchange.js';
import type { DeskOptions } from './book-desk.js';
import * as v1 from './encode-v1.js';
import { encodeTrades, type FrameType } from './encode-v2.js';
import type { Pair } from './pairs.js';
import type { ServerFrame } from './server-frame.js';
import { topicKey, type Topic } from './topic.js';

/** All trades of a server. */
export interface TradeDesk {
  snapshot(pair: Pair, topic: Topic): readonly ServerFrame[];
  /** Oldest first. */
  onTrades(pair: Pair, trades: readonly MarketTrade[]): void;
}

/** Trades of a snapshot (websocket-v2/trade). */
const TRADES_LISTED = 50;

/** Opens the desk of one server. */
export function createTradeDesk({ source, audience }: DeskOptions): TradeDesk {
  return {
    snapshot(pair, topic) {
      const trades = source.trades(topic.symbol).slice(0, TRADES_LISTED).reverse();
      // None was seen in v1 (recorded 2021-04).
      if (trades.length === 0 || topic.protocol === 'v1') return [];
      return [frameOf(pair, topic, { type: 'snapshot', trades })];
    },
    onTrades(pair, trades) {
      for (const protocol of ['v1', 'v2'] as const) {
        const topic: Topic = { protocol, channel: 'trade', symbol: pair.symbol, option: '' };
        const key = topicKey(topic);
        if (!audience.isHeld(key)) continue;
        audience.publish(key, frameOf(pair, topic, { type: 'update', trades }));
      }
    },
  };
}

interface TradesParts {
  readonly type: FrameType;
  /** Oldest first. */
  readonly trades: readonly MarketTrade[];
}

function frameOf(pair: Pair, { protocol }: Topic, { type, trades }: TradesParts): ServerFrame {
  const isV1 = protocol === 'v1';
  const place = { pair, channel: 'trade', option: '', optionIndex: 0 } as const;
  return {
    kind: type,
    channel: 'trade',
    symbol: isV1 ? pair.v1Symbol : pair.symbol,
    isDeep: false,
    text: isV1 ? v1.encodeTrades(place, trades) : encodeTrades(pair, type, trades),
  };
}
