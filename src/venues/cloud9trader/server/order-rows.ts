/** What the engine tells, as rows of the private topics. Pure. */
import { subtractDecimals } from '../../../book/decimal-arithmetic.js';
import type { ListedInstrument } from '../../../model/exchange.js';
import type {
  EngineBalance,
  EngineFill,
  EngineOrder,
  EngineOrderStatus,
  EngineRefusal,
} from '../../../model/matching.js';
import type { AccountRow } from './account.js';
import type { OrderSubmission } from './submission.js';

/** The one account that a key has at a broker. */
export const ACCOUNT_NO = '1';

/** The engine's states → those of the library's types, but for an open one. */
const STATUSES: Readonly<Record<EngineOrderStatus, string>> = {
  pending: 'NEW',
  untriggered: 'NEW',
  open: 'NEW',
  filled: 'FILLED',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
};

/** Why an exchange rejects an order. No text of the venue's is known: these are ours. */
const REFUSAL_TEXTS: Readonly<Record<EngineRefusal, string>> = {
  'symbol-unknown': 'Unknown symbol',
  'market-closed': 'The market is closed',
  'insufficient-funds': 'Insufficient funds',
  'size-below-minimum': 'The quantity is below the minimum',
  'value-below-minimum': 'The value of the order is below the minimum',
  'price-off-tick': 'The price is not a multiple of the tick size',
  'size-off-step': 'The quantity is not a multiple of the step size',
  'price-invalid': 'The price is invalid',
  'order-unknown': 'Unknown order',
  'client-order-id-taken': 'The clientOrderId is in use',
  'would-take-liquidity': 'The order would take liquidity',
  'no-liquidity': 'There is no liquidity',
  'reduce-only': 'The order would not reduce a position',
  'type-unsupported': 'The exchange does not support this type of order',
  'too-many-orders': 'Too many open orders',
  'deadline-passed': 'The order came too late',
};

/** What a refusal of the engine is called. */
export function describeRefusal(refusal: EngineRefusal): string {
  return REFUSAL_TEXTS[refusal];
}

/** Splits `<symbol>:<broker>` at the last colon. */
export function splitInstrumentId(instrumentId: string): { symbol: string; broker: string } {
  const colon = instrumentId.lastIndexOf(':');
  return { symbol: instrumentId.slice(0, colon), broker: instrumentId.slice(colon + 1) };
}

function describeStatus({ status, filledSize, remainingSize }: EngineOrder): string {
  if (status !== 'open' || filledSize === '0') return STATUSES[status];
  // The engine ends an order after its last fill; here the two are one.
  return remainingSize === '0' ? 'FILLED' : 'PARTIALLY_FILLED';
}

function withoutAbsent(fields: Readonly<Record<string, string | undefined>>): AccountRow {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as AccountRow;
}

/** A row of `orders`; fields in the order of the library's type. */
export function toOrderRow(order: EngineOrder, quote: string): AccountRow {
  const { symbol, broker } = splitInstrumentId(order.symbol);
  const { type, timeInForce } = order.venueFields;
  return withoutAbsent({
    broker,
    id: order.orderId,
    brokerOrderId: order.orderId,
    clientOrderId: order.clientOrderId,
    accountNo: ACCOUNT_NO,
    currency: quote,
    instrumentId: order.symbol,
    symbol,
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    quantity: order.size,
    quantityFilled: order.filledSize,
    quantityRemaining: order.remainingSize,
    type: typeof type === 'string' ? type : toWireWord(order.orderType),
    time: toMilliseconds(order.placedAt),
    timeInForce: typeof timeInForce === 'string' ? timeInForce : toWireWord(order.timeInForce),
    price: order.limitPrice,
    stopPrice: order.stopPrice,
    status: describeStatus(order),
    detail: order.endedBecause,
    settlementCurrency: quote,
    averagePrice: order.averagePrice,
  });
}

/** A row of `orders` for one that the exchange did not take: it never was in the engine. */
export function toRejectedRow(
  { broker, symbol, order }: OrderSubmission,
  parts: { readonly id: string; readonly time: string; readonly refusal: EngineRefusal },
): AccountRow {
  const { type, timeInForce } = order.venueFields;
  return withoutAbsent({
    broker,
    id: parts.id,
    clientOrderId: order.clientOrderId,
    accountNo: ACCOUNT_NO,
    instrumentId: `${symbol}:${broker}`,
    symbol,
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    quantity: order.size,
    quantityFilled: '0',
    quantityRemaining: order.size,
    type: String(type),
    time: toMilliseconds(parts.time),
    timeInForce: String(timeInForce),
    price: order.limitPrice,
    stopPrice: order.stopPrice,
    status: 'REJECTED',
    detail: describeRefusal(parts.refusal),
  });
}

/** A row of `executions`. `maker` is written as a flag by the encoder. */
export function toExecutionRow(fill: EngineFill, order: EngineOrder): AccountRow {
  const { symbol, broker } = splitInstrumentId(fill.symbol);
  const { type } = order.venueFields;
  return withoutAbsent({
    broker,
    accountNo: ACCOUNT_NO,
    id: fill.fillId,
    symbol,
    instrumentId: fill.symbol,
    time: toMilliseconds(fill.time),
    orderId: fill.orderId,
    side: fill.side === 'buy' ? 'BUY' : 'SELL',
    quantity: fill.size,
    price: fill.price,
    orderType: typeof type === 'string' ? type : toWireWord(order.orderType),
    orderPrice: order.limitPrice,
    orderStatus: describeStatus(order),
    maker: String(fill.liquidity === 'maker'),
    fee: fill.fee,
    feeCurrency: fill.feeAsset,
    quantityRemaining: order.remainingSize,
  });
}

/** A row of `balances`: what is not available is held for orders. */
export function toBalanceRow(balance: EngineBalance, broker: string): AccountRow {
  const { asset, total, available } = balance;
  return {
    broker,
    accountNo: ACCOUNT_NO,
    currency: asset,
    balance: total,
    equity: total,
    availableMargin: available,
    orderMargin: subtractDecimals(total, available),
  };
}

/** The broker that holds an asset: that of the first instrument that is traded in it. */
export function findBroker(
  instruments: readonly ListedInstrument[],
  asset: string,
): string | undefined {
  const one = instruments.find(({ base, quote }) => base === asset || quote === asset);
  return one && splitInstrumentId(one.symbol).broker;
}

function toWireWord(word: string): string {
  return word.toUpperCase().replaceAll('-', '_');
}

/** Times as JavaScript writes them, to the millisecond. */
function toMilliseconds(time: string): string {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return `${whole}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}
