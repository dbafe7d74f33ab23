import { compareDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { OrderPatch, OrderReport, OrderStatus } from '../../model/account.js';
import { IdIndex } from './id-index.js';

/** Orders that can still trade. */
const OPEN_STATUSES: ReadonlySet<OrderStatus> = new Set(['pending', 'open', 'cancel-queued']);

/** Whether an order can still trade. */
export function isOpenOrder(order: OrderReport): boolean {
  return OPEN_STATUSES.has(order.status);
}

/** What became of a patch: `before` is the order as it was known, where it was. */
export type NotedOrder =
  | {
      readonly kind: 'changed' | 'same';
      readonly order: OrderReport;
      readonly before: OrderReport | undefined;
    }
  /** It tells a part of an order of which nothing is known. */
  | { readonly kind: 'unknown' };

/**
 * The orders of one account, each whole. Venues list the open ones anew after a loss and pass over
 * those that ended in the meantime; whoever waits for such an end would wait for ever, so what was
 * open is doubted with each loss, until it is told of again.
 */
export interface OrderStore {
  readonly size: number;
  /** `isListed`: it stands in a list, which may have been made before an update came. */
  note(patch: OrderPatch, isListed?: boolean): NotedOrder;
  get(orderId: string): OrderReport | undefined;
  /** The open one, where a program used an id again; else the one that became known last. */
  findByClientId(clientOrderId: string): OrderReport | undefined;
  /** All that are known under the id, the one that became known last at the end. */
  allByClientId(clientOrderId: string): readonly OrderReport[];
  all(): readonly OrderReport[];
  /** Nobody follows these any more. */
  forget(isMeant: (order: OrderReport) => boolean): void;
  /** Something was lost that may have been the end of any of them. */
  doubt(): void;
  /** All that are open were listed. Returns those that are not among them, and forgets them. */
  settle(): readonly OrderReport[];
}

function withoutAbsent(patch: OrderPatch): Partial<OrderReport> {
  const present = Object.entries(patch).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present);
}

/**
 * What is left of an order, where a message does not say it: what follows from its size and what is
 * filled, or what was known as long as nothing more was filled. Undefined where nobody knows.
 */
function leftOf(before: OrderReport | undefined, merged: Partial<OrderReport>): string | undefined {
  const { size, filledSize } = merged;
  if (size !== undefined && filledSize !== undefined) return subtractDecimals(size, filledSize);
  return filledSize === before?.filledSize ? before?.remainingSize : undefined;
}

/**
 * A fill that leaves nothing ends the order: nothing of it can trade any more, also where the venue
 * says `filled` in a message of its own afterwards. A size that was cut to what is filled is no
 * fill; how such an order ends is the venue's word.
 */
function isFilledUp(before: OrderReport | undefined, merged: Partial<OrderReport>): boolean {
  const { size, filledSize, status } = merged;
  if (!before || size === undefined || filledSize === undefined) return false;
  if (status === undefined || !OPEN_STATUSES.has(status)) return false;
  const isWhole = compareDecimals(size, '0') > 0 && compareDecimals(filledSize, size) >= 0;
  const isFill = compareDecimals(filledSize, before.filledSize ?? '0') > 0;
  return isWhole && (isFill || before.status === 'filled');
}

/** Lays what a message says over what is known; undefined where that makes no whole order. */
function mergeOrder(before: OrderReport | undefined, patch: OrderPatch): OrderReport | undefined {
  const venueFields = { ...before?.venueFields, ...patch.venueFields };
  const merged = { ...before, ...withoutAbsent(patch), venueFields } as Partial<OrderReport>;
  const { symbol, side, status, venueStatus } = merged;
  if (symbol === undefined || side === undefined) return undefined;
  if (status === undefined || venueStatus === undefined) return undefined;
  const { orderId } = patch;
  const { remainingSize: told, ...rest } = merged;
  const remainingSize = patch.remainingSize === undefined ? leftOf(before, merged) : told;
  return {
    ...rest,
    orderId,
    symbol,
    side,
    venueStatus,
    venueFields: Object.freeze(venueFields),
    status: isFilledUp(before, merged) ? 'filled' : status,
    ...(remainingSize !== undefined && { remainingSize }),
  };
}

/** Nothing that ended opens again, and nothing filled is taken back: what says so is older. */
function isOutdated(before: OrderReport, listed: OrderReport): boolean {
  if (before.clientOrderId !== listed.clientOrderId) return false;
  if (!isOpenOrder(before) && isOpenOrder(listed)) return true;
  const { filledSize: known } = before;
  const { filledSize } = listed;
  return known !== undefined && filledSize !== undefined && compareDecimals(filledSize, known) < 0;
}

/**
 * Keeps at most `maxOrders`: of those that ended the one told of longest ago is forgotten first,
 * and only where all are open one of them.
 */
export function createOrderStore(maxOrders: number): OrderStore {
  const orders = new Map<string, OrderReport>();
  const byClientId = new IdIndex();
  const doubted = new Set<string>();

  const forget = (orderId: string): void => {
    byClientId.delete(orders.get(orderId)?.clientOrderId, orderId);
    orders.delete(orderId);
    doubted.delete(orderId);
  };
  const makeRoom = (): void => {
    if (orders.size <= maxOrders) return;
    for (const [orderId, order] of orders) {
      if (!isOpenOrder(order)) return forget(orderId);
    }
    const oldest = orders.keys().next();
    if (!oldest.done) forget(oldest.value);
  };

  const allByClientId = (clientOrderId: string): readonly OrderReport[] =>
    byClientId.of(clientOrderId).flatMap((orderId) => orders.get(orderId) ?? []);

  return {
    get size() {
      return orders.size;
    },
    note(patch, isListed = false) {
      const before = orders.get(patch.orderId);
      const merged = mergeOrder(before, patch);
      if (!merged) return { kind: 'unknown' };
      // Listeners are given what is compared with what comes next.
      const order = Object.freeze(merged);
      doubted.delete(order.orderId);
      if (before && isListed && isOutdated(before, order)) {
        return { kind: 'same', order: before, before };
      }
      if (before && JSON.stringify(before) === JSON.stringify(order)) {
        return { kind: 'same', order, before };
      }
      if (before && isOpenOrder(before) && !isOpenOrder(order)) orders.delete(order.orderId);
      orders.set(order.orderId, order);
      if (before?.clientOrderId !== order.clientOrderId) {
        byClientId.delete(before?.clientOrderId, order.orderId);
      }
      byClientId.add(order.clientOrderId, order.orderId);
      makeRoom();
      return { kind: 'changed', order, before };
    },
    get: (orderId) => orders.get(orderId),
    findByClientId(clientOrderId) {
      const known = allByClientId(clientOrderId);
      return known.findLast(isOpenOrder) ?? known.at(-1);
    },
    allByClientId,
    all: () => [...orders.values()],
    forget(isMeant) {
      for (const order of [...orders.values()]) if (isMeant(order)) forget(order.orderId);
    },
    doubt() {
      for (const order of orders.values()) if (isOpenOrder(order)) doubted.add(order.orderId);
    },
    settle() {
      const missing = [...doubted].flatMap((orderId) => orders.get(orderId) ?? []);
      for (const { orderId } of missing) forget(orderId);
      doubted.clear();
      return missing;
    },
  };
}
