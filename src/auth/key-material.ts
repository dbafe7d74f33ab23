import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyError } from '../model/error.js';
import type { Secret } from '../model/secret.js';
import { decodeBase64, looksLikeBase64 } from './base64.js';
import { judgeDerSequence } from './der.js';
import { describeKeyDefect, type KeyDefect } from './key-defect.js';
import { cleanKeyText, looksLikePath, revealText, type KeyText } from './key-text.js';
import { findPrivateKeyBlock, looksLikePem, type PemBlock } from './pem.js';

/** A private key, parsed once. `form` says in words how it was spelled. */
export interface ParsedPrivateKey {
  readonly algorithm: 'ES256' | 'EdDSA';
  readonly key: KeyObject;
  readonly form: string;
}

const TEXT_CHARACTERS_MAX = 16_384;
const SEED_BYTES = 32;
const SEED_AND_PUBLIC_BYTES = 64;
// A PKCS#8 wrapper around an Ed25519 seed (RFC 8410 section 7).
const ED25519_WRAPPER = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Begins the names of ECDSA's curves and keys (RFC 5480): in a piece of a PEM, and in no seed. */
const EC_IDENTIFIER = Buffer.from('2a8648ce3d', 'hex');

/** A path may be base64 as well, as `secrets/venue` is, but no key is so short. */
function mayBeKey(text: string): boolean {
  return (decodeBase64(text)?.length ?? 0) >= SEED_BYTES;
}

/** What is pasted in place of a key; `undefined` for what is read as one. */
interface OtherText {
  readonly fits: RegExp | ((text: string) => boolean);
  readonly defect: KeyDefect | undefined;
}

/** The first that fits says what the text is. */
const OTHER_TEXTS: readonly OtherText[] = [
  { fits: /^$/, defect: 'empty' },
  { fits: /^[{[].*"kty"/s, defect: 'json-web-key' },
  { fits: /^[{[]/, defect: 'json-key-file' },
  { fits: /^PuTTY-User-Key-File/, defect: 'putty-format' },
  { fits: /^(ssh-(ed25519|rsa)|ecdsa-sha2-)/, defect: 'public-key' },
  // What follows could be found by chance inside of one.
  { fits: looksLikePem, defect: undefined },
  { fits: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, defect: 'key-name' },
  { fits: /^organizations\/|\/apiKeys\//, defect: 'key-name' },
  { fits: (text) => looksLikePath(text, mayBeKey(text)), defect: 'file-path' },
  { fits: /^([0-9a-fA-F]{64}|[0-9a-fA-F]{128})$/, defect: 'hexadecimal' },
];

/** Curves and kinds of keys as people know them. */
const CURVE_TITLES: Readonly<Record<string, string>> = {
  secp384r1: 'P-384 (secp384r1)',
  secp521r1: 'P-521 (secp521r1)',
  secp256k1: 'secp256k1',
  secp224r1: 'P-224 (secp224r1)',
};
const KIND_TITLES: Readonly<Record<string, string>> = {
  rsa: 'an RSA key',
  'rsa-pss': 'an RSA-PSS key',
  dsa: 'a DSA key',
  dh: 'a Diffie-Hellman key',
  ed448: 'an Ed448 key',
  x25519: 'an X25519 key, which agrees on secrets but cannot sign',
  x448: 'an X448 key, which agrees on secrets but cannot sign',
};

/**
 * Says which signatures a private key makes. The key alone decides; anything but P-256 and
 * Ed25519 is a KeyError.
 */
export function readKeyAlgorithm(key: KeyObject): 'ES256' | 'EdDSA' {
  if (key.type === 'public') throw describeKeyDefect('public-key');
  const kind = key.asymmetricKeyType;
  if (key.type !== 'private' || kind === undefined) {
    throw describeKeyDefect('wrong-kind', { kind: 'symmetric' }, 'It is a symmetric secret.');
  }
  if (kind === 'ed25519') return 'EdDSA';
  if (kind !== 'ec') {
    throw describeKeyDefect(
      'wrong-kind',
      { kind },
      `It is ${KIND_TITLES[kind] ?? 'another kind'}.`,
    );
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'prime256v1') return 'ES256';
  const title = curve === undefined ? 'a curve without a name' : (CURVE_TITLES[curve] ?? curve);
  throw describeKeyDefect('wrong-curve', { curve: curve ?? 'unnamed' }, `It is on ${title}.`);
}

/** The public point that belongs to the scalar; undefined for a scalar that the curve forbids. */
function derivePoint(scalar: Buffer): Buffer | undefined {
  const exchange = createECDH('prime256v1');
  try {
    exchange.setPrivateKey(scalar);
  } catch {
    // Zero, or not below the order of the curve: the caller reports it.
    return undefined;
  }
  return exchange.getPublicKey();
}

/** OpenSSL accepts an EC key whose two halves do not belong together; its signatures fail later. */
function checkHalves(key: KeyObject): void {
  const { d = '', x = '', y = '' } = key.export({ format: 'jwk' });
  const [scalar, ...coordinates] = [d, x, y].map((text) => Buffer.from(text, 'base64url'));
  const point = scalar && derivePoint(scalar);
  if (!point?.equals(Buffer.concat([Buffer.of(4), ...coordinates]))) {
    throw describeKeyDefect('halves-differ');
  }
}

/**
 * Opens a private key. Twice, where it has to: Node.js takes a failure that an earlier call of
 * anyone left in OpenSSL's queue (as `equals` on keys of two kinds does) for one of this call, and
 * empties the queue with it.
 */
function openPrivateKey(der: Buffer, type: 'pkcs8' | 'sec1' | 'pkcs1'): KeyObject {
  try {
    return createPrivateKey({ key: der, format: 'der', type });
  } catch {
    // Dropped, as it may be a stranger's; what is wrong with this key fails once more.
    return createPrivateKey({ key: der, format: 'der', type });
  }
}

/** Tries the containers in turn: the label of a PEM is sometimes wrong, its content never. */
function openContainer(der: Buffer): { key: KeyObject; container: string } | undefined {
  const containers = [
    ['pkcs8', 'PKCS#8'],
    ['sec1', 'SEC1'],
    ['pkcs1', 'PKCS#1'],
  ] as const;
  for (const [type, container] of containers) {
    try {
      return { key: openPrivateKey(der, type), container };
    } catch {
      // Not this container. The reason is dropped: it could quote what must not be shown.
      continue;
    }
  }
  return undefined;
}

function isPublicKey(der: Buffer): boolean {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' }).type === 'public';
  } catch {
    // Not a public key either; the caller says what is known.
    return false;
  }
}

function parseContainer(der: Buffer): { key: KeyObject; container: string } {
  const shape = judgeDerSequence(der);
  if (shape === 'short') throw describeKeyDefect('truncated');
  const opened = openContainer(der);
  if (!opened) throw describeKeyDefect(isPublicKey(der) ? 'public-key' : 'damaged');
  if (shape !== 'whole') throw describeKeyDefect('damaged');
  return opened;
}

function decodeBody(block: PemBlock): Buffer {
  const digits = block.body.replace(/\s+/g, '');
  if (digits === '') throw describeKeyDefect('body-empty');
  if (/\.\.\.|\u2026|<|\*\*\*/.test(digits)) throw describeKeyDefect('placeholder');
  const der = decodeBase64(digits);
  if (der) return der;
  throw describeKeyDefect(looksLikeBase64(digits) ? 'truncated' : 'body-damaged');
}

function describeSpelling(spelling: KeyText, isOnOneLine: boolean): string {
  const lines = isOnOneLine
    ? ' on one line'
    : { literal: ' with literal \\n', 'carriage-return': ' with CRLF', plain: '' }[
        spelling.lineEnds
      ];
  return `${lines}${spelling.wasQuoted ? ' in quotes' : ''}`;
}

function parsePem(spelling: KeyText): ParsedPrivateKey {
  const block = findPrivateKeyBlock(spelling.text);
  const { key, container } = parseContainer(decodeBody(block));
  const algorithm = readKeyAlgorithm(key);
  if (algorithm === 'ES256') checkHalves(key);
  return {
    algorithm,
    key,
    form: `${container} PEM${describeSpelling(spelling, block.isOnOneLine)}`,
  };
}

function wrapSeed(seed: Uint8Array): KeyObject {
  return openPrivateKey(Buffer.concat([ED25519_WRAPPER, seed]), 'pkcs8');
}

/** An Ed25519 key as base64: the seed, or the seed and its public key. */
function parseRaw(bytes: Buffer, spelling: KeyText): ParsedPrivateKey {
  const key = wrapSeed(bytes.subarray(0, SEED_BYTES));
  if (bytes.length === SEED_AND_PUBLIC_BYTES) {
    const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
    if (!bytes.subarray(SEED_BYTES).equals(Buffer.from(x, 'base64url'))) {
      throw describeKeyDefect('not-ed25519');
    }
  }
  const what = bytes.length === SEED_BYTES ? 'Ed25519 seed' : 'Ed25519 seed and public key';
  const quotes = spelling.wasQuoted ? ' in quotes' : '';
  return { algorithm: 'EdDSA', key, form: `base64 of ${bytes.length} bytes (${what})${quotes}` };
}

/** Names what else the text is, where it is a common mistake; nothing for what may be a key. */
function refuseOtherTexts(text: string): void {
  const other = OTHER_TEXTS.find(({ fits }) =>
    fits instanceof RegExp ? fits.test(text) : fits(text),
  );
  if (other?.defect) throw describeKeyDefect(other.defect);
}

function refuseBytes(bytes: Buffer): KeyError {
  const opening = bytes.toString('latin1', 0, 32);
  if (looksLikePem(opening)) return describeKeyDefect('base64-of-pem');
  if (opening.startsWith('openssh-key-v1')) return describeKeyDefect('openssh-format');
  if (judgeDerSequence(bytes) === 'whole') {
    return describeKeyDefect(isPublicKey(bytes) ? 'public-key' : 'armour-missing');
  }
  if (bytes.length === 24) return describeKeyDefect('hmac-secret');
  const byteLength = bytes.length;
  return describeKeyDefect('wrong-length', { byteLength }, `This one has ${byteLength} bytes.`);
}

/**
 * Reads a private key in any spelling a person may hold: SEC1 or PKCS#8 PEM with whatever copying
 * did to its line ends, or base64 of an Ed25519 key. Anything else is a KeyError (KEY_INVALID)
 * whose text and `facts.defect` name the defect. No error holds any part of the key.
 */
export function parsePrivateKey(secret: string | Secret): ParsedPrivateKey {
  const text: unknown = revealText(secret) ?? '';
  if (typeof text !== 'string') throw describeKeyDefect('not-text');
  if (text.length > TEXT_CHARACTERS_MAX) throw describeKeyDefect('too-long');
  const spelling = cleanKeyText(text);
  refuseOtherTexts(spelling.text);
  if (looksLikePem(spelling.text)) return parsePem(spelling);
  const digits = spelling.text.replace(/\s+/g, '');
  // Base64 may be wrapped, but not at every few characters: those are words.
  if (/\s/.test(spelling.text) && !/\S{16}/.test(spelling.text)) {
    throw describeKeyDefect('not-a-key');
  }
  const bytes = decodeBase64(digits);
  if (!bytes) throw describeKeyDefect(looksLikeBase64(digits) ? 'truncated' : 'not-a-key');
  const isEd25519 = bytes.length === SEED_BYTES || bytes.length === SEED_AND_PUBLIC_BYTES;
  if (!isEd25519) throw refuseBytes(bytes);
  if (bytes.includes(EC_IDENTIFIER)) throw describeKeyDefect('truncated');
  return parseRaw(bytes, spelling);
}
