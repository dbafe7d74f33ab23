import { createNonceSource, shareMemoryNonceStore, type NonceScale } from '../../auth/nonce.js';
import { createPatientHttp } from '../../auth/patient-http.js';
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

/**
 * Puts the token where the protocol wants it: in `params` (v2), in the `subscription` of a v1
 * subscribe, beside the other fields of any other v1 message. The message given stays as it is.
 */
function placeToken(message: JsonObject, token: string): JsonObject {
  const isV1 = 'event' in message;
  const place = isV1 ? 'subscription' : 'params';
  const fields = message[place];
  if (typeof fields === 'object' && fields !== null) {
    return { ...message, [place]: { ...fields, token } };
  }
  return isV1 ? { ...message, token } : { ...message, params: { token } };
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
  const patient = createPatientHttp(http, clock);
  const cache = createTicketCache({
    clock,
    async issue() {
      const askedAtMs = clock.nowMs();
      const token = await fetchKrakenToken(identity, {
        http: patient,
        nonces,
        restUrl: options.restUrl,
      });
      return { value: token.token, expiresAtMs: askedAtMs + token.expiresInS * 1000 };
    },
  });
  return ticket({ cache, place: placeToken });
}
