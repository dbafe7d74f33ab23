/** Makes frames of what a market tells, and snapshots of what it is, for all who hold a topic. */
import type {
  MarketInstrumentsChange,
  MarketRecordedFrame,
  MarketTradesChange,
  MarketUpdate,
} from '../../../model/exchange.js';
import { createBookDesk, type BookDesk, type DeskOptions } from './book-desk.js';
import { createCandleDesk, type CandleDesk } from './candle-desk.js';
import { encodeInstruments, type FrameType } from './encode-v2.js';
import { createOrdersDesk, type OrdersDesk } from './orders-desk.js';
import type { Pair } from './pairs.js';
import type { ServerFrame } from './server-frame.js';
import { createTickerDesk, type TickerDesk } from './ticker-desk.js';
import { topicKey, type Topic } from './topic.js';
import { createTradeDesk, type TradeDesk } from './trade-desk.js';

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

const INSTRUMENT: Topic = { protocol: 'v2', channel: 'instrument', symbol: '', option: '' };
const SNAPSHOT_MARK = /"type":"snapshot"|"(as|bs)":\[/;
/** The mark of a snapshot stands in front of its levels. */
const MARK_WITHIN = 120;

/** Makes the publisher of one server. */
export function createPublisher(options: PublisherOptions): Publisher {
  return new MarketPublisher(options);
}

class MarketPublisher implements Publisher {
  readonly #options: PublisherOptions;
  readonly #books: BookDesk;
  readonly #orders: OrdersDesk;
  readonly #candles: CandleDesk;
  readonly #tickers: TickerDesk;
  readonly #trades: TradeDesk;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#books = createBookDesk(options);
    this.#orders = createOrdersDesk(options);
    this.#candles = createCandleDesk(options);
    this.#tickers = createTickerDesk(options);
    this.#trades = createTradeDesk(options);
  }

  onUpdate(update: MarketUpdate): void {
    switch (update.type) {
      case 'book.changed':
        this.#orders.onChange(update);
        return this.#books.onChange(update);
      case 'trades.printed':
        return this.#onTrades(update);
      case 'ticker.changed':
        return this.#tickers.onTicker(update.symbol);
      case 'instruments.changed':
        return this.#onInstruments(update);
      case 'frame.recorded':
        return this.#onRecorded(update);
      case 'candles.changed':
      case 'orders.changed':
      case 'heartbeat.due':
        return;
    }
  }

  snapshot(topic: Topic): readonly ServerFrame[] | undefined {
    const pair = this.#options.pairs.bySymbol(topic.symbol);
    switch (topic.channel) {
      case 'book':
        return listOf(this.#books.snapshot(topic));
      case 'level3':
        return listOf(this.#orders.snapshot(topic));
      case 'instrument':
        return [instrumentsFrame('snapshot', this.#options.pairs.all)];
      // What is of an account is told by its own desk.
      case 'executions':
      case 'balances':
      case 'openOrders':
      case 'ownTrades':
      case 'heartbeat':
        return [];
      case 'ohlc':
        return pair ? this.#candles.snapshot(pair, topic) : [];
      case 'ticker':
      case 'spread':
        return pair ? this.#tickers.snapshot(pair, topic) : [];
      case 'trade':
        return pair ? this.#trades.snapshot(pair, topic) : [];
    }
  }

  forget(): void {
    this.#books.forget();
    this.#orders.forget();
    this.#candles.forget();
  }

  #onTrades({ symbol, trades: newestFirst }: MarketTradesChange): void {
    const trades = [...newestFirst].reverse();
    const pair = this.#options.pairs.bySymbol(symbol);
    if (!pair || trades.length === 0) return;
    this.#trades.onTrades(pair, trades);
    this.#candles.onTrades(pair, trades);
    this.#tickers.onTrades(symbol, trades);
  }

  #onInstruments({ instruments }: MarketInstrumentsChange): void {
    const { pairs, source, audience } = this.#options;
    pairs.replace(source.instruments);
    const changed = instruments.flatMap(({ symbol }) => pairs.bySymbol(symbol) ?? []);
    audience.publish(topicKey(INSTRUMENT), instrumentsFrame('update', changed));
  }

  /** Its bytes to those who hold the recorded topic, what it changed to all others. */
  #onRecorded({ channel, events, changes }: MarketRecordedFrame): void {
    const { pairs, audience } = this.#options;
    const [event] = events;
    const symbol = event?.symbols[0] ?? '';
    const key = `${channel}:${symbol}`;
    for (const change of changes) {
      if (change.type === 'book.changed') {
        this.#orders.onChange(change);
        this.#books.onChange(change, key);
      } else this.onUpdate(change);
    }
    if (event) audience.publish(key, recordedFrame(channel, pairs.bySymbol(symbol), event.body));
  }
}

function listOf(frame: ServerFrame | undefined): readonly ServerFrame[] | undefined {
  return frame && [frame];
}

function instrumentsFrame(type: FrameType, pairs: readonly Pair[]): ServerFrame {
  const text = encodeInstruments(type, pairs);
  return { kind: type, channel: 'instrument', symbol: '', isDeep: false, text };
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
