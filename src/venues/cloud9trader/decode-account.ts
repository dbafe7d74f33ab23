import type {
  BalanceReport,
  FillPatch,
  OrderReport,
  OrderStatus,
  PositionReport,
} from '../../model/account.js';
import { findDecimal, readDecimal } from '../../wire/decimals.js';
import {
  copyFields,
  dropAbsent,
  findText,
  findTimeMs,
  readText,
  toList,
  toObject,
  type RawObject,
} from '../../wire/fields.js';
import { reportSkipped, type Decoding } from '../../wire/frame.js';
import type { Place } from '../../wire/place.js';
import { readSide } from './decoding.js';
import type { PrivateTopic } from './messages.js';

/** The rows of a private topic, and whether they answer a request and so are all there are. */
interface AccountData {
  readonly data: unknown;
  readonly isAnswer: boolean;
}

type AccountDecoder = (account: AccountData, decoding: Decoding) => void;

/** Decoders by topic. */
export const ACCOUNT_DECODERS: Readonly<Record<PrivateTopic, AccountDecoder>> = {
  orders: decodeOrders,
  positions: decodePositions,
  balances: decodeBalances,
  executions: decodeExecutions,
};

/** Rows of the past (`snapshot: true`, one message for each exchange) and live ones, apart. */
interface SortedRows {
  readonly past: readonly RawObject[];
  readonly live: readonly RawObject[];
}

function sortRows({ data, isAnswer }: AccountData, place: Place): SortedRows {
  const rows = toList(data ?? [], place).map((row, index) => {
    place.item = index;
    return toObject(row, place);
  });
  if (isAnswer) return { past: rows, live: [] };
  return {
    past: rows.filter((row) => row['snapshot'] === true),
    live: rows.filter((row) => row['snapshot'] !== true),
  };
}

/** The states of the library's types → ours. */
const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ['NEW', 'open'],
  ['PARTIALLY_FILLED', 'open'],
  ['FILLED', 'filled'],
  ['CANCELED', 'canceled'],
  ['REJECTED', 'rejected'],
  ['EXPIRED', 'expired'],
]);

/**
 * What answers a request is complete. What comes by itself after a subscription is one message for
 * each exchange, and nothing says which is the last.
 */
function decodeOrders(account: AccountData, decoding: Decoding): void {
  const { past, live } = sortRows(account, decoding.place);
  const { isAnswer } = account;
  if (isAnswer || past.length > 0) {
    const orders = readOrders(past, decoding);
    decoding.messages.push({ type: 'orders.snapshot', orders, complete: isAnswer });
  }
  if (live.length === 0) return;
  const orders = readOrders(live, decoding);
  if (orders.length > 0) decoding.messages.push({ type: 'orders.update', orders, complete: true });
}

function readOrders(rows: readonly RawObject[], decoding: Decoding): OrderReport[] {
  const { place } = decoding;
  return rows.flatMap((row) => {
    const venueStatus = readText(row, 'status', place);
    const status = STATUSES.get(venueStatus);
    if (status !== undefined) return [readOrder(row, { status, venueStatus }, place)];
    reportSkipped(decoding, `orders/status:${venueStatus}`, 'The order status is not known.');
    return [];
  });
}

function readOrder(
  row: RawObject,
  status: Pick<OrderReport, 'status' | 'venueStatus'>,
  place: Place,
): OrderReport {
  const createdAtMs = findTimeMs(row, 'time', place);
  const found = {
    clientOrderId: findText(row, 'clientOrderId', place),
    orderType: toWords(findText(row, 'type', place)),
    timeInForce: toWords(findText(row, 'timeInForce', place)),
    size: findDecimal(row, 'quantity', place),
    limitPrice: findDecimal(row, 'price', place),
    stopPrice: findDecimal(row, 'stopPrice', place),
    averagePrice: findDecimal(row, 'averagePrice', place),
    filledSize: findDecimal(row, 'quantityFilled', place),
    remainingSize: findDecimal(row, 'quantityRemaining', place),
    reason: findText(row, 'detail', place),
    createdAtMs: Number.isNaN(createdAtMs) ? undefined : createdAtMs,
  };
  return {
    orderId: readText(row, 'id', place),
    symbol: readText(row, 'instrumentId', place),
    side: readSide(row, 'side', place),
    ...status,
    ...dropAbsent(found),
    venueFields: copyFields(row),
  };
}

/** The library marks the side as optional; a row without one cannot be told as a fill. */
function decodeExecutions(account: AccountData, decoding: Decoding): void {
  const { past, live } = sortRows(account, decoding.place);
  const read = (rows: readonly RawObject[]): FillPatch[] =>
    rows.flatMap((row) => {
      if (row['side'] !== undefined && row['side'] !== null) return [readFill(row, decoding.place)];
      reportSkipped(decoding, 'executions/side', 'The execution says no side.');
      return [];
    });
  const { isAnswer } = account;
  if (isAnswer || past.length > 0) {
    const fills = sortFills(read(past));
    decoding.messages.push({ type: 'fills.snapshot', fills, complete: isAnswer });
  }
  if (live.length === 0) return;
  const fills = sortFills(read(live));
  decoding.messages.push({ type: 'fills.update', fills, complete: true });
}

/** No page says in which order they come; the sort keeps that of rows without a time. */
function sortFills(fills: FillPatch[]): FillPatch[] {
  return fills.sort((left, right) => left.filledAtMs - right.filledAtMs || 0);
}

/** `quantity` is a text in the library's types, and a number in those of all other rows. */
function readFill(row: RawObject, place: Place): FillPatch {
  const { maker } = row;
  const found = {
    price: findDecimal(row, 'price', place),
    fee: findDecimal(row, 'fee', place),
    feeAsset: findText(row, 'feeCurrency', place),
    liquidity: typeof maker === 'boolean' ? toLiquidity(maker) : undefined,
  };
  return {
    fillId: readText(row, 'id', place),
    orderId: findText(row, 'orderId', place) ?? '',
    symbol: readText(row, 'instrumentId', place),
    side: readSide(row, 'side', place),
    size: readDecimal(row, 'quantity', place),
    ...dropAbsent(found),
    filledAtMs: findTimeMs(row, 'time', place),
    venueFields: copyFields(row),
  };
}

function toLiquidity(isMaker: boolean): 'maker' | 'taker' {
  return isMaker ? 'maker' : 'taker';
}

function toWords(text: string | undefined): string | undefined {
  return text?.replaceAll('_', '-').toLowerCase();
}

/** A key may trade at several brokers, and with several accounts of one. */
function nameAccount(row: RawObject, place: Place): string | undefined {
  const broker = findText(row, 'broker', place);
  const { accountNo } = copyFields(row);
  const parts = [broker, accountNo].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join('/');
}

const DIRECTIONS: ReadonlyMap<string, 'long' | 'short'> = new Map([
  ['LONG', 'long'],
  ['SHORT', 'short'],
]);

function decodePositions(account: AccountData, { place, messages }: Decoding): void {
  const { past, live } = sortRows(account, place);
  const read = (row: RawObject): PositionReport => {
    const side = DIRECTIONS.get(findText(row, 'direction', place) ?? '');
    const found = {
      size: findDecimal(row, 'quantity', place),
      unrealizedProfit: findDecimal(row, 'profit', place),
    };
    return {
      symbol: readText(row, 'instrumentId', place),
      kind: 'position',
      ...dropAbsent({ side, ...found, wallet: nameAccount(row, place) }),
      venueFields: copyFields(row),
    };
  };
  if (account.isAnswer || past.length > 0) {
    messages.push({
      type: 'positions.snapshot',
      positions: past.map(read),
      complete: account.isAnswer,
    });
  }
  if (live.length === 0) return;
  messages.push({ type: 'positions.update', positions: live.map(read), complete: true });
}

function decodeBalances(account: AccountData, { place, messages }: Decoding): void {
  const { past, live } = sortRows(account, place);
  const read = (row: RawObject): BalanceReport => {
    const asset = findText(row, 'currency', place);
    const total = findDecimal(row, 'balance', place);
    const available = findDecimal(row, 'availableMargin', place);
    const found = dropAbsent({ asset, total, available, wallet: nameAccount(row, place) });
    return { kind: 'account', ...found, venueFields: copyFields(row) };
  };
  if (account.isAnswer || past.length > 0) {
    messages.push({
      type: 'balances.snapshot',
      balances: past.map(read),
      complete: account.isAnswer,
    });
  }
  if (live.length === 0) return;
  messages.push({ type: 'balances.update', balances: live.map(read), complete: true });
}
