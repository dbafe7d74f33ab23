import { compareDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { FillReport, OrderReport } from '../../model/account.js';
import { keepLatest } from '../keep-latest.js';

/** An order before and after a message; `before` is undefined where it was not known. */
export interface OrderStep {
  readonly before: OrderReport | undefined;
  readonly order: OrderReport;
}

/** What was told of an order in all; a value or fees that the venue left out are not known. */
interface ToldSums {
  readonly size: string;
  readonly value?: string | undefined;
  readonly fees?: string | undefined;
}

/** Works fills out for a venue that tells none, from the sums that it tells of each order. */
export interface FillDeriver {
  /** Whether sums of this order were told before. */
  knows(orderId: string): boolean;
  /** The sums are of before: what comes above them is news. */
  noteHistory(order: OrderReport): void;
  /**
   * The rise above all that was ever told of the order, as a fill; undefined where there is none.
   * Several fills of the engine may be one here.
   */
  derive(step: OrderStep): FillReport | undefined;
}

const NOTHING: ToldSums = { size: '0', value: '0', fees: '0' };

/**
 * Remembers the highest sums of each order, also of one that a list passed over: a list that lags
 * behind has a sum fall, and its rise to what was told before is no second fill. Keeps at most
 * `maxOrders`; the one told of longest ago is forgotten first, and counts from what is known of the
 * order itself, where it is still known.
 */
export function createFillDeriver(maxOrders: number): FillDeriver {
  const told = new Map<string, ToldSums>();

  const noteHighest = (order: OrderReport, before: ToldSums | undefined): void => {
    const now = sumsOf(order);
    const highest = now && before ? higherOf(before, now) : (now ?? before);
    if (highest) keepLatest(told, [order.orderId, highest], maxOrders);
  };

  return {
    knows: (orderId) => told.has(orderId),
    noteHistory: (order) => noteHighest(order, told.get(order.orderId)),
    derive({ before, order }) {
      const known = told.get(order.orderId) ?? sumsOf(before);
      noteHighest(order, known);
      const now = sumsOf(order);
      const base = known ?? NOTHING;
      if (!now || compareDecimals(now.size, base.size) <= 0) return undefined;
      return toFill(order, now, base);
    },
  };
}

function sumsOf(order: OrderReport | undefined): ToldSums | undefined {
  if (order?.filledSize === undefined) return undefined;
  return { size: order.filledSize, value: order.filledValue, fees: order.fees };
}

/** At the same size the first word counts, and a later one only for what it left out. */
function higherOf(before: ToldSums, now: ToldSums): ToldSums {
  const order = compareDecimals(now.size, before.size);
  if (order > 0) return now;
  if (order < 0) return before;
  return { ...before, value: before.value ?? now.value, fees: before.fees ?? now.fees };
}

/** A rise from what is not known is not known. */
function rise(from: ToldSums, before: string | undefined, now: string | undefined) {
  const start = before ?? (compareDecimals(from.size, '0') === 0 ? '0' : undefined);
  if (start === undefined || now === undefined) return undefined;
  return subtractDecimals(now, start);
}

function toFill(order: OrderReport, now: ToldSums, known: ToldSums): FillReport {
  const { orderId, clientOrderId, symbol, side, venueFields } = order;
  const value = rise(known, known.value, now.value);
  const fee = rise(known, known.fees, now.fees);
  return {
    fillId: `${orderId}:${now.size}`,
    orderId,
    ...(clientOrderId !== undefined && { clientOrderId }),
    symbol,
    side,
    size: subtractDecimals(now.size, known.size),
    ...(value !== undefined && { value }),
    ...(fee !== undefined && { fee }),
    filledAtMs: NaN,
    derived: true,
    venueFields,
  };
}
