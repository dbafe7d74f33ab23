/**
 * The two HTTP answers that the client library asks for. The shape of an instrument is the
 * library's; that of a bar is on no page, and ours.
 */
import type {
  MarketCandle,
  MarketSource,
  VenueServerRequest,
  VenueServerResponse,
} from '../../../model/exchange.js';
import { encodeInstrument } from './encode.js';

const HEADERS = { 'content-type': 'application/json' };

/** Answers a request, or not where the path is another one. */
export function answerRest(
  request: VenueServerRequest,
  source: MarketSource,
): VenueServerResponse | undefined {
  if (request.method !== 'GET') return undefined;
  if (request.path === '/api/v1/instruments') {
    return answer(200, source.instruments.map(encodeInstrument));
  }
  if (request.path !== '/historical') return undefined;
  const symbol = request.query.get('instrumentId') ?? '';
  if (!source.instruments.some((one) => one.symbol === symbol)) {
    return answer(404, { error: 'Unknown instrument' });
  }
  const start = readTime(request.query.get('start'), -Infinity);
  const end = readTime(request.query.get('end'), Infinity);
  if (start === undefined || end === undefined) {
    return answer(400, { error: 'start and end are ISO-8601 times' });
  }
  const bars = source
    .candles(symbol)
    .filter(({ openedAtSeconds }) => openedAtSeconds >= start && openedAtSeconds <= end);
  return answer(200, bars.map(encodeBar));
}

function answer(status: number, body: unknown): VenueServerResponse {
  return { status, headers: HEADERS, body: JSON.stringify(body) };
}

/** Unix seconds; an empty end is the present. */
function readTime(text: string | null, absent: number): number | undefined {
  if (text === null || text === '') return absent;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

function encodeBar({ openedAtSeconds, open, high, low, close, volume }: MarketCandle): object {
  const time = new Date(openedAtSeconds * 1000).toISOString();
  const [o, h, l, c, v] = [open, high, low, close, volume].map(Number);
  return { time, open: o, high: h, low: l, close: c, volume: v };
}
