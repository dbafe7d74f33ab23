import { describe, expect, it } from 'vitest';
import { findNearestName } from '../../src/model/nearest-name.js';

const CHANNELS = ['book', 'trades', 'ticker', 'ticker-batch', 'candles', 'heartbeats', 'user'];

describe('the nearest name', () => {
  it.each([
    ['boook', 'book'],
    ['heartbeat', 'heartbeats'],
    ['trade', 'trades'],
    ['tickre', 'ticker'],
    ['TICKER', 'ticker'],
    ['canldes', 'candles'],
    ['usr', 'user'],
  ])('of %s is %s', (name, nearest) => {
    expect(findNearestName(name, CHANNELS)).toBe(nearest);
  });

  it('is none where nothing is near', () => {
    expect(findNearestName('liquidations-all', CHANNELS)).toBeUndefined();
    expect(findNearestName('x', [])).toBeUndefined();
  });

  it('counts a swap of neighbours as one change', () => {
    expect(findNearestName('BTC-UDS', ['BTC-EUR', 'BTC-USD'])).toBe('BTC-USD');
  });
});
