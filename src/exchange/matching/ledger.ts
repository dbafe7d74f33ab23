import { addDecimals, compareDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { EngineBalance, LedgerEntry } from '../../model/matching.js';
import type { Reserve } from './live-order.js';

interface Holding {
  total: string;
  reserved: string;
}

/** A change of a balance before it is entered. */
export type Posting = Pick<
  LedgerEntry,
  'account' | 'asset' | 'amount' | 'fee' | 'kind' | 'refId' | 'time'
>;

/** What every account has, and what open orders hold back of it. */
export interface Ledger {
  /** Adds `amount` less the fee; returns the entry. */
  post(posting: Posting): LedgerEntry;
  available(account: string, asset: string): string;
  reserve(account: string, reserve: Reserve): void;
  release(account: string, reserve: Reserve): void;
  balances(account: string): readonly EngineBalance[];
}

/** Starts without any account. */
export function createLedger(): Ledger {
  const accounts = new Map<string, Map<string, Holding>>();
  let entries = 0;

  const find = (account: string, asset: string): Holding => {
    const held = accounts.get(account) ?? new Map<string, Holding>();
    accounts.set(account, held);
    const holding = held.get(asset) ?? { total: '0', reserved: '0' };
    held.set(asset, holding);
    return holding;
  };

  return {
    post(posting) {
      const { account, asset, amount, fee } = posting;
      const holding = find(account, asset);
      holding.total = subtractDecimals(addDecimals(holding.total, amount), fee);
      if (compareDecimals(holding.total, '0') < 0) {
        throw new RangeError(`An account went below zero by a posting of ${amount} ${asset}.`);
      }
      entries += 1;
      return { ...posting, ledgerId: `L${entries}`, balance: holding.total };
    },
    available(account, asset) {
      const { total, reserved } = find(account, asset);
      return subtractDecimals(total, reserved);
    },
    reserve(account, { asset, amount }) {
      const holding = find(account, asset);
      holding.reserved = addDecimals(holding.reserved, amount);
    },
    release(account, { asset, amount }) {
      const holding = find(account, asset);
      holding.reserved = subtractDecimals(holding.reserved, amount);
    },
    balances: (account) =>
      [...(accounts.get(account) ?? [])].map(([asset, { total, reserved }]) => ({
        asset,
        total,
        available: subtractDecimals(total, reserved),
      })),
  };
}
