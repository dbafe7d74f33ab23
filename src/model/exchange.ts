/**
 * Contracts of the exchange's side: what hosts a venue's server half, what the server half is, and
 * the market that feeds it. A simulator or a gateway puts its own market behind the same server.
 */
import type { Side } from './levels.js';
import type { Instrument, Ticker } from './market.js';

/**
 * An HTTP request as the host received it; also what an upgrade looks like before it is answered.
 */
export interface VenueServerRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names; a repeated header is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly remoteAddress: string;
  /** Empty for an upgrade. */
  readonly body: string;
}

/** What the host answers to an HTTP request. */
export interface VenueServerResponse {
  readonly status: number;
  /** A `date` here replaces the host's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whether a client may open a socket. `headers` go into the answer either way. */
export type UpgradeAnswer =
  | {
      readonly kind: 'accept';
      readonly headers?: Readonly<Record<string, string>>;
      /** Whether the host may agree to permessage-deflate with a client that offers it. */
      readonly compression?: boolean;
      /** The subprotocol to echo, where the client offered one. */
      readonly subprotocol?: string;
    }
  | ({ readonly kind: 'refuse' } & VenueServerResponse);

/**
 * One client's socket, seen from the server. Methods never throw; on a closed socket they do
 * nothing.
 */
export interface ServerConnection {
  /** Unique within the host's life. */
  readonly id: number;
  send(text: string): void;
  /** Starts the closing handshake; ends by force when the client does not answer. */
  close(code: number, reason: string): void;
  /** Ends the TCP connection at once, with a reset where the platform can. */
  terminate(): void;
  /** What was sent and has not left this process. */
  bufferedBytes(): number;
  /** Absent where the host has no wire that can misbehave. */
  readonly wire?: FaultyWire;
}

/** What a host can do to the bytes of one connection, for faults on command. */
export interface FaultyWire {
  /**
   * Half-open: nothing is written, read or answered any more, pings and closing neither, and the
   * TCP connection stays until the client or the host ends it.
   */
  stall(): void;
  /** Writes the first half of the frame of this text and ends the TCP connection. */
  cut(text: string): void;
  /** From now on no more than so many bytes leave in a second; Infinity: as ever. */
  drip(bytesPerSecond: number): void;
}

/**
 * What the server half does with one client. `onClosed` comes exactly once, and nothing after it.
 */
export interface ServerConnectionHandler {
  onMessage(text: string): void;
  onClosed(): void;
}

/** The exchange's side of one venue: no socket, no real clock, so that tests can drive it. */
export interface VenueServer {
  readonly id: string;
  onUpgrade(request: VenueServerRequest): UpgradeAnswer;
  onConnection(connection: ServerConnection, request: VenueServerRequest): ServerConnectionHandler;
  /** Undefined: not found. */
  onHttp?(request: VenueServerRequest): VenueServerResponse | undefined;
  /** Closes every connection and ends every timer. */
  close(): void;
}

/** An instrument with the other names under which the venue also accepts it. */
export interface ListedInstrument extends Instrument {
  readonly aliases: readonly string[];
}

/** One level; size `0` deletes. Plain exact decimals without trailing zeros. */
export interface MarketLevel {
  readonly side: Side;
  readonly price: string;
  readonly size: string;
}

/** The whole book of a moment. */
export interface MarketBook {
  /** The engine's time of the last change: RFC 3339 in UTC. */
  readonly time: string;
  /** Best first: bids high to low, then asks low to high. */
  readonly levels: readonly MarketLevel[];
}

/** One trade; `side` is the taker's. */
export interface MarketTrade {
  readonly tradeId: string;
  readonly price: string;
  readonly size: string;
  readonly side: 'buy' | 'sell';
  /** RFC 3339 in UTC. */
  readonly time: string;
}

/** One candle of the venue's usual length. */
export interface MarketCandle {
  readonly openedAtSeconds: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  /** Absent where the source does not count. */
  readonly vwap?: string;
  readonly tradeCount?: number;
}

/** The book changed; one time for all levels. `snapshot` replaces the book. */
export interface MarketBookChange {
  readonly type: 'book.changed';
  readonly symbol: string;
  readonly snapshot: boolean;
  readonly time: string;
  readonly levels: readonly MarketLevel[];
  /** How many levels a side the source can know: after the change, those below are forgotten. */
  readonly depth?: number;
}

/** Trades happened; newest first. */
export interface MarketTradesChange {
  readonly type: 'trades.printed';
  readonly symbol: string;
  readonly trades: readonly MarketTrade[];
}

/** The summary changed. */
export interface MarketTickerChange {
  readonly type: 'ticker.changed';
  readonly symbol: string;
  readonly ticker: Ticker;
}

/** These candles changed; oldest first. */
export interface MarketCandlesChange {
  readonly type: 'candles.changed';
  readonly symbol: string;
  readonly candles: readonly MarketCandle[];
}

/** These instruments, or their status, changed. */
export interface MarketInstrumentsChange {
  readonly type: 'instruments.changed';
  readonly instruments: readonly ListedInstrument[];
}

/** These orders of the account changed, in the venue's own fields. */
export interface MarketOrdersChange {
  readonly type: 'orders.changed';
  readonly orders: readonly VenueFields[];
}

/** A private object in the venue's own fields. */
export type VenueFields = Readonly<Record<string, string>>;

/** Everything that changes a market. */
export type MarketChange =
  | MarketBookChange
  | MarketTradesChange
  | MarketTickerChange
  | MarketCandlesChange
  | MarketInstrumentsChange
  | MarketOrdersChange;

/** The venue's sign of life, where the source has its own rhythm for it. */
export interface MarketHeartbeat {
  readonly type: 'heartbeat.due';
  /** How long the venue says that it has been up. */
  readonly uptimeNanoseconds: bigint;
}

/** One event of a recorded frame, as it was; only the venue that recorded it reads the body. */
export interface RecordedEvent {
  /** Empty where the event concerns no instrument. */
  readonly symbols: readonly string[];
  readonly body: string;
}

/** A recorded frame, to be sent again as it was but for its number, with what it changes. */
export interface MarketRecordedFrame {
  readonly type: 'frame.recorded';
  /** The venue's own channel name in data frames. */
  readonly channel: string;
  /** When the venue sent it, in the venue's own spelling. */
  readonly sentTime: string;
  readonly events: readonly RecordedEvent[];
  readonly changes: readonly MarketChange[];
}

/** Everything that a market may tell. */
export type MarketUpdate = MarketChange | MarketHeartbeat | MarketRecordedFrame;

/** Who is told of updates. Calls are synchronous and in order. */
export interface MarketListener {
  onUpdate(update: MarketUpdate): void;
  /**
   * Bytes that consumers have not taken yet; a source that has no pace of its own waits for them.
   */
  pendingBytes(): number;
}

/**
 * What consumers want, for a source that waits for them. `wants` are `channel` or `channel:symbol`.
 */
export type MarketDemand =
  | { readonly kind: 'opened'; readonly connections: number }
  | { readonly kind: 'subscribed'; readonly wants: ReadonlySet<string> }
  | { readonly kind: 'closed'; readonly connections: number };

/**
 * A market to serve. The state can be read at any moment and already holds every update that was
 * told, so that a late subscriber gets a snapshot and then updates, without a seam.
 */
export interface MarketSource {
  readonly instruments: readonly ListedInstrument[];
  /**
   * True where the updates come as the venue sends them, a recording: each is one frame, at once,
   * and heartbeats are the source's business too.
   */
  readonly batched: boolean;
  /**
   * The market's present, RFC 3339 in UTC; never goes back. Undefined: that of the server's clock.
   */
  time(): string | undefined;
  book(symbol: string): MarketBook | undefined;
  /** The latest trades, newest first. */
  trades(symbol: string): readonly MarketTrade[];
  ticker(symbol: string): Ticker | undefined;
  /** Oldest first. */
  candles(symbol: string): readonly MarketCandle[];
  /** Open orders of the account, in the venue's own fields. */
  orders(): readonly VenueFields[];
  /** Returns what ends it. */
  attach(listener: MarketListener): () => void;
  /** What consumers do, for a source that waits for them. */
  onDemand?(demand: MarketDemand): void;
  close(): void;
}

/** One line of a recording. */
export interface RecordedLine {
  /** From 1. */
  readonly line: number;
  /** NaN where the recording does not say. */
  readonly receivedAtMs: number;
  readonly direction: 'connect' | 'send' | 'recv';
  readonly data: string;
}

/** A recorded frame and when it is due, read when it is needed: a recording may be long. */
export interface TimedFrame {
  readonly receivedAtMs: number;
  read(): MarketRecordedFrame;
}

/** What a venue makes of a recording of itself. */
export interface RecordedSession {
  readonly instruments: readonly ListedInstrument[];
  /** The state before the first frame: what the venue sent as snapshots. */
  readonly seed: readonly MarketChange[];
  readonly frames: readonly TimedFrame[];
  /** What the recorded client asked for: `channel` or `channel:symbol`. */
  readonly wants: ReadonlySet<string>;
  /** When the venue sent its first frame, RFC 3339. */
  readonly startTime: string;
  /** How long the venue said that it had been up in its last sign of life, and when. */
  readonly lastUptime: { readonly nanoseconds: bigint; readonly time: string } | undefined;
}
