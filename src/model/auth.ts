import type { TruefeedError } from './error.js';
import type { JsonObject, VenueMessage } from './message.js';
import type { HttpClient, RandomSource } from './runtime.js';

/** How a signature is made. The JWT names are used where the venue uses JWTs. */
export type SignatureAlgorithm = 'ES256' | 'EdDSA' | 'HMAC-SHA256' | 'HMAC-SHA512';

/**
 * Signs bytes. The key behind it may live in another process. A signature has 64 bytes, with
 * HMAC-SHA256 32. ES256 signs the SHA-256 of the bytes, and is the raw r and s: most key stores
 * answer in DER, see `convertDerSignature`. What it throws or rejects becomes SIGNER_FAILED.
 */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  /**
   * The bytes are to be read only, and may be kept. A signer that ignores `target` is right.
   *
   * `target` is as long as the signature and spares one in this process a fresh array. To return
   * it, and not a promise of it, says that the signature is in it, and that neither it nor the
   * bytes will be looked at again: the next call overwrites both. Whoever wraps a signer and keeps
   * either does not hand `target` on.
   */
  sign(bytes: Uint8Array, target?: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Nonces of one key, strictly increasing; one source is shared by all that use the key. */
export interface NonceSource {
  next(): bigint | Promise<bigint>;
}

/**
 * Remembers how far a key's nonces have got. `reserve` returns the first of `count` numbers in a
 * row, none below `atLeast` and all above every number reserved before, by anyone.
 */
export interface NonceStore {
  reserve(atLeast: bigint, count: number): bigint | Promise<bigint>;
}

/** What a strategy is given on every use. `nowMs` is the venue's time as far as we know it. */
export interface AuthContext {
  nowMs(): number;
  readonly random: RandomSource;
  readonly http: HttpClient;
  /** The address that is about to be, or was, dialled. */
  readonly url: string;
  /** Stands for the connection that this is for: one object for each dial of each socket. */
  readonly connection: object;
  /** Counts from 1 and starts again after a connection was ready. */
  readonly attempt: number;
}

/** What goes into one dial. Never cached: it belongs to one attempt. */
export interface DialCredentials {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Unix milliseconds after which the server would refuse it; the session then prepares again. */
  readonly usableUntilAtMs?: number;
}

/**
 * A hook that has not answered by then has failed. What answers several in turn, as a source of
 * nonces does, gives up what it waits for as well, since nobody else waits for it any more.
 */
export const HOOK_TIMEOUT_MS = 15_000;

/** A refusal, on the dial or on the socket. */
export interface AuthFailure {
  readonly stage: 'prepare' | 'dial' | 'message';
  readonly httpStatus?: number | undefined;
  readonly error: TruefeedError;
  /** Milliseconds the local clock is behind the server's, where measured: server minus local. */
  readonly skewMs?: number | undefined;
  /** How often in a row this has been refused, from 1. */
  readonly refusals: number;
}

/**
 * `fatal` ends the private part (or the socket) with the error; nothing is retried blindly. What
 * was accepted before, and is refused for a reason that may pass, is asked for again after a pause.
 */
export type AuthReaction = 'fatal' | 'retry' | 'retry-after-clock-sync';

/** What a frame means for the sign-in. `accepted` ends the wait that `signIn` began. */
export type AuthInspection = 'pass' | 'consumed' | 'accepted' | 'revoked' | 'renew';

/**
 * How one venue signs in: a plain object with only the hooks it needs. Every hook may be
 * asynchronous; a hook that fails rejects with a TruefeedError.
 */
export interface AuthStrategy {
  readonly family: 'signed-upgrade' | 'ticket' | 'per-message';
  /** Before every dial, reconnections included. Caches nothing that belongs to one attempt. */
  prepareDial?(context: AuthContext): DialCredentials | Promise<DialCredentials>;
  /**
   * The login of venues that have one on the socket itself: sent as soon as it is open; nothing is
   * subscribed before `inspect` says `accepted`.
   */
  signIn?(context: AuthContext): JsonObject | Promise<JsonObject>;
  /** Each outgoing message that needs signing in; returns the message to send. */
  decorate?(message: JsonObject, context: AuthContext): JsonObject | Promise<JsonObject>;
  /** Each decoded message, first. */
  inspect?(message: VenueMessage): AuthInspection;
  /** When `inspect` says `renew`, and before a request that was refused is signed again. */
  renew?(context: AuthContext): void | Promise<void>;
  classify(failure: AuthFailure): AuthReaction;
  dispose?(): void | Promise<void>;
}
