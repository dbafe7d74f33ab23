import { subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { ListedInstrument } from '../../model/exchange.js';
import type { EngineEvent, EngineFill, LedgerEntry } from '../../model/matching.js';
import type { Accounts } from './account.js';
import { negate } from './amounts.js';

/** What a ledger is given. */
export interface LedgerParts {
  readonly accounts: Accounts;
  /** RFC 3339. */
  readonly timeText: () => string;
  readonly tell: (event: EngineEvent) => void;
}

/** Moves money in and out of accounts, and posts an entry for each movement. */
export class Ledger {
  readonly #parts: LedgerParts;
  #entryCount = 0;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** A deposit or, with a sign, a withdrawal. Throws RangeError for more than is available. */
  transfer(account: string, asset: string, amount: string): void {
    const kind = amount.startsWith('-') ? 'withdrawal' : 'deposit';
    const { holdings } = this.#parts.accounts.open(account);
    const balance = holdings.add(asset, amount);
    if (amount === '0') return;
    const refId = `${kind}-${this.#entryCount + 1}`;
    this.#post({ account, asset, amount, fee: '0', kind, refId, balance });
  }

  /** Exchanges what a fill is of; the fee is taken in the quote currency. */
  pay(fill: EngineFill, { base, quote }: ListedInstrument): void {
    const { account, side, size, value, fee, fillId: refId } = fill;
    const { holdings } = this.#parts.accounts.find(account);
    const [baseAmount, quoteAmount] =
      side === 'buy' ? [size, negate(value)] : [negate(size), value];
    const ofBase = holdings.add(base, baseAmount);
    const ofQuote = holdings.add(quote, subtractDecimals(quoteAmount, fee));
    const shared = { account, refId, kind: 'trade' } as const;
    this.#post({ ...shared, asset: base, amount: baseAmount, fee: '0', balance: ofBase });
    this.#post({ ...shared, asset: quote, amount: quoteAmount, fee, balance: ofQuote });
  }

  #post(entry: Omit<LedgerEntry, 'ledgerId' | 'time'>): void {
    this.#entryCount += 1;
    const ledgerId = `L${this.#entryCount}`;
    const time = this.#parts.timeText();
    this.#parts.tell({ type: 'ledger.posted', entry: { ...entry, ledgerId, time } });
  }
}
