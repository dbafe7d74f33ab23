import type { NonceSource } from '../../model/auth.js';
import { AuthError, TruefeedError } from '../../model/error.js';
import type { HttpClient, HttpResponse } from '../../model/runtime.js';
import { Secret } from '../../model/secret.js';
import {
  checkKrakenKey,
  createKrakenSigner,
  explainKrakenSecret,
  readOtp,
  type KrakenCredentials,
} from './credentials.js';
import { describeKrakenAnswer, describeKrakenTokenRefusal } from './errors.js';
import { signKrakenRequest } from './request.js';

/** The REST address of the venue. */
export const KRAKEN_REST_URL = 'https://api.kraken.com';

const TOKEN_PATH = '/0/private/GetWebSocketsToken';
const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 65_536;
const NONCE_ATTEMPTS_MAX = 2;

/** What fetching a token needs of the world. */
export interface KrakenTokenTools {
  readonly http: HttpClient;
  /** Shared by all that use the key. */
  readonly nonces: NonceSource;
  /** `KRAKEN_REST_URL` by default. */
  readonly restUrl?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** A WebSocket token: to be used first within `expiresInS`, then alive with its subscriptions. */
export interface KrakenToken {
  readonly token: Secret;
  readonly expiresInS: number;
  /** The server's clock as its answer told it. */
  readonly serverDateMs?: number | undefined;
}

function readErrors(answer: object): readonly string[] {
  const { error } = answer as { error?: unknown };
  if (!Array.isArray(error)) return [];
  // What begins with W is a warning beside a good answer.
  return error.filter((text): text is string => typeof text === 'string' && /^E/.test(text));
}

function parseAnswer(response: HttpResponse): object | undefined {
  try {
    const answer: unknown = JSON.parse(response.body);
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    // Some page of a proxy; the caller says so. The text is dropped, it could be anything.
    return undefined;
  }
}

/** `{"error":[],"result":{"token":"…43 characters…","expires":900}}`, HTTP 200 also for errors. */
function readToken(response: HttpResponse): KrakenToken {
  const answer = parseAnswer(response);
  if (!answer) throw describeKrakenAnswer(response.status, 'something that is not JSON');
  const [venueText] = readErrors(answer);
  if (venueText !== undefined) throw describeKrakenTokenRefusal(venueText);
  const { result } = answer as { result?: { token?: unknown; expires?: unknown } };
  const token = result?.token;
  const expiresInS = result?.expires;
  const isWhole = typeof token === 'string' && token !== '' && typeof expiresInS === 'number';
  if (response.status !== 200 || !isWhole || !(expiresInS > 0)) {
    throw describeKrakenAnswer(response.status, 'no token');
  }
  return { token: new Secret(token), expiresInS, serverDateMs: response.serverDateMs };
}

function buildBody(nonce: bigint, otp: string | undefined): string {
  return otp === undefined ? `nonce=${nonce}` : `nonce=${nonce}&otp=${encodeURIComponent(otp)}`;
}

async function requestToken(
  credentials: KrakenCredentials,
  tools: KrakenTokenTools,
): Promise<KrakenToken> {
  const key = checkKrakenKey(credentials.key);
  const signer = createKrakenSigner(credentials);
  const nonce = await tools.nonces.next();
  const body = buildBody(nonce, readOtp(credentials));
  const signature = await signKrakenRequest({ path: TOKEN_PATH, nonce, body, signer });
  const response = await tools.http({
    method: 'POST',
    url: `${(tools.restUrl ?? KRAKEN_REST_URL).replace(/\/+$/, '')}${TOKEN_PATH}`,
    headers: {
      'API-Key': key,
      'API-Sign': signature,
      'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
    },
    body,
    timeoutMs: tools.timeoutMs ?? TIMEOUT_MS,
    maxBodyBytes: ANSWER_BYTES_MAX,
  });
  return readToken(response);
}

/** A signature that is refused: with what can be seen of the secret, before it is tried again. */
function explainRefusal(error: unknown, credentials: KrakenCredentials): unknown {
  const isDoubted =
    error instanceof AuthError && error.facts['venueText'] === 'EAPI:Invalid signature';
  if (!isDoubted || !('secret' in credentials)) return error;
  const remark = explainKrakenSecret(credentials.secret);
  if (remark === undefined) return error;
  return new AuthError(error.code, `${error.message} ${remark}`, { facts: error.facts });
}

/**
 * Fetches a WebSocket token by a signed REST call. A refused nonce gets one more attempt with a
 * higher one, because two programs' requests may overtake each other on the way; a second refusal
 * means that the key is ahead of us for good, and the error explains it.
 */
export async function fetchKrakenToken(
  credentials: KrakenCredentials,
  tools: KrakenTokenTools,
): Promise<KrakenToken> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await requestToken(credentials, tools);
    } catch (error) {
      const isNonce = error instanceof TruefeedError && error.code === 'AUTH_NONCE_REFUSED';
      if (!isNonce || attempt >= NONCE_ATTEMPTS_MAX) throw explainRefusal(error, credentials);
    }
  }
}
