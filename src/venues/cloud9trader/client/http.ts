import { ConnectionError } from '../../../model/error.js';
import type { HttpClient } from '../../../model/runtime.js';

/** Where bars and instruments are; hard-coded in the vendor's library. */
export const DEFAULT_API_URL = 'https://www.cloud9trader.com/api/v1';
/** Where historical prices are. */
export const DEFAULT_PRICE_URL = 'https://price.cloud9trader.com';

/** A moment as a program may name it; an empty text is the present. */
export type Moment = Date | number | string;

/** What to read. */
export interface HistoricalQuery {
  readonly instrumentId: string;
  /** `M5`, `H1`, `D1` … */
  readonly interval: string;
  readonly start: Moment;
  readonly end: Moment;
}

/** The HTTP half of a client. */
export interface HttpReader {
  readInstruments(): Promise<unknown>;
  readHistoricalPrice(query: HistoricalQuery): Promise<unknown>;
}

/** What a reader is made of. */
export interface HttpReaderOptions {
  readonly http: HttpClient;
  readonly key: string;
  readonly apiUrl: string;
  readonly priceUrl: string;
}

const TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 64 * 2 ** 20;

/** Reads instruments and bars, with the key in its header as the documentation has it. */
export function createHttpReader(options: HttpReaderOptions): HttpReader {
  const read = async (url: URL): Promise<unknown> => {
    const { status, body } = await options.http({
      method: 'GET',
      url: url.href,
      headers: { 'x-c9t-key': options.key, accept: 'application/json' },
      timeoutMs: TIMEOUT_MS,
      maxBodyBytes: MAX_BODY_BYTES,
    });
    if (status !== 200) {
      const text = `${url.origin}${url.pathname} answered with HTTP ${status}.`;
      throw new ConnectionError('HTTP_FAILED', text, { facts: { httpStatus: status } });
    }
    try {
      return JSON.parse(body) as unknown;
    } catch {
      // The parser's own text quotes the answer, whatever is in it.
      const text = `${url.origin}${url.pathname} answered with something else than JSON.`;
      throw new ConnectionError('HTTP_FAILED', text);
    }
  };
  return {
    readInstruments: () => read(new URL(`${trimSlash(options.apiUrl)}/instruments`)),
    readHistoricalPrice({ instrumentId, interval, start, end }) {
      const url = new URL(`${trimSlash(options.priceUrl)}/historical`);
      const values = { instrumentId, interval, start: toIsoText(start), end: toIsoText(end) };
      for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
      return read(url);
    },
  };
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Texts go as they are: the server may know more forms than we do. */
function toIsoText(moment: Moment): string {
  return typeof moment === 'string' ? moment : new Date(moment).toISOString();
}
