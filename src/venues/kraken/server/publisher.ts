/** Makes frames of what a market tells, and snapshots of what it is, for all who hold a topic. */
import type { MarketRecordedFrame, MarketTrade, MarketUpdate } from '../../../model/exchange.js';
import { createBookDesk, type DeskOptions } from './book-desk.js';
import { createCandleDesk } from './candle-desk.js';
import * as v1 from './encode-v1.js';
import { encodeInstruments, encodeTrades, type FrameType } from './encode-v2.js';
import { createOrdersDesk } from './orders-desk.js';
import type { Pair } from './pairs.js';
import type { ServerFrame } from './server-frame.js';
import { createTickerDesk } from './ticker-desk.js';
import { topicKey, type Channel, type Topic } from './topic.js';

/** What a publisher is made of. */
export interface PublisherOptions extends DeskOptions {
  /** The market's present: RFC 3339. */
  readonly timeText: () => string;
}

/** News of a market as frames. */
export interface Publisher {
  onUpdate(update: MarketUpdate): void;
  /**
   * The frames that a new subscription begins with; undefined where they will be published as soon
   * as the market knows them.
   */
  snapshot(topic: Topic): readonly ServerFrame[] | undefined;
  /** Nobody is connected: what was kept for subscribers goes. */
  forget(): void;
}

/** Trades of a snapshot (websocket-v2/trade). */
const TRADES_LISTED = 50;
const SNAPSHOT_MARK = /"type":"snapshot"|"(as|bs)":\[/;
/** The mark of a snapshot stands in front of its levels. */
const MARK_WITHIN = 120;

/** Makes the publisher of one server. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { source, pairs, audience } = options;
  const books = createBookDesk(options);
  const orders = createOrdersDesk(options);
  const candles = createCandleDesk(options);
  const tickers = createTickerDesk(options);

  const onTrades = (symbol: string, newestFirst: readonly MarketTrade[]): void => {
    const trades = [...newestFirst].reverse();
    const pair = pairs.bySymbol(symbol);
    if (!pair || trades.length === 0) return;
    for (const protocol of ['v1', 'v2'] as const) {
      const topic: Topic = { protocol, channel: 'trade', symbol, option: '' };
      const key = topicKey(topic);
      if (audience.isHeld(key))
        audience.publish(key, tradesFrame(pair, topic, { type: 'update', trades }));
    }
    candles.onTrades(pair, trades);
    tickers.onTrades(symbol, trades);
  };
  const onRecorded = ({ channel, events, changes }: MarketRecordedFrame): void => {
    const [event] = events;
    const symbol = event?.symbols[0] ?? '';
    const key = `${channel}:${symbol}`;
    for (const change of changes) {
      if (change.type === 'book.changed') {
        orders.onChange(change);
        books.onChange(change, key);
      } else onUpdate(change);
    }
    if (!event) return;
    audience.publish(key, recordedFrame(channel, pairs.bySymbol(symbol), event.body));
  };
  const onUpdate = (update: MarketUpdate): void => {
    switch (update.type) {
      case 'book.changed':
        orders.onChange(update);
        return books.onChange(update);
      case 'trades.printed':
        return onTrades(update.symbol, update.trades);
      case 'ticker.changed':
        return tickers.onTicker(update.symbol);
      case 'instruments.changed': {
        pairs.replace(source.instruments);
        const changed = update.instruments.flatMap((one) => pairs.bySymbol(one.symbol) ?? []);
        return audience.publish(topicKey(INSTRUMENT), instrumentsFrame('update', changed));
      }
      case 'frame.recorded':
        return onRecorded(update);
      case 'candles.changed':
      case 'orders.changed':
      case 'heartbeat.due':
        return;
    }
  };
  const snapshot = (topic: Topic): readonly ServerFrame[] | undefined => {
    const pair = pairs.bySymbol(topic.symbol);
    switch (topic.channel) {
      case 'book':
        return listOf(books.snapshot(topic));
      case 'level3':
        return listOf(orders.snapshot(topic));
      case 'instrument':
        return [instrumentsFrame('snapshot', pairs.all)];
      case 'executions':
      case 'balances':
      case 'openOrders':
      case 'ownTrades':
        return [emptyAccountFrame(topic.channel)];
      case 'heartbeat':
        return [];
      case 'ohlc':
        return pair ? candles.snapshot(pair, topic) : [];
      case 'ticker':
      case 'spread':
        return pair ? tickers.snapshot(pair, topic) : [];
      case 'trade': {
        const trades = source.trades(topic.symbol).slice(0, TRADES_LISTED).reverse();
        // None was seen in v1 (recorded 2021-04).
        if (!pair || trades.length === 0 || topic.protocol === 'v1') return [];
        return [tradesFrame(pair, topic, { type: 'snapshot', trades })];
      }
    }
  };
  return {
    onUpdate,
    snapshot,
    forget() {
      books.forget();
      orders.forget();
      candles.forget();
    },
  };
}

const INSTRUMENT: Topic = { protocol: 'v2', channel: 'instrument', symbol: '', option: '' };

function listOf(frame: ServerFrame | undefined): readonly ServerFrame[] | undefined {
  return frame && [frame];
}

interface TradesParts {
  readonly type: FrameType;
  /** Oldest first. */
  readonly trades: readonly MarketTrade[];
}

function tradesFrame(pair: Pair, { protocol }: Topic, { type, trades }: TradesParts): ServerFrame {
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

function instrumentsFrame(type: FrameType, pairs: readonly Pair[]): ServerFrame {
  const text = encodeInstruments(type, pairs);
  return { kind: type, channel: 'instrument', symbol: '', isDeep: false, text };
}

/** The account of a demo key, in which nothing ever happened. */
function emptyAccountFrame(channel: Channel): ServerFrame {
  const isV1 = channel === 'openOrders' || channel === 'ownTrades';
  const text = isV1
    ? v1.encodeEmptyAccount(channel)
    : `{"channel":"${channel}","type":"snapshot","data":[],"sequence":1}`;
  return { kind: 'snapshot', channel, symbol: '', isDeep: false, text };
}

/** A recorded frame, byte for byte. */
function recordedFrame(channelKey: string, pair: Pair | undefined, text: string): ServerFrame {
  const isV1 = channelKey.startsWith('v1/');
  const kind = SNAPSHOT_MARK.test(text.slice(0, MARK_WITHIN)) ? 'snapshot' : 'update';
  return {
    kind,
    channel: channelKey.replace(/^v\d\//, '').replace(/-\w+$/, ''),
    symbol: (isV1 ? pair?.v1Symbol : pair?.symbol) ?? '',
    isDeep: false,
    text,
  };
}
