import type { EngineOrderRequest } from '../../src/model/matching.js';

/** A plain limit order to buy one at 100, but for what the test is about. */
export function makeEngineOrder(
  changes: Partial<EngineOrderRequest> & Pick<EngineOrderRequest, 'account' | 'symbol'>,
): EngineOrderRequest {
  return {
    side: 'buy',
    orderType: 'limit',
    size: '1',
    limitPrice: '100',
    timeInForce: 'gtc',
    postOnly: false,
    reduceOnly: false,
    selfTrade: 'cancel-newest',
    venueFields: {},
    ...changes,
  };
}
