import type { Signer } from '../model/auth.js';
import { mapMaybe, type MaybePromise } from './maybe-promise.js';
import { requestSignature } from './signer.js';
import { TokenBytes, type TokenParts } from './token-bytes.js';

/** What is the same in every token of one minter, and how `nbf` is told from the time. */
export interface JwtMinterOptions extends TokenParts {
  /** How far `nbf` lies before now, for clocks that run a little ahead of the server's. */
  readonly backdateS: number;
}

/** Makes tokens: at once where the signer is synchronous, else by a promise. */
export interface JwtMinter {
  readonly algorithm: Signer['algorithm'];
  /** `nowMs` is Unix time, of the server as far as it is known. RangeError where it is no time. */
  mint(nowMs: number): MaybePromise<string>;
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
