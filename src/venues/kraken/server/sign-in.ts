import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../model/runtime.js';

/**
 * The exchange's side of the REST signature: `API-Sign` is base64 of HMAC-SHA512, keyed with the
 * decoded secret, over the path and the SHA-256 of nonce and body; nonces of a key rise, within a
 * window that the key's owner may widen. Refusals are the venue's own texts ("Spot errors").
 */

/** The venue's words for a request that is not accepted. */
export type KrakenRefusal =
  | 'EAPI:Invalid key'
  | 'EAPI:Invalid signature'
  | 'EAPI:Invalid nonce'
  | 'EGeneral:Temporary lockout'
  | 'EGeneral:Permission denied';

/** Who asks, or what to answer. `detail` is for people and holds nothing secret. */
export type KrakenVerification =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly error: KrakenRefusal; readonly detail: string };

/** A key as the exchange knows it. */
export interface KrakenServerKey {
  /** Decoded. */
  readonly secret: Uint8Array;
  /** What the key may do; `websocket-token` is asked for a token. */
  readonly permissions: readonly string[];
  /** Whose key it is; several keys may be of one account. The key's own name by default. */
  readonly account?: string;
  /** How far below the largest nonce a new one may lie; 0 by default. */
  readonly nonceWindow?: bigint;
}

/** One signed request as it came over the wire. Header names are in lower case. */
export interface KrakenServerRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly permission: string;
  /** Whom to lock out for wrong keys: an address. */
  readonly client: string;
}

/** What a verifier is made of. */
export interface KrakenVerifierOptions {
  readonly keys:
    ReadonlyMap<string, KrakenServerKey> | ((key: string) => KrakenServerKey | undefined);
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Requests with an unknown key or wrong signature, in a row, before the client is locked out. */
  readonly lockoutAfter?: number;
  readonly lockoutMs?: number;
}

/** Whose a key is, and what it may do. */
export interface KrakenKeyRights {
  readonly account: string;
  readonly permissions: readonly string[];
}

/** Checks signed requests. */
export interface KrakenVerifier {
  verify(request: KrakenServerRequest): KrakenVerification;
  /** Of a key that signed before; undefined where it is not known any more. */
  rightsOf(key: string): KrakenKeyRights | undefined;
}

const LOCKOUT_AFTER = 5;
const LOCKOUT_MS = 15 * 60_000;
const CLIENTS_MAX = 10_000;
/** Nonces remembered above the floor of a key's window. */
const WINDOW_NONCES_MAX = 10_000;
const NONCE_MAX = 2n ** 64n - 1n;

function refuse(error: KrakenRefusal, detail: string): KrakenVerification {
  return { ok: false, error, detail };
}

function readJsonNonce(body: string): string | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    // Not JSON after all; the caller answers for a missing nonce.
    return undefined;
  }
  const nonce = (fields as { nonce?: unknown } | null)?.nonce;
  if (typeof nonce === 'string') return nonce;
  if (typeof nonce !== 'number') return undefined;
  if (Number.isSafeInteger(nonce)) return String(nonce);
  // Beyond 2^53 the parsed number lost digits: find the digits that gave it. Should the text hold
  // several candidates, a wrong one only makes the signature fail.
  const candidates = [...body.matchAll(/"nonce"\s*:\s*(\d{16,20})/g)].map(([, digits]) => digits);
  return candidates.find((digits) => Number(digits) === nonce);
}

/** The digits of the nonce, as they stand in the body. */
function readNonce(body: string): string | undefined {
  const isJson = body.trimStart().startsWith('{');
  const text = isJson ? readJsonNonce(body) : (new URLSearchParams(body).get('nonce') ?? undefined);
  return text !== undefined && /^[0-9]{1,20}$/.test(text) ? text : undefined;
}

function fitsSignature(request: KrakenServerRequest, nonce: string, secret: Uint8Array): boolean {
  const sent = request.headers['api-sign'];
  const digest = createHash('sha256').update(nonce).update(request.body).digest();
  const expected = createHmac('sha512', secret).update(request.path).update(digest).digest();
  const received = Buffer.from(typeof sent === 'string' ? sent : '', 'base64');
  return received.length === expected.length && timingSafeEqual(received, expected);
}

/** Nonces of one key: each once, and none further below the largest than the window. */
function createNonceRule(): (nonce: bigint, window: bigint) => boolean {
  let highest = -1n;
  const seen = new Set<bigint>();
  return (nonce, window) => {
    if (nonce > NONCE_MAX) return false;
    if (nonce <= highest) {
      const isInside = window > 0n && nonce > highest - window && !seen.has(nonce);
      if (!isInside || seen.size >= WINDOW_NONCES_MAX) return false;
    }
    if (nonce > highest) highest = nonce;
    if (window > 0n) {
      seen.add(nonce);
      for (const old of seen) if (old <= highest - window) seen.delete(old);
    }
    return true;
  };
}

/** Counts wrong keys by client, boundedly: the client heard from longest ago is forgotten first. */
function createLockout(after: number, lockoutMs: number) {
  const failures = new Map<string, { count: number; endsAtMs: number }>();
  return {
    isLocked(client: string, nowMs: number): boolean {
      const known = failures.get(client);
      if (known && known.endsAtMs <= nowMs) failures.delete(client);
      return known !== undefined && known.count >= after && known.endsAtMs > nowMs;
    },
    count(client: string, nowMs: number): void {
      const count = (failures.get(client)?.count ?? 0) + 1;
      failures.delete(client);
      failures.set(client, { count, endsAtMs: nowMs + lockoutMs });
      if (failures.size <= CLIENTS_MAX) return;
      for (const oldest of failures.keys()) {
        failures.delete(oldest);
        break;
      }
    },
    forgive: (client: string) => void failures.delete(client),
  };
}

/** Makes the exchange's check of signed REST requests. */
export function createKrakenVerifier(options: KrakenVerifierOptions): KrakenVerifier {
  const { keys, clock } = options;
  const findKey = typeof keys === 'function' ? keys : (key: string) => keys.get(key);
  const lockout = createLockout(
    options.lockoutAfter ?? LOCKOUT_AFTER,
    options.lockoutMs ?? LOCKOUT_MS,
  );
  const nonceRules = new Map<string, ReturnType<typeof createNonceRule>>();

  const isNonceNew = (key: string, nonce: bigint, window: bigint): boolean => {
    // One entry for each key that signed rightly, so never more than there are keys.
    const rule = nonceRules.get(key) ?? createNonceRule();
    nonceRules.set(key, rule);
    return rule(nonce, window);
  };

  return {
    verify(request) {
      const nowMs = clock.nowMs();
      const { client } = request;
      if (lockout.isLocked(client, nowMs)) {
        return refuse('EGeneral:Temporary lockout', 'Too many requests with wrong keys.');
      }
      const sentKey = request.headers['api-key'];
      const key = typeof sentKey === 'string' ? sentKey : '';
      const known = findKey(key);
      if (!known) {
        lockout.count(client, nowMs);
        return refuse('EAPI:Invalid key', 'The key is missing or not known here.');
      }
      const nonce = readNonce(request.body);
      if (nonce === undefined) {
        return refuse('EAPI:Invalid nonce', 'The body holds no nonce in digits.');
      }
      if (!fitsSignature(request, nonce, known.secret)) {
        lockout.count(client, nowMs);
        return refuse('EAPI:Invalid signature', 'The signature does not fit path, nonce and body.');
      }
      lockout.forgive(client);
      if (!isNonceNew(key, BigInt(nonce), known.nonceWindow ?? 0n)) {
        return refuse('EAPI:Invalid nonce', 'The nonce is not above the largest one of this key.');
      }
      if (!known.permissions.includes(request.permission)) {
        return refuse('EGeneral:Permission denied', `The key may not: ${request.permission}.`);
      }
      return { ok: true, key };
    },
    rightsOf(key) {
      const known = findKey(key);
      return known && { account: known.account ?? key, permissions: known.permissions };
    },
  };
}
