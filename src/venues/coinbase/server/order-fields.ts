/**
 * Orders of the engine in the venue's own fields, all texts; their order is that of the recorded
 * objects (2025-02). Pure.
 */
import {
  addDecimals,
  compareDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../../../book/decimal-arithmetic.js';
import type { VenueFields } from '../../../model/exchange.js';
import type { EngineOrder, EngineOrderStatus, EngineRefusal } from '../../../model/matching.js';
import type { NewOrder, TimeInForce } from '../../../model/order-entry.js';
import { NO_TIME } from '../messages.js';
import { toOrderUuid } from './order-ids.js';

/** A state of the `user` channel. */
export type UserOrderStatus =
  'PENDING' | 'OPEN' | 'FILLED' | 'CANCEL_QUEUED' | 'CANCELLED' | 'EXPIRED' | 'FAILED';

const STATUSES: Readonly<Record<EngineOrderStatus, UserOrderStatus>> = {
  pending: 'PENDING',
  untriggered: 'OPEN',
  open: 'OPEN',
  filled: 'FILLED',
  canceled: 'CANCELLED',
  expired: 'EXPIRED',
};

const TIMES_IN_FORCE: Readonly<Record<TimeInForce, string>> = {
  gtc: 'GOOD_UNTIL_CANCELLED',
  gtd: 'GOOD_UNTIL_DATE_TIME',
  ioc: 'IMMEDIATE_OR_CANCEL',
  fok: 'FILL_OR_KILL',
  day: 'UNKNOWN_TIME_IN_FORCE',
  opg: 'UNKNOWN_TIME_IN_FORCE',
};

/** `Limit` is the one that was recorded; the others follow its form. */
function toOrderType(orderType: string): string {
  return orderType
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** What is known of an order beside what the engine says. */
export interface OrderFacts {
  readonly portfolioId: string;
  readonly fillCount: number;
  /** In the place of the engine's own state. */
  readonly status?: UserOrderStatus | undefined;
  /** What is held for it, in the place of what is left of it. */
  readonly hold?: string | undefined;
  readonly isTriggered?: boolean | undefined;
}

/** Writes an order of the engine. */
export function toOrderFields(order: EngineOrder, facts: OrderFacts): VenueFields {
  const { filledSize, filledValue, fees, side, size } = order;
  const status = facts.status ?? STATUSES[order.status];
  const isOver = order.status !== 'open' && order.status !== 'untriggered';
  return toFields({
    avg_price: order.averagePrice,
    cancel_reason: status === 'CANCELLED' ? describeEnd(order) : '',
    client_order_id: order.clientOrderId ?? '',
    completion_percentage: completionOf(filledSize, size),
    cumulative_quantity: filledSize,
    filled_value: filledValue,
    leaves_quantity: order.remainingSize,
    limit_price: order.limitPrice ?? '0',
    number_of_fills: String(facts.fillCount),
    order_id: toOrderUuid(order.orderId),
    order_side: side === 'buy' ? 'BUY' : 'SELL',
    order_type: toOrderType(order.orderType),
    outstanding_hold_amount: facts.hold ?? (isOver ? '0' : holdOf(order)),
    post_only: String(order.postOnly),
    product_id: productOf(order),
    reject_Reason: '',
    retail_portfolio_id: facts.portfolioId,
    status,
    stop_price: order.stopPrice ?? '',
    time_in_force: TIMES_IN_FORCE[order.timeInForce],
    total_fees: fees,
    total_value_after_fees:
      side === 'buy' ? addDecimals(filledValue, fees) : subtractDecimals(filledValue, fees),
    trigger_status: describeTrigger(order, facts.isTriggered === true),
    creation_time: toMicroseconds(order.placedAt),
    end_time: order.expiresAtMs === undefined ? NO_TIME : new Date(order.expiresAtMs).toISOString(),
  });
}

/** Writes an order that never was in the engine. */
export function toFailedFields(
  order: NewOrder,
  parts: {
    readonly orderId: string;
    readonly time: string;
    readonly refusal: EngineRefusal;
    readonly portfolioId: string;
  },
): VenueFields {
  return toFields({
    client_order_id: order.clientOrderId ?? '',
    leaves_quantity: order.size ?? order.value ?? '0',
    limit_price: order.limitPrice ?? '0',
    order_id: parts.orderId,
    order_side: order.side === 'buy' ? 'BUY' : 'SELL',
    order_type: toOrderType(order.orderType),
    post_only: String(order.postOnly ?? false),
    product_id: order.symbol,
    reject_Reason: parts.refusal.toUpperCase().replaceAll('-', '_'),
    retail_portfolio_id: parts.portfolioId,
    status: 'FAILED',
    stop_price: order.stopPrice ?? '',
    time_in_force: TIMES_IN_FORCE[order.timeInForce ?? 'gtc'],
    creation_time: toMicroseconds(parts.time),
  });
}

/** Every field there is, with what the venue writes where one does not apply. */
function toFields(fields: VenueFields): VenueFields {
  return {
    avg_price: '0',
    cancel_reason: '',
    client_order_id: '',
    completion_percentage: '0.00',
    contract_expiry_type: 'UNKNOWN_CONTRACT_EXPIRY_TYPE',
    cumulative_quantity: '0',
    filled_value: '0',
    leaves_quantity: '0',
    limit_price: '0',
    number_of_fills: '0',
    order_id: '',
    order_side: '',
    order_type: '',
    outstanding_hold_amount: '0',
    post_only: 'false',
    product_id: '',
    product_type: 'SPOT',
    reject_Reason: '',
    retail_portfolio_id: '',
    risk_managed_by: 'UNKNOWN_RISK_MANAGEMENT_TYPE',
    status: '',
    stop_price: '',
    time_in_force: '',
    total_fees: '0',
    total_value_after_fees: '0',
    trigger_status: 'INVALID_ORDER_TYPE',
    creation_time: NO_TIME,
    end_time: NO_TIME,
    start_time: NO_TIME,
    ...fields,
  };
}

/** The name under which the order was placed: `-USDC` ids are native on this channel. */
function productOf({ symbol, venueFields }: EngineOrder): string {
  const { productId } = venueFields;
  return typeof productId === 'string' ? productId : symbol;
}

/** A sale holds what is to be sold; a purchase what it may cost. */
export function holdOf({ side, remainingSize, limitPrice }: EngineOrder): string {
  return side === 'sell' ? remainingSize : multiplyDecimals(remainingSize, limitPrice ?? '0');
}

/** A share and no amount: two decimals are all that the venue writes. */
function completionOf(filledSize: string, size: string | undefined): string {
  if (size === undefined || compareDecimals(size, '0') === 0) return '0.00';
  return ((Number(filledSize) / Number(size)) * 100).toFixed(2);
}

function describeEnd({ endedBecause }: EngineOrder): string {
  return endedBecause === 'user' ? 'User requested cancel' : (endedBecause ?? '');
}

function describeTrigger({ orderType, status }: EngineOrder, isTriggered: boolean): string {
  if (!orderType.startsWith('stop')) return 'INVALID_ORDER_TYPE';
  return status === 'untriggered' && !isTriggered ? 'STOP_PENDING' : 'STOP_TRIGGERED';
}

/** Times have up to six digits of a second here, without trailing zeros. */
function toMicroseconds(time: string): string {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  const kept = fraction.slice(0, 6).replace(/0+$/, '');
  return kept === '' ? `${whole}Z` : `${whole}.${kept}Z`;
}
