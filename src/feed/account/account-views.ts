import type { AccountPart } from '../../model/account.js';
import type {
  AccountView,
  BalancesView,
  FillsView,
  OrdersView,
  PositionsView,
} from '../../model/account-view.js';
import type { BookReadOptions, BookState } from '../../model/book.js';
import { ConfigError } from '../../model/error.js';
import { asksForStale } from '../../model/read-options.js';
import type { Venue } from '../../model/venue.js';
import type { Account } from './account.js';
import type { AccountSource } from './account-source.js';
import { isOpenOrder } from './order-store.js';

interface Store<Report> {
  readonly size: number;
  get(id: string): Report | undefined;
  all(): readonly Report[];
}

/** A part is as good as the worst of the channels that tell it. */
export function worstState(sources: readonly AccountSource[]): BookState {
  const states = sources.map((source) => source.state);
  const worst =
    states.find(({ status }) => status === 'stale') ??
    states.find(({ status }) => status === 'syncing') ??
    states[0];
  return worst ?? { status: 'syncing', sinceAtMs: NaN };
}

/** The parts of one account as readers see them. */
export class AccountViews {
  readonly #account: Account;
  readonly #venue: Venue;

  constructor(account: Account, venue: Venue) {
    this.#account = account;
    this.#venue = venue;
  }

  get orders(): OrdersView {
    const { orders } = this.#account;
    const canRead = (read?: BookReadOptions): boolean => this.#canRead('orders', read);
    return Object.assign(this.#view('orders', orders), {
      open: (read?: BookReadOptions) => (canRead(read) ? orders.all().filter(isOpenOrder) : []),
      findByClientId: (clientOrderId: string, read?: BookReadOptions) =>
        canRead(read) ? orders.findByClientId(clientOrderId) : undefined,
    });
  }

  get fills(): FillsView {
    return this.#view('fills', this.#account.fills);
  }

  get balances(): BalancesView {
    return this.#view('balances', this.#account.balances);
  }

  get positions(): PositionsView {
    return this.#view('positions', this.#account.positions);
  }

  #view<Report>(part: AccountPart, store: Store<Report>): AccountView<Report> {
    this.#assertFollowed(part);
    const canRead = (read?: BookReadOptions): boolean => this.#canRead(part, read);
    const findState = (): BookState => worstState(this.#account.sourcesOf(part));
    return {
      get state() {
        return findState();
      },
      get count() {
        return canRead() ? store.size : 0;
      },
      get: (id, read) => (canRead(read) ? store.get(id) : undefined),
      all: (read) => (canRead(read) ? store.all() : []),
    };
  }

  #canRead(part: AccountPart, read?: BookReadOptions): boolean {
    if (asksForStale(read)) return true;
    return worstState(this.#account.sourcesOf(part)).status === 'live';
  }

  /** A part that no channel tells would be empty for ever, and look like an empty account. */
  #assertFollowed(part: AccountPart): void {
    if (this.#account.sourcesOf(part).length > 0) return;
    const channels = this.#venue.channels.filter((rule) => rule.supplies?.includes(part) === true);
    const names = channels.map((rule) => `"${rule.name}"`).join(' or ');
    const advice =
      names === ''
        ? `${this.#venue.title} does not tell them.`
        : `Subscribe to the channel ${names} first.`;
    throw new ConfigError('OPTION_INVALID', `This feed follows no ${part}. ${advice}`, {
      facts: { part },
    });
  }
}
