/**
 * The queue at one price. Orders of accounts and sizes of the background stand in it in the order
 * in which they came: what the background adds goes last, what it takes back goes from the front.
 */
import { addDecimals, compareDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { Side } from '../../model/levels.js';
import { isPositive, lesserOf } from './amounts.js';
import type { LiveOrder } from './live-order.js';

/** A size of the background. It has no owner here. */
interface BackgroundEntry {
  readonly order: undefined;
  size: string;
  /** What the last change took back from here: a trade that is told after it went through here. */
  gone: string;
}

interface OrderEntry {
  readonly order: LiveOrder;
}

type Entry = BackgroundEntry | OrderEntry;

/** What is first in the queue: so much of an order, or of the background. */
export interface Offer {
  readonly level: PriceLevel;
  readonly order: LiveOrder | undefined;
  readonly size: string;
}

/** What a trade of others went through, front to back. */
export interface Passed {
  readonly order: LiveOrder | undefined;
  readonly size: string;
}

/** One price of one side. */
export class PriceLevel {
  readonly side: Side;
  readonly price: string;
  /** What the background last said of the level, whatever was taken since. */
  told = '0';
  #entries: Entry[] = [];

  constructor(side: Side, price: string) {
    this.side = side;
    this.price = price;
  }

  /** Nothing stands here, and nothing is remembered of it. */
  get isVoid(): boolean {
    return this.told === '0' && this.#entries.length === 0;
  }

  /** What everybody sees. */
  get visible(): string {
    return this.#entries
      .map((entry) => (entry.order ? entry.order.shown : entry.size))
      .reduce(addDecimals, '0');
  }

  /** What of it is the background's. */
  get background(): string {
    return this.#entries.map((entry) => (entry.order ? '0' : entry.size)).reduce(addDecimals, '0');
  }

  get firstOrder(): LiveOrder | undefined {
    return this.#entries.find((entry) => entry.order)?.order;
  }

  get first(): Offer | undefined {
    for (const offer of this.offers()) return offer;
    return undefined;
  }

  /** Front to back. */
  *offers(): Iterable<Offer> {
    for (const { order, ...entry } of this.#entries) {
      const size = order ? order.shown : (entry as BackgroundEntry).size;
      if (isPositive(size)) yield { level: this, order, size };
    }
  }

  add(order: LiveOrder): void {
    this.#entries.push({ order });
  }

  remove(order: LiveOrder): void {
    this.#entries = this.#entries.filter((entry) => entry.order !== order);
  }

  /** The background says a size: what our orders took of the last one is there again. */
  say(size: string): void {
    const present = this.background;
    this.told = size;
    if (compareDecimals(size, present) >= 0) this.#append(subtractDecimals(size, present));
    else this.#takeBack(subtractDecimals(present, size));
  }

  /** Takes so much of the background, front to back; it is there. */
  take(size: string): void {
    let left = size;
    for (const entry of this.#backgrounds()) {
      const taken = lesserOf(entry.size, left);
      entry.size = subtractDecimals(entry.size, taken);
      left = subtractDecimals(left, taken);
    }
    this.#tidy();
  }

  /**
   * The first that a trade of others of so much goes through, and takes it where it is the
   * background's. What the background already took back in this trade's place comes first.
   */
  pass(size: string): Passed | undefined {
    const [entry] = this.#entries;
    if (!entry) return undefined;
    if (entry.order) return { order: entry.order, size: lesserOf(entry.order.shown, size) };
    const passed = lesserOf(addDecimals(entry.gone, entry.size), size);
    const ofGone = lesserOf(entry.gone, passed);
    entry.gone = subtractDecimals(entry.gone, ofGone);
    entry.size = subtractDecimals(entry.size, subtractDecimals(passed, ofGone));
    this.#tidy();
    return { order: undefined, size: passed };
  }

  /** What was taken back is explained: no trade of it is to come any more. */
  forgetGone(): void {
    for (const entry of this.#backgrounds()) entry.gone = '0';
    this.#tidy();
  }

  #append(size: string): void {
    if (!isPositive(size)) return;
    const last = this.#entries.at(-1);
    if (last && !last.order) last.size = addDecimals(last.size, size);
    else this.#entries.push({ order: undefined, size, gone: '0' });
  }

  #takeBack(size: string): void {
    let left = size;
    for (const entry of this.#backgrounds()) {
      const taken = lesserOf(entry.size, left);
      entry.size = subtractDecimals(entry.size, taken);
      entry.gone = addDecimals(entry.gone, taken);
      left = subtractDecimals(left, taken);
    }
  }

  #backgrounds(): BackgroundEntry[] {
    return this.#entries.filter((entry): entry is BackgroundEntry => !entry.order);
  }

  #tidy(): void {
    this.#entries = this.#entries.filter(
      (entry) => entry.order || entry.size !== '0' || entry.gone !== '0',
    );
  }
}
