import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { simulate, type Simulator } from '../../src/simulator/index.js';

const PRIVATE_PATHS = ['/api/v3/brokerage/products', '/api/v3/brokerage/transaction_summary'];

function open(): Promise<Simulator> {
  return simulate({ venues: { coinbase: {} }, seed: 7 });
}

function ask(exchange: Simulator, path: string, token?: string): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${exchange.venues.coinbase.restUrl}${path}`, { headers });
}

function makeToken(exchange: Simulator): Promise<string> {
  const { keyName, privateKey } = exchange.venues.coinbase;
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: keyName })
    .setSubject(keyName)
    .setIssuer('cdp')
    .setNotBefore('0 s')
    .setExpirationTime('120 s')
    .sign(createPrivateKey(privateKey));
}

interface Products {
  readonly num_products: number;
  readonly products: readonly Record<string, unknown>[];
}

describe("the exchange's REST answers", () => {
  it('lists spot products with increments, other names and the last price', async () => {
    await using exchange = await open();
    const response = await ask(exchange, '/api/v3/brokerage/market/products');
    const { products, num_products: count } = (await response.json()) as Products;
    expect(products).toHaveLength(count);
    const named = (id: string) => products.find((one) => one.product_id === id);
    expect(named('BTC-USD')).toMatchObject({
      price_increment: '0.01',
      base_increment: '0.00000001',
      alias_to: ['BTC-USDC'],
      product_type: 'SPOT',
    });
    expect(named('BTC-USDC')).toMatchObject({ alias: 'BTC-USD', quote_currency_id: 'USDC' });
    expect(Number(named('BTC-USD')?.price)).toBeGreaterThan(0);
  });

  it('lists no contracts where there are none', async () => {
    await using exchange = await open();
    const path = '/api/v3/brokerage/market/products?product_type=FUTURE';
    expect(await (await ask(exchange, path)).json()).toEqual({ products: [], num_products: 0 });
  });

  it('tells money from coins', async () => {
    await using exchange = await open();
    const money = (await (await ask(exchange, '/v2/currencies')).json()) as { data: object[] };
    expect(money.data).toEqual([{ id: 'USD', name: 'USD', min_size: '0.01' }]);
    const coins = (await (await ask(exchange, '/v2/currencies/crypto')).json()) as typeof money;
    expect(coins.data[0]).toMatchObject({ code: 'BTC', type: 'crypto' });
    expect(coins.data[1]).toMatchObject({ code: 'ETH', type: 'crypto' });
  });

  it('answers what is private to those with a token of the key, and to nobody else', async () => {
    await using exchange = await open();
    const token = await makeToken(exchange);
    for (const path of PRIVATE_PATHS) {
      expect((await ask(exchange, path)).status).toBe(401);
      expect((await ask(exchange, path, `${token.slice(0, -8)}AAAAAAAA`)).status).toBe(401);
      expect((await ask(exchange, path, token)).status).toBe(200);
    }
    exchange.venues.coinbase.control.addFault({ fault: 'refuse-tokens' });
    expect((await ask(exchange, PRIVATE_PATHS[0] ?? '', token)).status).toBe(401);
  });
});
