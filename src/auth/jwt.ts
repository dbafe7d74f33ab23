import type { Signer } from '../model/auth.js';
import type { RandomSource } from '../model/runtime.js';
import { countBase64Digits, writeBase64Url } from './base64-writer.js';
import { isPromise, type MaybePromise } from './maybe-promise.js';
import { requestSignature, SIGNATURE_BYTES } from './signer.js';

/** What is the same in every token of one minter. */
export interface JwtMinterOptions {
  readonly signer: Signer;
  readonly random: RandomSource;
  /** Fields of the header beside `alg` (first) and `nonce` (last). */
  readonly header: Readonly<Record<string, string>>;
  /** Claims beside `nbf` and `exp` (last). */
  readonly claims: Readonly<Record<string, string>>;
  /** `exp` minus `nbf`. */
  readonly lifetimeS: number;
  /** How far `nbf` lies before now, for clocks that run a little ahead of the server's. */
  readonly backdateS: number;
  readonly nonceBytes: number;
}

/** Makes tokens: at once where the signer is synchronous, else by a promise. */
export interface JwtMinter {
  readonly algorithm: Signer['algorithm'];
  /** `nowMs` is Unix time, of the server as far as it is known. */
  mint(nowMs: number): MaybePromise<string>;
}

const POINT = 0x2e;
const NONCES_AT_ONCE = 256;
const HEX_DIGITS = Buffer.from('0123456789abcdef', 'latin1');

/** An object's JSON, open at its end so that one more field can follow. */
function openJson(fields: Readonly<Record<string, string>>): string {
  const json = JSON.stringify(fields).slice(0, -1);
  return json === '{' ? json : `${json},`;
}

/**
 * One token's bytes, of which only those are written anew that differ: the nonce at the end of the
 * header, once a second the claims, and the signature.
 */
class TokenBytes {
  readonly #claimsOpening: string;
  readonly #lifetimeS: number;
  /** The end of the header from the nonce on, and the bytes before it that share its digits. */
  readonly #headerEnd: Buffer;
  readonly #nonceAt: number;
  readonly #headerEndAt: number;
  /** Where a signer may leave the signature; lent as long as the bytes that it signs. */
  signature: Uint8Array;
  #bytes: Buffer;
  /** What comes before the signature. */
  #signed: Buffer;
  #claimsAtS = Number.NaN;

  constructor({ signer, header, claims, lifetimeS, nonceBytes }: JwtMinterOptions) {
    const opening = Buffer.from(`${openJson({ alg: signer.algorithm, ...header })}"nonce":"`);
    // Three bytes are four digits: up to there the header is the same in every token.
    const sameLength = opening.length - (opening.length % 3);
    const same = opening.subarray(0, sameLength).toString('base64url');
    const rest = opening.subarray(sameLength);
    this.#nonceAt = rest.length;
    this.#headerEnd = Buffer.concat([rest, Buffer.alloc(2 * nonceBytes), Buffer.from('"}')]);
    this.#headerEndAt = same.length;
    this.#bytes = Buffer.from(same, 'latin1');
    this.#signed = this.#bytes;
    this.#claimsOpening = openJson(claims);
    this.#lifetimeS = lifetimeS;
    this.signature = new Uint8Array(SIGNATURE_BYTES[signer.algorithm]);
  }

  /** What is to be signed; lent until the next call. The nonce begins at `random[at]`. */
  prepare(notBeforeS: number, random: Uint8Array, at: number): Buffer {
    if (notBeforeS !== this.#claimsAtS) this.#renewClaims(notBeforeS);
    const end = this.#headerEnd;
    let from = at;
    for (let to = this.#nonceAt; to < end.length - 2; to += 2, from += 1) {
      const byte = random[from] as number;
      end[to] = HEX_DIGITS[byte >>> 4] as number;
      end[to + 1] = HEX_DIGITS[byte & 15] as number;
    }
    writeBase64Url(this.#bytes, this.#headerEndAt, end);
    return this.#signed;
  }

  /** The token with what is in `signature`, where nothing else was prepared in between. */
  finish(): string {
    writeBase64Url(this.#bytes, this.#signed.length + 1, this.signature);
    return this.#bytes.toString('latin1');
  }

  /** Leaves what was lent to a signer that may keep it; the next bytes are others. */
  leave(): void {
    this.#claimsAtS = Number.NaN;
    this.signature = new Uint8Array(this.signature.length);
  }

  #renewClaims(notBeforeS: number): void {
    const expiresAtS = notBeforeS + this.#lifetimeS;
    const json = `${this.#claimsOpening}"nbf":${notBeforeS},"exp":${expiresAtS}}`;
    const claims = Buffer.from(Buffer.from(json).toString('base64url'), 'latin1');
    const claimsAt = this.#headerEndAt + countBase64Digits(this.#headerEnd.length) + 1;
    const signedLength = claimsAt + claims.length;
    const length = signedLength + 1 + countBase64Digits(this.signature.length);
    const bytes = Buffer.alloc(length);
    this.#bytes.copy(bytes, 0, 0, this.#headerEndAt);
    bytes[claimsAt - 1] = bytes[signedLength] = POINT;
    claims.copy(bytes, claimsAt);
    this.#bytes = bytes;
    this.#signed = bytes.subarray(0, signedLength);
    this.#claimsAtS = notBeforeS;
  }
}

/** Nonces, drawn many at once: to ask for each one costs more than to write it. */
class NonceBytes {
  readonly #source: RandomSource;
  readonly #eachBytes: number;
  bytes: Uint8Array = new Uint8Array();
  #usedBytes = 0;

  constructor(source: RandomSource, eachBytes: number) {
    this.#source = source;
    this.#eachBytes = eachBytes;
  }

  /** Where in `bytes` the next one begins, handed out once. */
  take(): number {
    if (this.#usedBytes + this.#eachBytes > this.bytes.length) this.#draw();
    const at = this.#usedBytes;
    this.#usedBytes += this.#eachBytes;
    return at;
  }

  #draw(): void {
    const count = NONCES_AT_ONCE * this.#eachBytes;
    const bytes = this.#source.bytes(count);
    if (bytes.length !== count) {
      throw new RangeError('The source of randomness gave another count of bytes than was asked.');
    }
    this.bytes = bytes;
    this.#usedBytes = 0;
  }
}

/**
 * Prepares everything that tokens have in common, so that one more costs little beside its
 * signature. The header carries a fresh random nonce each time (RFC 7515 compact form).
 */
export function createJwtMinter(options: JwtMinterOptions): JwtMinter {
  const { signer, random, backdateS, nonceBytes } = options;
  const token = new TokenBytes(options);
  const nonces = new NonceBytes(random, nonceBytes);
  return {
    algorithm: signer.algorithm,
    mint(nowMs) {
      const at = nonces.take();
      const signed = token.prepare(Math.floor(nowMs / 1000) - backdateS, nonces.bytes, at);
      const signature = requestSignature(signer, signed, token.signature);
      if (signature === token.signature) return token.finish();
      // The signer may keep what it was lent, and others may be made in the meantime.
      token.leave();
      const text = signed.toString('latin1');
      const join = (made: Uint8Array) => `${text}.${Buffer.from(made).toString('base64url')}`;
      return isPromise(signature) ? signature.then(join) : join(signature);
    },
  };
}
