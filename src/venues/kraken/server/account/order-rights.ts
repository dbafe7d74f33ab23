/** What a key may do with orders, as the venue's page of keys names it. */
import type { OrderCommandKind } from './order-command.js';

/** Permissions of keys. */
export const ORDER_PERMISSIONS = {
  /** "Create & modify orders". */
  modify: 'orders-modify',
  /** "Cancel & close orders". */
  cancel: 'orders-cancel',
} as const;

const { modify, cancel } = ORDER_PERMISSIONS;

/** Who may create orders may also end them. */
const NEEDED: Readonly<Record<OrderCommandKind, readonly string[]>> = {
  add: [modify],
  'batch-add': [modify],
  amend: [modify],
  edit: [modify],
  cancel: [cancel, modify],
  'batch-cancel': [cancel, modify],
  'cancel-all': [cancel, modify],
  'cancel-all-after': [cancel, modify],
};

/** Whether any of a key's permissions is one that the command asks for. */
export function mayCommand(permissions: readonly string[], kind: OrderCommandKind): boolean {
  return NEEDED[kind].some((needed) => permissions.includes(needed));
}
