// One side of an order-by-order book: prices from the best on, at each a queue. Prices are compared
// as exact decimals, and kept as the wire spelled them, because a checksum may be made of that
// text.
import type { Side } from '../model/levels.js';
import type { PriceQueue, RestingOrder } from '../model/orders-book.js';
import { createDecimalReader } from './decimal.js';
import { compareDecimals } from './decimal-arithmetic.js';

/** One side to change. */
export interface OrderQueueSide {
  readonly queues: readonly PriceQueue[];
  readonly orderCount: number;
  /** The queue at a price, however it is spelled; undefined where there is none. */
  find(price: string): PriceQueue | undefined;
  /** Puts an order last in the queue of its price; an order of the same id leaves its place. */
  add(order: RestingOrder): void;
  /** False where there is no such order. At another price it goes last in that queue. */
  modify(order: RestingOrder): boolean;
  /** An order that is not there may be deleted. */
  delete(orderId: string): void;
  /** Keeps the queues of the best prices. */
  truncate(depth: number): void;
  clear(): void;
}

interface MutableQueue extends PriceQueue {
  readonly orders: RestingOrder[];
}

function findOrder(queue: PriceQueue, orderId: string): number {
  return queue.orders.findIndex((one) => one.orderId === orderId);
}

/** The first index whose price is not better than this one. */
function findIndex(queues: readonly PriceQueue[], sign: number, price: string): number {
  let low = 0;
  let high = queues.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isBetter = sign * compareDecimals((queues[middle] as PriceQueue).price, price) < 0;
    if (isBetter) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An empty side. */
export function createOrderQueueSide(side: Side): OrderQueueSide {
  const queues: MutableQueue[] = [];
  const queueById = new Map<string, MutableQueue>();
  const sign = side === 'ask' ? 1 : -1;
  const reader = createDecimalReader();

  function findAt(index: number, price: string): MutableQueue | undefined {
    const found = queues[index];
    return found && compareDecimals(found.price, price) === 0 ? found : undefined;
  }

  function openQueue(price: string): MutableQueue {
    const index = findIndex(queues, sign, price);
    const found = findAt(index, price);
    if (found) return found;
    const queue: MutableQueue = { price, orders: [] };
    queues.splice(index, 0, queue);
    return queue;
  }

  function remove(orderId: string): void {
    const queue = queueById.get(orderId);
    if (!queue) return;
    queueById.delete(orderId);
    queue.orders.splice(findOrder(queue, orderId), 1);
    if (queue.orders.length === 0) queues.splice(findIndex(queues, sign, queue.price), 1);
  }

  function add(order: RestingOrder): void {
    remove(order.orderId);
    const queue = openQueue(order.price);
    queue.orders.push(order);
    queueById.set(order.orderId, queue);
  }

  return {
    queues,
    get orderCount() {
      return queueById.size;
    },
    find: (price) =>
      reader.readText(price) ? findAt(findIndex(queues, sign, price), price) : undefined,
    add,
    modify(order) {
      const queue = queueById.get(order.orderId);
      if (!queue) return false;
      if (compareDecimals(queue.price, order.price) !== 0) add(order);
      else queue.orders[findOrder(queue, order.orderId)] = order;
      return true;
    },
    delete: remove,
    truncate(depth) {
      for (const { orders } of queues.splice(depth)) {
        for (const { orderId } of orders) queueById.delete(orderId);
      }
    },
    clear() {
      queues.length = 0;
      queueById.clear();
    },
  };
}
