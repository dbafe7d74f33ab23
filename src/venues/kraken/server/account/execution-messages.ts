/**
 * What `executions` tells of orders (websocket-v2/executions; lives of orders recorded 2024-05 to
 * 2025-02): a new order whole, and then only what changed. Pure.
 */
import { compareDecimals } from '../../../../book/decimal-arithmetic.js';
import type { EngineEvent, EngineFill, EngineOrder } from '../../../../model/matching.js';
import { quote, writeObject, type JsonField } from '../json-text.js';
import { printDecimal } from '../number-text.js';
import type { Pair } from '../pairs.js';
import { toMicroseconds, toWholeSeconds } from '../time-text.js';
import type { AccountMessage } from './account-message.js';
import { notesOf } from './order-command.js';
import { isTrailing, isTriggered } from './order-draft.js';
import { toVenueId } from './venue-ids.js';

/** Why an order ended, in the venue's words where they are known: the first two. */
const REASONS: Readonly<Record<NonNullable<EngineOrder['endedBecause']>, string>> = {
  user: 'User requested',
  'post-only': 'Post only order',
  ioc: 'Immediate or cancel',
  fok: 'Fill or kill',
  'self-trade': 'Self trade prevention',
  timer: 'Cancel all orders after',
  market: 'Market closed',
};

/** What an order's end is called. */
export function describeEnd({ endedBecause }: EngineOrder): string {
  return REASONS[endedBecause ?? 'user'];
}

/** Costs have at least five decimals (recorded 2024-05 and 2025-02). */
const COST_DECIMALS_LEAST = 5;
const USD = 'USD';

/** The events that are about orders. */
export type OrderEvent = Exclude<EngineEvent, { readonly type: 'ledger.posted' }>;

/** How numbers of a pair are printed; of one that is not listed any more, as they are. */
function printerOf(pair: Pair | undefined) {
  const decimals = pair?.v2 ?? { price: 0, size: 0 };
  const costDecimals = pair ? Math.max(COST_DECIMALS_LEAST, decimals.price) : 0;
  return {
    price: (value: string) => printDecimal(value, decimals.price),
    size: (value: string) => printDecimal(value, decimals.size),
    cost: (value: string) => printDecimal(value, costDecimals),
    /** Fees are in the quote currency; what they are in dollars is known where that is one. */
    usd: (fees: string) =>
      pair?.instrument.quote === USD ? printDecimal(fees, costDecimals) : undefined,
  };
}

type Printer = ReturnType<typeof printerOf>;

function optional<Value>(value: Value | undefined, print: (value: Value) => string) {
  return value === undefined ? undefined : print(value);
}

function flag(isSet: boolean): string | undefined {
  return isSet ? 'true' : undefined;
}

/** Where an order stands. */
function statusOf({ status, filledSize }: EngineOrder): string {
  if (status === 'pending') return 'pending_new';
  if (status !== 'open' && status !== 'untriggered') return status;
  return compareDecimals(filledSize, '0') > 0 ? 'partially_filled' : 'new';
}

function userrefOf(order: EngineOrder): string {
  return notesOf(order).userref ?? '0';
}

function triggersOf(
  order: EngineOrder,
  print: Printer,
  marks: readonly JsonField[] = [],
): string | undefined {
  const { orderType, stopPrice, trailBy, status } = order;
  const price = stopPrice ?? trailBy;
  if (!isTriggered(orderType) || price === undefined) return undefined;
  const isWaiting = status === 'untriggered' || status === 'pending';
  return writeObject([
    ['reference', quote(notesOf(order).triggerReference)],
    ['price', print.price(price)],
    ['price_type', isTrailing(orderType) ? '"quote"' : '"static"'],
    ['status', isWaiting ? '"untriggered"' : '"triggered"'],
    ...marks,
  ]);
}

/** Whether the limit is a price, or a distance to a trigger that follows the market. */
function limitTypeOf({ limitPrice, limitBy }: EngineOrder): string | undefined {
  if (limitPrice !== undefined) return '"static"';
  return limitBy === undefined ? undefined : '"quote"';
}

/** What an order is, whatever became of it. */
function describeTerms(order: EngineOrder, print: Printer): readonly JsonField[] {
  const { stopPrice, displaySize, expiresAtMs, orderType } = order;
  const notes = notesOf(order);
  return [
    ['order_id', quote(toVenueId('O', order.orderId))],
    ['symbol', quote(order.symbol)],
    ['order_qty', optional(order.size, print.size)],
    ['cash_order_qty', optional(order.value, print.cost)],
    ['display_qty', optional(displaySize, print.size)],
    ['time_in_force', quote(order.timeInForce.toUpperCase())],
    ['side', quote(order.side)],
    ['order_type', quote(orderType)],
    ['cl_ord_id', optional(order.clientOrderId, quote)],
    ['order_userref', userrefOf(order)],
    ['limit_price_type', limitTypeOf(order)],
    ['triggers', triggersOf(order, print)],
    ['limit_price', optional(order.limitPrice ?? order.limitBy, print.price)],
    // Deprecated, and sent all the same: zero where there is no trigger.
    ['stop_price', print.price(stopPrice ?? '0')],
    ['trigger', isTriggered(orderType) ? quote(notes.triggerReference) : undefined],
    ['expire_time', optional(expiresAtMs, (timeMs) => quote(toWholeSeconds(timeMs)))],
    ['post_only', flag(order.postOnly)],
    ['reduce_only', flag(order.reduceOnly)],
    ['amended', flag(order.amended)],
    ['fee_ccy_pref', quote(notes.feePreference)],
  ];
}

/** An open order, as a snapshot has it. */
export function describeOpenOrder(order: EngineOrder, pair: Pair | undefined): AccountMessage {
  const print = printerOf(pair);
  const fields: readonly JsonField[] = [
    ...describeTerms(order, print),
    ['cum_qty', print.size(order.filledSize)],
    ['cum_cost', print.cost(order.filledValue)],
    ['avg_price', print.price(order.averagePrice)],
    ['exec_type', '"new"'],
    ['order_status', quote(statusOf(order))],
    ['fee_usd_equiv', print.usd(order.fees)],
    ['timestamp', quote(toMicroseconds(order.placedAt))],
  ];
  return { symbol: order.symbol, type: 'new', fields };
}

/** A fill of the past, as a snapshot has it; of an order that is long over less may be known. */
export function describePastFill(
  fill: EngineFill,
  order: EngineOrder | undefined,
  pair: Pair | undefined,
): AccountMessage {
  const print = printerOf(pair);
  const fields: readonly JsonField[] = [
    ['order_id', quote(toVenueId('O', fill.orderId))],
    ['order_userref', order ? userrefOf(order) : '0'],
    ['cl_ord_id', optional(order?.clientOrderId, quote)],
    ...describeFill(fill, print),
    ['order_status', '"filled"'],
    ['order_type', optional(order?.orderType, quote)],
    ['timestamp', quote(toMicroseconds(fill.time))],
  ];
  return { symbol: fill.symbol, type: 'trade', fields };
}

function describeFill(fill: EngineFill, print: Printer): readonly JsonField[] {
  const { tradeId, feeAsset } = fill;
  const fee = writeObject([
    ['asset', quote(feeAsset)],
    ['qty', print.cost(fill.fee)],
  ]);
  return [
    ['exec_id', quote(toVenueId('T', fill.fillId))],
    ['exec_type', '"trade"'],
    // The number of the trade in the market data: one that is none would not be JSON.
    ['trade_id', /^(0|[1-9]\d{0,18})$/.test(tradeId) ? tradeId : undefined],
    ['symbol', quote(fill.symbol)],
    ['side', quote(fill.side)],
    ['last_qty', print.size(fill.size)],
    ['last_price', print.price(fill.price)],
    ['liquidity_ind', fill.liquidity === 'maker' ? '"m"' : '"t"'],
    ['cost', print.cost(fill.value)],
    ['fee_usd_equiv', print.usd(fill.fee)],
    ['fees', `[${fee}]`],
  ];
}

/** What is told of an event. */
export function describeExecution(event: OrderEvent, pair: Pair | undefined): AccountMessage {
  const { order } = event;
  const print = printerOf(pair);
  const [type, fields] = describeEvent(event, print);
  return { symbol: order.symbol, type, fields };
}

function describeEvent(event: OrderEvent, print: Printer): [string, readonly JsonField[]] {
  const { order } = event;
  switch (event.type) {
    case 'order.accepted':
      return ['pending_new', describeNew(order, print)];
    case 'order.opened':
      return ['new', [...frameOf(order, 'new', 'new'), ...nameOf(order)]];
    case 'order.triggered': {
      const marks: readonly JsonField[] = [['timestamp', quote(toMicroseconds(order.changedAt))]];
      const triggers: JsonField = ['triggers', triggersOf(order, print, marks)];
      return ['status', [...frameOf(order, 'status', 'new'), triggers, ...nameOf(order)]];
    }
    case 'order.filled':
      return ['trade', describeTrade(order, event.fill, print)];
    case 'order.amended':
      return ['amended', describeAmended(order, print)];
    case 'order.completed':
      return ['filled', describeEnded(order, 'filled', print)];
    case 'order.expired':
      return ['expired', describeEnded(order, 'expired', print)];
    case 'order.canceled': {
      const reason = quote(describeEnd(order));
      const reasons: readonly JsonField[] = [
        ['cancel_reason', reason],
        ['reason', reason],
      ];
      return ['canceled', [...describeEnded(order, 'canceled', print), ...reasons]];
    }
  }
}

function frameOf(order: EngineOrder, execType: string, status: string): readonly JsonField[] {
  return [
    ['timestamp', quote(toMicroseconds(order.changedAt))],
    ['order_status', quote(status)],
    ['exec_type', quote(execType)],
  ];
}

/** By which an order is known again: not the client's id, which comes with the whole order only. */
function nameOf(order: EngineOrder): readonly JsonField[] {
  return [
    ['order_userref', userrefOf(order)],
    ['post_only', flag(order.postOnly)],
    ['order_id', quote(toVenueId('O', order.orderId))],
  ];
}

function describeNew(order: EngineOrder, print: Printer): readonly JsonField[] {
  return [
    ...describeTerms(order, print),
    ['cum_cost', print.cost('0')],
    ['exec_type', '"pending_new"'],
    ['order_status', '"pending_new"'],
    ['fee_usd_equiv', print.usd('0')],
    ['timestamp', quote(toMicroseconds(order.placedAt))],
  ];
}

/** "partially_filled even where it completes the order" (websocket-v2/executions). */
function describeTrade(order: EngineOrder, fill: EngineFill, print: Printer): readonly JsonField[] {
  return [
    ['order_id', quote(toVenueId('O', order.orderId))],
    ['order_userref', userrefOf(order)],
    ...describeFill(fill, print),
    ['order_qty', optional(order.size, print.size)],
    ['cum_qty', print.size(order.filledSize)],
    ['cum_cost', print.cost(order.filledValue)],
    ['avg_price', print.price(order.averagePrice)],
    ['limit_price', optional(order.limitPrice, print.price)],
    ['time_in_force', quote(order.timeInForce.toUpperCase())],
    ['post_only', flag(order.postOnly)],
    ['order_status', '"partially_filled"'],
    ['order_type', quote(order.orderType)],
    ['timestamp', quote(toMicroseconds(fill.time))],
  ];
}

function describeAmended(order: EngineOrder, print: Printer): readonly JsonField[] {
  return [
    ...frameOf(order, 'amended', statusOf(order)),
    ['cum_qty', print.size(order.filledSize)],
    ['reason', quote(REASONS.user)],
    ['amended', 'true'],
    ['order_qty', optional(order.size, print.size)],
    ['display_qty', optional(order.displaySize, print.size)],
    ['limit_price', optional(order.limitPrice ?? order.limitBy, print.price)],
    ['limit_price_type', limitTypeOf(order)],
    ['triggers', triggersOf(order, print)],
    ...nameOf(order),
  ];
}

function describeEnded(order: EngineOrder, word: string, print: Printer): readonly JsonField[] {
  return [
    ...frameOf(order, word, word),
    ['cum_qty', print.size(order.filledSize)],
    ['cum_cost', print.cost(order.filledValue)],
    ['fee_usd_equiv', print.usd(order.fees)],
    ['avg_price', print.price(order.averagePrice)],
    ...nameOf(order),
  ];
}
