import { createHash } from 'node:crypto';
import { mapMaybe, type MaybePromise } from '../../auth/maybe-promise.js';
import { requestSignature } from '../../auth/signer.js';
import type { Signer } from '../../model/auth.js';

/** What one REST signature covers. */
export interface KrakenRequest {
  /** From `/0/private/`, without host and query. */
  readonly path: string;
  readonly nonce: bigint | string;
  /** Byte for byte as it is sent; it holds the nonce once more. */
  readonly body: string;
  readonly signer: Signer;
}

/**
 * The `API-Sign` header: base64 of HMAC-SHA512 over the path and the SHA-256 (raw bytes) of the
 * nonce's digits and the body. Docs, "Spot REST authentication", read 2026-08.
 */
export function signKrakenRequest(request: KrakenRequest): MaybePromise<string> {
  const { path, nonce, body, signer } = request;
  const digest = createHash('sha256').update(`${nonce}${body}`).digest();
  return mapMaybe(
    requestSignature(signer, Buffer.concat([Buffer.from(path), digest])),
    (signature) => Buffer.from(signature).toString('base64'),
  );
}
