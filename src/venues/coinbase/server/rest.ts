/**
 * The REST answers that WebSocket clients ask for first: the time, the products, the currencies
 * and, of those who hold a key, their fees. Fields and their order are those of the recorded
 * answers (2026-08) as far as clients read them.
 */
import type {
  ListedInstrument,
  MarketSource,
  VenueServerRequest,
  VenueServerResponse,
} from '../../../model/exchange.js';

const SPOT = 'SPOT';

/** What the answers are made of. */
export interface RestParts {
  readonly source: MarketSource;
  readonly nowMs: number;
  /** Whether a bearer token is one of a known key. */
  readonly accepts: (token: string) => boolean;
}

type Answer = (parts: RestParts, query: URLSearchParams) => unknown;

const PUBLIC_ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['/api/v3/brokerage/time', answerTime],
  ['/api/v3/brokerage/market/products', answerProducts],
  ['/v2/currencies', answerFiatCurrencies],
  ['/v2/currencies/crypto', answerCryptoCurrencies],
  ['/v2/exchange-rates', answerRates],
]);

/** Of these the venue wants a token, in an `Authorization` header. */
const PRIVATE_ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['/api/v3/brokerage/products', answerProducts],
  ['/api/v3/brokerage/transaction_summary', answerFees],
]);

/** Answers a request, or not where the path is another one. */
export function answerRest(
  request: VenueServerRequest,
  parts: RestParts,
): VenueServerResponse | undefined {
  if (request.method !== 'GET') return undefined;
  const { path, query } = request;
  const publicAnswer = PUBLIC_ANSWERS.get(path);
  if (publicAnswer) return answerJson(publicAnswer(parts, query));
  const privateAnswer = PRIVATE_ANSWERS.get(path);
  if (!privateAnswer) return undefined;
  const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (parts.accepts(token)) return answerJson(privateAnswer(parts, query));
  return { status: 401, headers: { 'content-type': 'text/plain' }, body: 'Unauthorized\n' };
}

function answerJson(value: unknown): VenueServerResponse {
  const headers = { 'content-type': 'application/json' };
  return { status: 200, headers, body: JSON.stringify(value) };
}

function answerTime({ nowMs }: RestParts): unknown {
  return {
    iso: new Date(nowMs).toISOString(),
    epochSeconds: String(Math.floor(nowMs / 1000)),
    epochMillis: String(Math.floor(nowMs)),
  };
}

function listProducts(source: MarketSource): ProductFields[] {
  return source.instruments.flatMap((one) => [
    productOf(source, one, one.symbol),
    ...one.aliases.map((alias) => productOf(source, one, alias)),
  ]);
}

/** Without a type the venue lists what is traded at its own prices: no contracts. */
function answerProducts({ source }: RestParts, query: URLSearchParams): unknown {
  const wanted = query.get('product_type') ?? SPOT;
  const products = listProducts(source).filter((one) => one.product_type === wanted);
  return { products, num_products: products.length };
}

interface ProductFields {
  readonly product_id: string;
  readonly product_type: string;
  readonly [field: string]: unknown;
}

function productOf(source: MarketSource, one: ListedInstrument, productId: string): ProductFields {
  const isAlias = productId !== one.symbol;
  const quote = isAlias ? (productId.split('-')[1] ?? one.quote) : one.quote;
  const baseIncrement = one.sizeIncrement ?? '0.00000001';
  const priceIncrement = one.priceIncrement ?? '0.01';
  const ticker = source.ticker(one.symbol);
  return {
    product_id: productId,
    price: ticker?.last ?? '',
    price_percentage_change_24h: ticker?.changePercent24h ?? '',
    volume_24h: ticker?.volume24h ?? '',
    base_increment: baseIncrement,
    quote_increment: priceIncrement,
    quote_min_size: one.minCost ?? '1',
    base_min_size: baseIncrement,
    base_name: one.base,
    quote_name: quote,
    is_disabled: false,
    new: false,
    status: one.status,
    cancel_only: false,
    limit_only: false,
    post_only: false,
    trading_disabled: false,
    auction_mode: false,
    product_type: one.kind ?? SPOT,
    quote_currency_id: quote,
    base_currency_id: one.base,
    fcm_trading_session_details: null,
    mid_market_price: '',
    alias: isAlias ? one.symbol : '',
    alias_to: isAlias ? [] : one.aliases,
    base_display_symbol: one.base,
    quote_display_symbol: quote,
    view_only: false,
    price_increment: priceIncrement,
    display_name: productId,
    product_venue: 'CBE',
  };
}

/** What money is, here: a currency that is quoted in and never traded as a product. */
function splitCurrencies(source: MarketSource): { fiat: string[]; crypto: string[] } {
  const crypto = new Set(source.instruments.map((one) => one.base));
  const quotes = new Set(source.instruments.map((one) => one.quote));
  return { crypto: [...crypto], fiat: [...quotes].filter((one) => !crypto.has(one)) };
}

function answerFiatCurrencies({ source }: RestParts): unknown {
  const { fiat } = splitCurrencies(source);
  return { data: fiat.map((id) => ({ id, name: id, min_size: '0.01' })) };
}

function answerCryptoCurrencies({ source }: RestParts): unknown {
  const { crypto } = splitCurrencies(source);
  const data = crypto.map((code, index) => ({
    asset_id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    code,
    name: code,
    color: '#000000',
    sort_index: index,
    exponent: 8,
    type: 'crypto',
  }));
  return { data };
}

function answerRates({ source }: RestParts): unknown {
  const { fiat } = splitCurrencies(source);
  return { data: { currency: 'USD', rates: Object.fromEntries(fiat.map((one) => [one, '1'])) } };
}

/** The fees of an account that has traded nothing. */
function answerFees(): unknown {
  return {
    total_volume: 0,
    total_fees: 0,
    fee_tier: {
      pricing_tier: 'Advanced 1',
      usd_from: '0',
      usd_to: '1000',
      taker_fee_rate: '0.008',
      maker_fee_rate: '0.006',
      aop_from: '',
      aop_to: '',
    },
    margin_rate: null,
    goods_and_services_tax: null,
    advanced_trade_only_volume: 0,
    advanced_trade_only_fees: 0,
    coinbase_pro_volume: 0,
    coinbase_pro_fees: 0,
  };
}
