import { decodeBase64 } from '../../auth/base64.js';
import { decodeHmacSecret } from '../../auth/hmac-secret.js';
import { parseKeyAndSecret } from '../../auth/key-file.js';
import { cleanKeyText, revealText } from '../../auth/key-text.js';
import { createHmacSigner } from '../../auth/signer.js';
import type { Signer } from '../../model/auth.js';
import { KeyError } from '../../model/error.js';
import type { Secret } from '../../model/secret.js';

/** Kraken's own secrets decode to this many bytes. */
const SECRET_BYTES = 64;
/** Far more than a key has, so that a longer text is refused as one. */
const KEY_SEARCHED_MAX = 1_000;

/** An API key and its secret (base64, as issued), or something that signs with it. */
export type KrakenCredentials = (
  | { readonly key: string; readonly secret: string | Secret }
  | { readonly key: string; readonly signer: Signer }
) & {
  /** The second factor, where the key asks for one; a function where it changes. */
  readonly otp?: string | Secret | (() => string) | undefined;
};

/** Reads key and secret from JSON (`key`, `apiKey`, `API-Key` …), named lines, or two lines. */
export function parseKrakenCredentials(text: string): {
  readonly key: string;
  readonly secret: Secret;
} {
  return parseKeyAndSecret(text);
}

/** A remark about a secret that can be used but looks unusual; undefined for a usual one. */
export function explainKrakenSecret(secret: string | Secret): string | undefined {
  const byteLength = decodeHmacSecret(secret).length;
  if (byteLength === SECRET_BYTES) return undefined;
  return (
    `The secret decodes to ${byteLength} bytes, where Kraken's have ${SECRET_BYTES}: a signature ` +
    'that is refused would mean that part of it was lost in copying.'
  );
}

/** The signer behind credentials. Throws KeyError for what cannot be used. */
export function createKrakenSigner(credentials: KrakenCredentials): Signer {
  if (!('signer' in credentials)) {
    return createHmacSigner(decodeHmacSecret(credentials.secret), 'HMAC-SHA512');
  }
  const { algorithm } = credentials.signer;
  if (algorithm === 'HMAC-SHA512') return credentials.signer;
  throw new KeyError(
    'KEY_INVALID',
    `The signer makes ${algorithm} signatures, but Kraken takes HMAC-SHA512 only.`,
    { facts: { defect: 'wrong-algorithm', algorithm } },
  );
}

/**
 * The key travels in a header: a line end or a control character in it would break the request, and
 * a secret in its place would be sent in clear.
 */
export function checkKrakenKey(text: unknown): string {
  const key = typeof text === 'string' ? cleanKeyText(text.slice(0, KEY_SEARCHED_MAX)).text : '';
  if (key === '') {
    throw new KeyError('KEY_MISSING', 'The API key is missing: pass { key, secret }, as texts.', {
      facts: { defect: 'key-missing' },
    });
  }
  if (decodeBase64(key.replace(/\s+/g, ''))?.length === SECRET_BYTES) {
    throw new KeyError(
      'KEY_INVALID',
      'The secret stands where the API key (the shorter text) is due: are the two swapped?',
      { facts: { defect: 'key-is-secret' } },
    );
  }
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new KeyError('KEY_INVALID', 'The API key holds characters no key has: copy it again.', {
    facts: { defect: 'key-damaged' },
  });
}

/** The current second factor, where there is one. */
export function readOtp(credentials: KrakenCredentials): string | undefined {
  const { otp } = credentials;
  if (otp === undefined) return undefined;
  return typeof otp === 'function' ? otp() : revealText<string>(otp);
}
