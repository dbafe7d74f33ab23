import type { BookReadOptions, BookState } from './book.js';
import type { BalanceReport, FillReport, OrderReport, PositionReport } from './account.js';
import type { OrderResult } from './message.js';
import type { TruefeedError } from './error.js';

/**
 * One part of the account to read: whole and current while its state is `live`. It fails closed, as
 * a book does: while it is not live every reading is empty, unless stale data is asked for by name.
 */
export interface AccountView<Report> {
  readonly state: BookState;
  /** 0 while not live. */
  readonly count: number;
  get(id: string, options?: BookReadOptions): Report | undefined;
  /** In the order in which they became known. */
  all(options?: BookReadOptions): readonly Report[];
}

/** Orders by their id; `open` are those that can still trade. */
export interface OrdersView extends AccountView<OrderReport> {
  open(options?: BookReadOptions): readonly OrderReport[];
  findByClientId(clientOrderId: string, options?: BookReadOptions): OrderReport | undefined;
}

/** The latest fills by their id, oldest first. */
export type FillsView = AccountView<FillReport>;

/** Balances by their asset (`USD`), and their wallet where that is not the one that trades. */
export type BalancesView = AccountView<BalanceReport>;

/** Positions that are not closed, by kind, symbol and side. */
export type PositionsView = AccountView<PositionReport>;

/** How a call of order entry ended; exactly one of these, for each order that it concerned. */
export type OrderOutcome =
  | {
      readonly kind: 'acknowledged';
      /** `forwarded`: passed on, and what the exchange makes of it comes with the orders. */
      readonly means: 'accepted' | 'forwarded' | 'validated';
      readonly orderId: string | undefined;
      readonly clientOrderId: string | undefined;
      readonly result: Extract<OrderResult, { ok: true }>;
    }
  /** Nothing of it reached the market. `error.code` says whether the venue said so, or we did. */
  | {
      readonly kind: 'refused';
      readonly error: TruefeedError;
      readonly orderId: string | undefined;
      readonly clientOrderId: string | undefined;
    }
  | UnknownOutcome;

/** Sent, and the socket was lost, or silent, before the answer. It is never sent again. */
export interface UnknownOutcome {
  readonly kind: 'unknown';
  readonly error: TruefeedError;
  readonly orderId: string | undefined;
  /** What to look for at the venue. */
  readonly clientOrderId: string | undefined;
  /**
   * What became of it, as the next whole list of orders and fills shows; never rejects. Stays
   * `unknown` where no such list comes before the feed is closed, or where none can show it.
   */
  readonly settled: Promise<SettledOutcome>;
}

/** What was found out about an unknown outcome. */
export type SettledOutcome =
  | { readonly kind: 'found'; readonly order: OrderReport }
  /** The whole list of orders and the latest fills, asked for afterwards, do not know it. */
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unknown'; readonly error: TruefeedError };
