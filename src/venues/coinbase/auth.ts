import {
  parseJsonKeyFile,
  describeFileDefect,
  describeFormDefect,
  findText,
} from '../../auth/key-file.js';
import type { KeyDefect } from '../../auth/key-defect.js';
import { parsePrivateKey } from '../../auth/key-material.js';
import { cleanKeyText } from '../../auth/key-text.js';
import { createJwtMinter, type JwtMinter } from '../../auth/jwt.js';
import { perMessage } from '../../auth/per-message.js';
import { createKeySigner } from '../../auth/signer.js';
import type { AuthStrategy, Signer } from '../../model/auth.js';
import { KeyError } from '../../model/error.js';
import type { RandomSource } from '../../model/runtime.js';
import { Secret } from '../../model/secret.js';
import type { AuthTools } from '../../model/venue.js';

/**
 * Coinbase Advanced Trade signs in with a JWT in each private subscribe and unsubscribe message;
 * nothing goes into the upgrade request. Docs, "WebSocket Authentication", read 2026-08: header
 * `alg`, `kid`, `typ`, `nonce`; claims `sub`, `iss`, `nbf`, `exp`; no `uri` and no `aud`, unlike
 * REST. A token is checked when a message arrives; a subscription outlives it (observed).
 */
const ISSUER = 'cdp';
/** The documented life of a token: `exp` is `nbf` + 120. */
const LIFETIME_S = 120;
/** A clock one second fast puts `nbf` into the server's future; the vendor's SDKs backdate too. */
const BACKDATE_S = 5;
const NONCE_BYTES = 16;
const KEY_NAME_CHARACTERS_MAX = 512;
/** Enough for a whole private key in its place to be known as one. */
const KEY_NAME_SEARCHED_MAX = 4_096;

/** A key name as the portal shows it, and the private key or something that signs with it. */
export type CoinbaseCredentials =
  | { readonly keyName: string; readonly privateKey: string | Secret }
  | { readonly keyName: string; readonly signer: Signer };

/** What a downloaded key file holds. */
export interface CoinbaseKeyFile {
  readonly keyName: string;
  readonly privateKey: Secret;
}

/** Makes tokens for one key. */
export interface CoinbaseJwtMinter extends JwtMinter {
  readonly keyName: string;
}

/**
 * Reads a downloaded `cdp_api_key.json`, of the ECDSA generation (`name`) or newer (`id` or
 * `name`). The private key is not parsed yet. Throws a KeyError that names what is missing.
 */
export function parseCoinbaseKeyFile(text: string): CoinbaseKeyFile {
  const fields = parseJsonKeyFile(text);
  const keyName = findText(fields, ['name', 'id', 'keyName', 'key_name']);
  if (keyName === undefined) {
    const isOther = ['key', 'secret'].every((name) => name in fields);
    throw describeFormDefect('name-missing', isOther);
  }
  const privateKey = findText(fields, ['privateKey', 'private_key']);
  if (privateKey === undefined) throw describeFileDefect('private-key-missing');
  return { keyName, privateKey: new Secret(privateKey) };
}

function describeNameDefect(defect: string, message: string): KeyError {
  return new KeyError('KEY_INVALID', message, { facts: { defect } });
}

/** What a private key is that cannot be used as it is spelled; no name is one of these. */
const DEFECTS_OF_KEYS: ReadonlySet<unknown> = new Set<KeyDefect>([
  'armour-missing',
  'base64-of-pem',
  'hexadecimal',
  'json-web-key',
]);

function isPrivateKey(name: string): boolean {
  if (/-----|PRIVATE KEY/.test(name)) return true;
  try {
    parsePrivateKey(name);
    return true;
  } catch (error) {
    return error instanceof KeyError && DEFECTS_OF_KEYS.has(error.facts['defect']);
  }
}

/** The name goes into each token's `kid` and `sub`; a key pasted there would be sent in clear. */
function checkKeyName(text: unknown): string {
  const keyName =
    typeof text === 'string' ? cleanKeyText(text.slice(0, KEY_NAME_SEARCHED_MAX)).text : '';
  if (keyName === '') {
    throw new KeyError(
      'KEY_MISSING',
      'The name of the key is missing: pass { keyName, privateKey }; keyName is the field "name" ' +
        '(or "id") of the key file, such as organizations/…/apiKeys/….',
      { facts: { defect: 'key-name-missing' } },
    );
  }
  if (isPrivateKey(keyName)) {
    throw describeNameDefect(
      'key-name-is-key',
      'The private key stands where the name of the key is due: are the two swapped?',
    );
  }
  if (keyName.length > KEY_NAME_CHARACTERS_MAX || /\p{Cc}/u.test(keyName)) {
    throw describeNameDefect(
      'key-name-damaged',
      'The name of the key is too long or holds control characters: copy it again.',
    );
  }
  return keyName;
}

function chooseSigner(credentials: CoinbaseCredentials): Signer {
  if (!('signer' in credentials)) {
    return createKeySigner(parsePrivateKey(credentials.privateKey).key);
  }
  const { algorithm } = credentials.signer;
  if (algorithm === 'ES256' || algorithm === 'EdDSA') return credentials.signer;
  throw new KeyError(
    'KEY_INVALID',
    `The signer makes ${algorithm} signatures, but Coinbase takes ES256 and EdDSA only.`,
    { facts: { defect: 'wrong-algorithm', algorithm } },
  );
}

/** Parses the key once and makes a fresh token on each call. Throws KeyError for unusable keys. */
export function createCoinbaseJwtMinter(
  credentials: CoinbaseCredentials,
  random: RandomSource,
): CoinbaseJwtMinter {
  const keyName = checkKeyName(credentials.keyName);
  const minter = createJwtMinter({
    signer: chooseSigner(credentials),
    random,
    header: { kid: keyName, typ: 'JWT' },
    claims: { sub: keyName, iss: ISSUER },
    lifetimeS: LIFETIME_S,
    backdateS: BACKDATE_S,
    nonceBytes: NONCE_BYTES,
  });
  return { keyName, ...minter };
}

/** Signs in to Coinbase: a fresh token in the `jwt` field of each private message. */
export function coinbaseAuth(
  credentials: CoinbaseCredentials,
  tools: Pick<AuthTools, 'random'>,
): AuthStrategy {
  const minter = createCoinbaseJwtMinter(credentials, tools.random);
  return perMessage({
    mint: (context) => minter.mint(context.nowMs()),
    place: (message, jwt) => ({ ...message, jwt }),
  });
}
