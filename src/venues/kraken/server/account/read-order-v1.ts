/**
 * Orders of protocol v1, read from the fields of an event (websocket-v1/addorder and its siblings).
 * Pure. All numbers are texts, and are taken digit by digit.
 */
import type { EngineChange } from '../../../../model/matching.js';
import type { Pair } from '../pairs.js';
import { unsupportedPair } from '../request-v2.js';
import {
  defaultFeePreference,
  type FeePreference,
  type OrderCommand,
  type OrderCommandKind,
  type OrderDraft,
  type OrderReading,
} from './order-command.js';
import {
  checkDraft,
  FIELD_NAMES,
  isLimitType,
  isTrailing,
  isTriggered,
  ORDER_TYPES,
  refuseMargin,
  refuseNoMpp,
  SELF_TRADES,
  SIDES,
  TIMES_IN_FORCE,
  TRIGGER_REFERENCES,
} from './order-draft.js';
import {
  findClientOrderId,
  findTimeMs,
  OrderFlaw,
  pickWord,
  readPositive,
  readTimeout,
  readUserref,
  wrongArgument,
  type Fields,
} from './order-fields.js';
import { readClientName, readIdOrUserref } from './order-names.js';
import { readSafely, type OrderSubject, type ReadingContext } from './order-reading.js';

/** The events of order entry, and what each of them is. */
export const V1_ORDER_KINDS: ReadonlyMap<string, OrderCommandKind> = new Map([
  ['addOrder', 'add'],
  ['amendOrder', 'amend'],
  ['editOrder', 'edit'],
  ['cancelOrder', 'cancel'],
  ['cancelAll', 'cancel-all'],
  ['cancelAllOrdersAfter', 'cancel-all-after'],
]);

/** What an order may hold beside what every request does. */
const ORDER_FIELDS: readonly string[] = [
  'ordertype',
  'type',
  'pair',
  'volume',
  'displayvol',
  'price',
  'price2',
  'leverage',
  'margin',
  'reduce_only',
  'oflags',
  'starttm',
  'expiretm',
  'deadline',
  'cl_ord_id',
  'userref',
  'validate',
  'timeinforce',
  'stp_type',
  'trigger',
  'close[ordertype]',
  'close[price]',
  'close[price2]',
];
const KNOWN_FIELDS: Readonly<Record<OrderCommandKind, readonly string[]>> = {
  add: ORDER_FIELDS,
  amend: [
    'txid',
    'cl_ord_id',
    'volume',
    'display_volume',
    'limit_price',
    'post_only',
    'trigger_price',
    'pair',
    'deadline',
  ],
  edit: [
    'orderid',
    'pair',
    'volume',
    'displayvol',
    'price',
    'price2',
    'oflags',
    'newuserref',
    'validate',
    'deadline',
  ],
  cancel: ['txid', 'cl_ord_id'],
  'cancel-all': [],
  'cancel-all-after': ['timeout'],
  'batch-add': [],
  'batch-cancel': [],
};
const COMMON_FIELDS: readonly string[] = ['event', 'reqid', 'token'];

const FLAGS: ReadonlySet<string> = new Set(['fcib', 'fciq', 'post', 'viqc', 'nompp']);
const CANCELS_MAX = 50;
const MS_PER_SECOND = 1_000;

/** Reads an event; it does not throw. */
export function readOrderV1(
  fields: Fields,
  event: string,
  { findPair, nowMs }: ReadingContext,
): OrderReading {
  const kind = V1_ORDER_KINDS.get(event) ?? 'add';
  const pair = typeof fields['pair'] === 'string' ? findPair(fields['pair']) : undefined;
  return readSafely({ kind, pair, nowMs }, (subject) => {
    const known = [...COMMON_FIELDS, ...KNOWN_FIELDS[kind]];
    const odd = Object.keys(fields).find((name) => !known.includes(name));
    if (odd !== undefined) throw wrongArgument(odd);
    return readCommand(fields, subject);
  });
}

function readCommand(fields: Fields, subject: OrderSubject): OrderCommand {
  switch (subject.kind) {
    case 'add':
    case 'batch-add': {
      const orders = [readDraft(fields, subject.nowMs)];
      return { kind: 'add', orders, ...readPlacing(fields, subject) };
    }
    case 'amend':
      return readAmendment(fields, subject);
    case 'edit':
      return readEdit(fields, subject);
    case 'cancel':
    case 'batch-cancel': {
      const names = [
        ...listTexts(fields, 'txid').map((text) => readIdOrUserref(text, 'txid')),
        ...listTexts(fields, 'cl_ord_id').map(readClientName),
      ];
      if (names.length === 0 || names.length > CANCELS_MAX) throw wrongArgument('txid');
      return { kind: 'cancel', names };
    }
    case 'cancel-all':
      return { kind: 'cancel-all' };
    case 'cancel-all-after': {
      const { timeout } = fields;
      const digits = typeof timeout === 'number' ? String(timeout) : timeout;
      return { kind: 'cancel-all-after', timeoutSeconds: readTimeout(digits) };
    }
  }
}

function readPlacing(fields: Fields, { pair }: OrderSubject) {
  // "Any text at all": the page's own example is "true".
  const validate = fields['validate'] !== undefined && fields['validate'] !== 'false';
  return { pair: requirePair(fields, pair), validate, deadlineAtMs: deadlineOf(fields) };
}

function deadlineOf(fields: Fields): number | undefined {
  return findTimeMs({ values: fields, digits: fields }, 'deadline');
}

function requirePair(fields: Fields, pair: Pair | undefined): Pair {
  if (pair !== undefined) return pair;
  const name = textOf(fields, 'pair');
  throw name === undefined ? wrongArgument('pair') : new OrderFlaw(unsupportedPair(name));
}

function readDraft(fields: Fields, nowMs: number): OrderDraft {
  const orderType = pickWord(ORDER_TYPES, textOf(fields, 'ordertype'), 'ordertype');
  const side = pickWord(SIDES, textOf(fields, 'type'), 'type');
  const flags = readFlags(fields);
  if (flags.has('nompp')) refuseNoMpp(orderType);
  refuseUnserved(fields);
  const prices = readPrices(fields, { orderType, side });
  const volume = decimalOf(fields, 'volume');
  const inQuote = flags.has('viqc');
  const timeInForce = (textOf(fields, 'timeinforce') ?? 'GTC').toLowerCase();
  const draft: OrderDraft = {
    side,
    orderType,
    ...prices,
    size: inQuote ? undefined : volume,
    value: inQuote ? volume : undefined,
    timeInForce: pickWord(TIMES_IN_FORCE, timeInForce, 'timeinforce'),
    expiresAtMs: readExpiry(fields, nowMs),
    postOnly: flags.has('post'),
    reduceOnly: isTrue(fields['reduce_only']),
    displaySize: decimalOf(fields, 'displayvol'),
    selfTrade: pickWord(
      SELF_TRADES,
      (textOf(fields, 'stp_type') ?? 'cancel-newest').replaceAll('-', '_'),
      'stp_type',
    ),
    clientOrderId: findClientOrderId({ values: fields, digits: fields }),
    venueFields: {
      userref: userrefOf(fields, 'userref'),
      feePreference: feePreferenceOf(flags) ?? defaultFeePreference(side),
      triggerReference: pickWord(
        TRIGGER_REFERENCES,
        textOf(fields, 'trigger') ?? 'last',
        'trigger',
      ),
    },
  };
  checkDraft(draft, FIELD_NAMES.v1, nowMs);
  return draft;
}

/** What this exchange does not do. */
function refuseUnserved(fields: Fields): void {
  const { leverage, margin, starttm } = fields;
  const hasLeverage = leverage !== undefined && leverage !== 'none';
  if (hasLeverage || isTrue(margin)) refuseMargin();
  if (starttm !== undefined && starttm !== '0') throw wrongArgument('starttm');
  for (const name of ['close[ordertype]', 'close[price]', 'close[price2]']) {
    if (fields[name] !== undefined) throw wrongArgument(name);
  }
}

/** `price` is the limit, or the trigger where there is one, and then `price2` is the limit. */
function readPrices(fields: Fields, { orderType, side }: Pick<OrderDraft, 'orderType' | 'side'>) {
  if (isTrailing(orderType)) {
    const trailBy = readDistance(fields, 'price', '+');
    if (!isLimitType(orderType)) return { trailBy, limitPrice: priceOf(fields, 'price2') };
    return { trailBy, limitBy: readDistance(fields, 'price2', side === 'buy' ? '+' : '-') };
  }
  const [price, price2] = [priceOf(fields, 'price'), priceOf(fields, 'price2')];
  if (isTriggered(orderType)) return { stopPrice: price, limitPrice: price2 };
  if (price2 !== undefined) throw wrongArgument('price2');
  return { limitPrice: price };
}

/** A distance to the market, or of a limit to its trigger; what lies the other way is not done. */
function readDistance(fields: Fields, name: string, sign: '+' | '-'): string {
  const text = textOf(fields, name) ?? '';
  if (!text.startsWith(sign)) throw wrongArgument(name);
  return readPositive(text.slice(1), name);
}

/** Zero says that there is none; prices that are distances are not done here. */
function priceOf(fields: Fields, name: string): string | undefined {
  const text = textOf(fields, name);
  if (text === undefined || text === '0') return undefined;
  if (text.startsWith('-')) throw new OrderFlaw('EOrder:Invalid price');
  return readPositive(text, name);
}

function decimalOf(fields: Fields, name: string): string | undefined {
  const text = textOf(fields, name);
  return text === undefined ? undefined : readPositive(text, name);
}

/** A text that may be absent; a number in its place is refused. */
function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || typeof value === 'string') return value;
  throw wrongArgument(name);
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function readFlags(fields: Fields): ReadonlySet<string> {
  const text = textOf(fields, 'oflags') ?? '';
  const flags = text.split(',').filter((flag) => flag !== '');
  if (flags.every((flag) => FLAGS.has(flag))) return new Set(flags);
  throw wrongArgument('oflags');
}

function feePreferenceOf(flags: ReadonlySet<string>): FeePreference | undefined {
  if (flags.has('fcib')) return 'fcib';
  return flags.has('fciq') ? 'fciq' : undefined;
}

/** The client's two ways to name an order exclude each other. */
function userrefOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (fields['cl_ord_id'] !== undefined) throw wrongArgument(name);
  return readUserref(typeof value === 'number' ? String(value) : value, name);
}

/** Unix seconds, or seconds from now with a plus; zero says that there is none. */
function readExpiry(fields: Fields, nowMs: number): number | undefined {
  const text = textOf(fields, 'expiretm');
  if (text === undefined || text === '0') return undefined;
  const [, plus, digits = ''] = /^(\+?)(\d{1,10})$/.exec(text) ?? [];
  if (digits === '') throw wrongArgument('expiretm');
  return Number(digits) * MS_PER_SECOND + (plus === '+' ? nowMs : 0);
}

function readAmendment(fields: Fields, { pair }: OrderSubject): OrderCommand {
  const orderId = textOf(fields, 'txid');
  const clientOrderId = findClientOrderId({ values: fields, digits: fields });
  if ((orderId === undefined) === (clientOrderId === undefined)) throw wrongArgument('txid');
  const postOnly = fields['post_only'];
  const change: EngineChange = {
    size: decimalOf(fields, 'volume'),
    limitPrice: priceOf(fields, 'limit_price'),
    stopPrice: priceOf(fields, 'trigger_price'),
    displaySize: decimalOf(fields, 'display_volume'),
    postOnly: postOnly === undefined ? undefined : isTrue(postOnly),
  };
  if (Object.values(change).every((one) => one === undefined)) throw wrongArgument('volume');
  return {
    kind: 'amend',
    change,
    name: orderId !== undefined ? { orderId } : { clientOrderId: clientOrderId ?? '' },
    pair: fields['pair'] === undefined ? undefined : requirePair(fields, pair),
    deadlineAtMs: deadlineOf(fields),
  };
}

function readEdit(fields: Fields, subject: OrderSubject): OrderCommand {
  const orderId = textOf(fields, 'orderid');
  if (orderId === undefined) throw wrongArgument('orderid');
  if (priceOf(fields, 'price2') !== undefined) throw wrongArgument('price2');
  const flags = readFlags(fields);
  return {
    kind: 'edit',
    name: { orderId },
    edit: {
      size: decimalOf(fields, 'volume'),
      limitPrice: priceOf(fields, 'price'),
      displaySize: decimalOf(fields, 'displayvol'),
      postOnly: fields['oflags'] === undefined ? undefined : flags.has('post'),
      feePreference: feePreferenceOf(flags),
      userref: userrefOf(fields, 'newuserref'),
    },
    ...readPlacing(fields, subject),
  };
}

function listTexts(fields: Fields, name: string): readonly string[] {
  const list = fields[name];
  if (list === undefined) return [];
  const texts = Array.isArray(list) ? (list as unknown[]) : [list];
  return texts.map((one) => {
    if (typeof one === 'string') return one;
    throw wrongArgument(name);
  });
}
