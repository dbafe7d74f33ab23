import { describe, expect, it } from 'vitest';
import { readCoinbaseProducts } from '../../src/cli/known-symbols.js';

describe('the list of products', () => {
  it('yields every name by which a product can be asked for', () => {
    const products = [
      { product_id: 'BTC-USD', alias: '', alias_to: ['BTC-USDC'] },
      { product_id: 'ETH-USDC', alias: 'ETH-USD', alias_to: [] },
      null,
    ];
    expect(readCoinbaseProducts(JSON.stringify({ products }))).toEqual([
      'BTC-USD',
      'BTC-USDC',
      'ETH-USDC',
      'ETH-USD',
    ]);
  });

  it.each(['', '<html>', 'null', '{}', '{"products":[]}', '{"products":{}}'])(
    'is none where the answer is %j',
    (body) => expect(readCoinbaseProducts(body)).toBeUndefined(),
  );
});
