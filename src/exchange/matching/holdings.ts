import { addDecimals, compareDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { EngineBalance } from '../../model/matching.js';
import type { Reserve } from './live-order.js';

interface Holding {
  total: string;
  reserved: string;
}

/** Assets of one account; another one is an error of the program. */
const ASSETS_MAX = 1_000;

/** What one account has, and what its open orders hold back of it. Never below zero. */
export class Holdings {
  readonly #byAsset = new Map<string, Holding>();

  available(asset: string): string {
    const holding = this.#byAsset.get(asset);
    return holding ? subtractDecimals(holding.total, holding.reserved) : '0';
  }

  /** Adds a signed amount; returns what there is then. Throws RangeError below zero. */
  add(asset: string, amount: string): string {
    const holding = this.#open(asset);
    const total = addDecimals(holding.total, amount);
    if (compareDecimals(total, holding.reserved) < 0) {
      throw new RangeError(`${amount} ${asset} is more than is available.`);
    }
    holding.total = total;
    return total;
  }

  reserve({ asset, amount }: Reserve): void {
    const holding = this.#open(asset);
    holding.reserved = addDecimals(holding.reserved, amount);
  }

  release({ asset, amount }: Reserve): void {
    const holding = this.#open(asset);
    holding.reserved = subtractDecimals(holding.reserved, amount);
  }

  list(): readonly EngineBalance[] {
    return [...this.#byAsset].map(([asset, { total }]) => ({
      asset,
      total,
      available: this.available(asset),
    }));
  }

  #open(asset: string): Holding {
    const known = this.#byAsset.get(asset);
    if (known) return known;
    if (this.#byAsset.size >= ASSETS_MAX) {
      throw new RangeError(`An account has at most ${ASSETS_MAX} assets.`);
    }
    const holding = { total: '0', reserved: '0' };
    this.#byAsset.set(asset, holding);
    return holding;
  }
}
