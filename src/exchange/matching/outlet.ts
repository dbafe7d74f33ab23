interface Subscription<Item> {
  readonly listener: (item: Item) => void;
  readonly pending: Item[];
  isOver: boolean;
}

/**
 * Tells every listener everything in one order, also where a listener makes more happen while it is
 * told: what that leads to comes to each listener behind what it has not heard yet. A listener that
 * throws has heard what it threw at; the others hear it with the next delivery.
 */
export class Outlet<Item> {
  readonly #subscriptions = new Set<Subscription<Item>>();

  /** From the next item on; returns what ends it. */
  add(listener: (item: Item) => void): () => void {
    const subscription: Subscription<Item> = { listener, pending: [], isOver: false };
    this.#subscriptions.add(subscription);
    return () => {
      subscription.isOver = true;
      this.#subscriptions.delete(subscription);
    };
  }

  push(item: Item): void {
    for (const { pending } of this.#subscriptions) pending.push(item);
  }

  /** Delivers everything that is pending. */
  flush(): void {
    for (const subscription of this.#subscriptions) {
      while (subscription.pending.length > 0 && !subscription.isOver) {
        subscription.listener(subscription.pending.shift() as Item);
      }
    }
  }
}
