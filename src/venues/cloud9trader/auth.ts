import { decodeHmacSecret } from '../../auth/hmac-secret.js';
import { parseKeyAndSecret } from '../../auth/key-file.js';
import { mapMaybe, type MaybePromise } from '../../auth/maybe-promise.js';
import { createFreshNonces } from '../../auth/nonce.js';
import { signedUpgrade, type UpgradeLayout } from '../../auth/signed-upgrade.js';
import { createHmacSigner, requestSignature } from '../../auth/signer.js';
import type { AuthStrategy, Signer } from '../../model/auth.js';
import { KeyError } from '../../model/error.js';
import type { Secret } from '../../model/secret.js';

/**
 * Cloud9Trader signs the upgrade request. Its "Sockets" page and its library 1.x: HMAC-SHA256 over
 * the path followed by the nonce (Unix milliseconds), in lower-case hex; the key of the HMAC is the
 * secret decoded from base64, not its text. The library signs "/" whatever address it dials.
 */
const HEADERS = {
  key: 'x-c9t-key',
  nonce: 'x-c9t-nonce',
  signature: 'x-c9t-signature',
} as const;
const SIGNED_PATH = '/';
/** The server's window is not documented; half a minute is what servers of this family allow. */
const USABLE_FOR_MS = 30_000;

/** An API key and its secret (base64, as issued), or something that signs with it. */
export type Cloud9TraderCredentials =
  | { readonly key: string; readonly secret: string | Secret }
  | { readonly key: string; readonly signer: Signer };

/** What one signature covers. */
export type Cloud9TraderUpgrade = Cloud9TraderCredentials & {
  readonly nowMs: number;
  /** "/" by default. */
  readonly path?: string | undefined;
};

/** Reads key and secret from JSON, `name=value` lines, or two lines. */
export function parseCloud9TraderCredentials(text: string): {
  readonly key: string;
  readonly secret: Secret;
} {
  return parseKeyAndSecret(text);
}

/** The key travels in a header: a line end or a control character in it would break the request. */
function checkKey(text: unknown): string {
  const key = typeof text === 'string' ? text.trim() : '';
  const isMissing = key === '';
  if (!isMissing && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new KeyError(
    isMissing ? 'KEY_MISSING' : 'KEY_INVALID',
    isMissing
      ? 'The API key is missing: pass { key, secret }, as texts.'
      : 'The API key holds characters that no header may hold: copy it again.',
    { facts: { defect: isMissing ? 'key-missing' : 'key-damaged' } },
  );
}

function chooseSigner(credentials: Cloud9TraderCredentials): Signer {
  if (!('signer' in credentials)) {
    return createHmacSigner(decodeHmacSecret(credentials.secret), 'HMAC-SHA256');
  }
  const { algorithm } = credentials.signer;
  if (algorithm === 'HMAC-SHA256') return credentials.signer;
  throw new KeyError(
    'KEY_INVALID',
    `The signer makes ${algorithm} signatures, but Cloud9Trader takes HMAC-SHA256 only.`,
    { facts: { defect: 'wrong-algorithm', algorithm } },
  );
}

function layOut(path: string, key: string, nonce: bigint): UpgradeLayout {
  return {
    message: `${path}${nonce}`,
    place: (signature) => ({
      headers: {
        [HEADERS.key]: key,
        [HEADERS.nonce]: String(nonce),
        [HEADERS.signature]: Buffer.from(signature).toString('hex'),
      },
    }),
  };
}

/** The three headers of one upgrade request, valid for one attempt made now. */
export function signCloud9TraderUpgrade(
  upgrade: Cloud9TraderUpgrade,
): MaybePromise<Readonly<Record<string, string>>> {
  const nonce = BigInt(Math.floor(upgrade.nowMs));
  const layout = layOut(upgrade.path ?? SIGNED_PATH, checkKey(upgrade.key), nonce);
  return mapMaybe(
    requestSignature(chooseSigner(upgrade), Buffer.from(layout.message)),
    (signature) => layout.place(signature).headers ?? {},
  );
}

/** Signs in to Cloud9Trader: headers signed anew for each attempt. */
export function cloud9traderAuth(
  credentials: Cloud9TraderCredentials,
  options: { readonly path?: string } = {},
): AuthStrategy {
  const identity = { key: checkKey(credentials.key), signer: chooseSigner(credentials) };
  const nonces = createFreshNonces();
  return signedUpgrade({
    credentials: () => identity,
    nonce: (nowMs) => nonces.take(nowMs),
    layout: ({ key, nonce }) => layOut(options.path ?? SIGNED_PATH, key, nonce),
    usableForMs: USABLE_FOR_MS,
  });
}
