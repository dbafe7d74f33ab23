/** What a test does to a running exchange and sees of it, whatever the venue. */
import type { FaultRules, KeptRule } from '../exchange/fault-rules.js';
import type {
  ConnectionFacts,
  Observation,
  SeenMessage,
  SeenRequest,
} from '../exchange/observed-server.js';
import type { AnyRule } from '../exchange/read-rules.js';
import type { EngineOrder } from '../model/matching.js';
import type { Timers } from '../model/runtime.js';
import type { RuleReader } from './rule-reader.js';
import type { ServedMarket } from './served-market.js';
import type { SimulatedTrading } from './trading.js';
import type { MarketControl } from './venue-market.js';
import { waitUntil } from './wait-until.js';

/** An order as it stands in the engine, and how the venue calls it. */
export interface SeenOrder extends EngineOrder {
  /** By which clients know the order: the venue's own spelling of `orderId`. */
  readonly venueOrderId: string;
}

/** What a test does to a running exchange and sees of it. */
export interface ExchangeControl<Rule extends object = object> {
  /** Sockets that are open now; `connections` tells the second from the first. */
  readonly connectionCount: number;
  /** Open sockets; each `connection` counts attempts to connect from 1. */
  readonly connections: readonly ConnectionFacts[];
  /** What clients sent on their sockets: the latest 1,000, oldest first. */
  readonly messages: readonly SeenMessage[];
  /** Attempts to connect and REST calls: the latest 1,000, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Every order of the demo key's account as it stands, the latest 10,000; none of a recording. */
  readonly orders: readonly SeenOrder[];
  /** What is done to the market; undefined where a recording is served. */
  readonly market: MarketControl | undefined;
  /** Rules in force, and how often each struck. */
  readonly faults: readonly KeptRule<Rule>[];
  /** Returns the id of the rule; throws ConfigError OPTION_INVALID for one that makes no sense. */
  addFault(rule: Rule): number;
  /** Whether there was such a rule. */
  removeFault(id: number): boolean;
  clearFaults(): void;
  /** All of them, or the one that rules call `connection`. */
  closeConnections(code: number, reason?: string, connection?: number): void;
  resetConnections(connection?: number): void;
  /** Ends what was issued or signed until now, on open sockets too. */
  revokeTokens(): void;
  /**
   * Resolves when `isTrue` says so; it is asked after whatever happens at the exchange. Rejects,
   * with `what` in the message, after `withinMs` (10,000).
   */
  until(what: string, isTrue: () => boolean, withinMs?: number): Promise<void>;
}

/** As much of a venue's server as a control acts on. */
export interface ControlledServer {
  readonly connectionCount: number;
  closeConnections(code: number, reason: string): void;
  resetConnections(): void;
  revokeTokens(): void;
}

/** What a control is made of. */
export interface ControlParts<Rule extends AnyRule> {
  readonly server: ControlledServer;
  readonly observation: Observation;
  readonly inForce: FaultRules<Rule>;
  readonly readRule: RuleReader<Rule>;
  readonly served: ServedMarket;
  readonly timers: Timers;
  /** How the venue spells the engine's id of an order. */
  spellOrderId(engineId: string): string;
}

const ORDERS_MAX = 10_000;
const PATIENCE_MS = 10_000;

/** The control of what all venues have. */
export function createExchangeControl<Rule extends AnyRule>(
  parts: ControlParts<Rule>,
): ExchangeControl<Rule> {
  const { server, observation, inForce, readRule, served, timers } = parts;
  const { trading } = served;
  const orders = trading && keepOrders(trading);
  return {
    get connectionCount() {
      return server.connectionCount;
    },
    get connections() {
      return observation.connections;
    },
    get messages() {
      return observation.messages;
    },
    get requests() {
      return observation.requests;
    },
    get orders() {
      return [...(orders?.values() ?? [])].map((order) => {
        return { ...order, venueOrderId: parts.spellOrderId(order.orderId) };
      });
    },
    market: served.control,
    get faults() {
      return inForce.list();
    },
    addFault: (rule) => inForce.add(readRule({ value: rule, path: [] }, 'the fault')),
    removeFault: (id) => inForce.remove(id),
    clearFaults: () => inForce.clear(),
    closeConnections(code, reason = '', connection) {
      if (connection === undefined) server.closeConnections(code, reason);
      else observation.close(connection, code, reason);
    },
    resetConnections(connection) {
      if (connection === undefined) server.resetConnections();
      else observation.reset(connection);
    },
    revokeTokens: () => server.revokeTokens(),
    until: (what, isTrue, withinMs = PATIENCE_MS) =>
      waitUntil({ what, isTrue, withinMs }, { observation, trading, timers }),
  };
}

/** Follows the orders of the demo key's account. */
function keepOrders({ market, account }: SimulatedTrading): ReadonlyMap<string, EngineOrder> {
  const orders = new Map<string, EngineOrder>();
  market.onEngineEvent((event) => {
    if (event.type === 'ledger.posted' || event.order.account !== account) return;
    orders.set(event.order.orderId, event.order);
    for (const oldest of orders.keys()) {
      if (orders.size <= ORDERS_MAX) break;
      orders.delete(oldest);
    }
  });
  return orders;
}
