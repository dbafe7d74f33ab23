import type { CliIo } from './cli-io.js';

const TIMEOUT_MS = 3_000;
const LIST_MAX_BYTES = 32 * 1024 * 1024;

/** Where a venue lists its symbols, and how the answer is read. */
export interface SymbolList {
  readonly url: string;
  /** Undefined for an answer that is not such a list. */
  read(body: string): readonly string[] | undefined;
}

/** Product ids and their other names, from the list that Coinbase answers without a key. */
export function readCoinbaseProducts(body: string): readonly string[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    // Some other server answers there; then there is no list.
    return undefined;
  }
  const products = (answer as { products?: unknown } | null)?.products;
  if (!Array.isArray(products) || products.length === 0) return undefined;
  const names = products.flatMap((one: { [field: string]: unknown } | null) => [
    one?.['product_id'],
    one?.['alias'],
    ...(Array.isArray(one?.['alias_to']) ? (one['alias_to'] as unknown[]) : []),
  ]);
  return names.filter((name): name is string => typeof name === 'string' && name !== '');
}

/**
 * The symbols that exist, so that a misspelt one is refused before anything is dialled. Without an
 * answer they are not checked here: the venue itself then passes over them, and the feed says so.
 */
export async function loadKnownSymbols(
  io: CliIo,
  list: SymbolList | undefined,
): Promise<readonly string[] | undefined> {
  if (!list) return undefined;
  const request = { method: 'GET', url: list.url, timeoutMs: TIMEOUT_MS } as const;
  try {
    const { status, body } = await io.runtime.http({ ...request, maxBodyBytes: LIST_MAX_BYTES });
    return status === 200 ? list.read(body) : undefined;
  } catch {
    // Offline, or no such service: whether the venue can be reached is the feed's to say.
    return undefined;
  }
}
