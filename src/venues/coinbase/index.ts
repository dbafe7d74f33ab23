/**
 * Coinbase Advanced Trade. README.md of this folder says what is known of the venue, and how.
 *
 * @packageDocumentation
 */
import { ConfigError } from '../../model/error.js';
import { checkNames } from '../../model/option-names.js';
import type { BackoffRule, LivenessRule, Venue, VenueLimits } from '../../model/venue.js';
import { coinbaseAuth, type CoinbaseCredentials } from './auth.js';
import { BOOK_RULE } from './book.js';
import { CHANNEL_RULES } from './channels.js';
import { createCoinbaseCodec } from './codec.js';
import { SUBSCRIBE_WITHIN_MS } from './messages.js';
import { SEQUENCE_SCOPE, sequenceRule, type SequenceScope } from './sequence.js';
import { symbolRule } from './symbols.js';

export { coinbaseAuth, createCoinbaseJwtMinter, parseCoinbaseKeyFile } from './auth.js';
export type { CoinbaseCredentials, CoinbaseJwtMinter, CoinbaseKeyFile } from './auth.js';
export type { SequenceScope } from './sequence.js';

/** Where market data is served (websocket-endpoints, read 2026-11). There is no sandbox. */
export const COINBASE_MARKET_URL = 'wss://advanced-trade-ws.coinbase.com';
/** Where the owner's own data is served; the market address serves it as well, as fail-over. */
export const COINBASE_USER_URL = 'wss://advanced-trade-ws-user.coinbase.com';

/** What may differ from the venue as it is. */
export interface CoinbaseOptions {
  /** Another address for market data: a simulator or a gateway. */
  readonly marketUrl?: string | undefined;
  /** Another address for the user channels; the market address by default if that one is given. */
  readonly userUrl?: string | undefined;
  /** What `sequence_num` counts; see sequence.ts. */
  readonly sequenceScope?: SequenceScope | undefined;
  /** The `-USDC` products that are not another name of the `-USD` one. */
  readonly nativeUsdcSymbols?: readonly string[] | undefined;
}

/** Complete by its type: a new option that is left out here does not compile. */
const OPTION_NAMES: Readonly<Record<keyof CoinbaseOptions, true>> = {
  marketUrl: true,
  userUrl: true,
  sequenceScope: true,
  nativeUsdcSymbols: true,
};

const MIB = 2 ** 20;

const LIMITS: VenueLimits = {
  // The strictest of the pages that disagree (websocket-rate-limits, read 2026-11).
  connects: { count: 8, windowMs: 1_000 },
  // The venue allows 8; one is left for jitter on the way.
  messages: { count: 7, windowMs: 1_000 },
  subscribeWithinMs: SUBSCRIBE_WITHIN_MS,
  // A snapshot of BTC-USD is 5 MB (recorded 2026-08) and grows with the market.
  maxFrameBytes: 64 * MIB,
};

/** One heartbeat a second (recorded 2026-08): five in a row missing is no hiccup of the network. */
const LIVENESS: LivenessRule = { heartbeatChannel: 'heartbeats', silentAfterMs: 5_000 };

/** No channel of the pages takes any (websocket-channels, read 2026-11). */
const ORDERS_ELSEWHERE =
  'Place, edit and cancel orders with the REST interface of Advanced Trade; what becomes of them ' +
  'is told by the channel "user".';

const BACKOFF: BackoffRule = { firstMs: 500, maxMs: 30_000, leastMs: 200 };

/** Makes the venue. Every fact of it is data or pure, but `createAuth`. */
export function coinbase(options: CoinbaseOptions = {}): Venue<CoinbaseCredentials> {
  checkNames('the options of coinbase', options, OPTION_NAMES);
  const scope = options.sequenceScope ?? SEQUENCE_SCOPE;
  const marketUrl = options.marketUrl ?? COINBASE_MARKET_URL;
  const userUrl = options.userUrl ?? options.marketUrl ?? COINBASE_USER_URL;
  return {
    id: 'coinbase',
    title: 'Coinbase Advanced Trade',
    endpoints: [
      { name: 'market', url: toAddress(marketUrl, 'marketUrl') },
      { name: 'user', url: toAddress(userUrl, 'userUrl'), maxSocketsPerUser: 1 },
    ],
    channels: CHANNEL_RULES,
    acknowledges: 'set',
    limits: LIMITS,
    liveness: LIVENESS,
    backoff: BACKOFF,
    sequence: sequenceRule(scope),
    book: BOOK_RULE,
    ordersElsewhere: ORDERS_ELSEWHERE,
    symbols: symbolRule(options.nativeUsdcSymbols),
    createCodec: () => createCoinbaseCodec({ numberedBySymbol: scope === 'symbol' }),
    createAuth: coinbaseAuth,
  };
}

/** Refuses what could never be dialled, before anything is tried. */
function toAddress(url: string, option: keyof CoinbaseOptions): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'wss:' || protocol === 'ws:') return url;
  throw new ConfigError(
    'OPTION_INVALID',
    `The option ${option} is not a WebSocket address; write one that begins with "wss://".`,
    { facts: { option } },
  );
}
