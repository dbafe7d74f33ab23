import { compareDecimals, parseIncrement } from '../../book/decimal-arithmetic.js';
import { ConfigError } from '../../model/error.js';
import type {
  NewOrder,
  OrderCommand,
  OrderEntryRule,
  OrderTarget,
  OrderType,
  TimeInForce,
} from '../../model/order-entry.js';
import { isPlainDecimal } from '../../wire/decimals.js';
import { isInstrumentId } from './topics.js';
import { SYMBOL_RULE } from './symbols.js';

/** What the venue calls our kinds of order (submitting-orders). */
export const ORDER_TYPES: ReadonlyMap<OrderType, string> = new Map([
  ['market', 'MARKET'],
  ['limit', 'LIMIT'],
  ['stop', 'STOP'],
  ['stop-limit', 'STOP_LIMIT'],
  ['market-if-touched', 'MARKET_IF_TOUCHED'],
  ['limit-if-touched', 'LIMIT_IF_TOUCHED'],
  ['pegged', 'PEGGED'],
]);

/** What the venue calls our times in force (submitting-orders). */
export const TIMES_IN_FORCE: ReadonlyMap<TimeInForce, string> = new Map([
  ['gtc', 'GTC'],
  ['day', 'DAY'],
  ['ioc', 'IOC'],
  ['fok', 'FOK'],
  ['opg', 'OPG'],
]);

/** Fields that a submission has by itself; nobody may write over them. */
const OWN_FIELDS: readonly string[] = [
  ...['broker', 'symbol', 'side', 'type', 'quantity', 'limitPrice', 'stopPrice'],
  ...['timeInForce', 'clientOrderId'],
];

/** "limitPrice: required for LIMIT, STOP_LIMIT; stopPrice: for STOP, STOP_LIMIT". */
const NEEDS_LIMIT_PRICE: readonly OrderType[] = ['limit', 'stop-limit'];
const NEEDS_STOP_PRICE: readonly OrderType[] = ['stop', 'stop-limit'];
/** Kinds that trade at any price: a limit on one is a mistake that would cost money. */
const TAKES_NO_LIMIT_PRICE: readonly OrderType[] = ['market', 'stop', 'market-if-touched'];
const TAKES_NO_STOP_PRICE: readonly OrderType[] = ['market', 'limit'];

const CLIENT_ORDER_ID = /^[\x21-\x7e]{1,100}$/;
/** The library waits as long for the answer to a submission. */
const ANSWER_TIMEOUT_MS = 5_000;

/** What may differ from the venue as it is. */
export interface OrderEntryOptions {
  /** Whether the server takes our own `cancel`; the venue documents none. */
  readonly extensions: boolean;
}

/**
 * Orders by `submit` (submitting-orders): an answer says that an order was forwarded, and what the
 * exchange makes of it comes with the orders.
 */
export function orderEntryRule({ extensions }: OrderEntryOptions): OrderEntryRule {
  return {
    channel: 'orders',
    commands: extensions ? ['add', 'cancel'] : ['add'],
    answerMeans: 'forwarded',
    answeredPerTarget: [],
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
    createClientOrderId: (random) => `tf-${Buffer.from(random.bytes(16)).toString('hex')}`,
    check: (command) => checkCommand(command, extensions),
  };
}

function checkCommand(command: OrderCommand, extensions: boolean): void {
  if (command.kind === 'add') return checkOrder(command.order, command.validate);
  if (command.kind === 'cancel' && extensions) return checkTargets(command.targets);
  if (command.kind === 'cancel') {
    return refuse(
      'cancel',
      'Cloud9Trader documents no way to cancel an order on the socket. The option "extensions" ' +
        'is for servers that take the cancel of truefeed.',
    );
  }
  refuse('kind', `Cloud9Trader documents no way to ${command.kind}: orders can be added only.`);
}

function checkTargets(targets: readonly OrderTarget[]): void {
  const [target] = targets;
  if (target === undefined || targets.length > 1) {
    return refuse('targets', 'One message cancels one order: name exactly one.');
  }
  if ((target.orderId === undefined) === (target.clientOrderId === undefined)) {
    refuse('target', 'An order is named by its orderId or its clientOrderId, one of the two.');
  }
}

function checkOrder(order: NewOrder, validate: boolean): void {
  if (validate) refuse('validate', 'Cloud9Trader cannot try an order out: leave "validate" out.');
  const flaw = SYMBOL_RULE.explainInvalid(order.symbol);
  if (flaw !== undefined || !isInstrumentId(order.symbol)) {
    refuse('symbol', flaw ?? 'The symbol is no instrument.');
  }
  if (order.side !== 'buy' && order.side !== 'sell') refuse('side', 'The side is buy or sell.');
  if (!ORDER_TYPES.has(order.orderType)) {
    const known = [...ORDER_TYPES.keys()].join(', ');
    refuse('orderType', `Cloud9Trader takes no ${order.orderType} orders; it takes: ${known}.`);
  }
  if (order.timeInForce !== undefined && !TIMES_IN_FORCE.has(order.timeInForce)) {
    const known = [...TIMES_IN_FORCE.keys()].join(', ');
    refuse('timeInForce', `Cloud9Trader has no ${order.timeInForce}; it has: ${known}.`);
  }
  checkUnsaid(order);
  checkNumbers(order);
  const { clientOrderId } = order;
  if (clientOrderId !== undefined && !CLIENT_ORDER_ID.test(clientOrderId)) {
    refuse('clientOrderId', 'A clientOrderId is 1 to 100 printable characters without spaces.');
  }
  const taken = Object.keys(order.venueFields ?? {}).find((name) => OWN_FIELDS.includes(name));
  if (taken !== undefined) {
    refuse('venueFields', `"${taken}" has a word of its own here: leave it out of venueFields.`);
  }
}

/** What would be lost on the way must not be asked for. */
function checkUnsaid(order: NewOrder): void {
  const { value, expiresAtMs, postOnly, reduceOnly, displaySize } = order;
  const asked = Object.entries({ value, expiresAtMs, postOnly, reduceOnly, displaySize });
  const unsaid = asked.find(([, one]) => one !== undefined && one !== false);
  if (unsaid === undefined) return;
  const [name] = unsaid;
  refuse(
    name,
    `Cloud9Trader documents no field for ${name}; what you know of one goes into venueFields.`,
  );
}

function checkNumbers({ orderType, size, limitPrice, stopPrice }: NewOrder): void {
  if (size === undefined) refuse('size', 'An order needs a size, in the base currency.');
  const needs = (kinds: readonly OrderType[], price: string | undefined, name: string): void => {
    if (price === undefined && kinds.includes(orderType)) {
      refuse(name, `A ${orderType} order needs a ${name}.`);
    }
  };
  const takesNo = (kinds: readonly OrderType[], price: string | undefined, name: string): void => {
    if (price !== undefined && kinds.includes(orderType)) {
      refuse(name, `A ${orderType} order takes no ${name}.`);
    }
  };
  needs(NEEDS_LIMIT_PRICE, limitPrice, 'limitPrice');
  needs(NEEDS_STOP_PRICE, stopPrice, 'stopPrice');
  takesNo(TAKES_NO_LIMIT_PRICE, limitPrice, 'limitPrice');
  takesNo(TAKES_NO_STOP_PRICE, stopPrice, 'stopPrice');
  for (const [name, decimal] of Object.entries({ size, limitPrice, stopPrice })) {
    if (decimal === undefined) continue;
    if (!isPlainDecimal(decimal) || compareDecimals(decimal, '0') <= 0) {
      refuse(name, `The ${name} is a plain decimal above zero, as text.`);
    }
    if (toJsonNumber(decimal) === undefined) {
      refuse(name, `The ${name} has more digits than a JSON number keeps on its way; round it.`);
    }
  }
}

/**
 * A decimal as the number that the wire wants, or undefined where a double does not hold all of its
 * digits: the venue's own reader would change it.
 */
export function toJsonNumber(decimal: string): number | undefined {
  const number = Number(decimal);
  const written = parseIncrement(String(number));
  return written !== undefined && compareDecimals(written, decimal) === 0 ? number : undefined;
}

function refuse(field: string, sentence: string): never {
  throw new ConfigError('ORDER_INVALID', sentence, { facts: { field } });
}
