import { verify, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../model/runtime.js';

/**
 * The exchange's side of the sign-in: is this JWT one that the holder of a known key made, now?
 * It shares no code with the half that makes tokens: a check must not share what it checks. Where
 * the venue is known to be lenient (`aud`, `uri`, any form of nonce, reuse), so is this.
 */

/** Why a token is not accepted. The venue itself answers all of them in the same words. */
export type CoinbaseRefusal =
  | 'token-missing'
  | 'token-too-long'
  | 'token-malformed'
  | 'header-malformed'
  | 'claims-malformed'
  | 'key-unknown'
  | 'algorithm-mismatch'
  | 'signature-invalid'
  | 'subject-mismatch'
  | 'issuer-unknown'
  | 'not-yet-valid'
  | 'expired'
  | 'lifetime-too-long'
  | 'nonce-replayed'
  | 'replay-store-full';

/** What a token turned out to be. `detail` is for people and holds nothing of the token. */
export type CoinbaseVerification =
  | { readonly ok: true; readonly keyName: string; readonly expiresAtMs: number }
  | { readonly ok: false; readonly reason: CoinbaseRefusal; readonly detail: string };

/** Finds the public key for a name. */
export type CoinbaseKeyLookup = (keyName: string) => KeyObject | undefined;

/** What a verifier is made of. */
export interface CoinbaseVerifierOptions {
  readonly keys: ReadonlyMap<string, KeyObject> | CoinbaseKeyLookup;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** How far the caller's clock may be off. */
  readonly toleranceMs?: number;
  /** Off by default: the venue accepts a token again until it ends. */
  readonly refuseReplays?: boolean;
  /** Off by default: two minutes are documented as usual, not as a ceiling. */
  readonly lifetimeMaxS?: number;
  /** Nonces remembered while `refuseReplays` is on; when full, new tokens are refused. */
  readonly replaysMax?: number;
}

/** Checks tokens. */
export interface CoinbaseVerifier {
  verify(token: unknown): CoinbaseVerification;
}

const TOKEN_CHARACTERS_MAX = 8_192;
const TOLERANCE_MS = 2_000;
const REPLAYS_MAX = 100_000;
const SIGNATURE_BYTES = 64;
const ISSUERS: readonly unknown[] = ['cdp', 'coinbase-cloud'];

type JsonFields = Readonly<Record<string, unknown>>;

interface TokenParts {
  readonly header: JsonFields;
  readonly claims: JsonFields;
  readonly signedText: string;
  readonly signature: Buffer;
}

type Refusal = Extract<CoinbaseVerification, { ok: false }>;

function refuse(reason: CoinbaseRefusal, detail: string): Refusal {
  return { ok: false, reason, detail };
}

/** Strict base64url without padding: one text for one value, so that a token has one spelling. */
function decodeSegment(segment: string): Buffer | undefined {
  const bytes = Buffer.from(segment, 'base64url');
  return segment !== '' && bytes.toString('base64url') === segment ? bytes : undefined;
}

function parseSegment(segment: string): JsonFields | undefined {
  const bytes = decodeSegment(segment);
  if (!bytes) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonFields) : undefined;
  } catch {
    // Neither UTF-8 nor JSON: the caller refuses it by name.
    return undefined;
  }
}

function splitToken(token: unknown): TokenParts | Refusal {
  if (typeof token !== 'string' || token === '') {
    return refuse('token-missing', 'There is no token in the message.');
  }
  if (token.length > TOKEN_CHARACTERS_MAX) {
    return refuse('token-too-long', `It is longer than ${TOKEN_CHARACTERS_MAX} characters.`);
  }
  const [first = '', second = '', third = '', ...more] = token.split('.');
  const signature = decodeSegment(third);
  if (!signature || more.length > 0) {
    return refuse('token-malformed', 'It is not three segments in base64url.');
  }
  const header = parseSegment(first);
  if (!header) return refuse('header-malformed', 'Its header is not a JSON object.');
  const claims = parseSegment(second);
  if (!claims) return refuse('claims-malformed', 'Its claims are not a JSON object.');
  return { header, claims, signedText: `${first}.${second}`, signature };
}

/** The key's own type decides what is verified; the token may only agree. */
function checkSignature(parts: TokenParts, key: KeyObject): Refusal | undefined {
  const { header, signature } = parts;
  const isEdwards = key.asymmetricKeyType === 'ed25519';
  const isP256 = key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  const algorithm = isEdwards ? 'EdDSA' : isP256 ? 'ES256' : undefined;
  if (algorithm === undefined || header.alg !== algorithm) {
    return refuse('algorithm-mismatch', 'Its algorithm is not the one of this key.');
  }
  if (signature.length !== SIGNATURE_BYTES) {
    return refuse('signature-invalid', `Its signature is not ${SIGNATURE_BYTES} bytes long.`);
  }
  const bytes = Buffer.from(parts.signedText);
  const isValid = isEdwards
    ? verify(null, bytes, key, signature)
    : verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
  return isValid ? undefined : refuse('signature-invalid', 'Its signature does not fit.');
}

interface TimeRule {
  readonly nowMs: number;
  readonly toleranceMs: number;
  readonly lifetimeMaxS: number | undefined;
}

function checkTimes({ nbf, exp }: JsonFields, rule: TimeRule): Refusal | undefined {
  const { nowMs, toleranceMs, lifetimeMaxS } = rule;
  const startsAtS = nbf ?? nowMs / 1000;
  if (typeof exp !== 'number' || typeof startsAtS !== 'number') {
    return refuse('claims-malformed', 'Its exp (and nbf, where given) must be numbers.');
  }
  const earlyMs = startsAtS * 1000 - nowMs;
  if (earlyMs > toleranceMs) {
    const seconds = Math.ceil(earlyMs / 1000);
    return refuse('not-yet-valid', `It begins ${seconds} s from now: a clock is fast.`);
  }
  const lateMs = nowMs - exp * 1000;
  if (lateMs >= toleranceMs) {
    return refuse('expired', `It ended ${Math.floor(lateMs / 1000)} s ago.`);
  }
  if (lifetimeMaxS !== undefined && exp - startsAtS > lifetimeMaxS) {
    return refuse('lifetime-too-long', `It lives longer than ${lifetimeMaxS} s.`);
  }
  return undefined;
}

/** Remembers nonces until their tokens have ended. Full means refusing, never forgetting. */
function createReplayStore(nonceMax: number) {
  const endsAtMsByNonce = new Map<string, number>();
  const sweep = (nowMs: number): void => {
    for (const [nonce, endsAtMs] of endsAtMsByNonce) {
      if (endsAtMs <= nowMs) endsAtMsByNonce.delete(nonce);
    }
  };
  return {
    claim(nonce: string, endsAtMs: number, nowMs: number): Refusal | undefined {
      const seenUntilMs = endsAtMsByNonce.get(nonce);
      if (seenUntilMs !== undefined && seenUntilMs > nowMs) {
        return refuse('nonce-replayed', 'A token with this nonce was used before.');
      }
      if (endsAtMsByNonce.size >= nonceMax) sweep(nowMs);
      if (endsAtMsByNonce.size >= nonceMax) {
        return refuse('replay-store-full', 'Too many tokens are alive to remember one more.');
      }
      endsAtMsByNonce.set(nonce, endsAtMs);
      return undefined;
    },
  };
}

/** Makes the exchange's check of tokens. */
export function createCoinbaseVerifier(options: CoinbaseVerifierOptions): CoinbaseVerifier {
  const { keys, clock, toleranceMs = TOLERANCE_MS, lifetimeMaxS } = options;
  const findKey = typeof keys === 'function' ? keys : (keyName: string) => keys.get(keyName);
  const replays = createReplayStore(options.replaysMax ?? REPLAYS_MAX);

  const verifyToken = (token: unknown): CoinbaseVerification => {
    const parts = splitToken(token);
    if ('reason' in parts) return parts;
    const { header, claims } = parts;
    const keyName = header.kid;
    const key = typeof keyName === 'string' ? findKey(keyName) : undefined;
    if (!key || typeof keyName !== 'string') {
      return refuse('key-unknown', 'Its kid names no key that is known here.');
    }
    // RFC 7515 section 4.1.11: what is marked critical must be understood, and nothing is.
    if (header.crit !== undefined) {
      return refuse('header-malformed', 'It demands an extension that is not known here.');
    }
    const unsigned = checkSignature(parts, key);
    if (unsigned) return unsigned;
    if (claims.sub !== keyName) return refuse('subject-mismatch', 'Its sub is not its kid.');
    if (!ISSUERS.includes(claims.iss)) {
      return refuse('issuer-unknown', 'Its iss is neither cdp nor coinbase-cloud.');
    }
    const nowMs = clock.nowMs();
    const untimely = checkTimes(claims, { nowMs, toleranceMs, lifetimeMaxS });
    if (untimely) return untimely;
    const expiresAtMs = Number(claims.exp) * 1000;
    if (options.refuseReplays) {
      const nonce = `${keyName} ${JSON.stringify(header.nonce) ?? parts.signedText}`;
      const replayed = replays.claim(nonce, expiresAtMs + toleranceMs, nowMs);
      if (replayed) return replayed;
    }
    return { ok: true, keyName, expiresAtMs };
  };

  return { verify: verifyToken };
}
