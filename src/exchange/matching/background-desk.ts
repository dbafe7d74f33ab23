/**
 * What the background does to orders of accounts. A level of it that would cross an order takes it;
 * a trade of it takes orders at better prices first, then goes through the queue at its own price.
 * What the background took back in the change before is taken as what its trades took, so that it
 * does not matter whether a source tells a book first or the trades that made it.
 */
import { addDecimals, multiplyDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { MarketBookChange, MarketTrade } from '../../model/exchange.js';
import type { Side } from '../../model/levels.js';
import { isPositive, lesserOf, oppositeOf, toShortest } from './amounts.js';
import type { LiveOrder } from './live-order.js';
import { limitOf } from './order-terms.js';
import type { MarketLine } from './market-line.js';
import type { Settlement } from './settlement.js';
import { isBefore } from './trade-tape.js';

function takerOf(side: Side): 'buy' | 'sell' {
  return side === 'ask' ? 'buy' : 'sell';
}

/** The book of others changed. Orders that it meets are filled at their own limit. */
export function applyBackgroundBook(
  line: MarketLine,
  change: Omit<MarketBookChange, 'type' | 'symbol'>,
  settlement: Settlement,
): void {
  line.applyBook(change);
  const { listing } = line;
  for (;;) {
    const crossing = listing && line.book.findCrossing();
    if (!crossing) break;
    const { level, order: maker } = crossing;
    const size = lesserOf(level.background, maker.shown);
    level.take(size);
    line.book.touch(level);
    const takerSide = takerOf(oppositeOf(level.side));
    settlement.trade({ listing, price: limitOf(maker.request), size, takerSide, maker });
  }
  line.book.uncross();
}

/** Others traded; newest first, as markets tell it. */
export function applyBackgroundTrades(
  line: MarketLine,
  trades: readonly MarketTrade[],
  settlement: Settlement,
): void {
  for (const told of [...trades].reverse()) {
    if (!line.isNew(told)) continue;
    // It is of after the book's last change, which therefore does not know of it yet.
    if (isBefore(line.backgroundTime, told.time)) line.book.forgetGone();
    const trade = { ...told, price: toShortest(told.price), size: toShortest(told.size) };
    new BackgroundTrade(trade, line, settlement).run();
  }
}

/** One trade of the background on its way through the orders of accounts. */
class BackgroundTrade {
  readonly #trade: MarketTrade;
  readonly #line: MarketLine;
  readonly #settlement: Settlement;
  #left: string;
  /** What of it is the background's own and is not printed yet. */
  #unprinted = '0';
  #prints = 0;

  constructor(trade: MarketTrade, line: MarketLine, settlement: Settlement) {
    this.#trade = trade;
    this.#line = line;
    this.#settlement = settlement;
    this.#left = trade.size;
  }

  run(): void {
    const { side, price } = this.#trade;
    const { book } = this.#line;
    const hit: Side = side === 'buy' ? 'ask' : 'bid';
    // Nobody trades here while an order offers better, whichever side the order is on.
    for (const one of [hit, oppositeOf(hit)]) {
      for (;;) {
        const maker = isPositive(this.#left) ? book.findBetter(one, price) : undefined;
        if (!maker) break;
        this.#fill(maker, lesserOf(maker.shown, this.#left), takerOf(one));
      }
    }
    while (isPositive(this.#left)) {
      const level = book.find(hit, price);
      const passed = level?.pass(this.#left);
      if (!level || !passed) break;
      book.touch(level);
      if (passed.order) this.#fill(passed.order, passed.size, side);
      else this.#pass(passed.size);
    }
    this.#pass(this.#left);
    this.#printPassed();
  }

  #pass(size: string): void {
    this.#unprinted = addDecimals(this.#unprinted, size);
    this.#left = subtractDecimals(this.#left, size);
  }

  #fill(maker: LiveOrder, size: string, takerSide: 'buy' | 'sell'): void {
    const { listing } = this.#line;
    if (!listing) throw new Error(`An order stands in ${this.#line.symbol}, which is not listed.`);
    this.#printPassed();
    this.#left = subtractDecimals(this.#left, size);
    const price = limitOf(maker.request);
    const extra = this.#countPrint(price, size) ?? { price, volume: '0', value: '0', count: 0 };
    const { time } = this.#trade;
    this.#settlement.trade({ listing, price, size, takerSide, maker, time, extra });
  }

  #printPassed(): void {
    const { side, price, time } = this.#trade;
    const size = this.#unprinted;
    if (!isPositive(size)) return;
    this.#unprinted = '0';
    this.#line.print({ side, price, size, time }, this.#countPrint(price, size));
  }

  /** The background counts one trade at its price; what differs from that is ours. */
  #countPrint(price: string, size: string) {
    this.#prints += 1;
    const value = multiplyDecimals(size, subtractDecimals(price, this.#trade.price));
    const count = this.#prints === 1 ? 0 : 1;
    if (count === 0 && value === '0') return undefined;
    return { price, volume: '0', value, count };
  }
}
