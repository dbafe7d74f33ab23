import ccxt from 'ccxt';
import { textOf } from './kraken-truth.js';
import type { KrakenSimulator } from './simulators.js';

/** A Kraken client of ccxt. */
export type CcxtKraken = InstanceType<typeof ccxt.pro.kraken>;

/** A client that knows no address but the simulator's; it ends with its scope. */
export interface OpenCcxtKraken extends AsyncDisposable {
  readonly peer: CcxtKraken;
}

/** Points an unmodified ccxt at the simulator, with its demo key. */
export async function openCcxtKraken(
  exchange: KrakenSimulator,
  options: Readonly<Record<string, unknown>> = {},
): Promise<OpenCcxtKraken> {
  const { wsUrl, wsAuthUrl, wsV1Url, wsV1AuthUrl, restUrl, key, secret } = exchange.venues.kraken;
  const peer = new ccxt.pro.kraken({
    enableRateLimit: false,
    apiKey: key,
    secret,
    options: { ...options },
  });
  const api = peer.urls.api as Record<string, unknown>;
  // ccxt adds the `/0` of its own accord.
  const origin = new URL(restUrl).origin;
  Object.assign(api, { public: origin, private: origin });
  Object.assign(api.ws as object, {
    public: wsV1Url,
    private: wsV1AuthUrl,
    publicV2: wsUrl,
    privateV2: wsAuthUrl,
  });
  await peer.loadHttpProxyAgent();
  return { peer, [Symbol.asyncDispose]: () => peer.close() };
}

/** The book that ccxt reports next, as text. */
export async function nextKrakenBook(
  peer: CcxtKraken,
  symbol: string,
  depth: number,
): Promise<string> {
  const { bids, asks } = await peer.watchOrderBook(symbol, depth);
  return textOf(bids, asks);
}
