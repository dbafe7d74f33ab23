/**
 * The form of orders in protocol v2: which fields a method knows, and of what type each is. Checked
 * before anything else, in the texts of the venue's front end.
 */
import type { OrderCommandKind } from './order-command.js';
import {
  enterObject,
  findMisfit,
  listObjects,
  type FieldType,
  type RequestFields,
} from './order-fields.js';

/** The methods of order entry, and what each of them is. */
export const ORDER_KINDS: ReadonlyMap<string, OrderCommandKind> = new Map([
  ['add_order', 'add'],
  ['amend_order', 'amend'],
  ['edit_order', 'edit'],
  ['cancel_order', 'cancel'],
  ['cancel_all', 'cancel-all'],
  ['cancel_all_orders_after', 'cancel-all-after'],
  ['batch_add', 'batch-add'],
  ['batch_cancel', 'batch-cancel'],
]);

type FieldTypes = Readonly<Partial<Record<string, FieldType>>>;

const TYPES: readonly (readonly [FieldType, readonly string[]])[] = [
  [
    'number_float',
    [
      'order_qty',
      'cash_order_qty',
      'display_qty',
      'limit_price',
      'stop_price',
      'price',
      'trigger_price',
    ],
  ],
  ['number_integer', ['order_userref', 'timeout']],
  ['boolean', ['margin', 'post_only', 'reduce_only', 'no_mpp', 'validate']],
  ['object', ['triggers', 'conditional']],
  ['array of objects', ['orders']],
  [
    'string',
    [
      'token',
      'symbol',
      'order_type',
      'side',
      'time_in_force',
      'stp_type',
      'fee_preference',
      'expire_time',
      'effective_time',
      'deadline',
      'limit_price_type',
      'trigger_price_type',
      'price_type',
      'reference',
      'trigger',
      'order_id',
      'cl_ord_id',
      'sender_sub_id',
    ],
  ],
];
const TYPE_OF: ReadonlyMap<string, FieldType> = new Map(
  TYPES.flatMap(([type, names]) => names.map((name) => [name, type] as const)),
);

function pickTypes(names: readonly string[]): FieldTypes {
  return Object.fromEntries(names.map((name) => [name, TYPE_OF.get(name)]));
}

const ORDER_NAMES: readonly string[] = [
  'order_type',
  'side',
  'order_qty',
  'cash_order_qty',
  'display_qty',
  'limit_price',
  'limit_price_type',
  'triggers',
  'time_in_force',
  'expire_time',
  'effective_time',
  'margin',
  'post_only',
  'reduce_only',
  'conditional',
  'fee_preference',
  'stp_type',
  'cl_ord_id',
  'order_userref',
  'sender_sub_id',
  'no_mpp',
  'stop_price',
  'trigger',
];
const PLACING_NAMES: readonly string[] = ['token', 'symbol', 'deadline', 'validate'];

/** Of one order, but for the pair, which a batch names once. */
const ORDER_FIELDS = pickTypes(ORDER_NAMES);
const TRIGGER_FIELDS = pickTypes(['reference', 'price', 'price_type']);
const TOKEN_FIELD = pickTypes(['token']);

const METHOD_FIELDS: Readonly<Record<OrderCommandKind, FieldTypes>> = {
  add: pickTypes([...ORDER_NAMES, ...PLACING_NAMES]),
  'batch-add': pickTypes([...PLACING_NAMES, 'orders']),
  amend: pickTypes([
    'token',
    'order_id',
    'cl_ord_id',
    'order_qty',
    'display_qty',
    'limit_price',
    'symbol',
    'limit_price_type',
    'post_only',
    'trigger_price',
    'trigger_price_type',
    'deadline',
  ]),
  edit: pickTypes([
    ...PLACING_NAMES,
    'order_id',
    'order_qty',
    'limit_price',
    'display_qty',
    'post_only',
    'reduce_only',
    'triggers',
    'fee_preference',
    'order_userref',
  ]),
  cancel: {
    ...TOKEN_FIELD,
    order_id: 'array of strings',
    cl_ord_id: 'array of strings',
    order_userref: 'array of number_integers',
  },
  'cancel-all': TOKEN_FIELD,
  'cancel-all-after': pickTypes(['token', 'timeout']),
  'batch-cancel': { ...TOKEN_FIELD, orders: 'array of strings', cl_ord_id: 'array of strings' },
};

/** What is wrong with the form of a request; undefined: nothing. */
export function findOrderMisfit(fields: RequestFields, method: string): string | undefined {
  const kind = ORDER_KINDS.get(method);
  if (kind === undefined) return 'Unsupported event';
  const misfit = findMisfit(fields, METHOD_FIELDS[kind], method);
  if (misfit !== undefined) return misfit;
  if (kind !== 'batch-add') return findTriggerMisfit(fields, method);
  const misfits = listObjects(fields, 'orders').map(
    (order) => findMisfit(order, ORDER_FIELDS, method) ?? findTriggerMisfit(order, method),
  );
  return misfits.find((one) => one !== undefined);
}

function findTriggerMisfit(fields: RequestFields, method: string): string | undefined {
  const triggers = enterObject(fields, 'triggers');
  return triggers && findMisfit(triggers, TRIGGER_FIELDS, method);
}
