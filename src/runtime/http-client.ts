import type { ClientRequest, IncomingMessage } from 'node:http';
import { ConnectionError } from '../model/error.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../model/runtime.js';
import { readBoundedBody } from './bounded-body.js';
import { trustAlso } from './extra-authorities.js';
import { parseHttpDate, parseRetryAfter } from './http-date.js';
import { lazyNode } from './lazy-node.js';
import { explainNetworkError } from './network-failure.js';
import { redactUrl } from './redaction.js';
import { systemClock } from './system-clock.js';

/** What a client for HTTP may be told. */
export interface HttpClientOptions {
  /** Certificate authorities to trust beside the system's, in PEM. */
  readonly caPem?: string | undefined;
}

/**
 * A client for single requests. Every request has its own connection (a kept one may be closed by
 * the server just as a request with a nonce goes out, and that must not be sent twice), redirects
 * are answers like any other, and a body longer than the limit is a failure.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  return (request) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const outgoing = startRequest(request, options);
      if (outgoing instanceof ConnectionError) {
        reject(outgoing);
        return;
      }
      const timer = setTimeout(() => {
        reject(describeTimeout(request));
        outgoing.destroy();
      }, request.timeoutMs);
      const settle = <Value>(finish: (value: Value) => void): ((value: Value) => void) => {
        return (value) => {
          clearTimeout(timer);
          finish(value);
        };
      };
      const fail = settle((error: unknown) => reject(describeFailure(request, error)));
      outgoing.on('error', fail);
      outgoing.on('response', (response) => {
        readResponse(request, response).then(settle(resolve), fail);
      });
      outgoing.end(request.body);
    });
}

function startRequest(
  request: HttpRequest,
  options: HttpClientOptions,
): ClientRequest | ConnectionError {
  const { method, headers, body } = request;
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const shared = { method, headers: { ...length, ...headers }, agent: false } as const;
  try {
    const url = new URL(request.url);
    if (url.protocol === 'http:') return lazyNode.http.request(url, shared);
    return lazyNode.https.request(url, { ...shared, ...trustAlso(options.caPem) });
  } catch {
    // The cause stays out: its text may quote a header or a query.
    return new ConnectionError(
      'HTTP_FAILED',
      `The address ${redactUrl(request.url)} or a header of the request cannot be sent. ` +
        'Check the address (http: or https:), and the credentials for odd characters.',
      { retryable: false },
    );
  }
}

async function readResponse(
  request: HttpRequest,
  response: IncomingMessage,
): Promise<HttpResponse> {
  const body = await readBoundedBody(response, request.maxBodyBytes);
  if (body.cut) {
    throw new ConnectionError(
      'HTTP_FAILED',
      `The answer of ${redactUrl(request.url)} is longer than ${request.maxBodyBytes} bytes. ` +
        'Check that this is the right address.',
      { facts: { maxBodyBytes: request.maxBodyBytes, status: response.statusCode } },
    );
  }
  const serverDateMs = parseHttpDate(response.headers.date);
  const nowMs = serverDateMs ?? systemClock.nowMs();
  return {
    status: response.statusCode ?? 0,
    body: body.text,
    serverDateMs,
    retryAfterMs: parseRetryAfter(response.headers['retry-after'], nowMs),
  };
}

function describeTimeout(request: HttpRequest): ConnectionError {
  return new ConnectionError(
    'TIMED_OUT',
    `${redactUrl(request.url)} did not answer within ${request.timeoutMs} ms. ` +
      'Check the network, or try again later.',
    { facts: { timeoutMs: request.timeoutMs } },
  );
}

function describeFailure(request: HttpRequest, error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const { kind, systemCode, message } = explainNetworkError(error);
  const address = redactUrl(request.url);
  const facts = { systemCode };
  switch (kind) {
    case 'tls':
      return new ConnectionError(
        'TLS_INVALID',
        `The certificate of ${address} is not acceptable: ${message}. ` +
          'Give the right certificate authority, or check who answers at that address.',
        { facts },
      );
    case 'protocol':
      return new ConnectionError(
        'HTTP_FAILED',
        `${address} was reached, but ${message}. Check scheme, host and port.`,
        { facts },
      );
    case 'network':
      return new ConnectionError(
        systemCode === 'ECONNRESET' || systemCode === 'EPIPE' ? 'HTTP_FAILED' : 'DIAL_FAILED',
        `The request to ${address} failed: ${message}. Check the address and the network.`,
        { facts },
      );
  }
}
