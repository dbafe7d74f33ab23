import type { BalanceReport, PositionReport } from '../../model/account.js';
import { findDecimal } from '../../wire/decimals.js';
import {
  copyFields,
  findText,
  isObject,
  readList,
  readSymbol,
  toObject,
  type RawObject,
} from '../../wire/fields.js';
import { reportSkipped, type Decoding } from '../../wire/frame.js';
import { faultAt, leaveList, type Place } from '../../wire/place.js';
import { findPositive, readOrders } from './decode-orders.js';
import { readEventType } from './decoding.js';
import { ORDERS_PER_BATCH } from './messages.js';

/** Decodes `user`: orders, then positions. */
export function decodeUserEvent(event: RawObject, decoding: Decoding): void {
  // The batches after the first are "patches" in the documentation: the same list, continued.
  const isPatch = event['type'] === 'patch';
  const type = isPatch ? 'snapshot' : readEventType(event, decoding);
  if (type === undefined) return;
  const complete = event['orders'] === undefined || decodeOrders(event, type, decoding);
  leaveList(decoding.place);
  const positions = event['positions'];
  if (positions === undefined || positions === null) return;
  if (!isObject(positions)) throw faultAt(decoding.place, 'positions', ['an object', positions]);
  const reports = readPositions(positions, decoding);
  if (type === 'update' && reports.length === 0) return;
  decoding.messages.push({
    type: type === 'snapshot' ? 'positions.snapshot' : 'positions.update',
    positions: reports,
    // They come with the orders, batch by batch.
    complete,
  });
}

/**
 * A snapshot comes in batches of 50; the first smaller batch, maybe an empty one, is the last.
 * Returns whether this was the last one.
 */
function decodeOrders(event: RawObject, type: 'snapshot' | 'update', decoding: Decoding): boolean {
  const list = readList(event, 'orders', decoding.place);
  const orders = readOrders(list, decoding);
  if (type === 'snapshot') {
    const complete = list.length < ORDERS_PER_BATCH;
    decoding.messages.push({ type: 'orders.snapshot', orders, complete });
    return complete;
  }
  if (orders.length > 0) {
    decoding.messages.push({ type: 'orders.update', orders, complete: true });
  }
  return true;
}

/** A list of positions: what kind it holds and under which names. */
interface PositionListRule {
  readonly name: string;
  readonly kind: string;
  readonly side: string;
  readonly size: string;
  /** The first that is above zero counts: `entry_vwap` was seen as "0" beside a `vwap`. */
  readonly entryPrice: readonly string[];
}

const POSITION_LISTS: readonly PositionListRule[] = [
  {
    name: 'perpetual_futures_positions',
    kind: 'perpetual-future',
    side: 'position_side',
    size: 'net_size',
    entryPrice: ['entry_vwap', 'vwap'],
  },
  {
    name: 'expiring_futures_positions',
    kind: 'expiring-future',
    side: 'side',
    size: 'number_of_contracts',
    entryPrice: ['entry_price'],
  },
];

function readPositions(positions: RawObject, decoding: Decoding): PositionReport[] {
  const reports: PositionReport[] = [];
  for (const name of Object.keys(positions)) {
    const rule = POSITION_LISTS.find((one) => one.name === name);
    const value = positions[name];
    if (rule === undefined) {
      if (Array.isArray(value) && value.length === 0) continue;
      reportSkipped(decoding, name, 'Positions of this kind are not known to truefeed.');
      continue;
    }
    if (!Array.isArray(value))
      throw faultAt(decoding.place, `positions.${name}`, ['a list', value]);
    decoding.place.list = `positions.${name}`;
    for (let index = 0; index < value.length; index += 1) {
      decoding.place.item = index;
      reports.push(readPosition(toObject(value[index], decoding.place), rule, decoding.place));
    }
    leaveList(decoding.place);
  }
  return reports;
}

function readPosition(raw: RawObject, rule: PositionListRule, place: Place): PositionReport {
  const sideText = findText(raw, rule.side, place)?.toLowerCase() ?? '';
  const side = sideText.endsWith('long')
    ? 'long'
    : sideText.endsWith('short')
      ? 'short'
      : undefined;
  const size = findDecimal(raw, rule.size, place);
  const prices = rule.entryPrice.map((name) => findPositive(raw, name, place));
  const entryPrice = prices.find((price) => price !== undefined);
  const unrealizedProfit = findDecimal(raw, 'unrealized_pnl', place);
  return {
    symbol: readSymbol(raw, 'product_id', place),
    kind: rule.kind,
    ...(side !== undefined && { side }),
    ...(size !== undefined && { size }),
    ...(entryPrice !== undefined && { entryPrice }),
    ...(unrealizedProfit !== undefined && { unrealizedProfit }),
    venueFields: copyFields(raw),
  };
}

/** Decodes `futures_balance_summary`. Documented, never recorded. */
export function decodeBalancesEvent(event: RawObject, decoding: Decoding): void {
  const type = readEventType(event, decoding);
  if (type === undefined) return;
  const summary = event['fcm_balance_summary'];
  if (!isObject(summary)) {
    throw faultAt(decoding.place, 'fcm_balance_summary', ['an object', summary]);
  }
  leaveList(decoding.place);
  const total = findDecimal(summary, 'total_usd_balance', decoding.place);
  const balance: BalanceReport = {
    asset: 'USD',
    ...(total !== undefined && { total }),
    kind: 'futures-summary',
    venueFields: copyTwoLevels(summary),
  };
  decoding.messages.push({
    type: type === 'snapshot' ? 'balances.snapshot' : 'balances.update',
    balances: [balance],
    complete: true,
  });
}

/** The fields and, one level down, the margin windows; anything deeper is left out. */
function copyTwoLevels(summary: RawObject): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = { ...copyFields(summary) };
  for (const name of Object.keys(summary)) {
    const value = summary[name];
    if (name !== '__proto__' && isObject(value)) fields[name] = copyFields(value);
  }
  return fields;
}
