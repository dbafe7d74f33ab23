/** Order entry as a program holds it: calls, and what comes of them. */
import type { FillReport, OrderReport } from './account.js';
import type { TruefeedError } from './error.js';
import type { OrderFacts } from './message.js';
import type { NewOrder, OrderChange, OrderCommandKind, OrderTarget } from './order-entry.js';

/** The venue said yes. What it did not say is absent. */
export interface AcknowledgedOrder extends OrderFacts {
  readonly kind: 'acknowledged';
  readonly command: OrderCommandKind;
  /**
   * Whether the engine has it, or only that it was passed on: there the order is yet to come, with
   * `order.changed`, and may still be refused. `checked`: it was sent with `validate`, and nothing
   * was done.
   */
  readonly means: 'accepted' | 'forwarded' | 'checked';
}

/** It was not done, and that is certain. */
export interface RefusedOrder {
  readonly kind: 'refused';
  readonly command: OrderCommandKind;
  /**
   * Why. From the venue: its words. From here, where `wasSent` is false: ORDER_INVALID for its
   * form, RATE_LIMITED where the venue would say so (`facts.retryInMs`), ORDER_NOT_SENT without a
   * socket.
   */
  readonly error: TruefeedError;
  /** Whether anything of it left this process. */
  readonly wasSent: boolean;
  readonly clientOrderId?: string;
}

/** It was sent, and the answer was lost: it may have been done or not, and is not sent again. */
export interface UnknownOrder {
  readonly kind: 'unknown';
  readonly command: OrderCommandKind;
  readonly error: TruefeedError;
  /** By which the order can be found at the venue. */
  readonly clientOrderId?: string;
  readonly orderId?: string;
  /**
   * What turned out: by a late answer, or in the account once it is whole again. Never rejects;
   * with the feed it ends as `unsettled`.
   */
  readonly settled: Promise<SettledOrder>;
}

/** How every order call ends: in exactly one of these. */
export type OrderOutcome = AcknowledgedOrder | RefusedOrder | UnknownOrder;

/** What turned out of a call whose answer was lost. */
export type SettledOrder =
  /** The answer came after all. */
  | AcknowledgedOrder
  | RefusedOrder
  /**
   * The account shows it done: the order that was placed, the one that was changed or canceled, or
   * the one that took the place of another. `order` is absent where only fills of it are told.
   */
  | {
      readonly kind: 'found';
      readonly order: OrderReport | undefined;
      readonly fills: readonly FillReport[];
    }
  /**
   * It was to change or cancel an order, the account is whole, nothing can be on its way any more,
   * and the order is as it was, or ended in another way.
   */
  | {
      readonly kind: 'not-done';
      readonly order: OrderReport;
      readonly fills: readonly FillReport[];
    }
  /** The account is whole, nothing can be on its way any more, and there is no such open order. */
  | { readonly kind: 'not-found'; readonly detail: string }
  /** The feed was closed, or the venue tells nothing by which this could be known. */
  | { readonly kind: 'unsettled'; readonly detail: string };

/** Options of every order call. */
export interface OrderCallOptions {
  /** How long the order may take to the engine; the venue's own default where absent. */
  readonly deadlineMs?: number | undefined;
}

/** Options of calls that can be tried out. */
export interface PlaceOptions extends OrderCallOptions {
  /** The venue checks the order, and does nothing. */
  readonly validate?: boolean | undefined;
}

/** How a dead-man's switch is kept armed. */
export interface SwitchOptions {
  /**
   * Without word from here for so long the venue cancels every order; whole seconds, 60 by default.
   */
  readonly timeoutSeconds?: number | undefined;
  /** A third of the timeout by default; less than the timeout. */
  readonly rearmEveryMs?: number | undefined;
  /** Asked before each time: unless it says true the switch is left to run down. */
  readonly isHealthy?: (() => boolean) | undefined;
}

/** How a dead-man's switch stands. */
export type SwitchState =
  /** The venue will cancel everything at that time unless it hears from here before. */
  | { readonly status: 'armed'; readonly triggersAtMs: number }
  /**
   * It was closed and could not be called off: around that time the venue cancels everything,
   * unless it heard what it did not answer.
   */
  | { readonly status: 'running-down'; readonly triggersAtMs: number; readonly reason: string }
  /** Nothing protects the orders: never armed, run down, or called off. */
  | { readonly status: 'unarmed'; readonly reason: string };

/**
 * Has the venue cancel every order of the account unless this program says in time that it is well.
 * Also closed, and so called off, where the feed is closed in an orderly way; a program that hangs
 * or dies calls nothing off. There is one for each account: another feed or program that uses it
 * for the same account sets it for this one as well.
 */
export interface DeadMansSwitch extends AsyncDisposable {
  readonly state: SwitchState;
  /** Stops and calls it off; resolves with what came of that. May be called again. */
  close(): Promise<OrderOutcome>;
}

/**
 * Orders on the signed-in socket. A call never rejects, never waits for a connection and never
 * sends twice: it ends in exactly one outcome.
 */
export interface OrderEntry {
  addOrder(order: NewOrder, options?: PlaceOptions): Promise<OrderOutcome>;
  /** One outcome for each order, in their order. All are of one symbol. */
  addOrders(orders: readonly NewOrder[], options?: PlaceOptions): Promise<readonly OrderOutcome[]>;
  /** Changes an order in place. */
  amendOrder(change: OrderChange, options?: OrderCallOptions): Promise<OrderOutcome>;
  /** Cancels and places anew: another id, the last place in the queue. */
  editOrder(change: OrderChange, options?: PlaceOptions): Promise<OrderOutcome>;
  cancelOrder(target: OrderTarget): Promise<OrderOutcome>;
  /** Several at once, where the venue counts instead of answering for each. */
  cancelOrders(targets: readonly OrderTarget[]): Promise<OrderOutcome>;
  cancelAllOrders(): Promise<OrderOutcome>;
  /** Everything is canceled once so many seconds are over; 0 calls it off. */
  cancelAllOrdersAfter(timeoutSeconds: number): Promise<OrderOutcome>;
  /**
   * Throws OPTION_INVALID where the venue has no such thing, or one is held already, and
   * FEED_CLOSED.
   */
  holdDeadMansSwitch(options?: SwitchOptions): DeadMansSwitch;
}
