import type { Signer } from '../model/auth.js';
import type { RandomSource } from '../model/runtime.js';
import { mapMaybe, type MaybePromise } from './maybe-promise.js';
import { requestSignature } from './signer.js';

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

function encodeSegment(json: string): string {
  return Buffer.from(json).toString('base64url');
}

/** An object's JSON, open at its end so that one more field can follow. */
function openJson(fields: Readonly<Record<string, string>>): string {
  const json = JSON.stringify(fields).slice(0, -1);
  return json === '{' ? json : `${json},`;
}

/**
 * Prepares everything that tokens have in common, so that one more costs little beside its
 * signature. The header carries a fresh random nonce each time (RFC 7515 compact form).
 */
export function createJwtMinter(options: JwtMinterOptions): JwtMinter {
  const { signer, random, lifetimeS, backdateS, nonceBytes } = options;
  const headerOpening = openJson({ alg: signer.algorithm, ...options.header });
  const claimsOpening = openJson(options.claims);
  let claimsAtS = Number.NaN;
  let claimsSegment = '';

  const renewClaims = (notBeforeS: number): string => {
    if (notBeforeS !== claimsAtS) {
      const expiresAtS = notBeforeS + lifetimeS;
      claimsSegment = encodeSegment(`${claimsOpening}"nbf":${notBeforeS},"exp":${expiresAtS}}`);
      claimsAtS = notBeforeS;
    }
    return claimsSegment;
  };

  return {
    algorithm: signer.algorithm,
    mint(nowMs) {
      const nonce = Buffer.from(random.bytes(nonceBytes)).toString('hex');
      const header = encodeSegment(`${headerOpening}"nonce":"${nonce}"}`);
      const signedText = `${header}.${renewClaims(Math.floor(nowMs / 1000) - backdateS)}`;
      return mapMaybe(
        requestSignature(signer, Buffer.from(signedText)),
        (signature) => `${signedText}.${Buffer.from(signature).toString('base64url')}`,
      );
    },
  };
}
