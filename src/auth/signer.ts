import { createHmac, createSecretKey, sign, type KeyObject } from 'node:crypto';
import type { SignatureAlgorithm, Signer } from '../model/auth.js';
import { AuthError, KeyError } from '../model/error.js';
import { Secret } from '../model/secret.js';
import { convertDerSignature } from './der.js';
import { readKeyAlgorithm } from './key-material.js';
import { isPromise, type MaybePromise } from './maybe-promise.js';

/** How long a signature is, so that a signer elsewhere cannot hand over something else. */
export const SIGNATURE_BYTES: Readonly<Record<SignatureAlgorithm, number>> = {
  ES256: 64,
  EdDSA: 64,
  'HMAC-SHA256': 32,
  'HMAC-SHA512': 64,
};
const HMAC_HASHES = { 'HMAC-SHA256': 'sha256', 'HMAC-SHA512': 'sha512' } as const;

/**
 * Signs with a private key held in this process. ECDSA is made in DER and converted: asking
 * OpenSSL for the raw form costs half the speed on Node 24.
 */
export function createKeySigner(key: KeyObject): Signer {
  const algorithm = readKeyAlgorithm(key);
  if (algorithm === 'ES256') {
    return {
      algorithm,
      sign: (bytes, target) => convertDerSignature(sign('sha256', bytes, key), target),
    };
  }
  return {
    algorithm,
    sign(bytes, target) {
      const signature = sign(null, bytes, key);
      if (!target) return signature;
      // Copied, so that the caller may use its own bytes again: OpenSSL makes an array each time.
      if (target.length !== signature.length) {
        throw new RangeError(`A signature takes ${signature.length} bytes.`);
      }
      target.set(signature);
      return target;
    },
  };
}

/** Signs with a shared secret. The bytes are the secret itself: decode base64 before. */
export function createHmacSigner(
  secret: Uint8Array,
  algorithm: 'HMAC-SHA256' | 'HMAC-SHA512',
): Signer {
  if (secret.length === 0) {
    throw new KeyError('KEY_INVALID', 'The secret is empty: check where it is read from.', {
      facts: { defect: 'empty' },
    });
  }
  // A KeyObject, because createHmac with bytes is seven times slower on Node 24.
  const key = createSecretKey(secret);
  const hash = HMAC_HASHES[algorithm];
  return {
    algorithm,
    sign: (bytes) => createHmac(hash, key).update(bytes).digest(),
  };
}

function describeSignerFailure(signer: Signer, cause: unknown): AuthError {
  return new AuthError(
    'SIGNER_FAILED',
    `The ${signer.algorithm} signer did not deliver a signature; look at cause.reveal(), hidden ` +
      'because it may quote the key, and check that what holds the key is running.',
    { cause: new Secret(cause), facts: { algorithm: signer.algorithm } },
  );
}

/** What is wrong with what a signer returned, where something is. */
function findDefect(signer: Signer, signature: unknown): AuthError | undefined {
  const expectedBytes = SIGNATURE_BYTES[signer.algorithm];
  if (signature instanceof Uint8Array && signature.length === expectedBytes) return undefined;
  const receivedBytes = signature instanceof Uint8Array ? signature.length : undefined;
  const hint =
    signer.algorithm === 'ES256' ? ' (raw r and s, 32 bytes each; convert it where it is DER)' : '';
  return new AuthError(
    'SIGNER_FAILED',
    `The ${signer.algorithm} signer must return ${expectedBytes} bytes${hint}, but returned ` +
      `${receivedBytes === undefined ? 'no bytes' : receivedBytes}: correct the signer.`,
    { retryable: false, facts: { algorithm: signer.algorithm, expectedBytes, receivedBytes } },
  );
}

async function awaitSignature(signer: Signer, late: Promise<Uint8Array>): Promise<Uint8Array> {
  let signature: Uint8Array;
  let defect: AuthError | undefined;
  try {
    signature = await late;
    defect = findDefect(signer, signature);
  } catch (cause) {
    throw describeSignerFailure(signer, cause);
  }
  if (defect) throw defect;
  return signature;
}

/**
 * Asks a signer, whoever wrote it: a failure or a wrong answer becomes SIGNER_FAILED. Even to look
 * at the answer may fail, where it is a proxy.
 */
export function requestSignature(
  signer: Signer,
  bytes: Uint8Array,
  target?: Uint8Array,
): MaybePromise<Uint8Array> {
  let signature: MaybePromise<Uint8Array>;
  let defect: AuthError | undefined;
  try {
    signature = signer.sign(bytes, target);
    if (isPromise(signature)) return awaitSignature(signer, signature);
    defect = findDefect(signer, signature);
  } catch (cause) {
    throw describeSignerFailure(signer, cause);
  }
  if (defect) throw defect;
  return signature;
}
