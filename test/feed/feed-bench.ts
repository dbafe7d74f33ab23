import { openFeed } from '../../src/feed/feed.js';
import type { Feed, FeedOptions } from '../../src/feed/feed-options.js';
import type { BookView } from '../../src/model/book.js';
import type { FeedEvent, FeedEventOf, FeedEventType } from '../../src/model/event.js';
import type { LogFacts } from '../../src/model/logger.js';
import type { Trade } from '../../src/model/market.js';
import type { Runtime } from '../../src/model/runtime.js';
import { createFakeDialer, type FakeSocket } from '../doubles/fake-dialer.js';
import {
  createFakeExchange,
  type FakeExchange,
  type FakeExchangeOptions,
} from '../doubles/fake-exchange.js';
import { createFakeVenue, type FakeCredentials } from '../doubles/fake-venue.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { createVirtualTime, type VirtualTime } from '../doubles/virtual-time.js';

/** The venue's own books: price → size, both as the wire spells them. */
interface TrueBook {
  readonly bids: Map<string, string>;
  readonly asks: Map<string, string>;
}

/** One socket as the venue sees it. */
export interface ServedSocket {
  readonly socket: FakeSocket;
  readonly exchange: FakeExchange;
}

export interface FeedBenchOptions {
  readonly exchange?: FakeExchangeOptions;
  /** Sockets to which this applies are never opened. */
  readonly refuses?: (url: string) => boolean;
  /** Whether a snapshot follows a new subscription; all do by default. */
  readonly sendsSnapshot?: (channel: string, symbol: string | undefined) => boolean;
  /** Whether an update overtakes the snapshot that is about to be sent. */
  readonly overtakes?: () => boolean;
  /** Gives books a row of numbers of their own, and frames none. */
  readonly numbersSymbols?: boolean;
  /** Stands between the exchange and the socket. */
  readonly wrap?: (socket: FakeSocket) => FakeSocket;
}

const BEAT_EVERY_MS = 1_000;

function sortLevels(side: ReadonlyMap<string, string>, sign: 1 | -1): string[] {
  return [...side]
    .sort(([left], [right]) => sign * (Number(left) - Number(right)))
    .map(([price, size]) => `${price} x ${size}`);
}

/** The levels of a book, best first. */
export function showBook({ bids, asks }: TrueBook): { bids: string[]; asks: string[] } {
  return { bids: sortLevels(bids, -1), asks: sortLevels(asks, 1) };
}

export function makeTrade(id: number): Trade {
  const numbers = { priceNumber: 100, sizeNumber: 1, tradedAtMs: id };
  return { tradeId: String(id), price: '100', size: '1', side: 'buy', ...numbers };
}

/** The server's side of every socket, and the market that it shows. */
export class FakeMarket {
  readonly served: ServedSocket[] = [];
  readonly books = new Map<string, TrueBook>();
  readonly lastTradeIds = new Map<string, number>();
  readonly #bookNumbers = new Map<string, number>();
  readonly #time: VirtualTime;
  readonly #options: FeedBenchOptions;
  #eventTimes = 0;
  #lastBeatMs = 0;

  constructor(time: VirtualTime, options: FeedBenchOptions) {
    this.#time = time;
    this.#options = options;
  }

  bookOf(symbol: string): TrueBook {
    const book = this.books.get(symbol) ?? {
      bids: new Map([['99', '1']]),
      asks: new Map([['101', '1']]),
    };
    this.books.set(symbol, book);
    return book;
  }

  /** A moment later than any before, by the venue's own clock. */
  tick(): number {
    this.#eventTimes += 1;
    return this.#time.clock.nowMs() + this.#eventTimes / 1_024;
  }

  /** Changes one level; size 0 deletes it. Returns what a delta says of it. */
  change(symbol: string, side: 'bids' | 'asks', level: readonly [string, string]) {
    const [price, size] = level;
    if (size === '0') this.bookOf(symbol)[side].delete(price);
    else this.bookOf(symbol)[side].set(price, size);
    const at = this.tick();
    this.#bookNumbers.set(symbol, (this.#bookNumbers.get(symbol) ?? 0) + 1);
    const bids = side === 'bids' ? [level] : [];
    const asks = side === 'asks' ? [level] : [];
    const numbers = this.#numberBook(symbol);
    return { say: 'book', symbol, whole: false, at, bids, asks, ...numbers } as const;
  }

  describe(symbol: string, at = this.tick()) {
    const { bids, asks } = this.bookOf(symbol);
    const levels = { bids: [...bids], asks: [...asks] };
    return {
      say: 'book',
      symbol,
      whole: true,
      at,
      ...levels,
      ...this.#numberBook(symbol),
    } as const;
  }

  #numberBook(symbol: string): { n?: number; last?: number } {
    if (this.#options.numbersSymbols !== true) return {};
    return { last: this.#bookNumbers.get(symbol) ?? 0 };
  }

  /** What every socket that holds the channel of this symbol is sent. */
  holders(channel: string, symbol: string): ServedSocket[] {
    return this.served.filter(
      ({ socket, exchange }) =>
        socket.state === 'open' && (exchange.held.get(channel)?.includes(symbol) ?? false),
    );
  }

  /** A change that reaches everyone who holds the book. */
  move(symbol: string, side: 'bids' | 'asks', level: readonly [string, string]): void {
    const delta = this.change(symbol, side, level);
    for (const { exchange } of this.holders('book', symbol)) exchange.send(delta);
  }

  /** Trades with the next ids, all in one message. */
  trade(symbol: string, count: number, deliver: (served: ServedSocket) => boolean = () => true) {
    const last = this.lastTradeIds.get(symbol) ?? 100;
    this.lastTradeIds.set(symbol, last + count);
    const trades = Array.from({ length: count }, (_, index) => makeTrade(last + index + 1));
    for (const served of this.holders('trades', symbol)) {
      if (!deliver(served)) continue;
      const message = { type: 'trades.update', symbol, trades } as const;
      served.exchange.send({ say: 'message', channel: 'trades', message, at: this.tick() });
    }
  }

  serve(socket: FakeSocket): void {
    const wire = this.#options.wrap?.(socket) ?? socket;
    const exchange: FakeExchange = createFakeExchange(wire, {
      onSubscribed: (channel, symbol) => this.#sendSnapshot(exchange, channel, symbol),
      ...this.#options.exchange,
    });
    this.served.push({ socket, exchange });
    socket.opened();
  }

  /** Opens what was dialled, answers what was asked, and keeps the heart beating. */
  attend(sockets: readonly FakeSocket[]): void {
    for (const socket of sockets) {
      if (socket.state !== 'dialling') continue;
      if (this.#options.refuses?.(socket.target.url) === true) {
        socket.closed({ failure: { kind: 'network', systemCode: 'ECONNREFUSED', message: 'no' } });
      } else this.serve(socket);
    }
    for (const { socket, exchange } of this.served) {
      if (socket.state === 'open') exchange.answer();
    }
    const nowMs = this.#time.clock.monotonicMs();
    if (nowMs - this.#lastBeatMs < BEAT_EVERY_MS) return;
    this.#lastBeatMs = nowMs;
    for (const { socket, exchange } of this.served) {
      if (socket.state === 'open' && exchange.held.has('heartbeats')) {
        exchange.send({ say: 'beat', counter: Math.floor(nowMs / 1_000), at: this.tick() });
      }
    }
  }

  #sendSnapshot(exchange: FakeExchange, channel: string, symbol: string | undefined): void {
    if (this.#options.sendsSnapshot?.(channel, symbol) === false) return;
    if (channel === 'book' && symbol !== undefined) {
      const snapshot = this.describe(symbol);
      if (this.#options.overtakes?.() === true) this.move(symbol, 'bids', ['90', '9']);
      exchange.send(snapshot);
    }
    if (channel === 'user') {
      const message = { type: 'orders.snapshot', orders: [], complete: true } as const;
      exchange.send({ say: 'message', channel, message, at: this.tick() });
    }
    if (channel === 'balances') {
      const message = { type: 'balances.snapshot', balances: [], complete: true } as const;
      exchange.send({ say: 'message', channel, message, at: this.tick() });
    }
    if (channel === 'trades' && symbol !== undefined) {
      const last = this.lastTradeIds.get(symbol) ?? 100;
      const trades = Array.from({ length: 10 }, (_, index) => makeTrade(last - 9 + index));
      const message = { type: 'trades.snapshot', symbol, trades } as const;
      exchange.send({ say: 'message', channel, message, at: this.tick() });
    }
  }
}

/** A feed on virtual time, against a market that the test moves. */
export class FeedBench {
  readonly time = createVirtualTime();
  readonly dialer = createFakeDialer(() => this.time.clock.nowMs());
  readonly events: FeedEvent[] = [];
  readonly logged: LogFacts[] = [];
  readonly market: FakeMarket;
  readonly feed: Feed;

  constructor(
    options: Partial<FeedOptions<FakeCredentials>> & Pick<FeedOptions, 'subscriptions'>,
    market: FeedBenchOptions = {},
  ) {
    this.market = new FakeMarket(this.time, market);
    this.feed = openFeed({
      venue: createFakeVenue(),
      runtime: this.#createRuntime(),
      ...options,
      onEvent: (event) => {
        this.events.push(event);
        options.onEvent?.(event);
      },
    });
  }

  /** Lets time pass in steps short enough that the venue's answers come promptly. */
  async run(ms: number, stepMs = 50): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
      await this.time.advance(Math.min(stepMs, ms - passedMs));
      this.market.attend(this.dialer.sockets);
    }
    await this.time.advance(0);
  }

  /** Runs until everything is live. */
  async goLive(): Promise<void> {
    let isLive = false;
    let failure: Error | undefined;
    this.feed.whenLive().then(
      () => (isLive = true),
      (error: Error) => (failure = error),
    );
    for (let step = 0; step < 400 && !isLive && failure === undefined; step += 1) {
      await this.run(50);
    }
    if (failure !== undefined) throw failure;
    if (!isLive) throw new Error(`Not live: ${JSON.stringify(this.feed.status(), undefined, 1)}`);
  }

  /** Opens the first socket and leaves what it asks unanswered. */
  async openFirst(): Promise<ServedSocket> {
    await this.time.advance(0);
    this.market.serve(this.dialer.last());
    await this.time.advance(0);
    const [first] = this.market.served;
    if (!first) throw new Error('Nothing was dialled.');
    return first;
  }

  /** The venue's side of the socket that carries a stream. */
  serving(channel: string, symbol: string): ServedSocket {
    const served = this.market.holders(channel, symbol).at(-1);
    if (!served) throw new Error(`No open socket holds ${channel} ${symbol}.`);
    return served;
  }

  ofType<Type extends FeedEventType>(type: Type): FeedEventOf<Type>[] {
    return this.events.filter((event): event is FeedEventOf<Type> => event.type === type);
  }

  /** Types of the events since the last call, with the symbol; beats and acks left out. */
  tell(): string[] {
    return this.events
      .splice(0)
      .filter(({ type }) => !type.startsWith('subscription.') && type !== 'session.opened')
      .map((event) => `${event.type} ${event.symbol}`.trim());
  }

  truth(symbol: string): { bids: string[]; asks: string[] } {
    return showBook(this.market.bookOf(symbol));
  }

  read(view: BookView): { bids: string[]; asks: string[] } {
    const { bids, asks } = view.top(10_000);
    const show = (levels: typeof bids): string[] =>
      levels.map(({ price, size }) => `${price} x ${size}`);
    return { bids: show(bids), asks: show(asks) };
  }

  #createRuntime(): Runtime {
    const write = (_message: string, facts: LogFacts = {}): void => void this.logged.push(facts);
    return {
      clock: this.time.clock,
      timers: this.time.timers,
      random: createSeededRandom(7),
      dial: (target, listener) => this.dialer.dial(target, listener),
      http: () => Promise.reject(new Error('No HTTP in this test.')),
      logger: { debug: write, info: write, warn: write, error: write },
    };
  }
}
