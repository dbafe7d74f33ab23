import type { AuthFailure, AuthReaction, AuthStrategy, Signer } from '../model/auth.js';
import { classifyFailure } from './failure.js';
import { mapMaybe, type MaybePromise } from './maybe-promise.js';
import { requestSignature } from './signer.js';

/** Who signs: the public half of a key, and the signer that holds the other. */
export interface UpgradeCredentials {
  readonly key: string;
  readonly signer: Signer;
}

/** Everything a layout may use. */
export interface UpgradeFacts {
  readonly url: string;
  readonly key: string;
  readonly nonce: bigint;
  readonly nowMs: number;
}

/** The bytes to sign, and where the signature goes. */
export interface UpgradeLayout {
  readonly message: string;
  place(signature: Uint8Array): {
    readonly headers?: Readonly<Record<string, string>>;
    readonly url?: string;
  };
}

/** How one venue signs its upgrade request. */
export interface SignedUpgradeOptions {
  /** Asked before every attempt, so that keys may rotate. */
  credentials(): MaybePromise<UpgradeCredentials>;
  nonce(nowMs: number): MaybePromise<bigint>;
  /** Pure. */
  layout(facts: UpgradeFacts): UpgradeLayout;
  /** How long the server accepts a signature. */
  usableForMs: number;
  classify?(failure: AuthFailure): AuthReaction;
}

/**
 * The family that signs the upgrade request: the server accepts or refuses the socket before its
 * first frame. Never opens a socket, never reads a clock. Signs again on each attempt and caches
 * nothing: a signature made for one attempt is stale, or a replay, on the next.
 */
export function signedUpgrade(options: SignedUpgradeOptions): AuthStrategy {
  return {
    family: 'signed-upgrade',
    async prepareDial(context) {
      const { key, signer } = await options.credentials();
      const preparedAtMs = context.nowMs();
      const nonce = await options.nonce(preparedAtMs);
      const layout = options.layout({ url: context.url, key, nonce, nowMs: preparedAtMs });
      const placed = await mapMaybe(
        requestSignature(signer, Buffer.from(layout.message)),
        (signature) => layout.place(signature),
      );
      return { ...placed, usableUntilAtMs: preparedAtMs + options.usableForMs };
    },
    classify: (failure) => (options.classify ?? classifyFailure)(failure),
  };
}
