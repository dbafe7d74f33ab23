/**
 * The control of running exchanges over HTTP, for programs in any language: JSON in, JSON out.
 * Programs on this machine are meant to reach it; a page in a browser is refused.
 */
import { TruefeedError } from '../model/error.js';
import type { VenueServer, VenueServerRequest, VenueServerResponse } from '../model/exchange.js';
import { readJsonText } from '../runtime/json-text.js';
import { CONTROL_ROUTES, type ControlledExchanges, type ControlRoute } from './control-routes.js';

/** The longest body of a request. */
export const CONTROL_BODY_MAX_BYTES = 256 * 1024;

/** What the endpoint is made of. */
export interface ControlServerOptions {
  readonly exchanges: ControlledExchanges;
  /** Whether it listens for this machine alone; then it answers to no other name. */
  readonly isLocal: boolean;
}

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };
/** How a program on this machine calls it; another name is one that a stranger made point here. */
const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Makes the endpoint; it needs a host to be reached. */
export function createControlServer(options: ControlServerOptions): VenueServer {
  return {
    id: 'control',
    onUpgrade: () => ({ kind: 'refuse', ...refuse(404, 'There are no sockets here.') }),
    onConnection: () => ({ onMessage: () => undefined, onClosed: () => undefined }),
    onHttp: (request) => answer(request, options),
    close: () => undefined,
  };
}

function answer(
  request: VenueServerRequest,
  { exchanges, isLocal }: ControlServerOptions,
): VenueServerResponse {
  const { headers, method, path } = request;
  if (headers.origin !== undefined) {
    return refuse(403, 'Requests of web pages are refused; ask from a program or with curl.');
  }
  if (isLocal && !LOCAL_HOST.test(headers.host ?? '')) {
    return refuse(403, 'Call it by 127.0.0.1 or localhost.');
  }
  const fitting = CONTROL_ROUTES.filter((route) => matchPath(route, path) !== undefined);
  const route = fitting.find((one) => one.method === method);
  if (route) return carryOut(route, request, exchanges);
  if (fitting.length === 0) {
    const known = CONTROL_ROUTES.map((one) => `${one.method} ${one.path}`).join(', ');
    return refuse(404, `There is nothing at ${path.slice(0, 100)}; there are ${known}.`);
  }
  const allow = fitting.map((one) => one.method).join(', ');
  const refusal = refuse(405, `${path} takes ${allow}.`);
  return { ...refusal, headers: { ...refusal.headers, allow } };
}

/** The value of the path's last part where the route has one; undefined: another path. */
function matchPath({ path }: ControlRoute, asked: string): string | undefined {
  if (!path.endsWith('/ID')) return path === asked ? '' : undefined;
  const prefix = path.slice(0, -'ID'.length);
  const id = asked.startsWith(prefix) ? asked.slice(prefix.length) : '';
  return id === '' || id.includes('/') ? undefined : id;
}

function carryOut(
  route: ControlRoute,
  { path, body, query }: VenueServerRequest,
  exchanges: ControlledExchanges,
): VenueServerResponse {
  try {
    const hasBody = route.method === 'POST';
    const value = hasBody ? readJsonText(body === '' ? '{}' : body, 'The body').value : undefined;
    const id = matchPath(route, path) ?? '';
    const { status = 200, body: answered } = route.run(exchanges, { id, value, query });
    return { status, headers: HEADERS, body: `${JSON.stringify(answered, undefined, 2)}\n` };
  } catch (error) {
    // Anything else is a defect of ours, which must not look like the caller's: the host says 500.
    if (!(error instanceof TruefeedError)) throw error;
    const { code, message, facts } = error;
    return refuse(400, message, { code, ...facts });
  }
}

function refuse(status: number, message: string, facts: object = {}): VenueServerResponse {
  const body = `${JSON.stringify({ error: { message, ...facts } }, undefined, 2)}\n`;
  return { status, headers: HEADERS, body };
}
