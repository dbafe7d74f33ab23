import { compareDecimals, multiplyDecimals } from '../../book/decimal-arithmetic.js';
import type { RandomSource } from '../../model/runtime.js';
import type {
  NewOrder,
  OrderChange,
  OrderCheckContext,
  OrderCommand,
  OrderCommandKind,
  OrderEntryRule,
  OrderTarget,
  OrderType,
  TimeInForce,
} from '../../model/order-entry.js';
import {
  checkAgainstInstrument,
  checkDecimals,
  checkKind,
  checkPrices,
  checkTarget,
  checkUnsaid,
  checkVenueFields,
  refuseOrder,
  type PriceNeeds,
} from '../../wire/order-checks.js';
import { createOrderLimiter } from './order-limiter.js';

/** Kinds of order, in both protocols under these names (websocket-v2/add_order). */
const LIMIT_TYPES: readonly OrderType[] = ['limit', 'iceberg'];
const TRIGGERED: readonly OrderType[] = ['stop-loss', 'take-profit', 'trailing-stop'];
const TRIGGERED_LIMIT: readonly OrderType[] = [
  'stop-loss-limit',
  'take-profit-limit',
  'trailing-stop-limit',
];
const ORDER_TYPES: readonly OrderType[] = [
  ...LIMIT_TYPES,
  'market',
  'settle-position',
  ...TRIGGERED,
  ...TRIGGERED_LIMIT,
];

const NEEDED_PRICES: PriceNeeds = {
  limitPrice: [...LIMIT_TYPES, ...TRIGGERED_LIMIT],
  stopPrice: [...TRIGGERED, ...TRIGGERED_LIMIT],
};

/** Their prices are distances to the market, which need not be whole steps of it. */
export const TRAILING_TYPES: readonly OrderType[] = ['trailing-stop', 'trailing-stop-limit'];

/** "`cl_ord_id`: 36-character UUID, 32 hexadecimal digits, or up to 18 ASCII characters". */
const CLIENT_ORDER_ID =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|[\x21-\x7e]{1,18})$/i;

/** Longer ones are UUIDs, with dashes or without. */
const SHORT_NAME_MAX = 18;

/** "`deadline`: 0.5 to 60 seconds ahead, 5 by default". */
const DEADLINE = { minMs: 500, maxMs: 60_000, defaultMs: 5_000 } as const;

/** Twice the deadline: an answer that has not come by then will hardly come. */
const ANSWER_TIMEOUT_MS = 10_000;

/** "`display_qty`: at least a fifteenth of `order_qty`". */
const ICEBERG_PARTS_MAX = '15';
const BATCH_ADD_MAX = 15;
const BATCH_CANCEL_MAX = 50;
const TIMEOUT_SECONDS_LIMIT = 86_400;
/** The first time that RFC 3339 cannot write; microseconds in the place of milliseconds pass it. */
const YEAR_10000_MS = Date.UTC(10_000, 0);

/** What the two protocols differ in. */
interface Protocol {
  readonly commands: readonly OrderCommandKind[];
  readonly timesInForce: readonly TimeInForce[];
  /** Fields that an order says by a word of ours. */
  readonly ownFields: readonly string[];
  /** Those of a change that an order has not. */
  readonly ownChangeFields: readonly string[];
  /** What is on no page of this protocol. */
  unsaid(order: NewOrder): Readonly<Record<string, unknown>>;
  unsaidOfEdit(change: OrderChange): Readonly<Record<string, unknown>>;
}

const SHARED_COMMANDS: readonly OrderCommandKind[] = [
  'add',
  'amend',
  'edit',
  'cancel',
  'cancel-all',
  'cancel-all-after',
];

const V2: Protocol = {
  commands: [...SHARED_COMMANDS, 'batch-add', 'batch-cancel'],
  timesInForce: ['gtc', 'gtd', 'ioc', 'fok'],
  ownFields: [
    'token',
    'order_type',
    'side',
    'symbol',
    'order_qty',
    'cash_order_qty',
    'limit_price',
    'time_in_force',
    'expire_time',
    'post_only',
    'reduce_only',
    'display_qty',
    'cl_ord_id',
    'deadline',
    'validate',
  ],
  ownChangeFields: ['order_id', 'trigger_price'],
  unsaid: () => ({}),
  unsaidOfEdit: () => ({}),
};

const V1: Protocol = {
  commands: SHARED_COMMANDS,
  timesInForce: ['gtc', 'gtd', 'ioc'],
  ownFields: [
    'event',
    'reqid',
    'token',
    'ordertype',
    'type',
    'pair',
    'volume',
    'price',
    'price2',
    'timeinforce',
    'expiretm',
    'reduce_only',
    'oflags',
    'cl_ord_id',
    'deadline',
    'validate',
  ],
  ownChangeFields: [
    'txid',
    'orderid',
    'limit_price',
    'trigger_price',
    'display_volume',
    'post_only',
  ],
  unsaid: ({ value, displaySize }) => ({ value, displaySize }),
  unsaidOfEdit: ({ displaySize }) => ({ displaySize }),
};

/** Orders of v2 (websocket-v2/add_order and its siblings). */
export const ORDER_ENTRY_V2: OrderEntryRule = {
  ...entryOf(V2),
  channel: 'executions',
  instrumentsChannel: 'status',
};

/** Orders of v1, which lists no instruments: only their form can be checked here. */
export const ORDER_ENTRY_V1: OrderEntryRule = { ...entryOf(V1), channel: 'orders' };

function entryOf(protocol: Protocol): Omit<OrderEntryRule, 'channel'> {
  return {
    commands: protocol.commands,
    answerMeans: 'accepted',
    // "One response for each order", and none of them names one that was refused.
    answeredPerTarget: ['cancel'],
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
    deadline: DEADLINE,
    createClientOrderId: (random, order) => (hasUserref(order) ? undefined : createUuid(random)),
    createLimiter: createOrderLimiter,
    check: (command, context) => checkCommand(command, context, protocol),
  };
}

/** The two identities exclude each other (websocket-v2/add_order). */
function hasUserref({ venueFields = {} }: NewOrder): boolean {
  return ['order_userref', 'userref'].some((name) => Object.hasOwn(venueFields, name));
}

function createUuid(random: RandomSource): string {
  const bytes = Uint8Array.from(random.bytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function checkCommand(command: OrderCommand, context: OrderCheckContext, protocol: Protocol): void {
  const { kind } = command;
  if (!protocol.commands.includes(kind)) {
    const known = protocol.commands.join(', ');
    refuseOrder('kind', `This protocol has no ${kind}; it has: ${known}.`);
  }
  switch (kind) {
    case 'add':
      return checkOrder(command.order, context, protocol);
    case 'batch-add':
      return checkBatch(command.orders, context, protocol);
    case 'amend':
      return checkChange(command.change, context, protocol);
    case 'edit':
      return checkEdit(command.change, context, protocol);
    case 'cancel':
      return checkTargets(command.targets, [1, BATCH_CANCEL_MAX]);
    case 'batch-cancel':
      return checkTargets(command.targets, [2, BATCH_CANCEL_MAX]);
    case 'cancel-all':
      return;
    case 'cancel-all-after':
      return checkTimeout(command.timeoutSeconds);
  }
}

function checkOrder(order: NewOrder, context: OrderCheckContext, protocol: Protocol): void {
  const { timeInForce = 'gtc', clientOrderId, venueFields } = order;
  checkKind(order, 'Kraken', ORDER_TYPES);
  if (!protocol.timesInForce.includes(timeInForce)) {
    const known = protocol.timesInForce.join(', ');
    refuseOrder('timeInForce', `There is no ${timeInForce} here; there are: ${known}.`);
  }
  checkUnsaid('Kraken', protocol.unsaid(order));
  checkPrices(order, NEEDED_PRICES);
  checkDecimals(pickDecimals(order));
  checkSize(order);
  checkTimes(order);
  checkPostOnly(order);
  if (clientOrderId !== undefined && !CLIENT_ORDER_ID.test(clientOrderId)) {
    refuseOrder(
      'clientOrderId',
      'A clientOrderId is a UUID, 32 hexadecimal digits, or up to 18 characters without spaces.',
    );
  }
  if (clientOrderId !== undefined && hasUserref(order)) {
    refuseOrder('clientOrderId', 'A clientOrderId and a userref exclude each other at Kraken.');
  }
  checkVenueFields(venueFields, protocol.ownFields);
  checkInstrument(order, context);
}

function pickDecimals({ size, value, limitPrice, stopPrice, displaySize }: Partial<NewOrder>) {
  return { size, value, limitPrice, stopPrice, displaySize };
}

function checkSize({ orderType, side, size, value, displaySize }: NewOrder): void {
  if (value !== undefined && (orderType !== 'market' || side !== 'buy')) {
    refuseOrder('value', 'Only a market buy may be for a value in the quote currency.');
  }
  if ((size === undefined) === (value === undefined)) {
    refuseOrder('size', 'An order needs a size in the base currency, or a value instead.');
  }
  if ((displaySize !== undefined) !== (orderType === 'iceberg')) {
    refuseOrder('displaySize', 'An iceberg order needs a displaySize, and no other takes one.');
  }
  if (displaySize === undefined || size === undefined) return;
  const isVisible = compareDecimals(multiplyDecimals(displaySize, ICEBERG_PARTS_MAX), size) >= 0;
  if (!isVisible || compareDecimals(displaySize, size) > 0) {
    refuseOrder('displaySize', `The displaySize is between a fifteenth of the size and all of it.`);
  }
}

function checkTimes({ orderType, timeInForce, expiresAtMs }: NewOrder): void {
  if ((timeInForce === 'gtd') !== (expiresAtMs !== undefined)) {
    refuseOrder('expiresAtMs', 'An order that is good till a date needs one, and no other does.');
  }
  if (expiresAtMs !== undefined && !isExpiry(expiresAtMs)) {
    refuseOrder(
      'expiresAtMs',
      'The time of expiry is in Unix milliseconds, in whole seconds, and before the year 10000.',
    );
  }
  if (timeInForce === 'fok' && orderType !== 'limit') {
    refuseOrder('timeInForce', 'Only limit orders can be fill-or-kill.');
  }
}

function isExpiry(atMs: number): boolean {
  return atMs > 0 && atMs < YEAR_10000_MS && atMs % 1_000 === 0;
}

function checkPostOnly({ orderType, timeInForce, postOnly }: NewOrder): void {
  if (postOnly !== true) return;
  if (!NEEDED_PRICES.limitPrice.includes(orderType)) {
    refuseOrder('postOnly', `A ${orderType} order cannot be post-only: it takes what is there.`);
  }
  if (timeInForce === 'ioc' || timeInForce === 'fok') {
    refuseOrder('postOnly', `A post-only order rests, and cannot be ${timeInForce}.`);
  }
}

function checkInstrument(order: NewOrder, context: OrderCheckContext): void {
  const instrument = context.findInstrument(order.symbol);
  if (instrument === undefined) {
    if (!context.instrumentsAreKnown) return;
    refuseOrder('symbol', `Kraken lists no "${order.symbol}"; v2 writes BTC/USD, v1 XBT/USD.`);
  }
  checkStatus(order, instrument.status);
  const isTrailing = TRAILING_TYPES.includes(order.orderType);
  const { size, displaySize } = order;
  checkAgainstInstrument(isTrailing ? { size, displaySize } : pickDecimals(order), instrument);
}

/** What a pair takes in each of its states (websocket-v2/instrument); others take their chance. */
function checkStatus({ symbol, orderType, postOnly }: NewOrder, status: string): void {
  const takesNone = ['cancel_only', 'maintenance', 'delisted', 'work_in_progress'];
  const isRefused =
    takesNone.includes(status) ||
    (status === 'limit_only' && !LIMIT_TYPES.includes(orderType)) ||
    (status === 'post_only' && postOnly !== true);
  if (isRefused) refuseOrder('symbol', `${symbol} is ${status}: such an order is not taken now.`);
}

function checkBatch(
  orders: readonly NewOrder[],
  context: OrderCheckContext,
  protocol: Protocol,
): void {
  if (orders.length < 2 || orders.length > BATCH_ADD_MAX) {
    refuseOrder('orders', `A batch holds 2 to ${BATCH_ADD_MAX} orders, not ${orders.length}.`);
  }
  if (new Set(orders.map(({ symbol }) => symbol)).size > 1) {
    refuseOrder('orders', 'All orders of a batch are of one symbol.');
  }
  for (const order of orders) checkOrder(order, context, protocol);
  const names = orders.flatMap(({ clientOrderId }) => clientOrderId ?? []);
  if (new Set(names.map(plainName)).size < names.length) {
    refuseOrder('clientOrderId', 'Orders of a batch have client order ids of their own.');
  }
}

/** A UUID is the same with and without dashes, and in any case. */
function plainName(clientOrderId: string): string {
  return clientOrderId.length > SHORT_NAME_MAX
    ? clientOrderId.replaceAll('-', '').toLowerCase()
    : clientOrderId;
}

function checkChange(change: OrderChange, context: OrderCheckContext, protocol: Protocol): void {
  const { target, symbol, size, limitPrice, stopPrice, displaySize, postOnly } = change;
  checkTarget(target);
  checkDecimals({ size, limitPrice, stopPrice, displaySize });
  const changed = [size, limitPrice, stopPrice, displaySize, postOnly, change.venueFields];
  if (changed.every((one) => one === undefined)) {
    refuseOrder('change', 'Nothing is to be changed: give a size, a price or another field.');
  }
  checkVenueFields(change.venueFields, [...protocol.ownFields, ...protocol.ownChangeFields]);
  const instrument = symbol === undefined ? undefined : context.findInstrument(symbol);
  if (instrument) checkAgainstInstrument({ size, limitPrice, stopPrice, displaySize }, instrument);
}

/** "No `cl_ord_id`, no triggered or one-triggers-other orders". */
function checkEdit(change: OrderChange, context: OrderCheckContext, protocol: Protocol): void {
  const { target, symbol, stopPrice } = change;
  if (target.orderId === undefined) {
    refuseOrder('target', 'An edit names the order by its orderId: it gets another one by it.');
  }
  if (symbol === undefined) refuseOrder('symbol', 'An edit needs the symbol of the order.');
  if (context.findOrder(target)?.clientOrderId !== undefined) {
    refuseOrder('target', 'An order with a client order id cannot be edited: amend it.');
  }
  if (stopPrice !== undefined) {
    refuseOrder('stopPrice', 'A triggered order cannot be edited: amend it.');
  }
  checkUnsaid('Kraken', protocol.unsaidOfEdit(change));
  checkChange(change, context, protocol);
}

function checkTargets(
  targets: readonly OrderTarget[],
  [least, most]: readonly [number, number],
): void {
  if (targets.length < least || targets.length > most) {
    refuseOrder('targets', `One message cancels ${least} to ${most} orders.`);
  }
  targets.forEach(checkTarget);
}

function checkTimeout(timeoutSeconds: number): void {
  const isWhole = Number.isSafeInteger(timeoutSeconds);
  if (isWhole && timeoutSeconds >= 0 && timeoutSeconds < TIMEOUT_SECONDS_LIMIT) return;
  refuseOrder(
    'timeoutSeconds',
    `The timeout is a whole number of seconds below ${TIMEOUT_SECONDS_LIMIT}; 0 calls it off.`,
  );
}
