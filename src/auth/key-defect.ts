import { KeyError, type ErrorFacts } from '../model/error.js';

/** Everything that is known to go wrong with a private key, and what to do about it. */
export const KEY_DEFECTS = {
  empty: 'The private key is empty: check that the variable or file that should hold it does.',
  'not-text':
    'The private key is no text: pass it as a string, exactly as it was issued (or wrapped as a ' +
    'Secret).',
  'too-long': 'The private key is far longer than any key: check that it is the right file.',
  'key-name':
    'This is the name of the key, not the key: pass the private key that was shown, once, when ' +
    'the key was made.',
  'file-path':
    'This looks like the path of a file, not like a key: pass the content of the file, or give ' +
    'the path where a key file is asked for.',
  'json-key-file':
    'This is a whole JSON file, not the key in it: pass it as a key file, or copy only the value ' +
    'of its privateKey field.',
  'json-web-key':
    'The key is a JSON Web Key (JWK), which is not accepted: convert it to a PKCS#8 PEM first.',
  'public-key':
    'This is a public key, and signing needs the private key that belongs to it: pass the file ' +
    'that says PRIVATE KEY.',
  certificate:
    'This is a certificate (or a request for one), and signing needs a private key: pass the ' +
    'file that says PRIVATE KEY.',
  encrypted:
    'The private key is encrypted with a passphrase: decrypt it first ' +
    '(openssl pkey -in key.pem -out plain.pem) and keep the result in a safe place.',
  'openssh-format':
    'The key is in the format of OpenSSH, which no exchange issues: pass the key that the ' +
    'exchange gave you, as PEM or base64.',
  'putty-format':
    'The key is in the format of PuTTY, which no exchange issues: pass the key that the exchange ' +
    'gave you, as PEM or base64.',
  'pgp-format':
    'This is a PGP block, which no exchange issues: pass the key that the exchange gave you, as ' +
    'PEM or base64.',
  'no-private-key': 'The PEM text holds no private key: pass the block that says PRIVATE KEY.',
  'several-keys':
    'The text holds more than one private key, and it is not clear which is meant: pass one.',
  'begin-missing':
    'The key is cut off: its line -----BEGIN … PRIVATE KEY----- is missing. Copy the whole text, ' +
    'from the first dash to the last.',
  'end-missing':
    'The key is cut off: its line -----END … PRIVATE KEY----- is missing. Copy the whole text, ' +
    'from the first dash to the last. In an environment file, put the value in quotes.',
  'armour-damaged':
    'The BEGIN or END line of the key is damaged: each has exactly five dashes on both sides. ' +
    'Copy the text again.',
  'armour-missing':
    'This is the inside of a PEM without its BEGIN and END lines: copy the whole text, from the ' +
    'first dash to the last.',
  'body-empty':
    'There is nothing between the BEGIN and the END line of the key: the text was cut, or read ' +
    'line by line. In an environment file, put the value in quotes.',
  placeholder: 'The key is only a placeholder from an example: put the real key in its place.',
  'body-damaged':
    'The key is damaged: between its BEGIN and END lines stands something that is not base64. ' +
    'Copy it again, and check that nothing was added or lost at the line ends.',
  truncated: 'The key is cut off: it is shorter than it says of itself. Copy the whole text again.',
  damaged:
    'The key is damaged: it can be decoded, but what is inside is not a private key. Copy the ' +
    'text again.',
  'halves-differ':
    'The private key does not fit the public key that stands beside it, so at least one ' +
    'character is wrong: copy the text again.',
  'not-ed25519':
    'These 64 bytes are not an Ed25519 key: the second half is not the public key of the first. ' +
    'Either the text is damaged, or it is the secret of an HMAC key of the older kind, which is ' +
    'no longer accepted: make a new key (Ed25519 or ECDSA P-256).',
  'hmac-secret':
    'This looks like the secret of an HMAC key of the older kind, which is no longer accepted: ' +
    'make a new key (Ed25519 or ECDSA P-256) and use that.',
  'base64-of-pem':
    'This is a PEM wrapped in base64 once more: decode it (base64 -d) and pass the PEM.',
  hexadecimal:
    'The key is in hexadecimal, which is not accepted: pass it as PEM or base64, as it was issued.',
  'wrong-length':
    'The base64 text does not decode to the length of a key: an Ed25519 key has 64 bytes (or 32 ' +
    'for the seed alone).',
  'wrong-curve':
    'The key is on another elliptic curve than P-256: make a new key (Ed25519 or ECDSA P-256).',
  'wrong-kind':
    'The key is of a kind that is not accepted: make a new key (Ed25519 or ECDSA P-256).',
  'not-a-key': 'This is neither a PEM nor base64: pass the private key exactly as it was issued.',
} as const;

/** A stable name of what is wrong with a key; it stands in `facts.defect`. */
export type KeyDefect = keyof typeof KEY_DEFECTS;

/** Makes the error for a defect. `found` goes into the text: it must never come from the key. */
export function describeKeyDefect(
  defect: KeyDefect,
  facts: ErrorFacts = {},
  found?: string,
): KeyError {
  const message = found === undefined ? KEY_DEFECTS[defect] : `${KEY_DEFECTS[defect]} ${found}`;
  return new KeyError('KEY_INVALID', message, { facts: { defect, ...facts } });
}
