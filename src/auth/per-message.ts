import type { AuthContext, AuthFailure, AuthReaction, AuthStrategy } from '../model/auth.js';
import type { JsonObject } from '../model/message.js';
import { classifyFailure } from './failure.js';
import { mapMaybe, type MaybePromise } from './maybe-promise.js';

/** How one venue puts a credential into its messages. */
export interface PerMessageOptions {
  /** A credential for one message. */
  mint(context: AuthContext): MaybePromise<string>;
  /** The message with the credential in its place; the one given stays as it is. */
  place(message: JsonObject, credential: string): JsonObject;
  classify?(failure: AuthFailure): AuthReaction;
}

/**
 * The family that signs in with each private message: the socket opens anonymously, and what needs
 * it carries its own credential. Never opens a socket, never reads a clock, keeps nothing: a
 * credential belongs to one message.
 */
export function perMessage(options: PerMessageOptions): AuthStrategy {
  return {
    family: 'per-message',
    decorate: (message, context) =>
      mapMaybe(options.mint(context), (credential) => options.place(message, credential)),
    classify: (failure) => (options.classify ?? classifyFailure)(failure),
  };
}
