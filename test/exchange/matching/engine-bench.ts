import type { ListedInstrument, MarketUpdate } from '../../../src/model/exchange.js';
import type {
  EngineAnswer,
  EngineEvent,
  EngineOrder,
  EngineOrderRequest,
  MatchingMarket,
} from '../../../src/model/matching.js';
import { createMatchingMarket } from '../../../src/exchange/matching/matching-market.js';
import {
  createSyntheticMarket,
  type SyntheticMarket,
} from '../../../src/simulator/synthetic-market.js';
import { makeEngineOrder } from '../../doubles/engine-order.js';
import { createVirtualTime, type VirtualTime } from '../../doubles/virtual-time.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';

export const BTC: ListedInstrument = {
  symbol: 'BTC/USD',
  base: 'BTC',
  quote: 'USD',
  status: 'online',
  aliases: [],
  priceIncrement: '0.1',
  sizeIncrement: '0.00000001',
  minSize: '0.0001',
  minCost: '0.5',
};

/** An engine over a market that stands still until the test moves it. */
export interface EngineBench {
  readonly time: VirtualTime;
  readonly market: MatchingMarket;
  readonly background: SyntheticMarket;
  readonly events: EngineEvent[];
  readonly updates: MarketUpdate[];
  /** `type` and order id of the events so far, and forgets them. */
  takeEvents(): string[];
  /** Background levels: price and size, as the market says them now. */
  move(side: 'bid' | 'ask', ...levels: readonly (readonly [string, string])[]): void;
  print(side: 'buy' | 'sell', price: string, size: string): void;
  place(changes?: Partial<EngineOrderRequest>): ReturnType<MatchingMarket['place']>;
  /** Sizes by price of the book that the updates tell. */
  readonly told: ReadonlyMap<string, string>;
}

export function openEngine(): EngineBench {
  const time = createVirtualTime();
  const { clock, timers } = time;
  const background = createSyntheticMarket({
    products: [],
    clock,
    timers,
    random: createSeededRandom(1),
  });
  background.tell({ type: 'instruments.changed', instruments: [BTC] });
  const symbol = BTC.symbol;
  const levels = [
    ...[1, 2, 3].map((step) => ({ side: 'bid' as const, price: String(100 - step), size: '1' })),
    ...[1, 2, 3].map((step) => ({ side: 'ask' as const, price: String(100 + step), size: '1' })),
  ];
  const at = '2026-11-26T00:00:00Z';
  background.tell({ type: 'book.changed', symbol, snapshot: true, time: at, levels });
  const trade = { tradeId: '500', price: '100', size: '1', side: 'buy', time: at } as const;
  background.tell({ type: 'trades.printed', symbol, trades: [trade] });
  background.tell({ type: 'ticker.changed', symbol, ticker: { last: '100' } });
  const market = createMatchingMarket({
    source: background,
    clock,
    timers,
    fees: { maker: '0', taker: '0.01' },
  });
  for (const account of ['alice', 'bob']) {
    market.deposit(account, 'USD', '1000');
    market.deposit(account, 'BTC', '10');
  }
  const events: EngineEvent[] = [];
  const updates: MarketUpdate[] = [];
  const told = new Map<string, string>();
  for (const level of market.book(symbol)?.levels ?? []) told.set(level.price, level.size);
  market.onEngineEvent((event) => events.push(event));
  market.attach({
    pendingBytes: () => 0,
    onUpdate(update) {
      updates.push(update);
      if (update.type !== 'book.changed') return;
      for (const { price, size } of update.levels) {
        if (size === '0') told.delete(price);
        else told.set(price, size);
      }
    },
  });
  let nextId = 501;
  return {
    time,
    market,
    background,
    events,
    updates,
    told,
    takeEvents: () =>
      events
        .splice(0)
        .map((event) =>
          'order' in event
            ? `${event.type} ${event.order.orderId}`
            : `${event.type} ${event.entry.account} ${event.entry.amount} ${event.entry.asset}`,
        ),
    move: (side, ...changed) =>
      background.tell({
        type: 'book.changed',
        symbol,
        snapshot: false,
        time: at,
        levels: changed.map(([price, size]) => ({ side, price, size })),
      }),
    print(side, price, size) {
      const printed = { tradeId: String((nextId += 1)), price, size, side, time: at };
      background.tell({ type: 'trades.printed', symbol, trades: [printed] });
    },
    place: (changes = {}) =>
      market.place(makeEngineOrder({ account: 'alice', symbol, ...changes })),
  };
}

/** The order of an answer that took it. */
export function placed(answer: EngineAnswer): EngineOrder {
  if (!answer.ok) throw new Error(`It was refused: ${answer.refusal}.`);
  return answer.order;
}

/** The order as it is now, or as it ended. */
export function orderOf(
  { market }: EngineBench,
  orderId: string,
  account = 'alice',
): EngineOrder | undefined {
  return market.findOrder(account, { orderId });
}
