import { compareDecimals, parseIncrement } from '../../book/decimal-arithmetic.js';
import type {
  NewOrder,
  OrderCommand,
  OrderEntryRule,
  OrderTarget,
  OrderType,
  TimeInForce,
} from '../../model/order-entry.js';
import {
  checkDecimals,
  checkKind,
  checkPrices,
  checkTarget,
  checkUnsaid,
  checkVenueFields,
  refuseOrder,
  type PriceNeeds,
} from '../../wire/order-checks.js';
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
  'broker',
  'symbol',
  'side',
  'type',
  'quantity',
  'limitPrice',
  'stopPrice',
  'timeInForce',
  'clientOrderId',
];

/** "limitPrice: required for LIMIT, STOP_LIMIT; stopPrice: for STOP, STOP_LIMIT". */
const NEEDED_PRICES: PriceNeeds = {
  limitPrice: ['limit', 'stop-limit'],
  stopPrice: ['stop', 'stop-limit'],
};
/** Where the page says nothing of a price it is let through. */
const TAKEN_PRICES: PriceNeeds = {
  limitPrice: ['limit', 'stop-limit', 'limit-if-touched', 'pegged'],
  stopPrice: ['stop', 'stop-limit', 'market-if-touched', 'limit-if-touched', 'pegged'],
};

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
    return refuseOrder(
      'cancel',
      'Cloud9Trader documents no way to cancel an order on the socket. The option "extensions" ' +
        'is for servers that take the cancel of truefeed.',
    );
  }
  refuseOrder(
    'kind',
    `Cloud9Trader documents no way to ${command.kind}: orders can be added only.`,
  );
}

function checkTargets(targets: readonly OrderTarget[]): void {
  const [target] = targets;
  if (target === undefined || targets.length > 1) {
    return refuseOrder('targets', 'One message cancels one order: name exactly one.');
  }
  checkTarget(target);
}

function checkOrder(order: NewOrder, validate: boolean): void {
  if (validate)
    refuseOrder('validate', 'Cloud9Trader cannot try an order out: leave "validate" out.');
  const flaw = SYMBOL_RULE.explainInvalid(order.symbol);
  if (flaw !== undefined || !isInstrumentId(order.symbol)) {
    refuseOrder('symbol', flaw ?? 'The symbol is no instrument.');
  }
  checkKind(order, 'Cloud9Trader', [...ORDER_TYPES.keys()]);
  if (order.timeInForce !== undefined && !TIMES_IN_FORCE.has(order.timeInForce)) {
    const known = [...TIMES_IN_FORCE.keys()].join(', ');
    refuseOrder('timeInForce', `Cloud9Trader has no ${order.timeInForce}; it has: ${known}.`);
  }
  const { value, expiresAtMs, postOnly, reduceOnly, displaySize, clientOrderId } = order;
  checkUnsaid('Cloud9Trader', { value, expiresAtMs, postOnly, reduceOnly, displaySize });
  checkNumbers(order);
  if (clientOrderId !== undefined && !CLIENT_ORDER_ID.test(clientOrderId)) {
    refuseOrder(
      'clientOrderId',
      'A clientOrderId is 1 to 100 printable characters without spaces.',
    );
  }
  checkVenueFields(order.venueFields, OWN_FIELDS);
}

function checkNumbers(order: NewOrder): void {
  const { size, limitPrice, stopPrice } = order;
  if (size === undefined) refuseOrder('size', 'An order needs a size, in the base currency.');
  checkPrices(order, NEEDED_PRICES, TAKEN_PRICES);
  checkDecimals({ size, limitPrice, stopPrice });
  for (const [name, decimal] of Object.entries({ size, limitPrice, stopPrice })) {
    if (decimal !== undefined && toJsonNumber(decimal) === undefined) {
      refuseOrder(
        name,
        `The ${name} has more digits than a JSON number keeps on its way; round it.`,
      );
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
