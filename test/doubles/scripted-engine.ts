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
/** Kinds of order that wait for a price. */
const WAITING: readonly string[] = [
  'stop-loss',
  'stop-loss-limit',
  'take-profit',
  'take-profit-limit',
  'trailing-stop',
  'trailing-stop-limit',
];

/** An engine in which orders rest until the test says what becomes of them. */
export interface ScriptedEngine extends MatchingMarket {
  /** Orders placed so far, refused ones included. */
  readonly placed: number;
  /** What `cancelAllAfter` was last told, by account. */
  readonly switches: ReadonlyMap<string, number>;
  /** The next order, or the next amendment, is refused. */
  refuseNext(refusal: EngineRefusal): void;
  /** As the maker, unless it is said otherwise. */
  fill(
    orderId: string,
    size: string,
    ...priced: [price: string, liquidity?: EngineFill['liquidity']]
  ): EngineFill;
  trigger(orderId: string): void;
  /** Ends an order for another reason than that its owner wished it. */
  end(orderId: string, because: NonNullable<EngineOrder['endedBecause']>): void;
  expire(orderId: string): void;
  /** A deposit that is told. */
  credit(account: string, asset: string, amount: string): void;
}

/** Takes what it does not need for orders from a market. */
export function createScriptedEngine(
  source: MarketSource,
  timeText: () => string = () => TIME,
): ScriptedEngine {
  const orders = new Map<string, EngineOrder>();
  const fills: EngineFill[] = [];
  const totals = new Map<string, Map<string, string>>();
  const listeners = new Set<(event: EngineEvent) => void>();
  let placed = 0;
  let refusal: EngineRefusal | undefined;
  const switches = new Map<string, number>();

  const tell = (event: EngineEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const change = (order: EngineOrder, changes: Partial<EngineOrder>): EngineOrder => {
    const changed = { ...order, changedAt: timeText(), ...changes };
    orders.set(order.orderId, changed);
    return changed;
  };
  const isLive = ({ status }: EngineOrder): boolean =>
    status === 'open' || status === 'untriggered';
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
      tell({ type: 'ledger.posted', entry: { ...entry, balance, time: timeText() } });
    }
  };

  const end = (order: EngineOrder, because: NonNullable<EngineOrder['endedBecause']>) => {
    const canceled = change(order, { status: 'canceled', endedBecause: because });
    tell({ type: 'order.canceled', order: canceled });
    return canceled;
  };

  return {
    get instruments() {
      return source.instruments;
    },
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
    switches,
    refuseNext: (next) => void (refusal = next),
    place(request, { validateOnly = false } = {}) {
      placed += 1;
      const isKnown = source.instruments.some(({ symbol }) => symbol === request.symbol);
      const refused = isKnown ? refusal : 'symbol-unknown';
      refusal = undefined;
      if (refused) return { ok: false, refusal: refused };
      const now = timeText();
      const size = request.size ?? '0';
      const order: EngineOrder = {
        ...request,
        orderId: `O${placed}`,
        status: 'pending',
        filledSize: '0',
        remainingSize: size,
        filledValue: '0',
        averagePrice: '0',
        fees: '0',
        placedAt: now,
        changedAt: now,
        amended: false,
      };
      if (validateOnly) return { ok: true, order };
      orders.set(order.orderId, order);
      tell({ type: 'order.accepted', order });
      const status = WAITING.includes(order.orderType) ? 'untriggered' : 'open';
      const opened = change(order, { status });
      tell({ type: 'order.opened', order: opened });
      return { ok: true, order: opened };
    },
    amend(account, target, { size, ...rest }) {
      const order = findOrder(account, target);
      const refused = order && isLive(order) ? refusal : 'order-unknown';
      refusal = undefined;
      if (!order || refused) return { ok: false, refusal: refused ?? 'order-unknown' };
      const sizes = size !== undefined && {
        size,
        remainingSize: subtractDecimals(size, order.filledSize),
      };
      const given = Object.entries(rest).filter(([, value]) => value !== undefined);
      const amended = change(order, { ...Object.fromEntries(given), ...sizes, amended: true });
      tell({ type: 'order.amended', order: amended });
      return { ok: true, order: amended };
    },
    cancel(account, target) {
      const order = findOrder(account, target);
      if (!order || !isLive(order)) return { ok: false, refusal: 'order-unknown' };
      return { ok: true, order: end(order, 'user') };
    },
    cancelAll(account) {
      const live = [...orders.values()].filter(
        (order) => order.account === account && isLive(order),
      );
      for (const order of live) end(order, 'user');
      return live.length;
    },
    cancelAllAfter: (account, timeoutMs) => void switches.set(account, timeoutMs),
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
    fill(orderId, size, ...[price, liquidity = 'maker']) {
      const before = get(orderId);
      const value = multiplyDecimals(size, price);
      const fee = multiplyDecimals(value, '0.001');
      const filledSize = addDecimals(before.filledSize, size);
      const isWhole = compareDecimals(filledSize, before.size ?? '0') === 0;
      const order = change(before, {
        filledSize,
        remainingSize: subtractDecimals(before.remainingSize, size),
        filledValue: addDecimals(before.filledValue, value),
        averagePrice: price,
        fees: addDecimals(before.fees, fee),
        status: isWhole ? 'filled' : 'open',
      });
      const { account, symbol, side } = order;
      const fill: EngineFill = {
        fillId: `F${fills.length + 1}`,
        orderId,
        account,
        symbol,
        side,
        price,
        size,
        value,
        fee,
        feeAsset: assetsOf(symbol).quote,
        liquidity,
        tradeId: String(1_001 + fills.length),
        time: timeText(),
      };
      fills.push(fill);
      tell({ type: 'order.filled', order, fill });
      if (isWhole) tell({ type: 'order.completed', order });
      postTrade(fill);
      return fill;
    },
    trigger(orderId) {
      const order = change(get(orderId), { status: 'open' });
      tell({ type: 'order.triggered', order });
    },
    end: (orderId, because) => void end(get(orderId), because),
    credit(account, asset, amount) {
      post(account, asset, amount);
      const balance = totals.get(account)?.get(asset) ?? '0';
      const parts = { ledgerId: `d${asset}`, refId: 'deposit', account, kind: 'deposit' } as const;
      const entry = { ...parts, asset, amount, fee: '0', balance, time: timeText() };
      tell({ type: 'ledger.posted', entry });
    },
    expire(orderId) {
      const order = change(get(orderId), { status: 'expired', endedBecause: 'timer' });
      tell({ type: 'order.expired', order });
    },
  };
}
