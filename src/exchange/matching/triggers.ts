import { compareDecimals } from '../../book/decimal-arithmetic.js';
import type { LiveOrder } from './live-order.js';
import { isPositive } from './amounts.js';
import { isStop, isTrailing, beyond } from './order-terms.js';

/** The orders of one market that wait for its last price, and those that have seen theirs. */
export class Triggers {
  readonly #waiting = new Set<LiveOrder>();
  /** In the order in which they fell due; at one price the longest waiting first. */
  readonly #due = new Set<LiveOrder>();

  /** It may be due at once, where the last price already is where it waits for it. */
  add(order: LiveOrder, lastPrice: string | undefined): void {
    order.bestSeen = lastPrice;
    this.#waiting.add(order);
    if (lastPrice !== undefined) this.#look(order, lastPrice);
  }

  remove(order: LiveOrder): void {
    this.#waiting.delete(order);
    this.#due.delete(order);
  }

  /** Every price that is printed comes here, also one that the next print leaves again. */
  observe(price: string): void {
    for (const order of this.#waiting) this.#look(order, price);
  }

  /** The next that is due. It does not wait any more. */
  takeDue(): LiveOrder | undefined {
    const [order] = this.#due;
    if (order) this.#due.delete(order);
    return order;
  }

  #look(order: LiveOrder, price: string): void {
    if (!isReached(order, price)) return;
    this.#waiting.delete(order);
    setLimit(order, price);
    this.#due.add(order);
  }
}

function isReached(order: LiveOrder, price: string): boolean {
  const { request } = order;
  const trigger = isTrailing(request) ? trail(order, price) : (request.stopPrice ?? '0');
  const position = compareDecimals(price, trigger);
  // A stop follows the price into the order's own direction; a target waits for it to come back.
  return isStop(request) === (request.side === 'buy') ? position >= 0 : position <= 0;
}

/** The trigger of a trailing order: so far from the best price that was seen. */
function trail(order: LiveOrder, price: string): string {
  const { side, trailBy = '0' } = order.request;
  const best = order.bestSeen ?? price;
  const isBetter = compareDecimals(price, best) * (side === 'buy' ? -1 : 1) > 0;
  order.bestSeen = isBetter ? price : best;
  return beyond(order.request, order.bestSeen, trailBy);
}

/** A limit that was a distance to the trigger is a price from now on. */
function setLimit(order: LiveOrder, price: string): void {
  const { limitBy, ...request } = order.request;
  if (limitBy === undefined) return;
  const limit = beyond(request, trail(order, price), limitBy);
  // A sale so far below a low price would have none.
  order.request = { ...request, limitPrice: isPositive(limit) ? limit : price };
}
