/**
 * Orders of the one user, between the engine and the `user` channel. The venue takes no orders on
 * its sockets: they come from whoever runs the exchange, in the place of its REST interface.
 */
import type { VenueFields } from '../../../model/exchange.js';
import type {
  EngineAnswer,
  EngineEvent,
  EngineOrder,
  EngineTarget,
  MatchingMarket,
} from '../../../model/matching.js';
import type { NewOrder } from '../../../model/order-entry.js';
import { holdOf, toFailedFields, toOrderFields, type OrderFacts } from './order-fields.js';
import { toOrderUuid } from './order-ids.js';

/** What a desk is made of. */
export interface OrderDeskOptions {
  readonly engine: MatchingMarket;
  /** Whose orders they are, in the engine. */
  readonly account: string;
  readonly portfolioId: string;
  /** The name under which the engine trades a product. */
  readonly resolve: (symbol: string) => string | undefined;
  /** The present, RFC 3339. */
  readonly timeText: () => string;
  /** Orders changed: one update of the channel each time. */
  readonly tell: (orders: readonly VenueFields[]) => void;
}

/** Where orders are placed, and what is open; ids are the venue's. */
export interface OrderDesk {
  place(order: NewOrder): EngineAnswer;
  cancel(target: EngineTarget): EngineAnswer;
  /** Open orders, oldest first. */
  open(): readonly VenueFields[];
  close(): void;
}

/** Opens the desk; it hears the engine from now on. */
export function createOrderDesk(options: OrderDeskOptions): OrderDesk {
  const { engine, account, portfolioId, tell, timeText } = options;
  const writer = new OrderWriter(portfolioId);
  const stop = engine.onEngineEvent((event) => {
    if (event.type === 'ledger.posted' || event.order.account !== account) return;
    for (const order of writer.write(event)) tell([order]);
  });
  let failures = 0;

  return {
    place(order) {
      const answer = engine.place({
        ...order,
        account,
        symbol: options.resolve(order.symbol) ?? order.symbol,
        timeInForce: order.timeInForce ?? 'gtc',
        postOnly: order.postOnly ?? false,
        reduceOnly: order.reduceOnly ?? false,
        selfTrade: 'cancel-newest',
        venueFields: { ...order.venueFields, productId: order.symbol },
      });
      if (answer.ok) return withVenueId(answer);
      failures += 1;
      const parts = {
        orderId: toOrderUuid(`failed-${failures}`),
        time: timeText(),
        refusal: answer.refusal,
      };
      tell([toFailedFields(order, { ...parts, portfolioId })]);
      return answer;
    },
    cancel({ orderId, clientOrderId }) {
      const isMeant = (order: EngineOrder): boolean => toOrderUuid(order.orderId) === orderId;
      const engineId = orderId && engine.openOrders(account).find(isMeant)?.orderId;
      return withVenueId(engine.cancel(account, { orderId: engineId ?? orderId, clientOrderId }));
    },
    open: () => engine.openOrders(account).map((order) => writer.describe(order)),
    close: stop,
  };
}

function withVenueId(answer: EngineAnswer): EngineAnswer {
  if (!answer.ok) return answer;
  return { ok: true, order: { ...answer.order, orderId: toOrderUuid(answer.order.orderId) } };
}

type OrderEvent = Exclude<EngineEvent, { readonly type: 'ledger.posted' }>;

/** Knows of each living order what the engine does not say. */
class OrderWriter {
  readonly #portfolioId: string;
  readonly #fillCounts = new Map<string, number>();
  readonly #triggered = new Set<string>();

  constructor(portfolioId: string) {
    this.#portfolioId = portfolioId;
  }

  describe(order: EngineOrder, more: Partial<OrderFacts> = {}): VenueFields {
    const { orderId } = order;
    return toOrderFields(order, {
      portfolioId: this.#portfolioId,
      fillCount: this.#fillCounts.get(orderId) ?? 0,
      isTriggered: this.#triggered.has(orderId),
      ...more,
    });
  }

  /** The states that an event is told as, one update each. */
  write({ type, order }: OrderEvent): readonly VenueFields[] {
    switch (type) {
      case 'order.filled':
        return [this.#writeFill(order)];
      case 'order.completed':
        return this.#writeEnd(order, { status: 'FILLED', hold: '0' });
      case 'order.triggered':
        this.#triggered.add(order.orderId);
        return [this.describe(order)];
      case 'order.canceled': {
        // "CANCEL_QUEUED precedes CANCELLED": where somebody asked for it.
        const isAsked = order.endedBecause === 'user';
        const queued = isAsked ? [this.describe(order, { status: 'CANCEL_QUEUED' })] : [];
        return [...queued, ...this.#writeEnd(order)];
      }
      case 'order.expired':
        return this.#writeEnd(order);
      case 'order.accepted':
      case 'order.opened':
      case 'order.amended':
        return [this.describe(order)];
    }
  }

  /** The last state comes twice: with what was held, and once that is free (recorded 2025-02). */
  #writeFill(order: EngineOrder): VenueFields {
    const { orderId, remainingSize, size } = order;
    this.#fillCounts.set(orderId, (this.#fillCounts.get(orderId) ?? 0) + 1);
    if (remainingSize !== '0') return this.describe(order);
    const hold = holdOf({ ...order, remainingSize: size ?? '0' });
    return this.describe(order, { status: 'FILLED', hold });
  }

  #writeEnd(order: EngineOrder, more: Partial<OrderFacts> = {}): readonly VenueFields[] {
    const fields = this.describe(order, more);
    this.#fillCounts.delete(order.orderId);
    this.#triggered.delete(order.orderId);
    return [fields];
  }
}
