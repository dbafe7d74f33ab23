/**
 * Orders behind the levels of a market that tells levels only: each level is a queue whose sizes
 * add up to the level's. What is added goes last, what is taken goes from the front, so that the
 * queue is what an engine would have.
 */
import type { MarketBook, MarketBookChange, MarketLevel } from '../../../model/exchange.js';
import type { Side } from '../../../model/levels.js';
import { readUnits } from './number-text.js';
import { RankedSide, type Priced } from './ranked-side.js';

/** One order as it rests in its queue. */
export interface RestingOrder {
  readonly orderId: string;
  readonly price: string;
  /** In units of the pair's size decimals. */
  readonly units: bigint;
  /** When it came: RFC 3339. */
  readonly time: string;
}

/** One entry of a message. A delete names the last size. */
export interface OrderEntry extends RestingOrder {
  readonly side: Side;
  readonly event: 'add' | 'modify' | 'delete';
  /** The rank of its price. */
  readonly rank: number;
}

interface Queue extends Priced {
  orders: RestingOrder[];
}

type Entries = ReadonlyMap<number, OrderEntry[]>;

const ORDERS_PER_NEW_LEVEL_MOST = 3;
/** Counts become ids that look like the venue's: `OPS23M-VS41G-DDE5Z2`. */
const ID_RADIX = 36;
const ID_SPACE = BigInt(ID_RADIX) ** 16n;
const ID_STEP = 98_764_321_234_567_891_013n;

function makeOrderId(count: number): string {
  const text = ((BigInt(count) * ID_STEP) % ID_SPACE).toString(ID_RADIX).toUpperCase();
  const digits = text.padStart(16, '0');
  return `O${digits.slice(0, 5)}-${digits.slice(5, 10)}-${digits.slice(10)}`;
}

/** One pair's orders. */
export class OrderBook {
  readonly #sides: Readonly<Record<Side, RankedSide<Queue>>> = {
    bid: new RankedSide('bid'),
    ask: new RankedSide('ask'),
  };
  readonly #sizeDecimals: number;
  #time: string;
  #orderCount = 0;

  constructor(book: MarketBook, sizeDecimals: number) {
    this.#sizeDecimals = sizeDecimals;
    this.#time = book.time;
    for (const level of book.levels) this.#set(level, new Map());
  }

  get time(): string {
    return this.#time;
  }

  /** The orders of the best prices, by price, then in queue order. */
  best(side: Side, depth: number): readonly RestingOrder[] {
    return this.#sides[side].levels.slice(0, depth).flatMap(({ orders }) => orders);
  }

  /** Carries out a change and tells what each window sees of it. */
  apply(change: MarketBookChange, depths: readonly number[]): Entries {
    const seen = new Map(depths.map((depth): [number, OrderEntry[]] => [depth, []]));
    this.#time = change.time;
    if (change.snapshot) this.#removeMissing(change.levels, seen);
    for (const level of orderChanges(change.levels)) this.#set(level, seen);
    if (change.depth !== undefined) {
      for (const side of ['bid', 'ask'] as const) {
        const gone = this.#sides[side].levels.slice(change.depth);
        for (const { price } of gone) this.#set({ side, price, size: '0' }, seen);
      }
    }
    return seen;
  }

  #removeMissing(levels: readonly MarketLevel[], seen: Entries): void {
    for (const side of ['bid', 'ask'] as const) {
      const kept = new RankedSide<Priced>(side);
      const own = levels.filter((level) => level.side === side);
      kept.levels.push(...own.map(({ price }) => ({ price, rough: Number(price) })));
      for (const { price } of [...this.#sides[side].levels]) {
        if (!kept.find(price).isFound) this.#set({ side, price, size: '0' }, seen);
      }
    }
  }

  #set({ side, price, size }: MarketLevel, seen: Entries): void {
    const { levels } = this.#sides[side];
    const units = readUnits(size, this.#sizeDecimals);
    const { rank, isFound } = this.#sides[side].find(price);
    if (!isFound) {
      if (units === 0n) return;
      const orders = this.#split(price, units);
      levels.splice(rank, 0, { price, rough: Number(price), orders });
      tell(seen, { side, rank, event: 'add' }, orders);
      return;
    }
    const queue = levels[rank] as Queue;
    const held = queue.orders.reduce((sum, order) => sum + order.units, 0n);
    if (units > held) {
      const order = this.#makeOrder(price, units - held);
      queue.orders.push(order);
      tell(seen, { side, rank, event: 'add' }, [order]);
    } else
      takeFront(queue, held - units, (event, order) => tell(seen, { side, rank, event }, [order]));
    if (units === 0n) this.#close(side, rank, seen);
  }

  /** The level is gone; each window sees the next one whole, with the times its orders have. */
  #close(side: Side, rank: number, seen: Entries): void {
    const { levels } = this.#sides[side];
    levels.splice(rank, 1);
    for (const [depth, list] of seen) {
      const next = rank < depth ? levels[depth - 1] : undefined;
      for (const order of next?.orders ?? []) {
        list.push({ ...order, side, event: 'add', rank: depth - 1 });
      }
    }
  }

  #split(price: string, units: bigint): RestingOrder[] {
    const most = 1 + (this.#orderCount % ORDERS_PER_NEW_LEVEL_MOST);
    const count = units < BigInt(most) ? 1 : most;
    const share = units / BigInt(count);
    return Array.from({ length: count }, (_, index) => {
      const isLast = index === count - 1;
      return this.#makeOrder(price, isLast ? units - share * BigInt(count - 1) : share);
    });
  }

  #makeOrder(price: string, units: bigint): RestingOrder {
    this.#orderCount += 1;
    return { orderId: makeOrderId(this.#orderCount), price, units, time: this.#time };
  }
}

/**
 * Deletes first, each price once: a price that is pushed out and comes back within one message
 * would be sent to those who still hold its orders.
 */
function orderChanges(levels: readonly MarketLevel[]): MarketLevel[] {
  const last = new Map(levels.map((level) => [`${level.side}:${level.price}`, level]));
  const isGone = ({ size }: MarketLevel): boolean => Number(size) === 0;
  const changes = [...last.values()];
  return [...changes.filter(isGone), ...changes.filter((level) => !isGone(level))];
}

function tell(
  seen: Entries,
  what: Pick<OrderEntry, 'side' | 'rank' | 'event'>,
  orders: readonly RestingOrder[],
): void {
  for (const [depth, list] of seen) {
    if (what.rank < depth) list.push(...orders.map((order) => ({ ...order, ...what })));
  }
}

/** Takes an amount from the front of the queue: whole orders, and a part of the last. */
function takeFront(
  queue: Queue,
  amount: bigint,
  told: (event: 'modify' | 'delete', order: RestingOrder) => void,
): void {
  let left = amount;
  while (left > 0n) {
    const [front] = queue.orders;
    if (!front) return;
    if (front.units <= left) {
      queue.orders.shift();
      left -= front.units;
      told('delete', front);
    } else {
      const smaller = { ...front, units: front.units - left };
      queue.orders[0] = smaller;
      left = 0n;
      told('modify', smaller);
    }
  }
}
