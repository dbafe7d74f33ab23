import type {
  NewOrder,
  OrderChange,
  OrderCommandKind,
  TimeInForce,
} from '../../model/order-entry.js';

/** What the two protocols differ in. */
export interface OrderProtocol {
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

/** Orders as v2 says them (websocket-v2/add_order and its siblings). */
export const ORDERS_V2: OrderProtocol = {
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

/** Orders as v1 says them (websocket-v1/addorder and its siblings). */
export const ORDERS_V1: OrderProtocol = {
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
