import {
  compareDecimals,
  divideDecimals,
  subtractDecimals,
} from '../../book/decimal-arithmetic.js';
import type { EngineOrder, EngineOrderRequest, EngineOrderStatus } from '../../model/matching.js';
import type { OrderType } from '../../model/order-entry.js';
import type { CancelTimer } from '../../model/runtime.js';

/** What an order holds back of one asset while it lives. */
export interface Reserve {
  readonly asset: string;
  readonly amount: string;
}

/** An order inside the engine. `request` is as it was placed, but for what amendments changed. */
export interface LiveOrder {
  readonly orderId: string;
  request: EngineOrderRequest;
  size: string;
  status: EngineOrderStatus;
  filledSize: string;
  filledValue: string;
  fees: string;
  readonly placedAt: string;
  changedAt: string;
  amended: boolean;
  endedBecause: EngineOrder['endedBecause'];
  /** Its place among orders at the same price; a larger one stands behind. */
  rank: number;
  /** The best price since a trailing stop began to wait. */
  bestSeen: string | undefined;
  reserve: Reserve | undefined;
  cancelTimer: CancelTimer;
}

/** Kinds that wait for a price, and how they move: with it (stops), or against it (targets). */
const STOPS: readonly OrderType[] = [
  ...(['stop', 'stop-limit', 'stop-loss', 'stop-loss-limit'] as const),
  ...(['trailing-stop', 'trailing-stop-limit'] as const),
];
const TARGETS: readonly OrderType[] = [
  ...(['take-profit', 'take-profit-limit', 'market-if-touched', 'limit-if-touched'] as const),
];
/** Kinds that have a limit, once they are awake. */
const LIMITED: readonly OrderType[] = [
  ...(['limit', 'iceberg', 'stop-limit', 'stop-loss-limit', 'take-profit-limit'] as const),
  ...(['limit-if-touched', 'trailing-stop-limit'] as const),
];

/** Kinds that the engine takes; `pegged` and `settle-position` are others. */
export const TAKEN_TYPES: readonly OrderType[] = [
  'market',
  'limit',
  'iceberg',
  ...STOPS,
  ...TARGETS,
];

/** Whether it waits for a price at first. */
export function isTriggered({ orderType }: EngineOrderRequest): boolean {
  return STOPS.includes(orderType) || TARGETS.includes(orderType);
}

/** Whether its trigger follows the market. */
export function isTrailing({ orderType }: EngineOrderRequest): boolean {
  return orderType === 'trailing-stop' || orderType === 'trailing-stop-limit';
}

/** Whether it has a limit, once it is awake. */
export function hasLimit({ orderType }: EngineOrderRequest): boolean {
  return LIMITED.includes(orderType);
}

/** Whether it waits for the price to move on in its own direction. */
export function isStop({ orderType }: EngineOrderRequest): boolean {
  return STOPS.includes(orderType);
}

/** Whether it can still trade. */
export function isLive({ status }: Pick<LiveOrder, 'status'>): boolean {
  return status === 'pending' || status === 'untriggered' || status === 'open';
}

/** What is left to trade. */
export function leftOf({ size, filledSize }: LiveOrder): string {
  return subtractDecimals(size, filledSize);
}

/** What others can see of it. */
export function visibleOf(order: LiveOrder): string {
  const left = leftOf(order);
  const { displaySize } = order.request;
  return displaySize !== undefined && compareDecimals(displaySize, left) < 0 ? displaySize : left;
}

/** Decimals of an average price, beyond which it is cut. */
const AVERAGE_DECIMALS = 10;

/** The order as it is now; a copy. */
export function describeOrder(order: LiveOrder): EngineOrder {
  const { request, orderId, status, filledSize, filledValue, fees, placedAt, changedAt } = order;
  const { amended, endedBecause, size } = order;
  return {
    ...request,
    ...{ size, orderId, status, filledSize, filledValue, fees, placedAt, changedAt, amended },
    remainingSize: leftOf(order),
    averagePrice: averageOf(filledValue, filledSize),
    ...(endedBecause !== undefined && { endedBecause }),
  };
}

/** '0' where nothing was filled. */
function averageOf(value: string, size: string): string {
  return compareDecimals(size, '0') === 0 ? '0' : divideDecimals(value, size, AVERAGE_DECIMALS);
}
