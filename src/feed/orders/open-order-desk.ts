import type { SwitchState } from '../../model/order-calls.js';
import type { OrderEntryRule, OrderTarget } from '../../model/order-entry.js';
import { worstState } from '../account/account-views.js';
import { isOpenOrder } from '../account/order-store.js';
import type { FeedEngine } from '../feed-engine.js';
import type { FeedTools } from '../feed-tools.js';
import { OrderDesk } from './order-desk.js';

/** Order entry over what a feed holds: its sockets, its account and its instruments. */
export function openOrderDesk(
  rule: OrderEntryRule,
  tools: FeedTools,
  engine: FeedEngine,
): OrderDesk {
  const { account, instruments, runtime, orderLimiter } = tools;
  const findOrder = ({ orderId, clientOrderId }: OrderTarget) =>
    orderId === undefined
      ? account.orders.findByClientId(clientOrderId ?? '')
      : account.orders.get(orderId);
  return new OrderDesk({
    rule,
    runtime,
    limiter: orderLimiter,
    check: {
      findInstrument: (symbol) => instruments.find(symbol),
      get instrumentsAreKnown() {
        return instruments.isListed;
      },
      findOrder,
    },
    limits: {
      findOrder,
      countOpenOrders: (symbol) =>
        account.orders.all().filter((order) => order.symbol === symbol && isOpenOrder(order))
          .length,
    },
    evidence: {
      get isLive() {
        // Fills may come on a channel of their own, and prove an order that has ended.
        const sources = [...account.sourcesOf('orders'), ...account.sourcesOf('fills')];
        return worstState(sources).status === 'live';
      },
      askAnew() {
        for (const link of engine.links) link.askAccountAnew();
      },
      findOrders: ({ orderId, clientOrderId }) =>
        orderId === undefined
          ? account.orders.allByClientId(clientOrderId ?? '')
          : [account.orders.get(orderId) ?? []].flat(),
      findFills: (target) => account.fills.of(target),
      listOrders: () => account.orders.all(),
    },
    findSocket: () => engine.findLink(rule.channel),
    onSwitchChanged: (state: SwitchState) => {
      const receivedAtMs = runtime.clock.nowMs();
      const base = { venue: tools.venue.id, symbol: '', venueAtMs: NaN, receivedAtMs };
      tools.emit({ ...base, type: 'switch.changed', state });
    },
  });
}
