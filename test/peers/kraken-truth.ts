/**
 * What the exchange said on Kraken's two wires, read with nothing but ws, JSON.parse and maps: the
 * measure that the peers are held to. It shares no code with the server half or with any peer.
 */
import { connectRaw, type RawClient } from '../simulator/raw-client.js';
import { bookText, type NumberLevel } from './server-truth.js';

/** A trade as both wires have it; the side is the taker's. */
export interface KrakenTrade {
  /** Empty on the wire of v1, which has none. */
  readonly id: string;
  readonly price: number;
  readonly size: number;
  readonly side: 'buy' | 'sell';
}

/** Everything one pair of the exchange went through since the truth was opened. */
export interface KrakenTruth extends AsyncDisposable {
  readonly client: RawClient;
  /** Every state of the book down to its depth, oldest first. */
  states(): readonly string[];
  trades(): readonly KrakenTrade[];
  untilBookWas(state: string): Promise<void>;
  until(what: string, isTrue: () => boolean): Promise<void>;
}

/** A pair, and how deep a book of it. */
export interface KrakenPair {
  readonly pair: string;
  readonly depth: number;
  /** How many of the best levels make a state; all by default. */
  readonly shown?: number;
}

type Side = 'bids' | 'asks';

/** A book that is cut to its depth after each message. */
export class WindowBook {
  readonly #depth: number;
  readonly #sides: Readonly<Record<Side, Map<number, number>>> = {
    bids: new Map(),
    asks: new Map(),
  };

  constructor(depth: number) {
    this.#depth = depth;
  }

  clear(): void {
    this.#sides.bids.clear();
    this.#sides.asks.clear();
  }

  set(side: Side, price: number, size: number): void {
    if (size === 0) this.#sides[side].delete(price);
    else this.#sides[side].set(price, size);
  }

  cut(): void {
    for (const [side, levels] of Object.entries(this.#sides)) {
      const direction = side === 'bids' ? -1 : 1;
      const prices = [...levels.keys()].sort((left, right) => direction * (left - right));
      for (const price of prices.slice(this.#depth)) levels.delete(price);
    }
  }

  text(shown: number): string {
    return bookText([...this.#sides.bids], [...this.#sides.asks], shown);
  }
}

interface V2Level {
  readonly price: number;
  readonly qty: number;
}

interface V2Frame {
  readonly channel?: string;
  readonly type?: string;
  readonly data?: readonly (Readonly<Record<Side, readonly V2Level[]>> & {
    readonly trade_id: number;
    readonly price: number;
    readonly qty: number;
    readonly side: 'buy' | 'sell';
  })[];
}

type Reader = (frame: unknown, kept: Kept) => void;

interface Kept {
  readonly shown: number;
  readonly book: WindowBook;
  readonly states: string[];
  readonly trades: KrakenTrade[];
}

function readV2(frame: unknown, { book, states, trades, shown }: Kept): void {
  const { channel, type, data = [] } = frame as V2Frame;
  if (channel === 'trade') {
    for (const { trade_id: id, price, qty, side } of data) {
      trades.push({ id: String(id), price, size: qty, side });
    }
  }
  if (channel !== 'book') return;
  for (const one of data) {
    if (type === 'snapshot') book.clear();
    for (const side of ['bids', 'asks'] as const) {
      for (const { price, qty } of one[side]) book.set(side, price, qty);
    }
    book.cut();
    states.push(book.text(shown));
  }
}

type V1Level = readonly [price: string, size: string, time: string, republished?: 'r'];
type V1Book = Readonly<Partial<Record<'as' | 'bs' | 'a' | 'b', readonly V1Level[]>>>;
type V1Trade = readonly [price: string, size: string, time: string, side: 'b' | 's'];

function readV1(frame: unknown, kept: Kept): void {
  if (!Array.isArray(frame)) return;
  const parts = frame as unknown[];
  const channel = String(parts.at(-2));
  const payloads = parts.slice(1, -2);
  if (channel === 'trade') {
    for (const [price, size, , side] of payloads.flat() as V1Trade[]) {
      const taker = side === 'b' ? 'buy' : 'sell';
      kept.trades.push({ id: '', price: Number(price), size: Number(size), side: taker });
    }
  }
  if (channel.startsWith('book-')) readV1Book(payloads as V1Book[], kept);
}

function readV1Book(payloads: readonly V1Book[], { book, states, shown }: Kept): void {
  for (const { as, bs, a = as, b = bs } of payloads) {
    if (as) book.clear();
    for (const [price, size] of a ?? []) book.set('asks', Number(price), Number(size));
    for (const [price, size] of b ?? []) book.set('bids', Number(price), Number(size));
  }
  book.cut();
  states.push(book.text(shown));
}

/** Follows a pair of v2; names are those of v2, such as `BTC/USD`. */
export async function openV2Truth(url: string, wanted: KrakenPair): Promise<KrakenTruth> {
  const { pair, depth } = wanted;
  const client = await connectRaw(url);
  const subscribe = (params: object): void => client.send({ method: 'subscribe', params });
  subscribe({ channel: 'book', symbol: [pair], depth });
  subscribe({ channel: 'trade', symbol: [pair], snapshot: true });
  return follow(client, wanted, readV2);
}

/** Follows a pair of v1; names are those of v1, such as `XBT/USD`. */
export async function openV1Truth(
  url: string,
  wanted: KrakenPair,
  caPem?: string,
): Promise<KrakenTruth> {
  const { pair, depth } = wanted;
  const client = await connectRaw(url, caPem === undefined ? {} : { ca: caPem });
  const subscribe = (subscription: object): void =>
    client.send({ event: 'subscribe', pair: [pair], subscription });
  subscribe({ name: 'book', depth });
  subscribe({ name: 'trade' });
  return follow(client, wanted, readV1);
}

async function follow(
  client: RawClient,
  { depth, shown = depth }: KrakenPair,
  read: Reader,
): Promise<KrakenTruth> {
  const kept: Kept = { shown, book: new WindowBook(depth), states: [], trades: [] };
  let next = 0;
  const readFrames = (): void => {
    for (; next < client.frames.length; next += 1) read(client.frames[next], kept);
  };
  const until = (what: string, isTrue: () => boolean): Promise<void> =>
    client.until(what, () => {
      readFrames();
      return isTrue();
    });
  await until('the first book', () => kept.states.length > 0);
  return {
    client,
    states() {
      readFrames();
      return kept.states;
    },
    trades() {
      readFrames();
      return kept.trades;
    },
    until,
    untilBookWas: (state) =>
      until('the same book at the exchange', () => kept.states.includes(state)),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** A book as text, of levels in whatever form a peer hands them out. */
export function textOf(
  bids: readonly (readonly unknown[])[],
  asks: readonly (readonly unknown[])[],
  shown = Infinity,
): string {
  const read = (levels: readonly (readonly unknown[])[]): NumberLevel[] =>
    levels.map(([price, size]) => [Number(price), Number(size)]);
  return bookText(read(bids), read(asks), shown);
}
