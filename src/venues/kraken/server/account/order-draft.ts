/**
 * The rules that a new order has to keep whatever protocol it came in (websocket-v2/add_order).
 * Pure. What this exchange does not do is refused for the field that asks for it, so that nothing
 * is taken for something else.
 */
import { compareDecimals, multiplyDecimals } from '../../../../book/decimal-arithmetic.js';
import type { OrderType, TimeInForce } from '../../../../model/order-entry.js';
import type { Protocol } from '../topic.js';
import type { OrderDraft, OrderNotes } from './order-command.js';
import { OrderFlaw, wrongArgument } from './order-fields.js';

/** What the fields are called in a protocol, for texts that name them. */
export interface FieldNames {
  readonly orderType: string;
  readonly size: string;
  readonly value: string;
  readonly limitPrice: string;
  readonly trigger: string;
  readonly displaySize: string;
  readonly timeInForce: string;
  readonly expires: string;
  readonly postOnly: string;
}

/** The names of each protocol (websocket-v1/addorder, websocket-v2/add_order). */
export const FIELD_NAMES: Readonly<Record<Protocol, FieldNames>> = {
  v1: {
    orderType: 'ordertype',
    size: 'volume',
    value: 'oflags',
    limitPrice: 'price',
    trigger: 'price',
    displaySize: 'displayvol',
    timeInForce: 'timeinforce',
    expires: 'expiretm',
    postOnly: 'oflags',
  },
  v2: {
    orderType: 'order_type',
    size: 'order_qty',
    value: 'cash_order_qty',
    limitPrice: 'limit_price',
    trigger: 'triggers',
    displaySize: 'display_qty',
    timeInForce: 'time_in_force',
    expires: 'expire_time',
    postOnly: 'post_only',
  },
};

/** Orders by their names, which are the same in both protocols. */
export const ORDER_TYPES: ReadonlyMap<string, OrderType> = new Map(
  (
    [
      'limit',
      'market',
      'iceberg',
      'stop-loss',
      'stop-loss-limit',
      'take-profit',
      'take-profit-limit',
      'trailing-stop',
      'trailing-stop-limit',
      'settle-position',
    ] as OrderType[]
  ).map((type) => [type, type]),
);

/** Sides, the same in both protocols. */
export const SIDES: ReadonlyMap<string, 'buy' | 'sell'> = new Map([
  ['buy', 'buy'],
  ['sell', 'sell'],
]);

/** Times in force, in the lower case of v2. */
export const TIMES_IN_FORCE: ReadonlyMap<string, TimeInForce> = new Map([
  ['gtc', 'gtc'],
  ['gtd', 'gtd'],
  ['ioc', 'ioc'],
  ['fok', 'fok'],
]);

/** Which price a trigger looks at, the same in both protocols. */
export const TRIGGER_REFERENCES: ReadonlyMap<string, OrderNotes['triggerReference']> = new Map([
  ['last', 'last'],
  ['index', 'index'],
]);

/** What happens where an order would meet another of its account. */
export const SELF_TRADES: ReadonlyMap<string, OrderDraft['selfTrade']> = new Map([
  ['cancel_newest', 'cancel-newest'],
  ['cancel_oldest', 'cancel-oldest'],
  ['cancel_both', 'cancel-both'],
]);

const LIMIT_TYPES: ReadonlySet<OrderType> = new Set([
  'limit',
  'iceberg',
  'stop-loss-limit',
  'take-profit-limit',
  'trailing-stop-limit',
]);
const STOP_TYPES: ReadonlySet<OrderType> = new Set([
  'stop-loss',
  'stop-loss-limit',
  'take-profit',
  'take-profit-limit',
]);
const TRAILING_TYPES: ReadonlySet<OrderType> = new Set(['trailing-stop', 'trailing-stop-limit']);

/** "At least a fifteenth." */
const ICEBERG_PARTS_MAX = '15';
/** "Up to one month." */
const EXPIRY_MAX_MS = 31 * 86_400_000;

/** Whether a type of order has a limit price. */
export function isLimitType(type: OrderType): boolean {
  return LIMIT_TYPES.has(type);
}

/** Whether a type of order follows the market. */
export function isTrailing(type: OrderType): boolean {
  return TRAILING_TYPES.has(type);
}

/** Whether a type of order waits for a price. */
export function isTriggered(type: OrderType): boolean {
  return STOP_TYPES.has(type) || TRAILING_TYPES.has(type);
}

/** Throws what the venue says of a draft that breaks a rule; `nowMs` is the server's time. */
export function checkDraft(draft: OrderDraft, names: FieldNames, nowMs: number): void {
  checkPrices(draft, names);
  checkSize(draft, names);
  checkLife(draft, names, nowMs);
}

/** The same, as a text; undefined where all is well. */
export function findDraftFlaw(
  draft: OrderDraft,
  protocol: Protocol,
  nowMs: number,
): string | undefined {
  try {
    checkDraft(draft, FIELD_NAMES[protocol], nowMs);
    return undefined;
  } catch (error) {
    if (error instanceof OrderFlaw) return error.message;
    throw error;
  }
}

function checkPrices(draft: OrderDraft, names: FieldNames) {
  const { orderType, limitPrice = draft.limitBy, stopPrice, trailBy } = draft;
  if (isLimitType(orderType) !== (limitPrice !== undefined)) throw wrongArgument(names.limitPrice);
  if (STOP_TYPES.has(orderType) !== (stopPrice !== undefined)) throw wrongArgument(names.trigger);
  if (isTrailing(orderType) !== (trailBy !== undefined)) throw wrongArgument(names.trigger);
}

function checkSize(draft: OrderDraft, names: FieldNames): void {
  const { orderType, side, size, value, displaySize } = draft;
  if (value !== undefined && (orderType !== 'market' || side !== 'buy' || size !== undefined)) {
    throw wrongArgument(names.value);
  }
  if (value === undefined && size === undefined) throw wrongArgument(names.size);
  if ((orderType === 'iceberg') !== (displaySize !== undefined)) {
    throw wrongArgument(orderType === 'iceberg' ? names.orderType : names.displaySize);
  }
  if (displaySize === undefined || size === undefined) return;
  const isEnough = compareDecimals(multiplyDecimals(displaySize, ICEBERG_PARTS_MAX), size) >= 0;
  if (!isEnough || compareDecimals(displaySize, size) > 0) throw wrongArgument(names.displaySize);
}

function checkLife(draft: OrderDraft, names: FieldNames, nowMs: number): void {
  const { orderType, timeInForce, expiresAtMs, postOnly } = draft;
  if ((timeInForce === 'gtd') !== (expiresAtMs !== undefined)) throw wrongArgument(names.expires);
  if (expiresAtMs !== undefined) {
    const isInReach = expiresAtMs > nowMs && expiresAtMs <= nowMs + EXPIRY_MAX_MS;
    if (!isInReach) throw wrongArgument(names.expires);
  }
  if (timeInForce === 'fok' && orderType !== 'limit') throw wrongArgument(names.timeInForce);
  if (!postOnly) return;
  const isResting = isLimitType(orderType) && timeInForce !== 'ioc' && timeInForce !== 'fok';
  if (!isResting) throw wrongArgument(names.postOnly);
}

/** "`no_mpp`: market orders only", in the words of v1 in both protocols. */
export function refuseNoMpp(orderType: OrderType): void {
  if (orderType === 'market') return;
  throw wrongArgument('no_mpp order option is only available when ordertype = market');
}

/** No margin is given here. */
export function refuseMargin(): never {
  throw new OrderFlaw('EOrder:Margin allowance exceeded');
}
