import type { Signer } from '../model/auth.js';
import type { RandomSource } from '../model/runtime.js';
import { countBase64UrlDigits, writeBase64Url } from './base64-writer.js';
import { mapMaybe, type MaybePromise } from './maybe-promise.js';
import { requestSignature, SIGNATURE_BYTES } from './signer.js';

/** What is the same in every token of one minter. */
export interface JwtMinterOptions {
  /** Of ES256 or EdDSA (RFC 7518 section 3.1, RFC 8037). */
  readonly signer: Signer;
  readonly random: RandomSource;
  /** Fields of the header beside `alg` (first) and `nonce` (last). */
  readonly header: Readonly<Record<string, string>>;
  /** Claims beside `nbf` and `exp` (last). */
  readonly claims: Readonly<Record<string, string>>;
  /** `exp` minus `nbf`; one or more, whole. */
  readonly lifetimeS: number;
  /** How far `nbf` lies before now, for clocks that run a little ahead of the server's. */
  readonly backdateS: number;
  /** One or more; twice as many digits in the token. */
  readonly nonceBytes: number;
}

/** Makes tokens: at once where the signer is synchronous, else by a promise. */
export interface JwtMinter {
  readonly algorithm: Signer['algorithm'];
  /** `nowMs` is Unix time, of the server as far as it is known. RangeError where it is no time. */
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

/** A name that comes twice makes a token that readers may read differently (RFC 7515 section 4). */
function assertFree(fields: Readonly<Record<string, string>>, names: readonly string[]): void {
  const taken = names.find((name) => Object.hasOwn(fields, name));
  if (taken !== undefined) throw new RangeError(`"${taken}" is written by the minter itself.`);
}

function checkOptions(options: JwtMinterOptions): void {
  const { signer, header, claims, lifetimeS, nonceBytes } = options;
  if (signer.algorithm !== 'ES256' && signer.algorithm !== 'EdDSA') {
    throw new RangeError(`A token is signed with ES256 or EdDSA, not with ${signer.algorithm}.`);
  }
  if (!Number.isSafeInteger(nonceBytes) || nonceBytes < 1) {
    throw new RangeError(`A nonce has one byte or more, not ${nonceBytes}.`);
  }
  if (!Number.isSafeInteger(lifetimeS) || lifetimeS < 1) {
    throw new RangeError(`A token lives for one second or more, not for ${lifetimeS}.`);
  }
  assertFree(header, ['alg', 'nonce']);
  assertFree(claims, ['nbf', 'exp']);
}

/** Nonces, drawn many at once: to ask for each one costs more than to write it. */
class Nonces {
  readonly #source: RandomSource;
  readonly #eachBytes: number;
  #bytes: Uint8Array = new Uint8Array();
  /** All before it were handed out. */
  #at = 0;

  constructor(source: RandomSource, eachBytes: number) {
    this.#source = source;
    this.#eachBytes = eachBytes;
  }

  /** Writes the next one as digits of base 16. */
  writeHex(target: Uint8Array, at: number): void {
    if (this.#at === this.#bytes.length) this.#draw();
    const bytes = this.#bytes;
    const endAt = this.#at + this.#eachBytes;
    for (let from = this.#at, to = at; from < endAt; from += 1, to += 2) {
      const byte = bytes[from] as number;
      target[to] = HEX_DIGITS[byte >>> 4] as number;
      target[to + 1] = HEX_DIGITS[byte & 15] as number;
    }
    this.#at = endAt;
  }

  #draw(): void {
    const count = NONCES_AT_ONCE * this.#eachBytes;
    const bytes = this.#source.bytes(count);
    if (bytes.length !== count) {
      throw new RangeError('The source of randomness gave another count of bytes than was asked.');
    }
    // Also of a source that uses its array again, which it should not: nobody would notice.
    this.#bytes = new Uint8Array(bytes);
    this.#at = 0;
  }
}

/**
 * One token's bytes, of which only those are written anew that differ: the nonce at the end of the
 * header, once a second the claims, and the signature.
 */
class TokenBytes {
  readonly #nonces: Nonces;
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

  constructor({ signer, random, header, claims, lifetimeS, nonceBytes }: JwtMinterOptions) {
    const opening = Buffer.from(`${openJson({ alg: signer.algorithm, ...header })}"nonce":"`);
    // Three bytes are four digits: up to there the header is the same in every token.
    const sameLength = opening.length - (opening.length % 3);
    const rest = opening.subarray(sameLength);
    this.#headerStart = Buffer.from(opening.subarray(0, sameLength).toString('base64url'));
    this.#headerEnd = Buffer.concat([rest, Buffer.alloc(2 * nonceBytes), Buffer.from('"}')]);
    this.#nonceAt = rest.length;
    this.#nonces = new Nonces(random, nonceBytes);
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

function joinToken(signed: string, signature: Uint8Array): string {
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

/**
 * Prepares everything that tokens have in common, so that one more costs little beside its
 * signature. The header carries a fresh random nonce each time (RFC 7515 compact form). Throws
 * RangeError where the options make no valid token.
 */
export function createJwtMinter(options: JwtMinterOptions): JwtMinter {
  checkOptions(options);
  const { signer, backdateS } = options;
  const token = new TokenBytes(options);
  /** Whether the signer wrote where it was told the last time. */
  let isInPlace = false;
  return {
    algorithm: signer.algorithm,
    mint(nowMs) {
      const signed = token.prepare(Math.floor(nowMs / 1000) - backdateS);
      const { number } = token;
      // Before they are lent to one that has not shown yet how it treats them.
      const early = isInPlace ? undefined : token.readSigned();
      let signature: MaybePromise<Uint8Array>;
      try {
        signature = requestSignature(signer, signed, token.signature);
        if (token.number !== number) {
          throw new RangeError('A signer cannot ask for a token of the minter that asks it.');
        }
      } catch (error) {
        // It may keep them all the same.
        token.leave();
        throw error;
      }
      isInPlace = signature === token.signature;
      if (isInPlace) return token.finish();
      const text = early ?? token.readSigned();
      token.leave();
      return mapMaybe(signature, (made) => joinToken(text, made));
    },
  };
}
