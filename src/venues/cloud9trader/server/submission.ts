/**
 * What a client submits, read from one message. Pure. Fields and their rules are those of the page
 * submitting-orders; `instrument` and `price` are the names of the library's types for two of them.
 * Numbers keep the digits of the wire.
 */
import { compareDecimals, parseIncrement } from '../../../book/decimal-arithmetic.js';
import type { EngineOrderRequest, EngineTarget } from '../../../model/matching.js';
import type { OrderType, TimeInForce } from '../../../model/order-entry.js';

/** An order that is well-formed; whether the exchange takes it is another matter. */
export interface OrderSubmission {
  readonly kind: 'order';
  readonly broker: string;
  /** The exchange's own identifier, without the broker. */
  readonly symbol: string;
  readonly order: Omit<EngineOrderRequest, 'account' | 'symbol'>;
}

/** Ours: the venue documents no cancel (README.md). */
export interface CancelSubmission {
  readonly kind: 'cancel';
  readonly broker: string | undefined;
  readonly target: EngineTarget;
}

/** A submission, or what is wrong with it. */
export type Submission =
  OrderSubmission | CancelSubmission | { readonly kind: 'refused'; readonly text: string };

/** The body of a submission as it was parsed, and the same with its numbers as texts. */
export interface SubmittedBody {
  readonly values: unknown;
  readonly digits: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** The types of the page → the engine's words. */
const ORDER_TYPES: ReadonlyMap<string, OrderType> = new Map([
  ['MARKET', 'market'],
  ['LIMIT', 'limit'],
  ['STOP', 'stop'],
  ['STOP_LIMIT', 'stop-limit'],
  ['MARKET_IF_TOUCHED', 'market-if-touched'],
  ['LIMIT_IF_TOUCHED', 'limit-if-touched'],
  ['PEGGED', 'pegged'],
]);

/** The times in force of the page → the engine's words. */
const TIMES_IN_FORCE: ReadonlyMap<string, TimeInForce> = new Map([
  ['GTC', 'gtc'],
  ['DAY', 'day'],
  ['IOC', 'ioc'],
  ['FOK', 'fok'],
  ['OPG', 'opg'],
]);

const SIDES: ReadonlyMap<string, 'buy' | 'sell'> = new Map([
  ['BUY', 'buy'],
  ['SELL', 'sell'],
]);

const NEEDS_LIMIT_PRICE: readonly string[] = ['LIMIT', 'STOP_LIMIT'];
const NEEDS_STOP_PRICE: readonly string[] = ['STOP', 'STOP_LIMIT'];
const TEXT_CHARACTERS_MAX = 100;

/** A field that is not what it should be. */
class Flaw extends Error {}

/** Reads a submission; whatever it holds, it does not throw. */
export function readSubmission(name: string, body: SubmittedBody): Submission {
  try {
    const values = toFields(body.values);
    const digits = toFields(body.digits);
    if (name === 'order') return readOrder(values, digits);
    if (name === 'cancel') return readCancel(values);
    return { kind: 'refused', text: 'Unknown submission; there are: order, cancel' };
  } catch (error) {
    if (error instanceof Flaw) return { kind: 'refused', text: error.message };
    throw error;
  }
}

function readOrder(values: Fields, digits: Fields): OrderSubmission {
  const type = readText(values, 'type');
  const orderType = pick(ORDER_TYPES, type, 'type');
  const time = findText(values, 'timeInForce');
  const limitPrice = findPositive(values, digits, ['limitPrice', 'price']);
  const stopPrice = findPositive(values, digits, ['stopPrice']);
  const size = findPositive(values, digits, ['quantity']);
  if (size === undefined) throw new Flaw('Missing field: quantity');
  if (limitPrice === undefined && NEEDS_LIMIT_PRICE.includes(type)) {
    throw new Flaw(`Missing field: limitPrice is required for ${type}`);
  }
  if (stopPrice === undefined && NEEDS_STOP_PRICE.includes(type)) {
    throw new Flaw(`Missing field: stopPrice is required for ${type}`);
  }
  return {
    kind: 'order',
    broker: readText(values, 'broker'),
    symbol: findText(values, 'symbol') ?? readText(values, 'instrument', 'symbol'),
    order: {
      side: pick(SIDES, readText(values, 'side'), 'side'),
      orderType,
      size,
      limitPrice,
      stopPrice,
      timeInForce: time === undefined ? 'gtc' : pick(TIMES_IN_FORCE, time, 'timeInForce'),
      postOnly: false,
      reduceOnly: false,
      selfTrade: 'cancel-newest',
      clientOrderId: findText(values, 'clientOrderId'),
      venueFields: { type, timeInForce: time ?? 'GTC' },
    },
  };
}

function readCancel(values: Fields): CancelSubmission {
  const orderId = findText(values, 'id');
  const clientOrderId = findText(values, 'clientOrderId');
  if ((orderId === undefined) === (clientOrderId === undefined)) {
    throw new Flaw('One of two fields is due: id or clientOrderId');
  }
  const target = orderId === undefined ? { clientOrderId } : { orderId };
  return { kind: 'cancel', broker: findText(values, 'broker'), target };
}

function toFields(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Flaw('Malformed message: an object is due third');
}

function findText(values: Fields, name: string): string | undefined {
  const value = values[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= TEXT_CHARACTERS_MAX) {
    return value;
  }
  throw new Flaw(`Invalid field: ${name} should be a text of up to ${TEXT_CHARACTERS_MAX}`);
}

function readText(values: Fields, name: string, shownAs: string = name): string {
  const text = findText(values, name);
  if (text !== undefined) return text;
  throw new Flaw(`Missing field: ${shownAs}`);
}

function pick<Value>(table: ReadonlyMap<string, Value>, text: string, name: string): Value {
  const value = table.get(text);
  if (value !== undefined) return value;
  throw new Flaw(`Invalid field: ${name} should be one of ${[...table.keys()].join(', ')}`);
}

/** "Numbers are JSON numbers": a text is refused, so that clients learn of it here. */
function findPositive(
  values: Fields,
  digits: Fields,
  names: readonly string[],
): string | undefined {
  const name = names.find((one) => values[one] !== undefined && values[one] !== null);
  if (name === undefined) return undefined;
  const text = digits[name];
  const isNumber = typeof values[name] === 'number' && typeof text === 'string';
  const decimal = isNumber ? parseIncrement(text) : undefined;
  if (decimal !== undefined && compareDecimals(decimal, '0') > 0) return decimal;
  throw new Flaw(`Invalid field: ${name} should be a number above zero`);
}
