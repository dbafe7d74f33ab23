/**
 * The REST calls that socket clients make: the token, and public answers that they load first.
 * Always HTTP 200 with `{"error":[…],"result":…}`, also where a call is refused (guides/
 * spot-rest-intro).
 */
import { createBurstGate, type BurstRate, type RateGate } from '../../../exchange/gates.js';
import type { VenueServerRequest, VenueServerResponse } from '../../../model/exchange.js';
import type { Clock } from '../../../model/runtime.js';
import { toV1Asset, type Pair, type PairTable } from './pairs.js';
import type { KrakenVerifier } from './sign-in.js';
import type { KrakenTokenStore } from './token-store.js';

/** What the answers are made of. */
export interface RestOptions {
  readonly pairs: PairTable;
  readonly verifier: KrakenVerifier;
  readonly tokens: KrakenTokenStore;
  readonly clock: Clock;
  readonly rate: BurstRate;
  /** The server's time, which may be off the clock's. */
  readonly nowMs: () => number;
  readonly system: () => string;
  /** Why a good key is refused, by command. */
  readonly refusal?: () => string | undefined;
}

/** Answers requests, or not where the path is none of the API's. */
export type RestDesk = (request: VenueServerRequest) => VenueServerResponse | undefined;

/** What a key may do that asks for a token. */
export const TOKEN_PERMISSION = 'websocket-token';

const ROOT = '/0/';
const TOKEN_PATH = '/0/private/GetWebSocketsToken';
/** Currencies of governments; their old names begin with Z, those of old coins with X (support). */
const FIAT: ReadonlySet<string> = new Set(['USD', 'EUR', 'GBP', 'CAD', 'JPY', 'CHF', 'AUD']);
const OLD_FIAT: ReadonlySet<string> = new Set(['USD', 'EUR', 'GBP', 'CAD', 'JPY', 'AUD']);
const OLD_COINS: ReadonlySet<string> = new Set([
  'XBT',
  'ETH',
  'ETC',
  'LTC',
  'MLN',
  'REP',
  'XDG',
  'XLM',
  'XMR',
  'XRP',
  'ZEC',
]);
const FEES = [
  [0, 0.4],
  [10_000, 0.35],
];
const FEES_MAKER = [
  [0, 0.25],
  [10_000, 0.2],
];

type Answer = { readonly result: unknown } | { readonly error: string };

/** Opens the desk of one server. */
export function createRestDesk(options: RestOptions): RestDesk {
  const { pairs } = options;
  const rates = new Map<string, RateGate>();
  const publicAnswers: Readonly<Record<string, (query: URLSearchParams) => Answer>> = {
    '/0/public/Time': () => ({ result: describeTime(options.nowMs()) }),
    '/0/public/SystemStatus': () => ({
      result: { status: options.system(), timestamp: toWholeSeconds(options.nowMs()) },
    }),
    '/0/public/Assets': (query) => ({ result: describeAssets(pairs, query.get('asset')) }),
    '/0/public/AssetPairs': (query) => describePairs(pairs, query.get('pair')),
  };
  /** One gate for each key that signed rightly. */
  const passesRate = (key: string): boolean => {
    const gate = rates.get(key) ?? createBurstGate(options.rate, options.clock);
    rates.set(key, gate);
    return gate.pass();
  };
  const issueToken = (request: VenueServerRequest): Answer => {
    const verification = options.verifier.verify({
      path: request.path,
      headers: request.headers,
      body: request.body,
      permission: TOKEN_PERMISSION,
      client: request.remoteAddress,
    });
    if (!verification.ok) return { error: verification.error };
    const refusal = options.refusal?.();
    if (refusal !== undefined) return { error: refusal };
    if (!passesRate(verification.key)) return { error: 'EAPI:Rate limit exceeded' };
    const token = options.tokens.issue(verification.key);
    return token ? { result: token } : { error: 'EService:Busy' };
  };

  return (request) => {
    const { path, method, query } = request;
    if (!path.startsWith(ROOT)) return undefined;
    const publicAnswer = publicAnswers[path];
    if (publicAnswer) return toResponse(publicAnswer(queryOf(request, query)));
    if (path === TOKEN_PATH && method === 'POST') return toResponse(issueToken(request));
    return toResponse({ error: 'EGeneral:Unknown method' });
  };
}

/** A public call may also be sent with its fields in the body. */
function queryOf({ method, body }: VenueServerRequest, query: URLSearchParams): URLSearchParams {
  return method === 'POST' && query.size === 0 ? new URLSearchParams(body) : query;
}

function toResponse(answer: Answer): VenueServerResponse {
  const body = 'error' in answer ? { error: [answer.error] } : { error: [], result: answer.result };
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  // The venue writes a slash in a text as `\/`, which tokens hold (REST page of the token).
  return { status: 200, headers, body: JSON.stringify(body).replaceAll('/', '\\/') };
}

function toWholeSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function describeTime(ms: number): unknown {
  const rfc1123 = new Date(ms).toUTCString().replace('GMT', '+0000');
  return { unixtime: Math.floor(ms / 1000), rfc1123 };
}

/** `XXBT`, `ZUSD`, and plain names of what was listed later. */
function toAssetKey(asset: string): string {
  const name = toV1Asset(asset);
  if (OLD_FIAT.has(name)) return `Z${name}`;
  return OLD_COINS.has(name) ? `X${name}` : name;
}

function describeAssets(pairs: PairTable, wanted: string | null): unknown {
  const names = new Set(wanted?.split(','));
  const ids = new Set(pairs.all.flatMap(({ instrument }) => [instrument.base, instrument.quote]));
  const rows = [...ids].map((id) => {
    const isFiat = FIAT.has(id);
    const row = {
      aclass: 'currency',
      altname: toV1Asset(id),
      decimals: isFiat ? 4 : 10,
      display_decimals: isFiat ? 2 : 5,
      collateral_value: 1,
      status: 'enabled',
    };
    return [toAssetKey(id), row] as const;
  });
  const shown = rows.filter(
    ([key, { altname }]) => wanted === null || names.has(key) || names.has(altname),
  );
  return Object.fromEntries(shown);
}

/** `XXBTZUSD` where both names are old ones, else the names joined. */
function toPairKey({ instrument }: Pair): string {
  const base = toAssetKey(instrument.base);
  const quote = toAssetKey(instrument.quote);
  const isOld = base.length === 4 && quote.length === 4 && base.startsWith('X');
  return isOld ? base + quote : altNameOf(instrument.base, instrument.quote);
}

function altNameOf(base: string, quote: string): string {
  return toV1Asset(base) + toV1Asset(quote);
}

function describePairs(pairs: PairTable, wanted: string | null): Answer {
  if (wanted === null) {
    return { result: Object.fromEntries(pairs.all.map((pair) => [toPairKey(pair), rowOf(pair)])) };
  }
  const found: [string, unknown][] = [];
  for (const name of wanted.split(',')) {
    const pair = pairs.all.find((one) =>
      [toPairKey(one), altNameOf(one.instrument.base, one.instrument.quote), one.v1Symbol].includes(
        name,
      ),
    );
    if (!pair) return { error: 'EQuery:Unknown asset pair' };
    found.push([toPairKey(pair), rowOf(pair)]);
  }
  return { result: Object.fromEntries(found) };
}

/** Fields and their order as recorded 2021-04, and those that the page has added since. */
function rowOf({ instrument, v1Symbol, v2 }: Pair): unknown {
  const step = (decimals: number): string =>
    decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`;
  return {
    altname: altNameOf(instrument.base, instrument.quote),
    wsname: v1Symbol,
    aclass_base: 'currency',
    base: toAssetKey(instrument.base),
    aclass_quote: 'currency',
    quote: toAssetKey(instrument.quote),
    lot: 'unit',
    cost_decimals: Math.max(v2.price, 5),
    pair_decimals: v2.price,
    lot_decimals: v2.size,
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: FEES,
    fees_maker: FEES_MAKER,
    fee_volume_currency: 'ZUSD',
    margin_call: 80,
    margin_stop: 40,
    ordermin: instrument.minSize ?? step(v2.size),
    costmin: instrument.minCost ?? '0.5',
    tick_size: step(v2.price),
    status: instrument.status,
  };
}
