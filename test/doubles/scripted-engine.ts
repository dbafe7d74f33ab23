import {
  addDecimals,
  compareDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../../src/book/decimal-arithmetic.js';
import type { MarketSource } from '../../src/model/exchange.js';
import type {
  EngineEvent,
  EngineFill,
  EngineOrder,
  EngineRefusal,
  EngineTarget,
  MatchingMarket,
} from '../../src/model/matching.js';

const TIME = '2026-08-09T21:00:00.123456789Z';

/** An engine in which orders rest until the test says what becomes of them. */
export interface ScriptedEngine extends MatchingMarket {
  /** Orders placed so far, refused ones included. */
  readonly placed: number;
  /** The next order is refused. */
  refuseNext(refusal: EngineRefusal): void;
  fill(orderId: string, size: string, price: string): EngineFill;
  expire(orderId: string): void;
}

/** Takes what it does not need for orders from a market. */
export function createScriptedEngine(source: MarketSource): ScriptedEngine {
  const orders = new Map<string, EngineOrder>();
  const fills: EngineFill[] = [];
  const totals = new Map<string, Map<string, string>>();
  const listeners = new Set<(event: EngineEvent) => void>();
  let placed = 0;
  let refusal: EngineRefusal | undefined;

  const tell = (event: EngineEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const change = (order: EngineOrder, changes: Partial<EngineOrder>): EngineOrder => {
    const changed = { ...order, ...changes };
    orders.set(order.orderId, changed);
    return changed;
  };
  const isLive = ({ status }: EngineOrder): boolean => status === 'open';
  const findOrder = (account: string, target: EngineTarget): EngineOrder | undefined =>
    [...orders.values()].findLast(
      (order) =>
        order.account === account &&
        (target.orderId === order.orderId ||
          (target.clientOrderId !== undefined && target.clientOrderId === order.clientOrderId)),
    );
  const get = (orderId: string): EngineOrder => {
    const order = orders.get(orderId);
    if (!order) throw new Error(`There is no order ${orderId}.`);
    return order;
  };
  const assetsOf = (symbol: string): { base: string; quote: string } => {
    const one = source.instruments.find((instrument) => instrument.symbol === symbol);
    return one ?? { base: '', quote: '' };
  };
  const post = (account: string, asset: string, amount: string): void => {
    const held = totals.get(account) ?? new Map<string, string>();
    totals.set(account, held);
    held.set(asset, addDecimals(held.get(asset) ?? '0', amount));
  };
  const reserved = (account: string, asset: string): string =>
    [...orders.values()]
      .filter((order) => order.account === account && isLive(order))
      .map((order) => {
        const { base, quote } = assetsOf(order.symbol);
        if (order.side === 'sell') return base === asset ? order.remainingSize : '0';
        if (quote !== asset) return '0';
        return multiplyDecimals(order.remainingSize, order.limitPrice ?? '0');
      })
      .reduce(addDecimals, '0');
  const postTrade = (fill: EngineFill): void => {
    const { base, quote } = assetsOf(fill.symbol);
    const isBuy = fill.side === 'buy';
    const amounts: readonly (readonly [string, string])[] = [
      [base, isBuy ? fill.size : `-${fill.size}`],
      [quote, subtractDecimals(isBuy ? `-${fill.value}` : fill.value, fill.fee)],
    ];
    for (const [asset, amount] of amounts) {
      post(fill.account, asset, amount);
      const balance = totals.get(fill.account)?.get(asset) ?? '0';
      const parts = { ledgerId: `l${fills.length}${asset}`, refId: fill.fillId, fee: '0' };
      const entry = { ...parts, account: fill.account, kind: 'trade', asset, amount } as const;
      tell({ type: 'ledger.posted', entry: { ...entry, balance, time: TIME } });
    }
  };

  return {
    instruments: source.instruments,
    batched: source.batched,
    time: () => source.time(),
    book: (symbol) => source.book(symbol),
    trades: (symbol) => source.trades(symbol),
    ticker: (symbol) => source.ticker(symbol),
    candles: (symbol) => source.candles(symbol),
    orders: () => [],
    attach: (listener) => source.attach(listener),
    close: () => source.close(),
    get placed() {
      return placed;
    },
    refuseNext: (next) => void (refusal = next),
    place(request) {
      placed += 1;
      const isKnown = source.instruments.some(({ symbol }) => symbol === request.symbol);
      const refused = isKnown ? refusal : 'symbol-unknown';
      refusal = undefined;
      if (refused) return { ok: false, refusal: refused };
      const size = request.size ?? '0';
      const order: EngineOrder = {
        ...request,
        ...{ orderId: `O${placed}`, status: 'pending', filledSize: '0', remainingSize: size },
        ...{ filledValue: '0', averagePrice: '0', fees: '0', placedAt: TIME, changedAt: TIME },
        amended: false,
      };
      orders.set(order.orderId, order);
      tell({ type: 'order.accepted', order });
      const opened = change(order, { status: 'open' });
      tell({ type: 'order.opened', order: opened });
      return { ok: true, order: opened };
    },
    amend: () => ({ ok: false, refusal: 'type-unsupported' }),
    cancel(account, target) {
      const order = findOrder(account, target);
      if (!order || !isLive(order)) return { ok: false, refusal: 'order-unknown' };
      const canceled = change(order, { status: 'canceled', endedBecause: 'user' });
      tell({ type: 'order.canceled', order: canceled });
      return { ok: true, order: canceled };
    },
    cancelAll: () => 0,
    cancelAllAfter: () => undefined,
    findOrder,
    openOrders: (account) =>
      [...orders.values()].filter((order) => order.account === account && isLive(order)),
    fills: (account) => fills.filter((fill) => fill.account === account),
    balances: (account) =>
      [...(totals.get(account) ?? [])].map(([asset, total]) => ({
        asset,
        total,
        available: subtractDecimals(total, reserved(account, asset)),
      })),
    deposit: post,
    onEngineEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    fill(orderId, size, price) {
      const before = get(orderId);
      const value = multiplyDecimals(size, price);
      const fee = multiplyDecimals(value, '0.001');
      const filledSize = addDecimals(before.filledSize, size);
      const isWhole = compareDecimals(filledSize, before.size ?? '0') === 0;
      const order = change(before, {
        ...{ filledSize, remainingSize: subtractDecimals(before.remainingSize, size) },
        ...{ filledValue: addDecimals(before.filledValue, value), averagePrice: price },
        ...{ fees: addDecimals(before.fees, fee), status: isWhole ? 'filled' : 'open' },
      });
      const { account, symbol, side } = order;
      const fill: EngineFill = {
        ...{ fillId: `F${fills.length + 1}`, orderId, account, symbol, side, price, size, value },
        ...{ fee, feeAsset: assetsOf(symbol).quote, liquidity: 'maker' },
        ...{ tradeId: `t${fills.length + 1}`, time: TIME },
      };
      fills.push(fill);
      tell({ type: 'order.filled', order, fill });
      if (isWhole) tell({ type: 'order.completed', order });
      postTrade(fill);
      return fill;
    },
    expire(orderId) {
      const order = change(get(orderId), { status: 'expired', endedBecause: 'timer' });
      tell({ type: 'order.expired', order });
    },
  };
}
