/** Kinds of order, in both protocols under these names (websocket-v2/add_order). */
import type { OrderType } from '../../model/order-entry.js';
import type { PriceNeeds } from '../../wire/order-checks.js';

/** Those with a limit and no trigger. */
export const LIMIT_TYPES: readonly OrderType[] = ['limit', 'iceberg'];
const TRIGGERED: readonly OrderType[] = ['stop-loss', 'take-profit', 'trailing-stop'];
const TRIGGERED_LIMIT: readonly OrderType[] = [
  'stop-loss-limit',
  'take-profit-limit',
  'trailing-stop-limit',
];
/** All that there are. */
export const ORDER_TYPES: readonly OrderType[] = [
  ...LIMIT_TYPES,
  'market',
  'settle-position',
  ...TRIGGERED,
  ...TRIGGERED_LIMIT,
];

/** Which of them need which price. */
export const NEEDED_PRICES: PriceNeeds = {
  limitPrice: [...LIMIT_TYPES, ...TRIGGERED_LIMIT],
  stopPrice: [...TRIGGERED, ...TRIGGERED_LIMIT],
};

/** Their prices are distances to the market, which need not be whole steps of it. */
export const TRAILING_TYPES: readonly OrderType[] = ['trailing-stop', 'trailing-stop-limit'];
