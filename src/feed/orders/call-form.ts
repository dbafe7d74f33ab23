/**
 * Reads what a program gives to order entry. What was read is a copy: nothing that the program does
 * to its object afterwards, and no getter, can change an order on its way out. What nobody reads is
 * refused, because a misspelt option is a wish that is not heard: `postOnyl` would leave an order
 * to take what it was to rest beside.
 */
import { ConfigError } from '../../model/error.js';
import { JsonNumber } from '../../model/json-number.js';
import type { OrderCallOptions, PlaceOptions, SwitchOptions } from '../../model/order-calls.js';
import type { NewOrder, OrderChange, OrderTarget } from '../../model/order-entry.js';
import { checkNames, explainUnknownName } from '../../model/option-names.js';

/** Reads one field; throws ORDER_INVALID with its name. */
type FieldReader = (value: unknown, name: string) => unknown;

/** Complete by its type: a new field that is left out here does not compile. */
type Form<T> = Readonly<Record<keyof T, FieldReader>>;

/** Deeper than any venue's fields; a list within itself ends here. */
const JSON_DEPTH_MAX = 20;
/** More than any venue takes in one message; the venue's own limit is smaller. */
const LIST_LENGTH_MAX = 1_000;

const ORDER_FORM: Form<NewOrder> = {
  symbol: readText,
  side: readText,
  orderType: readText,
  size: readText,
  value: readText,
  limitPrice: readText,
  stopPrice: readText,
  timeInForce: readText,
  expiresAtMs: readNumber,
  postOnly: readBoolean,
  reduceOnly: readBoolean,
  displaySize: readText,
  clientOrderId: readText,
  venueFields: readVenueFields,
};

const TARGET_FORM: Form<OrderTarget> = { orderId: readText, clientOrderId: readText };

const CHANGE_FORM: Form<OrderChange> = {
  target: readTarget,
  symbol: readText,
  size: readText,
  limitPrice: readText,
  stopPrice: readText,
  displaySize: readText,
  postOnly: readBoolean,
  venueFields: readVenueFields,
};

const CALL_FORM: Form<OrderCallOptions> = { deadlineMs: readNumber };
const PLACE_FORM: Form<PlaceOptions> = { ...CALL_FORM, validate: readBoolean };

const SWITCH_OPTION_NAMES: Readonly<Record<keyof SwitchOptions, true>> = {
  timeoutSeconds: true,
  rearmEveryMs: true,
  isHealthy: true,
};

/** An order as it was given, read once. Throws ORDER_INVALID, as all of these do. */
export function readOrder(given: unknown): NewOrder {
  const { symbol, side, orderType, ...rest } = readForm<NewOrder>('an order', given, ORDER_FORM);
  return {
    symbol: demand('symbol', symbol),
    side: demand('side', side),
    orderType: demand('orderType', orderType),
    ...rest,
  };
}

/** A list of orders, with one at least. */
export function readOrders(given: unknown): readonly NewOrder[] {
  return readList('orders', given).map(readOrder);
}

/** Which order is meant. */
export function readTarget(given: unknown): OrderTarget {
  return readForm<OrderTarget>('the name of an order', given, TARGET_FORM);
}

/** Which orders are meant. */
export function readTargets(given: unknown): readonly OrderTarget[] {
  return readList('targets', given).map(readTarget);
}

/** What is to be changed of an order. */
export function readChange(given: unknown): OrderChange {
  const { target, ...rest } = readForm<OrderChange>('a change of an order', given, CHANGE_FORM);
  return { target: demand('target', target), ...rest };
}

/** Options of a call that cannot be tried out. */
export function readCallOptions(given: unknown): OrderCallOptions {
  return readForm<OrderCallOptions>('the options of this call', given, CALL_FORM);
}

/** Options of a call that can. */
export function readPlaceOptions(given: unknown): PlaceOptions {
  return readForm<PlaceOptions>('the options of this call', given, PLACE_FORM);
}

/** Throws OPTION_INVALID for options of a dead-man's switch that nobody would read. */
export function checkSwitchNames(given: unknown): void {
  checkNames("the options of a dead-man's switch", given, SWITCH_OPTION_NAMES);
}

function readForm<T>(what: string, given: unknown, form: Form<T>): Partial<T> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return refuse(what, `${capitalize(what)}: an object with its fields by name is wanted.`);
  }
  const readers = form as Readonly<Record<string, FieldReader>>;
  const fields = Object.entries(given as Readonly<Record<string, unknown>>).map(([name, value]) => {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!read) {
      const { text, facts } = explainUnknownName(what, name, Object.keys(readers));
      throw new ConfigError('ORDER_INVALID', text, { facts: { field: facts.option, ...facts } });
    }
    return [name, value === undefined ? undefined : read(value, name)] as const;
  });
  // What is undefined is left out, so that it is one and the same to whoever reads on.
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as Partial<T>;
}

function demand<T>(name: string, value: T | undefined): T {
  return value ?? refuse(name, `The ${name} is missing.`);
}

function readList(name: string, given: unknown): readonly unknown[] {
  if (!Array.isArray(given)) return refuse(name, `The ${name} are a list.`);
  if (given.length === 0) return refuse(name, `The list of ${name} is empty.`);
  if (given.length > LIST_LENGTH_MAX) return refuse(name, `The list of ${name} is too long.`);
  return [...(given as readonly unknown[])];
}

function readText(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  const hint = typeof value === 'number' ? ' A number might not keep its digits.' : '';
  return refuse(name, `The ${name} is a text, in quotes.${hint}`);
}

function readNumber(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return refuse(name, `The ${name} is a number.`);
}

function readBoolean(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value;
  return refuse(name, `The ${name} is true or false.`);
}

function readVenueFields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('venueFields', "The venueFields are an object with the venue's fields by name.");
  }
  return copyJson(value, 0) as Readonly<Record<string, unknown>>;
}

/** What JSON would change or pass over on the way out must not look as if it were sent. */
function copyJson(value: unknown, depth: number): unknown {
  if (depth > JSON_DEPTH_MAX) return refuseVenueFields('are nested too deeply');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof JsonNumber) return value;
  if (typeof value !== 'object') return refuseVenueFields(`hold a ${describe(value)}`);
  if (Array.isArray(value)) return value.map((one) => copyJson(one, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return refuseVenueFields('hold an object that is no plain one');
  }
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(fields.map(([name, one]) => [name, copyJson(one, depth + 1)]));
}

function refuseVenueFields(flaw: string): never {
  return refuse(
    'venueFields',
    `The venueFields ${flaw}: texts, finite numbers, true, false, null, lists and plain objects ` +
      'can be sent as JSON.',
  );
}

function describe(value: unknown): string {
  return typeof value === 'number' ? 'number that is not finite' : typeof value;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function refuse(field: string, sentence: string): never {
  throw new ConfigError('ORDER_INVALID', sentence, { facts: { field } });
}
