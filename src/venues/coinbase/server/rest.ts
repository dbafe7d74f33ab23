/** The two public REST answers that WebSocket clients ask for first: the time and the products. */
import type {
  ListedInstrument,
  MarketSource,
  VenueServerRequest,
  VenueServerResponse,
} from '../../../model/exchange.js';

/** What the answers are made of. */
export interface RestParts {
  readonly source: MarketSource;
  readonly nowMs: number;
}

type Answer = (parts: RestParts) => unknown;

const ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['/api/v3/brokerage/time', timeAnswer],
  ['/api/v3/brokerage/market/products', productsAnswer],
]);

/** Answers a request, or not where the path is another one. */
export function answerRest(
  request: VenueServerRequest,
  parts: RestParts,
): VenueServerResponse | undefined {
  const answer = request.method === 'GET' ? ANSWERS.get(request.path) : undefined;
  const headers = { 'content-type': 'application/json' };
  return answer && { status: 200, headers, body: JSON.stringify(answer(parts)) };
}

function timeAnswer({ nowMs }: RestParts): unknown {
  return {
    iso: new Date(nowMs).toISOString(),
    epochSeconds: String(Math.floor(nowMs / 1000)),
    epochMillis: String(Math.floor(nowMs)),
  };
}

function productsAnswer({ source }: RestParts): unknown {
  const products = source.instruments.flatMap((one) => [
    productOf(one, one.symbol),
    ...one.aliases.map((alias) => productOf(one, alias)),
  ]);
  return { products, num_products: products.length };
}

function productOf(one: ListedInstrument, productId: string): unknown {
  const isAlias = productId !== one.symbol;
  return {
    product_id: productId,
    base_increment: one.sizeIncrement ?? '0.00000001',
    quote_increment: one.priceIncrement ?? '0.01',
    price_increment: one.priceIncrement ?? '0.01',
    status: one.status,
    trading_disabled: false,
    product_type: one.kind ?? 'SPOT',
    base_currency_id: one.base,
    quote_currency_id: isAlias ? (productId.split('-')[1] ?? one.quote) : one.quote,
    alias: isAlias ? one.symbol : '',
    alias_to: isAlias ? [] : one.aliases,
    display_name: productId,
  };
}
