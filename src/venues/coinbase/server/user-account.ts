/** What the private channels show of the one user. */
import type { MarketSource, VenueFields } from '../../../model/exchange.js';
import type { RawPositions } from '../messages.js';
import type { OrderDesk } from './order-desk.js';

/** Positions, list by list; a list that is left out is empty, or stays as it is. */
export type UserPositions = RawPositions;

/** A summary of balances, in the venue's own fields. */
export type BalanceSummary = Readonly<Record<string, unknown>>;

/** The user's own data as it is now. */
export interface UserAccount {
  /** Open orders: those of the engine, and those that the market tells by itself. */
  orders(): readonly VenueFields[];
  positions: UserPositions;
  balanceSummary: BalanceSummary;
}

/** What an account starts with. */
export interface UserAccountParts {
  readonly source: MarketSource;
  readonly desk: OrderDesk | undefined;
  readonly positions?: UserPositions | undefined;
  readonly balanceSummary?: BalanceSummary | undefined;
}

/** Makes the account of the one user of an exchange. */
export function createUserAccount(parts: UserAccountParts): UserAccount {
  const { source, desk, positions = {}, balanceSummary = {} } = parts;
  return {
    orders: () => [...(desk?.open() ?? []), ...source.orders()],
    positions,
    balanceSummary,
  };
}
