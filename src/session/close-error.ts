import type { DialCredentials } from '../model/auth.js';
import {
  AuthError,
  ConnectionError,
  ERROR_RULES,
  ProtocolError,
  TruefeedError,
} from '../model/error.js';
import { SECRET_MARK } from '../model/secret.js';
import type { SocketClose, SocketFailure } from '../model/socket.js';
import { redactText, redactUrl } from '../runtime/redaction.js';

/** What is known of a socket that ended. */
export interface EndedSocket {
  readonly url: string;
  readonly wasOpen: boolean;
  /** Whether the upgrade carried a sign-in, so that 401 and 403 are an answer to it. */
  readonly signedUpgrade: boolean;
  readonly close: SocketClose;
  /** What was sent to sign in: a server may repeat it in its answer, and it must not be printed. */
  readonly secrets: readonly string[];
}

/** Statuses by which a server refuses who we are. */
const REFUSAL_STATUSES = [401, 403];
const TEXT_MAX_LENGTH = 160;

/** The common close codes in words (RFC 6455, 7.4.1, and the registry that it opens). */
const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: 'a normal end',
  1001: 'the server is going away, as on a restart',
  1002: 'the server reports a protocol error of ours',
  1005: 'the server gave no reason',
  1006: 'no close frame came: the network, or a server that cut it off',
  1007: 'the server could not read our data',
  1008: 'the server reports a breach of its rules',
  1009: 'the server found a message of ours too big',
  1011: 'the server failed',
  1012: 'the server restarts',
  1013: 'the server is overloaded',
};

/** What was sent to sign in with the upgrade, in its headers or its address. */
export function listSentSecrets({ headers = {} }: DialCredentials, url: string): string[] {
  const query = /[?](.*)$/.exec(url)?.[1] ?? '';
  return [...Object.values(headers), ...query.split(/[&;=]/)];
}

/** Whether a refused upgrade is a refusal of the sign-in. */
export function isSignInRefusal(failure: SocketFailure | undefined): boolean {
  return failure?.kind === 'http-status' && REFUSAL_STATUSES.includes(failure.status);
}

/** The end of a socket as an error that says what to do. */
export function describeEnd(ended: EndedSocket): TruefeedError {
  const { close, wasOpen } = ended;
  const { failure } = close;
  const address = redactUrl(ended.url);
  if (failure) return describeFailure(failure, ended, address);
  const meaning = CLOSE_CODES[close.code] ?? 'a code of its own';
  const reason = printable(close.reason, ended.secrets);
  const facts = { closeCode: close.code, reason, wasOpen };
  return wasOpen
    ? new ConnectionError(
        'CONNECTION_CLOSED',
        `The connection to ${address} ended with code ${close.code} (${meaning})` +
          `${reason === '' ? '' : `: "${reason}"`}. It is dialled again; nothing needs to be done.`,
        { facts },
      )
    : new ConnectionError(
        'DIAL_FAILED',
        `${address} could not be reached. Check the address and the network.`,
        { facts },
      );
}

function describeFailure(
  failure: SocketFailure,
  ended: EndedSocket,
  address: string,
): TruefeedError {
  switch (failure.kind) {
    case 'http-status':
      return describeStatus(failure, ended, address);
    case 'tls':
      return new ConnectionError(
        'TLS_INVALID',
        `The certificate of ${address} is not acceptable: ${failure.message}. ` +
          'Give the right certificate authority, or check who answers at that address.',
        { facts: { systemCode: failure.systemCode } },
      );
    case 'network':
      return new ConnectionError(
        ended.wasOpen ? 'CONNECTION_CLOSED' : 'DIAL_FAILED',
        ended.wasOpen
          ? `The connection to ${address} broke: ${failure.message}. It is dialled again.`
          : `${address} could not be reached: ${failure.message}. ` +
              'Check the address and the network.',
        { facts: { systemCode: failure.systemCode, closeCode: ended.close.code } },
      );
    case 'protocol':
      return new ConnectionError(
        ended.wasOpen ? 'CONNECTION_CLOSED' : 'DIAL_FAILED',
        `${address} was reached, but ${failure.message}. Check scheme, host and port.`,
        { facts: { systemCode: failure.systemCode, closeCode: ended.close.code } },
      );
    case 'timeout':
      return new ConnectionError(
        'TIMED_OUT',
        `${address} did not answer the upgrade in time. Check the address and the network.`,
      );
    case 'frame-too-big':
      return new ConnectionError(
        'FRAME_TOO_BIG',
        `${address} sent a frame above the limit of ${failure.limitBytes} bytes, and the ` +
          'connection had to end. Follow fewer symbols on one connection, or raise the limit.',
        { facts: { limitBytes: failure.limitBytes } },
      );
    case 'frame-invalid':
      return new ProtocolError(
        'FRAME_INVALID',
        `${address} sent what is not WebSocket (${failure.message}), and the connection had to ` +
          'end. A proxy on the way may be the cause.',
        { facts: { systemCode: failure.message } },
      );
  }
}

function describeStatus(
  failure: Extract<SocketFailure, { kind: 'http-status' }>,
  ended: EndedSocket,
  address: string,
): TruefeedError {
  const { status } = failure;
  const body = printable(failure.body, ended.secrets);
  const answer = `${address} answered the upgrade with HTTP ${status}`;
  const words = body === '' ? '' : ` ("${body}")`;
  const { retryAfterMs } = ended.close;
  const facts = { httpStatus: status, body, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (ended.signedUpgrade && isSignInRefusal(failure)) {
    return new AuthError(
      'AUTH_REFUSED',
      `${answer}${words}: the sign-in was refused. Check the key, its permissions and the clock.`,
      { facts },
    );
  }
  const advice =
    status >= 300 && status < 400
      ? 'Redirects are not followed; use the address it leads to.'
      : status === 429
        ? 'Too many connections were opened; it is tried again more slowly.'
        : status >= 500
          ? 'The venue seems to have trouble; it is tried again.'
          : 'Check the address.';
  return new ConnectionError('DIAL_REFUSED', `${answer}${words}. ${advice}`, { facts });
}

/** A text of the server's, on one line, bounded, and without what might be a secret. */
function printable(text: string, secrets: readonly string[]): string {
  let masked = text.slice(0, 4_000);
  for (const secret of secrets) {
    if (secret.length >= 4) masked = masked.replaceAll(secret, SECRET_MARK);
  }
  return redactText(masked.replace(/[^\x20-\x7e]+/g, ' ').trim()).slice(0, TEXT_MAX_LENGTH);
}

/** A codec may only throw a ProtocolError; anything else is a fault of it, and no reason to end. */
export function describeBadFrame(error: unknown): TruefeedError {
  if (error instanceof TruefeedError) return error;
  return new ProtocolError(
    'FRAME_INVALID',
    'A frame could not be decoded for a reason that the decoder did not expect. ' +
      'Please report it; the session goes on.',
    { cause: error, retryable: ERROR_RULES.FRAME_INVALID.retryable },
  );
}
