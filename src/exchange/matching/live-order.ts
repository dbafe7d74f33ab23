import { divideDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { EngineOrder, EngineOrderRequest, EngineOrderStatus } from '../../model/matching.js';
import type { CancelTimer } from '../../model/runtime.js';
import { isPositive, lesserOf } from './amounts.js';

/** What an order holds back of one asset while it lives. */
export interface Reserve {
  readonly asset: string;
  readonly amount: string;
}

/** Why an order ended. */
export type EndReason = NonNullable<EngineOrder['endedBecause']>;

/** An order inside the engine. Decimals are in the shortest form. */
export interface LiveOrder {
  readonly orderId: string;
  /** As it was placed, but for what amendments changed. */
  request: EngineOrderRequest;
  /** In the base currency; of one for a value, what that buys. */
  size: string;
  /** The market had less than its value would buy: it is not complete when all of it is filled. */
  readonly isShort: boolean;
  status: EngineOrderStatus;
  filledSize: string;
  filledValue: string;
  fees: string;
  readonly placedAt: string;
  changedAt: string;
  amended: boolean;
  endedBecause: EngineOrder['endedBecause'];
  /** The part that stands in the book and that others see; zero where it is not there. */
  shown: string;
  /** The best price since a trailing stop began to wait. */
  bestSeen: string | undefined;
  reserve: Reserve | undefined;
  cancelTimer: CancelTimer;
}

const NO_TIMER: CancelTimer = () => undefined;
/** Decimals of an average price, after which it is cut: it is the one number that is not exact. */
const AVERAGE_DECIMALS = 10;

/** An order to which nothing has happened yet. */
export function createLiveOrder(
  request: EngineOrderRequest,
  parts: Pick<LiveOrder, 'orderId' | 'size' | 'isShort'> & { readonly time: string },
): LiveOrder {
  const { orderId, size, isShort, time } = parts;
  return {
    orderId,
    request,
    size,
    isShort,
    status: 'pending',
    placedAt: time,
    changedAt: time,
    filledSize: '0',
    filledValue: '0',
    fees: '0',
    amended: false,
    shown: '0',
    endedBecause: undefined,
    bestSeen: undefined,
    reserve: undefined,
    cancelTimer: NO_TIMER,
  };
}

/** Whether it can still trade. */
export function isLive({ status }: Pick<LiveOrder, 'status'>): boolean {
  return status === 'pending' || status === 'untriggered' || status === 'open';
}

/** What is left to trade. */
export function leftOf({ size, filledSize }: Pick<LiveOrder, 'size' | 'filledSize'>): string {
  return subtractDecimals(size, filledSize);
}

/** What a fresh part of it shows: of an iceberg its display size, else all that is left. */
export function freshPartOf(order: LiveOrder): string {
  const { displaySize } = order.request;
  return displaySize === undefined ? leftOf(order) : lesserOf(displaySize, leftOf(order));
}

/** The order as it is now; a copy. */
export function describeOrder(order: LiveOrder): EngineOrder {
  const { request, orderId, status, filledSize, filledValue, fees, placedAt, changedAt } = order;
  const { amended, endedBecause, size } = order;
  return {
    ...request,
    size,
    orderId,
    status,
    filledSize,
    filledValue,
    fees,
    placedAt,
    changedAt,
    amended,
    remainingSize: leftOf(order),
    averagePrice: isPositive(filledSize)
      ? divideDecimals(filledValue, filledSize, AVERAGE_DECIMALS)
      : '0',
    ...(endedBecause !== undefined && { endedBecause }),
  };
}
