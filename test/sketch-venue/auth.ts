import { classifyFailure } from '../../src/auth/failure.js';
import { mapMaybe } from '../../src/auth/maybe-promise.js';
import { createHmacSigner, requestSignature } from '../../src/auth/signer.js';
import type { AuthStrategy } from '../../src/model/auth.js';
import { KeyError } from '../../src/model/error.js';
import { LOGIN_CHANNEL, LOGIN_OP } from './messages.js';

const USABLE_FOR_MS = 10_000;

export interface SketchCredentials {
  readonly key: string;
  readonly secret: string;
}

/** Logs in once on each socket: HMAC-SHA256 over "GET/realtime" and the time it expires at. */
export function sketchAuth({ key, secret }: SketchCredentials): AuthStrategy {
  if (key === '') throw new KeyError('KEY_MISSING', 'The API key is missing: pass it.');
  const signer = createHmacSigner(Buffer.from(secret), 'HMAC-SHA256');
  return {
    family: 'per-message',
    signIn(context) {
      const expiresMs = Math.floor(context.nowMs()) + USABLE_FOR_MS;
      const signature = requestSignature(signer, Buffer.from(`GET/realtime${expiresMs}`));
      return mapMaybe(signature, (bytes) => ({
        op: LOGIN_OP,
        args: [key, expiresMs, Buffer.from(bytes).toString('hex')],
      }));
    },
    inspect: (message) =>
      message.type === 'subscription.accepted' && message.channel === LOGIN_CHANNEL
        ? 'accepted'
        : 'pass',
    classify: classifyFailure,
  };
}
