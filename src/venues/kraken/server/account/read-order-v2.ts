/**
 * Orders of protocol v2, read from the parameters of a request whose form is right. Pure. Numbers
 * keep the digits of the wire.
 */
import type { EngineChange } from '../../../../model/matching.js';
import type { Pair } from '../pairs.js';
import { unsupportedPair } from '../wish.js';
import {
  defaultFeePreference,
  type FeePreference,
  type OrderCommand,
  type OrderDraft,
  type OrderReading,
} from './order-command.js';
import {
  checkDraft,
  FIELD_NAMES,
  isTrailing,
  ORDER_TYPES,
  refuseMargin,
  refuseNoMpp,
  SELF_TRADES,
  SIDES,
  TIMES_IN_FORCE,
  TRIGGER_REFERENCES,
} from './order-draft.js';
import { readSafely, type OrderSubject, type ReadingContext } from './order-reading.js';
import {
  enterObject,
  findClientOrderId,
  findFlag,
  findPositive,
  findPrice,
  findText,
  findTimeMs,
  hasFlag,
  listObjects,
  listTexts,
  OrderFlaw,
  pickWord,
  readTimeout,
  readUserref,
  wrongArgument,
  type RequestFields,
} from './order-fields.js';
import { ORDER_KINDS } from './order-forms-v2.js';
import { readClientName, readIdOrUserref } from './order-names.js';

const FEE_PREFERENCES: ReadonlyMap<string, FeePreference> = new Map([
  ['base', 'fcib'],
  ['quote', 'fciq'],
]);

const BATCH_ADD: readonly [number, number] = [2, 15];
const BATCH_CANCEL: readonly [number, number] = [2, 50];
/** No number is on the page of `cancel_order`; that of the batch will do. */
const CANCEL: readonly [number, number] = [1, 50];

/** Reads a request whose form is right; it does not throw. */
export function readOrderV2(
  fields: RequestFields,
  method: string,
  context: ReadingContext,
): OrderReading {
  const kind = ORDER_KINDS.get(method) ?? 'add';
  const pair = context.findPair(findText(fields, 'symbol') ?? '');
  return readSafely({ kind, pair, nowMs: context.nowMs }, (subject) =>
    readCommand(fields, subject),
  );
}

function readCommand(fields: RequestFields, subject: OrderSubject): OrderCommand {
  const { kind, nowMs } = subject;
  switch (kind) {
    case 'add': {
      const orders = [readDraft(fields, nowMs)];
      return { kind, orders, ...readPlacing(fields, subject) };
    }
    case 'batch-add': {
      const orders = listObjects(fields, 'orders').map((order) => readDraft(order, nowMs));
      checkCount(orders, BATCH_ADD, 'orders');
      return { kind, orders, ...readPlacing(fields, subject) };
    }
    case 'amend':
      return readAmendment(fields, subject);
    case 'edit':
      return readEdit(fields, subject);
    case 'cancel': {
      const names = [
        ...listTexts(fields, 'order_id').map((orderId) => ({ orderId })),
        ...listTexts(fields, 'cl_ord_id').map(readClientName),
        ...listTexts(fields, 'order_userref').map((digits) => ({
          userref: readUserref(digits, 'order_userref'),
        })),
      ];
      return { kind, names: checkCount(names, CANCEL, 'order_id') };
    }
    case 'batch-cancel': {
      const names = [
        ...listTexts(fields, 'orders').map((text) => readIdOrUserref(text, 'orders')),
        ...listTexts(fields, 'cl_ord_id').map(readClientName),
      ];
      return { kind, names: checkCount(names, BATCH_CANCEL, 'orders') };
    }
    case 'cancel-all':
      return { kind };
    case 'cancel-all-after':
      return { kind, timeoutSeconds: readTimeout(fields.digits['timeout']) };
  }
}

function readPlacing(fields: RequestFields, { pair }: OrderSubject) {
  const deadlineAtMs = findTimeMs(fields, 'deadline');
  return { pair: requirePair(fields, pair), validate: hasFlag(fields, 'validate'), deadlineAtMs };
}

function requirePair(fields: RequestFields, pair: Pair | undefined): Pair {
  if (pair !== undefined) return pair;
  const symbol = findText(fields, 'symbol');
  throw symbol === undefined ? wrongArgument('symbol') : new OrderFlaw(unsupportedPair(symbol));
}

function readDraft(fields: RequestFields, nowMs: number): OrderDraft {
  const orderType = pickWord(ORDER_TYPES, findText(fields, 'order_type'), 'order_type');
  const side = pickWord(SIDES, findText(fields, 'side'), 'side');
  if (hasFlag(fields, 'no_mpp')) refuseNoMpp(orderType);
  if (hasFlag(fields, 'margin')) refuseMargin();
  for (const name of ['conditional', 'effective_time']) {
    if (fields.values[name] !== undefined) throw wrongArgument(name);
  }
  const isTrailer = isTrailing(orderType);
  const { price, reference } = readTrigger(fields, isTrailer);
  const draft: OrderDraft = {
    side,
    orderType,
    size: findPositive(fields, 'order_qty'),
    value: findPositive(fields, 'cash_order_qty'),
    ...readLimit(fields, orderType),
    stopPrice: isTrailer ? undefined : price,
    trailBy: isTrailer ? price : undefined,
    timeInForce: pickOr(fields, 'time_in_force', 'gtc', TIMES_IN_FORCE),
    expiresAtMs: findTimeMs(fields, 'expire_time'),
    postOnly: hasFlag(fields, 'post_only'),
    reduceOnly: hasFlag(fields, 'reduce_only'),
    displaySize: findPositive(fields, 'display_qty'),
    selfTrade: pickOr(fields, 'stp_type', 'cancel_newest', SELF_TRADES),
    clientOrderId: findClientOrderId(fields),
    venueFields: {
      userref: findUserref(fields),
      feePreference: findFeePreference(fields) ?? defaultFeePreference(side),
      triggerReference: reference,
    },
  };
  checkDraft(draft, FIELD_NAMES.v2, nowMs);
  return draft;
}

/** "`limit_price_type`: only trailing-stop-limit, default `quote`": a distance to the trigger. */
function readLimit(fields: RequestFields, orderType: OrderDraft['orderType']) {
  const price = findPrice(fields, 'limit_price');
  const priceType = findText(fields, 'limit_price_type') ?? 'quote';
  if (orderType === 'trailing-stop-limit' && priceType === 'quote') return { limitBy: price };
  refuseDistance(fields, 'limit_price_type');
  return { limitPrice: price };
}

/** The deprecated fields of a trigger stand in for the object. */
function readTrigger(fields: RequestFields, isTrailer: boolean) {
  const triggers = enterObject(fields, 'triggers');
  if (triggers === undefined) {
    const reference = pickOr(fields, 'trigger', 'last', TRIGGER_REFERENCES);
    return { price: findPrice(fields, 'stop_price'), reference };
  }
  const priceType = findText(triggers, 'price_type');
  // Distances to the market in per cent, or of a stop that does not trail, are not done here.
  const known = isTrailer ? 'quote' : 'static';
  if (priceType !== undefined && priceType !== known) throw wrongArgument('price_type');
  const price = findPrice(triggers, 'price');
  if (price === undefined) throw wrongArgument('triggers');
  return { price, reference: pickOr(triggers, 'reference', 'last', TRIGGER_REFERENCES) };
}

/** Any other price that is a distance is not done here. */
function refuseDistance(fields: RequestFields, name: string): void {
  const priceType = findText(fields, name) ?? '';
  if (priceType !== '' && priceType !== 'static') throw wrongArgument(name);
}

function pickOr<Value>(
  fields: RequestFields,
  name: string,
  ...[byDefault, table]: [string, ReadonlyMap<string, Value>]
): Value {
  return pickWord(table, findText(fields, name) ?? byDefault, name);
}

function findFeePreference(fields: RequestFields): FeePreference | undefined {
  const text = findText(fields, 'fee_preference');
  return text === undefined ? undefined : pickWord(FEE_PREFERENCES, text, 'fee_preference');
}

/** The client's two ways to name an order exclude each other. */
function findUserref(fields: RequestFields): string | undefined {
  const digits = fields.digits['order_userref'];
  if (digits === undefined) return undefined;
  if (findText(fields, 'cl_ord_id') !== undefined) throw wrongArgument('order_userref');
  return readUserref(digits, 'order_userref');
}

function readAmendment(fields: RequestFields, { pair }: OrderSubject): OrderCommand {
  const orderId = findText(fields, 'order_id');
  const clientOrderId = findClientOrderId(fields);
  if ((orderId === undefined) === (clientOrderId === undefined)) throw wrongArgument('order_id');
  refuseDistance(fields, 'limit_price_type');
  refuseDistance(fields, 'trigger_price_type');
  const change: EngineChange = {
    size: findPositive(fields, 'order_qty'),
    limitPrice: findPrice(fields, 'limit_price'),
    stopPrice: findPrice(fields, 'trigger_price'),
    displaySize: findPositive(fields, 'display_qty'),
    postOnly: findFlag(fields, 'post_only'),
  };
  if (Object.values(change).every((one) => one === undefined)) throw wrongArgument('order_qty');
  const isNamed = findText(fields, 'symbol') !== undefined;
  return {
    kind: 'amend',
    change,
    name: orderId !== undefined ? { orderId } : { clientOrderId: clientOrderId ?? '' },
    pair: isNamed ? requirePair(fields, pair) : undefined,
    deadlineAtMs: findTimeMs(fields, 'deadline'),
  };
}

function readEdit(fields: RequestFields, subject: OrderSubject): OrderCommand {
  const orderId = findText(fields, 'order_id');
  if (orderId === undefined) throw wrongArgument('order_id');
  // "No triggered orders" (websocket-v2/edit_order).
  if (fields.values['triggers'] !== undefined) throw wrongArgument('triggers');
  return {
    kind: 'edit',
    name: { orderId },
    edit: {
      size: findPositive(fields, 'order_qty'),
      limitPrice: findPrice(fields, 'limit_price'),
      displaySize: findPositive(fields, 'display_qty'),
      postOnly: findFlag(fields, 'post_only'),
      reduceOnly: findFlag(fields, 'reduce_only'),
      feePreference: findFeePreference(fields),
      userref: findUserref(fields),
    },
    ...readPlacing(fields, subject),
  };
}

function checkCount<One>(
  list: readonly One[],
  [least, most]: readonly [number, number],
  name: string,
): readonly One[] {
  if (list.length < least || list.length > most) throw wrongArgument(name);
  return list;
}
