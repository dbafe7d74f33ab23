import { createNonceSource, shareMemoryNonceStore, type NonceScale } from '../../auth/nonce.js';
import { createTicketCache } from '../../auth/ticket-cache.js';
import { ticket } from '../../auth/ticket.js';
import type { AuthStrategy, NonceSource } from '../../model/auth.js';
import type { JsonObject } from '../../model/message.js';
import type { AuthTools } from '../../model/venue.js';
import { checkKrakenKey, createKrakenSigner, type KrakenCredentials } from './credentials.js';
import { fetchKrakenToken } from './token.js';

/** How the token is fetched, where the defaults do not fit. */
export interface KrakenAuthOptions {
  readonly restUrl?: string | undefined;
  /** Shared by all that use the key; from the clock by default, shared within this process. */
  readonly nonces?: NonceSource | undefined;
  /** Of the default source: milliseconds unless the key once saw larger nonces. */
  readonly nonceScale?: NonceScale | undefined;
}

/** Puts the token where protocol v2 wants it; the message given stays as it is. */
function placeToken(message: JsonObject, token: string): JsonObject {
  const { params } = message;
  const fields = typeof params === 'object' && params !== null ? params : {};
  return { ...message, params: { ...fields, token } };
}

/** Signs in to Kraken: one fresh token per connection, in the `params` of private messages. */
export function krakenAuth(
  credentials: KrakenCredentials,
  tools: Pick<AuthTools, 'clock' | 'http'>,
  options: KrakenAuthOptions = {},
): AuthStrategy {
  const { clock, http } = tools;
  const key = checkKrakenKey(credentials.key);
  const { otp } = credentials;
  const identity = { key, signer: createKrakenSigner(credentials), otp };
  const nonces =
    options.nonces ??
    createNonceSource({
      clock,
      store: shareMemoryNonceStore(key),
      ...(options.nonceScale ? { scale: options.nonceScale } : {}),
    });
  const cache = createTicketCache({
    clock,
    async fetch() {
      const askedAtMs = clock.nowMs();
      const token = await fetchKrakenToken(identity, { http, nonces, restUrl: options.restUrl });
      return { value: token.token, expiresAtMs: askedAtMs + token.expiresInS * 1000 };
    },
  });
  return ticket({ cache, place: placeToken });
}
