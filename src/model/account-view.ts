import type { BookReadOptions, BookState } from './book.js';
import type { BalanceReport, FillReport, OrderReport, PositionReport } from './account.js';

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
