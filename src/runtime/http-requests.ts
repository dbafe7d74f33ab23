/**
 * The HTTP of a hosted server half: what Node.js received as the server half reads it, and what
 * that answers as the client gets it.
 */
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { VenueServerRequest, VenueServerResponse } from '../model/exchange.js';

/** Of a status that is nobody's standard, what exchanges behind Cloudflare say with it. */
const CLOUDFLARE_TEXTS: Readonly<Record<number, string>> = {
  520: 'Web Server Returned an Unknown Error',
};
const PLAIN = { 'content-type': 'text/plain' };

/** A request with its answer, both still open. */
export interface OpenRequest {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

/** How requests are answered. */
export interface AnswerTerms {
  /** A longer body is refused with 413. */
  readonly bodyMaxBytes: number;
  /** For the `Date` header, at the moment of the answer. */
  readonly dateHeader: () => string;
  /** Undefined: not found. */
  readonly ask: (request: VenueServerRequest) => VenueServerResponse | undefined;
}

/** Reads a request to its end, has it answered, and writes the answer. */
export function answerRequest({ message, response }: OpenRequest, terms: AnswerTerms): void {
  const { bodyMaxBytes, dateHeader, ask } = terms;
  readBody(message, bodyMaxBytes, (body) => {
    const isTooLong = body === undefined;
    const answer = isTooLong ? tooLong(bodyMaxBytes) : ask(readRequest(message, body));
    const { status, headers = {}, body: text } = answer ?? notFound();
    response.sendDate = false;
    response.writeHead(status, statusText(status), { date: dateHeader(), ...headers }).end(text);
    // The rest of a body that nobody wants would be read for as long as it comes.
    if (isTooLong) response.once('finish', () => message.destroy());
  });
}

/** Whether it is a WebSocket that the client would go over to. */
export function asksForSocket({ headers }: IncomingMessage): boolean {
  return /\bwebsocket\b/i.test(headers.upgrade ?? '');
}

/** The head of the request as it came, but for the offer to go over to another protocol. */
export function headWithoutUpgrade(message: IncomingMessage): Buffer {
  const { method, url, httpVersion, rawHeaders } = message;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = rawHeaders.slice(at, at + 2);
    if (name?.toLowerCase() !== 'upgrade') lines.push(`${name}: ${value}`);
  }
  return Buffer.from([...lines, '', ''].join('\r\n'), 'latin1');
}

/** Writes the answer to an upgrade that is not to be, and ends the connection. */
export function refuseUpgrade(socket: Duplex, answer: VenueServerResponse, date: string): void {
  const headers: Readonly<Record<string, string>> = {
    date,
    connection: 'close',
    'content-length': String(Buffer.byteLength(answer.body)),
    ...answer.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${answer.status} ${statusText(answer.status)}`;
  // Half of it would stay open for as long as the client likes, and closing the port wait for it.
  socket.once('finish', () => socket.destroy());
  socket.end([status, ...lines, '', answer.body].join('\r\n'));
}

/** A request as a server half reads it. */
export function readRequest(message: IncomingMessage, body: string): VenueServerRequest {
  const url = readUrl(message.url);
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, String(value ?? '')]),
    ),
    remoteAddress: message.socket.remoteAddress ?? '',
    body,
  };
}

/** Whatever a client writes in the request line must not throw here. */
function readUrl(target = '/'): URL {
  const url = `http://localhost${target.startsWith('/') ? target : '/'}`;
  return URL.canParse(url) ? new URL(url) : new URL('http://localhost/');
}

/** Calls back once: with the body, or with undefined as soon as it is too long. */
function readBody(
  message: IncomingMessage,
  maxBytes: number,
  done: (body: string | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  message.on('data', (chunk: Buffer) => {
    const wasTooLong = bytes > maxBytes;
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else if (!wasTooLong) done(undefined);
  });
  message.on('error', () => undefined);
  message.on('end', () => {
    if (bytes <= maxBytes) done(Buffer.concat(chunks).toString());
  });
}

function tooLong(maxBytes: number): VenueServerResponse {
  const headers = { ...PLAIN, connection: 'close' };
  return { status: 413, headers, body: `A body may have ${maxBytes} bytes at most.\n` };
}

function notFound(): VenueServerResponse {
  return { status: 404, headers: PLAIN, body: 'Not found\n' };
}

function statusText(status: number): string {
  return STATUS_CODES[status] ?? CLOUDFLARE_TEXTS[status] ?? 'Refused';
}
