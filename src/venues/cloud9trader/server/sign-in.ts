import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../model/runtime.js';

/**
 * The exchange's side of the signed upgrade: HMAC-SHA256 of path and nonce, keyed with the decoded
 * secret. The vendor documents neither window nor replay rule; ours are a window of half a minute
 * to both sides and no nonce twice per key within it. Nonces need not increase: two sockets opened
 * by one program may arrive in either order.
 */

/** Why an upgrade is not accepted. Each of them is answered with HTTP 401 before the upgrade. */
export type Cloud9TraderRefusal =
  | 'headers-incomplete'
  | 'key-unknown'
  | 'nonce-malformed'
  | 'nonce-outside-window'
  | 'signature-malformed'
  | 'signature-invalid'
  | 'nonce-replayed'
  | 'replay-store-full';

/** Who dials. Without any of the three headers the socket is public. */
export type Cloud9TraderVerification =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'signed'; readonly key: string }
  | {
      readonly kind: 'refused';
      readonly httpStatus: 401;
      readonly reason: Cloud9TraderRefusal;
      readonly detail: string;
    };

/** The headers of a request as Node gives them: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a verifier is made of. */
export interface Cloud9TraderVerifierOptions {
  /** The decoded secret of a key. */
  readonly secrets: ReadonlyMap<string, Uint8Array> | ((key: string) => Uint8Array | undefined);
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly windowMs?: number;
  /** Nonces remembered; when full of live ones, new sign-ins are refused. */
  readonly replaysMax?: number;
}

/** Checks upgrade requests. */
export interface Cloud9TraderVerifier {
  /** `path` is the request's own, with or without its query. */
  verify(request: {
    readonly headers: RequestHeaders;
    readonly path: string;
  }): Cloud9TraderVerification;
}

const WINDOW_MS = 30_000;
const REPLAYS_MAX = 100_000;
const KEY_CHARACTERS_MAX = 200;
const HEADER_NAMES = ['x-c9t-key', 'x-c9t-nonce', 'x-c9t-signature'] as const;
/** Stands in for the secret of an unknown key, so that both cost the same time. */
const NO_SECRET = new Uint8Array(32);

function refuse(reason: Cloud9TraderRefusal, detail: string): Cloud9TraderVerification {
  return { kind: 'refused', httpStatus: 401, reason, detail };
}

/** The library signs "/" whatever it dials, so that is accepted beside the path itself. */
function fitsAnyText(signature: Buffer, texts: readonly string[], secret: KeyObject): boolean {
  const fits = texts.map((text) =>
    timingSafeEqual(signature, createHmac('sha256', secret).update(text).digest()),
  );
  return fits.includes(true);
}

/** Nonces in use, by key. Only what is signed rightly gets in, so strangers cannot fill it. */
function createReplayStore(noncesMax: number) {
  const endsAtMsByNonce = new Map<string, number>();
  return {
    claim(nonce: string, endsAtMs: number, nowMs: number): 'fresh' | 'replayed' | 'full' {
      const seenUntilMs = endsAtMsByNonce.get(nonce);
      if (seenUntilMs !== undefined && seenUntilMs >= nowMs) return 'replayed';
      if (endsAtMsByNonce.size >= noncesMax) {
        for (const [old, oldEndsAtMs] of endsAtMsByNonce) {
          if (oldEndsAtMs < nowMs) endsAtMsByNonce.delete(old);
        }
      }
      if (endsAtMsByNonce.size >= noncesMax) return 'full';
      endsAtMsByNonce.set(nonce, endsAtMs);
      return 'fresh';
    },
  };
}

/** Makes the exchange's check of upgrade requests. */
export function createCloud9TraderVerifier(
  options: Cloud9TraderVerifierOptions,
): Cloud9TraderVerifier {
  const { secrets, clock, windowMs = WINDOW_MS } = options;
  const findSecret = typeof secrets === 'function' ? secrets : (key: string) => secrets.get(key);
  const replays = createReplayStore(options.replaysMax ?? REPLAYS_MAX);

  return {
    verify({ headers, path }) {
      const values = HEADER_NAMES.map((name) => headers[name]);
      if (values.every((value) => value === undefined)) return { kind: 'anonymous' };
      const [key, nonce, signature] = values;
      const isWhole = [key, nonce, signature].every((value) => typeof value === 'string');
      if (!isWhole || typeof key !== 'string' || key === '' || key.length > KEY_CHARACTERS_MAX) {
        return refuse('headers-incomplete', `All three are due, once: ${HEADER_NAMES.join(', ')}.`);
      }
      if (typeof nonce !== 'string' || !/^[1-9][0-9]{0,15}$/.test(nonce)) {
        return refuse('nonce-malformed', 'The nonce is Unix time in milliseconds, digits only.');
      }
      if (typeof signature !== 'string' || !/^[0-9a-fA-F]{64}$/.test(signature)) {
        return refuse('signature-malformed', 'The signature is 64 hexadecimal digits.');
      }
      const secret = findSecret(key);
      const secretKey = createSecretKey(secret ?? NO_SECRET);
      const texts = ['/', path.split('?')[0] ?? '/'].map((one) => `${one}${nonce}`);
      const fits = fitsAnyText(Buffer.from(signature, 'hex'), texts, secretKey);
      if (!secret) return refuse('key-unknown', 'The key is not known here.');
      if (!fits) return refuse('signature-invalid', 'The signature does not fit.');
      const nowMs = clock.nowMs();
      const aheadMs = Number(nonce) - nowMs;
      if (Math.abs(aheadMs) > windowMs) {
        const seconds = Math.round(Math.abs(aheadMs) / 1000);
        const where = aheadMs > 0 ? 'ahead of' : 'behind';
        return refuse('nonce-outside-window', `The nonce is ${seconds} s ${where} the clock here.`);
      }
      const claim = replays.claim(`${key} ${nonce}`, Number(nonce) + windowMs, nowMs);
      if (claim === 'replayed') return refuse('nonce-replayed', 'The nonce was used before.');
      if (claim === 'full') return refuse('replay-store-full', 'Too many sign-ins at a time.');
      return { kind: 'signed', key };
    },
  };
}
