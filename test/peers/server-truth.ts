/**
 * What the exchange said, read by a client of nothing but ws, JSON.parse and maps: the measure that
 * the peers are held to. It shares no code with the server half or with any peer.
 */
import { connectRaw, type RawClient } from '../simulator/raw-client.js';

/** A level as numbers: the peers that keep floats lose no more than a float does. */
export type NumberLevel = readonly [price: number, size: number];

/** One trade as it was on the wire. */
export interface WireTrade {
  readonly product_id: string;
  readonly trade_id: string;
  readonly price: string;
  readonly size: string;
  /** The maker's. */
  readonly side: string;
}

/** Everything one product of the exchange went through since the truth was opened. */
export interface ServerTruth extends AsyncDisposable {
  readonly client: RawClient;
  /** Every state of the whole book, oldest first. */
  states(): readonly string[];
  trades(): ReadonlyMap<string, WireTrade>;
  /** Waits until the exchange's book has been in this state. */
  untilBookWas(state: string): Promise<void>;
}

/** Writes a book, or its best levels, as text: bids high to low, then asks low to high. */
export function bookText(
  bids: readonly NumberLevel[],
  asks: readonly NumberLevel[],
  depth = Infinity,
): string {
  const write = (levels: readonly NumberLevel[], direction: number): string =>
    [...levels]
      .sort(([left], [right]) => direction * (left - right))
      .slice(0, depth)
      .map(([price, size]) => `${price} ${size}`)
      .join(',');
  return `${write(bids, -1)}|${write(asks, 1)}`;
}

/** As much of a level2 event as a book needs. */
export interface WireBookEvent {
  readonly type: string;
  readonly updates: readonly {
    readonly side: string;
    readonly price_level: string;
    readonly new_quantity: string;
  }[];
}

/** Keeps one book from level2 events. */
export class PlainBook {
  readonly #sides = { bid: new Map<number, number>(), offer: new Map<number, number>() };

  apply({ type, updates }: WireBookEvent): void {
    if (type === 'snapshot') for (const levels of Object.values(this.#sides)) levels.clear();
    for (const { side, price_level: price, new_quantity: size } of updates) {
      const levels = side === 'bid' ? this.#sides.bid : this.#sides.offer;
      if (Number(size) === 0) levels.delete(Number(price));
      else levels.set(Number(price), Number(size));
    }
  }

  text(): string {
    return bookText([...this.#sides.bid], [...this.#sides.offer]);
  }
}

/** Opens a client of its own on the exchange and follows one product. */
export async function openServerTruth(wsUrl: string, product: string): Promise<ServerTruth> {
  const client = await connectRaw(wsUrl);
  const book = new PlainBook();
  const states: string[] = [];
  const trades = new Map<string, WireTrade>();
  let read = 0;
  const readFrames = (): void => {
    for (; read < client.frames.length; read += 1) {
      const { channel, events = [] } = client.frames[read] ?? { channel: '' };
      for (const event of events) {
        if (channel === 'market_trades') {
          for (const trade of event.trades) trades.set(trade.trade_id, trade as WireTrade);
        }
        if (channel !== 'l2_data') continue;
        book.apply(event);
        states.push(book.text());
      }
    }
  };
  client.subscribe('heartbeats');
  client.subscribe('level2', [product]);
  client.subscribe('market_trades', [product]);
  await client.until('the three acks', () => {
    return client.frames.filter((one) => one.channel === 'subscriptions').length === 3;
  });
  return {
    client,
    states() {
      readFrames();
      return states;
    },
    trades() {
      readFrames();
      return trades;
    },
    async untilBookWas(state) {
      await client.until('the same book at the exchange', () => {
        readFrames();
        return states.includes(state);
      });
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Says where states come that the exchange's book never was in, or that come out of order. */
export function findFalseStates(
  reported: readonly string[],
  truth: { states(): readonly string[] },
): string[] {
  const real = truth.states();
  const defects: string[] = [];
  let from = 0;
  reported.forEach((state, index) => {
    const at = real.indexOf(state, from);
    if (at >= 0) from = at;
    else
      defects.push(`state ${index} of ${reported.length} is none of the exchange's ${real.length}`);
  });
  return defects;
}
