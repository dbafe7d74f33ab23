import { KeyError } from '../model/error.js';
import type { Secret } from '../model/secret.js';
import { decodeBase64, looksLikeBase64 } from './base64.js';
import { KEY_DEFECTS } from './key-defect.js';
import { cleanKeyText, looksLikePath, revealText } from './key-text.js';

/** What is wrong with a shared secret that should be base64. */
const SECRET_DEFECTS = {
  empty: 'The secret is empty: check that the variable or file that should hold it does.',
  'not-text':
    'The secret is no text: pass it as a string, as it was issued (or wrapped as a Secret).',
  'too-long': 'The secret is far longer than any secret: check that it is the right file.',
  'private-key':
    'This is a private key in PEM, but this venue signs with a shared secret: pass the secret ' +
    'that was shown when the API key was made.',
  'file-path': KEY_DEFECTS['file-path'],
  truncated: 'The secret is cut off: its length is none that base64 has. Copy it again, whole.',
  'not-base64':
    'The secret is not base64: check that it is the secret (the longer text), not the key, and ' +
    'copy it again.',
} as const;

/** A path may be base64 as well, as `/home/me/key` is, but no secret is so short. */
const SECRET_BYTES_MIN = 16;
const SECRET_CHARACTERS_MAX = 4_096;

/** A stable name of what is wrong with a secret; it stands in `facts.defect`. */
export type SecretDefect = keyof typeof SECRET_DEFECTS;

function describeSecretDefect(defect: SecretDefect): KeyError {
  return new KeyError('KEY_INVALID', SECRET_DEFECTS[defect], { facts: { defect } });
}

/**
 * Decodes a shared secret from base64: its bytes, not its text, are the key of the HMAC. Quotes
 * and white space around it are taken off. Throws a KeyError that names the defect.
 */
export function decodeHmacSecret(secret: string | Secret): Uint8Array {
  const raw: unknown = revealText(secret) ?? '';
  if (typeof raw !== 'string') throw describeSecretDefect('not-text');
  if (raw.length > SECRET_CHARACTERS_MAX) throw describeSecretDefect('too-long');
  const { text } = cleanKeyText(raw);
  if (text === '') throw describeSecretDefect('empty');
  if (/-----BEGIN/.test(text)) throw describeSecretDefect('private-key');
  const digits = text.replace(/\s+/g, '');
  const bytes = decodeBase64(digits);
  const isSecret = bytes !== undefined && bytes.length >= SECRET_BYTES_MIN;
  if (looksLikePath(text, isSecret)) throw describeSecretDefect('file-path');
  if (bytes && bytes.length > 0) return bytes;
  throw describeSecretDefect(looksLikeBase64(digits) ? 'truncated' : 'not-base64');
}
