import { createHash, createHmac } from 'node:crypto';
import type { VenueServerResponse } from '../../../../src/model/exchange.js';
import type { KrakenServer } from '../../../../src/venues/kraken/server/index.js';
import { API_KEY, API_SECRET } from './server-harness.js';

export const TOKEN_PATH = '/0/private/GetWebSocketsToken';
let nonce = 1_616_492_376_594;

/** The vendor's recipe for a signature, in the words of its page. */
export function sign(path: string, body: string, secret: Uint8Array = API_SECRET): string {
  const own = new URLSearchParams(body).get('nonce') ?? '';
  const digest = createHash('sha256')
    .update(own + body)
    .digest();
  return createHmac('sha512', secret)
    .update(Buffer.concat([Buffer.from(path), digest]))
    .digest('base64');
}

/** A REST call as the host hands it over. */
export function callRest(
  server: KrakenServer,
  path: string,
  parts: { method?: string; body?: string; headers?: Record<string, string> } = {},
): VenueServerResponse | undefined {
  const [bare = '', query = ''] = path.split('?');
  return server.onHttp?.({
    method: parts.method ?? 'GET',
    path: bare,
    query: new URLSearchParams(query),
    headers: parts.headers ?? {},
    remoteAddress: '127.0.0.1',
    body: parts.body ?? '',
  });
}

export function readAnswer(answer: VenueServerResponse | undefined): {
  error: string[];
  result?: Record<string, unknown>;
} {
  return JSON.parse(answer?.body ?? '{}') as { error: string[]; result?: Record<string, unknown> };
}

/** Asks for a token as a client would. */
export function askToken(server: KrakenServer, key = API_KEY): VenueServerResponse | undefined {
  nonce += 1;
  const body = `nonce=${nonce}`;
  const headers = { 'api-key': key, 'api-sign': sign(TOKEN_PATH, body) };
  return callRest(server, TOKEN_PATH, { method: 'POST', body, headers });
}

export function issueToken(server: KrakenServer, key = API_KEY): string {
  return String(readAnswer(askToken(server, key)).result?.token);
}
