/**
 * Orders of protocol v1, read from the fields of an event (websocket-v1/addorder and its siblings).
 * Pure.
 */
import type { EngineChange } from '../../../../model/matching.js';
import type { Fields } from '../request-fields.js';
import {
  deadlineOf,
  decimalOf,
  feePreferenceOf,
  isTrue,
  listTexts,
  priceOf,
  readFlags,
  requirePair,
  textOf,
  userrefOf,
} from './fields-v1.js';
import type { OrderCommand, OrderCommandKind, OrderReading } from './order-command.js';
import { findClientOrderId, readTimeout, wrongArgument } from './order-fields.js';
import { readClientName, readIdOrUserref } from './order-names.js';
import { readSafely, type OrderSubject, type ReadingContext } from './order-reading.js';
import { readDraftV1 } from './read-draft-v1.js';

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

const CANCELS_MAX = 50;

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
      const orders = [readDraftV1(fields, subject.nowMs)];
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
