/** Candles of all lengths and in both protocols, kept for pairs that somebody asked about. */
import type { MarketTrade } from '../../../model/exchange.js';
import { CANDLE_MINUTES } from '../messages.js';
import { createCandleKeeper, type CandleKeeper, type CandleState } from './candles.js';
import * as v1 from './encode-v1.js';
import { encodeCandles, type FrameType } from './encode-v2.js';
import type { DeskOptions } from './book-desk.js';
import type { Pair } from './pairs.js';
import type { ServerFrame } from './server-frame.js';
import { topicKey, type Protocol, type Topic } from './topic.js';

/** All candles of a server. */
export interface CandleDesk {
  snapshot(pair: Pair, topic: Topic): readonly ServerFrame[];
  /** Oldest first. */
  onTrades(pair: Pair, trades: readonly MarketTrade[]): void;
  forget(): void;
}

/** Candles of a snapshot in v1, where each is a message; the last one is what clients need. */
const V1_LISTED = 1;

/** Opens the desk of one server. */
export function createCandleDesk(
  options: DeskOptions & { readonly timeText: () => string },
): CandleDesk {
  const { source, audience, timeText } = options;
  const keepers = new Map<string, CandleKeeper>();

  const open = (pair: Pair): CandleKeeper => {
    const known = keepers.get(pair.symbol);
    if (known) return known;
    const seeds = source.candles(pair.symbol);
    const keeper = createCandleKeeper(pair.v2, CANDLE_MINUTES, seeds);
    if (seeds.length === 0) keeper.add([...source.trades(pair.symbol)].reverse());
    keepers.set(pair.symbol, keeper);
    return keeper;
  };
  const framesOf = (pair: Pair, topic: Topic, parts: CandleFrames): ServerFrame[] =>
    topic.protocol === 'v1'
      ? v1Frames(pair, topic, parts)
      : v2Frames(pair, topic, { ...parts, time: timeText() });

  return {
    snapshot(pair, topic) {
      const list = open(pair).list(Number(topic.option));
      const candles = topic.protocol === 'v1' ? list.slice(-V1_LISTED) : list;
      return framesOf(pair, topic, { type: 'snapshot', candles });
    },
    onTrades(pair, trades) {
      const keeper = keepers.get(pair.symbol);
      const [first] = trades;
      if (!keeper || !first) return;
      keeper.add(trades);
      const sinceSeconds = Date.parse(first.time) / 1000;
      for (const topic of heldTopics(pair)) {
        const key = topicKey(topic);
        if (!audience.isHeld(key)) continue;
        const changed = keeper
          .list(Number(topic.option))
          .filter(({ changedAtSeconds }) => changedAtSeconds >= sinceSeconds);
        for (const frame of framesOf(pair, topic, { type: 'update', candles: changed })) {
          audience.publish(key, frame);
        }
      }
    },
    forget: () => keepers.clear(),
  };
}

interface CandleFrames {
  readonly type: FrameType;
  readonly candles: readonly CandleState[];
}

function heldTopics({ symbol }: Pair): Topic[] {
  const protocols: readonly Protocol[] = ['v1', 'v2'];
  return protocols.flatMap((protocol) =>
    CANDLE_MINUTES.map((minutes): Topic => {
      return { protocol, channel: 'ohlc', symbol, option: String(minutes) };
    }),
  );
}

function v2Frames(
  pair: Pair,
  { option }: Topic,
  { type, candles, time }: CandleFrames & { readonly time: string },
): ServerFrame[] {
  if (candles.length === 0) return [];
  const text = encodeCandles(pair, { type, minutes: Number(option), candles, time });
  return [{ kind: type, channel: 'ohlc', symbol: pair.symbol, isDeep: false, text }];
}

function v1Frames(pair: Pair, { option }: Topic, { type, candles }: CandleFrames): ServerFrame[] {
  const optionIndex = CANDLE_MINUTES.findIndex((minutes) => String(minutes) === option);
  const place = { pair, channel: 'ohlc', option, optionIndex } as const;
  return candles.map((candle) => {
    const text = v1.encodeCandle(place, candle);
    return { kind: type, channel: 'ohlc', symbol: pair.v1Symbol, isDeep: false, text };
  });
}
