/** What follows from the terms of an order, whatever became of it. Pure. */
import { addDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { Side } from '../../model/levels.js';
import type { EngineOrderRequest } from '../../model/matching.js';
import type { OrderType } from '../../model/order-entry.js';
import { comparePrices, oppositeOf } from './amounts.js';

interface TypeRule {
  /** Waits for the price to move on in the order's own direction, or to come back to it. */
  readonly waitsFor?: 'stop' | 'target';
  /** Its trigger follows the market. */
  readonly trails?: true;
  /** It has a limit, once it is awake. */
  readonly hasLimit?: true;
}

/** The types that the engine takes; `pegged` and `settle-position` are others. */
const TYPES: Readonly<Partial<Record<OrderType, TypeRule>>> = {
  market: {},
  limit: { hasLimit: true },
  iceberg: { hasLimit: true },
  stop: { waitsFor: 'stop' },
  'stop-limit': { waitsFor: 'stop', hasLimit: true },
  'stop-loss': { waitsFor: 'stop' },
  'stop-loss-limit': { waitsFor: 'stop', hasLimit: true },
  'trailing-stop': { waitsFor: 'stop', trails: true },
  'trailing-stop-limit': { waitsFor: 'stop', trails: true, hasLimit: true },
  'take-profit': { waitsFor: 'target' },
  'take-profit-limit': { waitsFor: 'target', hasLimit: true },
  'market-if-touched': { waitsFor: 'target' },
  'limit-if-touched': { waitsFor: 'target', hasLimit: true },
};

type Typed = Pick<EngineOrderRequest, 'orderType'>;

/** Whether the engine knows the type. */
export function isTaken({ orderType }: Typed): boolean {
  return TYPES[orderType] !== undefined;
}

/** Whether it waits for a price at first. */
export function isTriggered({ orderType }: Typed): boolean {
  return TYPES[orderType]?.waitsFor !== undefined;
}

/** Whether it waits for the price to move on in its own direction. */
export function isStop({ orderType }: Typed): boolean {
  return TYPES[orderType]?.waitsFor === 'stop';
}

/** Whether its trigger follows the market. */
export function isTrailing({ orderType }: Typed): boolean {
  return TYPES[orderType]?.trails === true;
}

/** Whether it has a limit, once it is awake. */
export function hasLimit({ orderType }: Typed): boolean {
  return TYPES[orderType]?.hasLimit === true;
}

/** Whether its limit may be a distance to a trigger that follows the market. */
export function followsWithLimit(
  terms: Pick<EngineOrderRequest, 'orderType' | 'limitPrice'>,
): boolean {
  return isTrailing(terms) && hasLimit(terms) && terms.limitPrice === undefined;
}

/** A price beyond another one, in the order's own direction: it costs more, or brings less. */
export function beyond(
  { side }: Pick<EngineOrderRequest, 'side'>,
  price: string,
  by: string,
): string {
  return side === 'buy' ? addDecimals(price, by) : subtractDecimals(price, by);
}

/** Whether what it cannot take at once stays in the book. */
export function canRest(terms: Typed & Pick<EngineOrderRequest, 'timeInForce'>): boolean {
  return hasLimit(terms) && terms.timeInForce !== 'ioc' && terms.timeInForce !== 'fok';
}

/** The side on which it stands. */
export function sideOf({ side }: Pick<EngineOrderRequest, 'side'>): Side {
  return side === 'buy' ? 'bid' : 'ask';
}

/** The limit of an order that has one. */
export function limitOf({ limitPrice }: Pick<EngineOrderRequest, 'limitPrice'>): string {
  return limitPrice ?? '0';
}

/** Whether it would trade with what stands at a price. */
export function accepts(terms: EngineOrderRequest, price: string): boolean {
  return !hasLimit(terms) || comparePrices(oppositeOf(sideOf(terms)), price, limitOf(terms)) <= 0;
}
