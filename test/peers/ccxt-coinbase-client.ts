import ccxt from 'ccxt';
import { bookText, type NumberLevel } from './server-truth.js';
import type { CoinbaseSimulator } from './simulators.js';

/** A Coinbase client of ccxt. */
export type CcxtCoinbase = InstanceType<typeof ccxt.pro.coinbase>;

/** A client that knows no address but the simulator's; it ends with its scope. */
export interface OpenCcxt extends AsyncDisposable {
  readonly peer: CcxtCoinbase;
}

/** Points an unmodified ccxt at the simulator, with its demo key where it is to sign in. */
export async function openCcxtCoinbase(
  exchange: CoinbaseSimulator,
  options: { readonly signedIn?: boolean } = {},
): Promise<OpenCcxt> {
  const { wsUrl, restUrl, keyName, privateKey } = exchange.venues.coinbase;
  const peer = new ccxt.pro.coinbase({
    // The pause between its REST requests would make the tests slow and nothing else.
    enableRateLimit: false,
    ...(options.signedIn === true ? { apiKey: keyName, secret: privateKey } : {}),
  });
  const api = peer.urls.api as Record<string, string>;
  api.ws = wsUrl;
  api.rest = restUrl;
  await peer.loadHttpProxyAgent();
  return { peer, [Symbol.asyncDispose]: () => peer.close() };
}

/** The whole book that ccxt reports next. */
export async function nextBook(
  peer: CcxtCoinbase,
  symbol: string,
): Promise<{ bids: NumberLevel[]; asks: NumberLevel[]; text: string }> {
  const book = await peer.watchOrderBook(symbol);
  const bids = copyLevels(book.bids);
  const asks = copyLevels(book.asks);
  return { bids, asks, text: bookText(bids, asks) };
}

/** ccxt goes on changing the lists that it hands out. */
function copyLevels(levels: readonly (readonly unknown[])[]): NumberLevel[] {
  return levels.map(([price, size]) => [Number(price), Number(size)]);
}
