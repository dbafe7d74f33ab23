import type { OrderQueues, PriceQueue } from '../model/orders-book.js';
import { createChecksumText, type ChecksumText } from './checksum.js';

/** Digits that a double holds exactly. */
const SAFE_DIGITS = 15;

/** The digits of a decimal as the wire spelled it, without the point and leading zeros. */
function pushDigits(text: ChecksumText, decimal: string): void {
  const digits = decimal.replace('.', '');
  text.pushUnits(digits.length <= SAFE_DIGITS ? Number(digits) : BigInt(digits));
}

/**
 * The checksum over price and size of every order at the best prices, in queue order: asks from the
 * lowest price up, then bids from the highest down, in the digits of the wire.
 */
export function createOrdersChecksum(options: {
  /** The best prices of each side that are covered; a shorter side is covered whole. */
  readonly depth: number;
}): (queues: OrderQueues) => number {
  const text = createChecksumText();
  const pushSide = (side: readonly PriceQueue[]): void => {
    for (const { orders } of side.slice(0, options.depth)) {
      for (const { price, size } of orders) {
        pushDigits(text, price);
        pushDigits(text, size);
      }
    }
  };
  return ({ asks, bids }) => {
    text.clear();
    pushSide(asks);
    pushSide(bids);
    return text.crc32();
  };
}
