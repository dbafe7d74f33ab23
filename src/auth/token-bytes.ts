import type { Signer } from '../model/auth.js';
import type { RandomSource } from '../model/runtime.js';
import { countBase64UrlDigits, writeBase64Url } from './base64-writer.js';
import { RandomNonces } from './random-nonces.js';
import { SIGNATURE_BYTES } from './signer.js';

/** What is the same in every token. */
export interface TokenParts {
  /** Of ES256 or EdDSA (RFC 7518 section 3.1, RFC 8037). */
  readonly signer: Signer;
  readonly random: RandomSource;
  /** Fields of the header beside `alg` (first) and `nonce` (last). */
  readonly header: Readonly<Record<string, string>>;
  /** Claims beside `nbf` and `exp` (last). */
  readonly claims: Readonly<Record<string, string>>;
  /** `exp` minus `nbf`; one or more, whole. */
  readonly lifetimeS: number;
  /** One or more; twice as many digits in the token. */
  readonly nonceBytes: number;
}

const POINT = 0x2e;

/** An object's JSON, open at its end so that one more field can follow. */
function openJson(fields: Readonly<Record<string, string>>): string {
  const json = JSON.stringify(fields).slice(0, -1);
  return json === '{' ? json : `${json},`;
}

/**
 * One token's bytes, of which only those are written anew that differ: the nonce at the end of the
 * header, once a second the claims, and the signature.
 */
export class TokenBytes {
  readonly #nonces: RandomNonces;
  readonly #claimsOpening: string;
  readonly #lifetimeS: number;
  readonly #signatureBytes: number;
  /** The digits that every header begins with; never lent. */
  readonly #headerStart: Buffer;
  /** The rest of it: the bytes before the nonce that share its digits, the nonce, the end. */
  readonly #headerEnd: Buffer;
  readonly #nonceAt: number;
  /** Where a signer may leave the signature; lent as long as the bytes that it signs. */
  signature: Uint8Array;
  #bytes: Buffer = Buffer.alloc(0);
  /** What comes before the signature. */
  #signed = this.#bytes;
  #claimsAtS = Number.NaN;
  /** Of the token in hand, of those that were prepared: another is written over it. */
  number = 0;

  constructor({ signer, random, header, claims, lifetimeS, nonceBytes }: TokenParts) {
    const opening = Buffer.from(`${openJson({ alg: signer.algorithm, ...header })}"nonce":"`);
    // Three bytes are four digits: up to there the header is the same in every token.
    const sameLength = opening.length - (opening.length % 3);
    const rest = opening.subarray(sameLength);
    this.#headerStart = Buffer.from(opening.subarray(0, sameLength).toString('base64url'));
    this.#headerEnd = Buffer.concat([rest, Buffer.alloc(2 * nonceBytes), Buffer.from('"}')]);
    this.#nonceAt = rest.length;
    this.#nonces = new RandomNonces(random, nonceBytes);
    this.#claimsOpening = openJson(claims);
    this.#lifetimeS = lifetimeS;
    this.#signatureBytes = SIGNATURE_BYTES[signer.algorithm];
    this.signature = new Uint8Array(this.#signatureBytes);
  }

  /** What is to be signed, with a nonce of its own; lent until the next call. */
  prepare(notBeforeS: number): Buffer {
    this.number += 1;
    if (notBeforeS !== this.#claimsAtS) this.#renewClaims(notBeforeS);
    this.#nonces.writeHex(this.#headerEnd, this.#nonceAt);
    writeBase64Url(this.#bytes, this.#headerStart.length, this.#headerEnd);
    return this.#signed;
  }

  /** What was prepared, as text. RangeError where the signer wiped it or took it away. */
  readSigned(): string {
    this.#assertKept();
    return this.#signed.toString('latin1');
  }

  /**
   * The token with what is in `signature`, where nothing else was prepared in between. RangeError
   * as in `readSigned`.
   */
  finish(): string {
    this.#assertKept();
    writeBase64Url(this.#bytes, this.#signed.length + 1, this.signature);
    return this.#bytes.toString('latin1');
  }

  /** Leaves what was lent to a signer that may keep it; the next bytes are others. */
  leave(): void {
    this.#claimsAtS = Number.NaN;
    this.signature = new Uint8Array(this.#signatureBytes);
  }

  #assertKept(): void {
    if (this.#bytes[0] === this.#headerStart[0]) return;
    this.leave();
    throw new RangeError('The signer did away with the bytes that it was only to read.');
  }

  #renewClaims(notBeforeS: number): void {
    if (!Number.isSafeInteger(notBeforeS)) throw new RangeError('The time is no Unix time.');
    const expiresAtS = notBeforeS + this.#lifetimeS;
    const json = `${this.#claimsOpening}"nbf":${notBeforeS},"exp":${expiresAtS}}`;
    const claims = Buffer.from(Buffer.from(json).toString('base64url'), 'latin1');
    const headerEndLength = countBase64UrlDigits(this.#headerEnd.length);
    const claimsAt = this.#headerStart.length + headerEndLength + 1;
    const signedLength = claimsAt + claims.length;
    const length = signedLength + 1 + countBase64UrlDigits(this.#signatureBytes);
    const bytes = Buffer.alloc(length);
    this.#headerStart.copy(bytes);
    bytes[claimsAt - 1] = bytes[signedLength] = POINT;
    claims.copy(bytes, claimsAt);
    this.#bytes = bytes;
    this.#signed = bytes.subarray(0, signedLength);
    this.#claimsAtS = notBeforeS;
  }
}
