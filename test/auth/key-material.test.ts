import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY_DEFECTS, type KeyDefect } from '../../src/auth/key-defect.js';
import { parsePrivateKey, readKeyAlgorithm } from '../../src/auth/key-material.js';
import { KeyError } from '../../src/model/error.js';
import { Secret } from '../../src/model/secret.js';
import { catchError, findLeak } from './secret-leak.js';

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');

function exportPem(key: KeyObject, type: 'sec1' | 'pkcs8' | 'pkcs1' | 'spki' = 'pkcs8'): string {
  return key.export({ format: 'pem', type } as never) as unknown as string;
}

const sec1 = exportPem(p256.privateKey, 'sec1');
const pkcs8 = exportPem(p256.privateKey);
const edwardsPem = exportPem(edwards.privateKey);
const { d: seedText = '', x: publicText = '' } = edwards.privateKey.export({ format: 'jwk' });
const seed = Buffer.from(seedText, 'base64url');
/** As base64 of 64 random bytes, and the same in every run. */
const digitsOf = (name: string): string => createHash('sha512').update(name).digest('base64');
const seedAndPublic = Buffer.concat([seed, Buffer.from(publicText, 'base64url')]);

/** Whether the parsed key is the one that was spelled. */
function isSameKey(parsed: KeyObject, original: KeyObject): boolean {
  const bytes = Buffer.from('the same key signs what the other verifies');
  const hash = original.asymmetricKeyType === 'ec' ? 'sha256' : null;
  return verify(hash, bytes, createPublicKey(original), sign(hash, bytes, parsed));
}

const SPELLINGS: readonly (readonly [string, (pem: string) => string])[] = [
  ['as it is', (pem) => pem],
  ['without its last line end', (pem) => pem.trimEnd()],
  ['with literal \\n', (pem) => pem.replaceAll('\n', '\\n')],
  ['with literal \\r\\n', (pem) => pem.replaceAll('\n', '\\r\\n')],
  ['with doubly escaped \\\\n', (pem) => pem.replaceAll('\n', '\\\\n')],
  ['with CRLF', (pem) => pem.replaceAll('\n', '\r\n')],
  ['with bare carriage returns', (pem) => pem.replaceAll('\n', '\r')],
  ['on one line, line ends lost', (pem) => pem.replaceAll('\n', '')],
  ['on one line, line ends turned into spaces', (pem) => pem.replaceAll('\n', ' ')],
  ['with line ends turned into tabs', (pem) => pem.replaceAll('\n', '\t')],
  ['in single quotes', (pem) => `'${pem}'`],
  ['in double quotes', (pem) => `"${pem}"`],
  ['in quotes with literal \\n', (pem) => `"${pem.replaceAll('\n', '\\n')}"`],
  ['in escaped quotes', (pem) => `\\"${pem.replaceAll('\n', '\\n')}\\"`],
  ['in quotes with a comma, as in JSON', (pem) => `${JSON.stringify(pem)},`],
  ['with a quote at its beginning only', (pem) => `"${pem}`],
  ['with a quote at its end only', (pem) => `${pem.trimEnd()}'`],
  ['in typographic quotes', (pem) => `\u201C${pem}\u201D`],
  ['after a byte order mark', (pem) => `\uFEFF${pem}`],
  ['in white space', (pem) => `\n\n  \t${pem}\n  \n`],
  ['indented', (pem) => pem.replaceAll('\n', '\n    ')],
  ['with escaped slashes', (pem) => pem.replaceAll('/', '\\/')],
  ['with backslashes at its line ends', (pem) => pem.replaceAll('\n', '\\\n')],
  ['with non-breaking spaces', (pem) => pem.replaceAll('\n', '\u00A0')],
  ['after curve parameters', (pem) => `${CURVE_PARAMETERS}${pem}`],
  ['after its public key', (pem) => `${exportPem(p256.publicKey, 'spki')}${pem}`],
  ['after words', (pem) => `Key Attributes: <No Attributes>\n${pem}`],
];
const CURVE_PARAMETERS =
  '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

const KEYS = [
  ['SEC1 PEM', sec1, p256.privateKey, 'ES256'],
  ['PKCS#8 PEM', pkcs8, p256.privateKey, 'ES256'],
  ['PKCS#8 PEM', edwardsPem, edwards.privateKey, 'EdDSA'],
] as const;

describe('a PEM in every spelling', () => {
  for (const [form, pem, original, algorithm] of KEYS) {
    for (const [spelling, spell] of SPELLINGS) {
      it(`${algorithm} ${form} ${spelling} is the key`, () => {
        const parsed = parsePrivateKey(spell(pem));
        expect(parsed.algorithm).toBe(algorithm);
        expect(parsed.form).toContain(form);
        expect(isSameKey(parsed.key, original)).toBe(true);
      });
    }
  }

  it('believes the content, not the label', () => {
    const mislabelled = pkcs8.replaceAll('PRIVATE KEY', 'EC PRIVATE KEY');
    expect(parsePrivateKey(mislabelled)).toMatchObject({ algorithm: 'ES256', form: 'PKCS#8 PEM' });
    const alsoMislabelled = sec1.replaceAll('EC PRIVATE KEY', 'PRIVATE KEY');
    expect(parsePrivateKey(alsoMislabelled)).toMatchObject({ form: 'SEC1 PEM' });
  });

  it('says how the key was spelled', () => {
    expect(parsePrivateKey(sec1).form).toBe('SEC1 PEM');
    expect(parsePrivateKey(pkcs8.replaceAll('\n', ' ')).form).toBe('PKCS#8 PEM on one line');
    expect(parsePrivateKey(`"${sec1.replaceAll('\n', '\\n')}"`).form).toBe(
      'SEC1 PEM with literal \\n in quotes',
    );
    expect(parsePrivateKey(sec1.replaceAll('\n', '\r\n')).form).toBe('SEC1 PEM with CRLF');
  });
});

describe('a key that is read after a failure of OpenSSL elsewhere in the process', () => {
  const spellings = [sec1, pkcs8, edwardsPem, seed.toString('base64')];
  it.each([...spellings, seedAndPublic.toString('base64')])('is not blamed for it', (text) => {
    // Leaves its error in the queue of OpenSSL, where the next call of Node.js finds it.
    expect(p256.publicKey.equals(edwards.publicKey)).toBe(false);
    const original = text === sec1 || text === pkcs8 ? p256 : edwards;
    expect(isSameKey(parsePrivateKey(text).key, original.privateKey)).toBe(true);
  });
});

describe('an Ed25519 key in base64', () => {
  const wrapped = (text: string): string => text.replace(/(.{20})/g, '$1\n');
  const rows: readonly (readonly [string, string])[] = [
    ['64 bytes', seedAndPublic.toString('base64')],
    ['64 bytes without padding', seedAndPublic.toString('base64').replace(/=+$/, '')],
    ['64 bytes in base64url', seedAndPublic.toString('base64url')],
    ['64 bytes in quotes', `"${seedAndPublic.toString('base64')}"`],
    ['64 bytes with escaped slashes', seedAndPublic.toString('base64').replaceAll('/', '\\/')],
    ['64 bytes wrapped', wrapped(seedAndPublic.toString('base64'))],
    ['64 bytes and a literal \\n', `${seedAndPublic.toString('base64')}\\n`],
    ['32 bytes', seed.toString('base64')],
    ['32 bytes in base64url', seed.toString('base64url')],
    ['32 bytes in white space', `  ${seed.toString('base64')}\r\n`],
  ];
  it.each(rows)('%s is the key', (name, text) => {
    const parsed = parsePrivateKey(text);
    expect(parsed.algorithm).toBe('EdDSA');
    expect(parsed.form).toContain(name.slice(0, 8));
    expect(isSameKey(parsed.key, edwards.privateKey)).toBe(true);
  });

  it('any seed is accepted, with and without its public key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const short = parsePrivateKey(Buffer.from(bytes).toString('base64'));
        const { x = '' } = short.key.export({ format: 'jwk' });
        const both = Buffer.concat([bytes, Buffer.from(x, 'base64url')]);
        const long = parsePrivateKey(both.toString('base64'));
        expect(isSameKey(long.key, short.key)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

function otherPem(curve: string): string {
  return exportPem(generateKeyPairSync('ec', { namedCurve: curve }).privateKey, 'sec1');
}

function otherKind(kind: 'x25519' | 'ed448'): string {
  const { privateKey } = generateKeyPairSync(kind as 'x25519');
  return exportPem(privateKey);
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encrypted = p256.privateKey.export({
  format: 'pem',
  type: 'pkcs8',
  cipher: 'aes-256-cbc',
  passphrase: 'a passphrase',
});
const encryptedSec1 = p256.privateKey.export({
  format: 'pem',
  type: 'sec1',
  cipher: 'aes-128-cbc',
  passphrase: 'a passphrase',
});

function relabel(label: string): string {
  return sec1.replaceAll('EC PRIVATE KEY', label);
}

function bodyOf(pem: string): string {
  return pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
}

/** The PEM with one character of its private scalar changed. */
function changeBody(pem: string, at: number): string {
  const body = bodyOf(pem);
  const changed = body.slice(0, at) + (body[at] === 'A' ? 'B' : 'A') + body.slice(at + 1);
  return `-----BEGIN EC PRIVATE KEY-----\n${changed}\n-----END EC PRIVATE KEY-----`;
}

const foreignPair = Buffer.concat([
  seed,
  generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
]);

const DEFECTS: readonly (readonly [string, string, KeyDefect])[] = [
  ['nothing', '', 'empty'],
  ['white space', ' \r\n\t ', 'empty'],
  ['a pair of quotes', '""', 'empty'],
  ['a whole disk of text', 'A'.repeat(20_000), 'too-long'],
  ['the name of the key', 'organizations/4a5b/apiKeys/6c7d8e9f-0000', 'key-name'],
  ['a bare key id', '6c7d8e9f-1234-4abc-8def-0123456789ab', 'key-name'],
  ['an absolute path', '/home/somebody/keys/cdp_api_key.json', 'file-path'],
  ['a path without an extension', '/home/somebody/keys/cdpApiKey2026', 'file-path'],
  ['a relative path', './cdp_api_key.json', 'file-path'],
  ['a path that is base64 as well', 'secrets/coinbase', 'file-path'],
  ['a path of Windows', 'C:\\keys\\key.pem', 'file-path'],
  ['a file name', 'private.pem', 'file-path'],
  ['the whole key file', JSON.stringify({ name: 'n', privateKey: sec1 }), 'json-key-file'],
  ['a JWK', JSON.stringify(p256.privateKey.export({ format: 'jwk' })), 'json-web-key'],
  ['a public key', exportPem(p256.publicKey, 'spki'), 'public-key'],
  ['a public key of OpenSSH', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me@host', 'public-key'],
  ['a public key under a wrong label', mislabel(exportPem(p256.publicKey, 'spki')), 'public-key'],
  ['a certificate', relabel('CERTIFICATE'), 'certificate'],
  ['a certificate request', relabel('CERTIFICATE REQUEST'), 'certificate'],
  ['an encrypted PKCS#8 PEM', String(encrypted), 'encrypted'],
  ['an encrypted SEC1 PEM', String(encryptedSec1), 'encrypted'],
  ['a key of OpenSSH', relabel('OPENSSH PRIVATE KEY'), 'openssh-format'],
  ['a key of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', 'putty-format'],
  ['a key of PGP', relabel('PGP PRIVATE KEY BLOCK'), 'pgp-format'],
  ['parameters alone', CURVE_PARAMETERS, 'no-private-key'],
  ['two keys', `${sec1}\n${edwardsPem}`, 'several-keys'],
  ['a PEM without BEGIN', sec1.replace(/-----BEGIN[^\n]*\n/, ''), 'begin-missing'],
  ['a PEM without END', sec1.replace(/-----END[^\n]*\n/, ''), 'end-missing'],
  ['the first line of a PEM alone', '-----BEGIN EC PRIVATE KEY-----', 'end-missing'],
  ['the last line of a PEM alone', '-----END EC PRIVATE KEY-----', 'begin-missing'],
  ['half a PEM', sec1.slice(0, 120), 'end-missing'],
  ['a PEM that misses dashes', sec1.replaceAll('-----', '---'), 'armour-damaged'],
  ['a PEM that misses one dash', sec1.replace('-----END', '----END'), 'armour-damaged'],
  ['a PEM with long dashes', sec1.replaceAll('-----', '\u2014\u2014-'), 'armour-damaged'],
  ['the inside of a PEM', bodyOf(sec1), 'armour-missing'],
  [
    'a piece of a PEM as long as a seed',
    bodyOf(sec1).replace(/\s/g, '').slice(40, 83),
    'truncated',
  ],
  ['the inside of an Ed25519 PEM', bodyOf(edwardsPem), 'armour-missing'],
  ['a PEM with nothing inside', sec1.replace(bodyOfLines(sec1), ''), 'body-empty'],
  [
    'a placeholder',
    '-----BEGIN EC PRIVATE KEY-----\n...\n-----END EC PRIVATE KEY-----',
    'placeholder',
  ],
  ['a PEM with a strange character', sec1.replace('\nM', '\n!'), 'body-damaged'],
  ['a PEM that misses a line', dropLine(sec1), 'truncated'],
  ['a PEM that misses characters', dropCharacters(sec1, 4), 'truncated'],
  ['a PEM that misses one character', dropCharacters(sec1, 1), 'truncated'],
  [
    'a PEM of other bytes',
    `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`,
    'damaged',
  ],
  ['a PEM with a wrong character', changeBody(sec1, 30), 'halves-differ'],
  ['64 bytes that do not belong together', foreignPair.toString('base64'), 'not-ed25519'],
  ['a secret of the HMAC era', 'q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6', 'hmac-secret'],
  ['a PEM in base64', Buffer.from(sec1).toString('base64'), 'base64-of-pem'],
  ['a seed in hexadecimal', seed.toString('hex'), 'hexadecimal'],
  ['a key in hexadecimal', seedAndPublic.toString('hex'), 'hexadecimal'],
  ['base64 of 60 bytes', seedAndPublic.subarray(0, 60).toString('base64'), 'wrong-length'],
  ['base64 of 33 bytes', seedAndPublic.subarray(0, 33).toString('base64'), 'wrong-length'],
  ['base64 of no possible length', digitsOf('key 0').slice(0, 85), 'truncated'],
  ['base64 cut short that begins with a slash', digitsOf('key 33').slice(0, 85), 'truncated'],
  ['base64 cut shorter that begins with a slash', digitsOf('key 48').slice(0, 45), 'truncated'],
  ['a key on P-384', otherPem('P-384'), 'wrong-curve'],
  ['a key on P-521', otherPem('P-521'), 'wrong-curve'],
  ['a key on secp256k1', otherPem('secp256k1'), 'wrong-curve'],
  ['a key on a curve few know', otherPem('brainpoolP256r1'), 'wrong-curve'],
  ['an RSA key', exportPem(rsa.privateKey), 'wrong-kind'],
  ['an RSA key in PKCS#1', exportPem(rsa.privateKey, 'pkcs1'), 'wrong-kind'],
  ['an X25519 key', otherKind('x25519'), 'wrong-kind'],
  ['an Ed448 key', otherKind('ed448'), 'wrong-kind'],
  ['words', 'my key is in the other drawer', 'not-a-key'],
];

function mislabel(pem: string): string {
  return pem.replaceAll('PUBLIC KEY', 'PRIVATE KEY');
}

function bodyOfLines(pem: string): string {
  return pem.split('\n').slice(1, -2).join('\n');
}

function dropLine(pem: string): string {
  const lines = pem.split('\n');
  return [...lines.slice(0, 2), ...lines.slice(3)].join('\n');
}

function dropCharacters(pem: string, count: number): string {
  const body = bodyOf(pem).replace(/=+$/, '');
  const rest = body.slice(0, body.length - count);
  return `-----BEGIN EC PRIVATE KEY-----\n${rest}\n-----END EC PRIVATE KEY-----\n`;
}

describe('a key with a defect', () => {
  it.each(DEFECTS)('%s is refused by name', (_name, text, defect) => {
    const error = catchError(() => parsePrivateKey(text));
    expect(error).toBeInstanceOf(KeyError);
    expect(error).toMatchObject({ code: 'KEY_INVALID', facts: { defect } });
  });

  it.each(DEFECTS)('%s leaves no trace of itself in the error', (_name, text) => {
    const error = catchError(() => parsePrivateKey(text));
    const body = text
      .replace(/"\w+":/g, '')
      .replace(/-----[^-\n]{1,60}-----/g, '')
      .replace(/[^A-Za-z0-9+/_=-]/g, '');
    expect(findLeak(error, body)).toBeUndefined();
    expect((error as Error).cause).toBeUndefined();
  });

  it('that is no text is refused by name, and one wrapped as a secret is read', () => {
    const parseAny = parsePrivateKey as (value: unknown) => unknown;
    const rows = [
      [undefined, 'empty'],
      [null, 'empty'],
      [Buffer.from(sec1), 'not-text'],
      [p256.privateKey, 'not-text'],
      [new Secret(7), 'not-text'],
    ] as const;
    for (const [value, defect] of rows) {
      const error = catchError(() => parseAny(value));
      expect(error).toBeInstanceOf(KeyError);
      expect(error).toMatchObject({ facts: { defect } });
    }
    expect(isSameKey(parsePrivateKey(new Secret(sec1)).key, p256.privateKey)).toBe(true);
  });

  it('is judged in the same words however long a senseless text is', () => {
    const repeated = (part: string): string => part.repeat(Math.floor(16_000 / part.length));
    for (const part of ['-', '\\', ' ', '\\ ', '"', 'BEGIN ', '-----BEGIN A']) {
      const error = catchError(() => parsePrivateKey(`x${repeated(part)}x`));
      expect(error).toBeInstanceOf(KeyError);
    }
    const spaced = `"${' '.repeat(7_000)}${sec1}${'\\\\n'.repeat(1_000)}${' '.repeat(4_000)}"`;
    expect(isSameKey(parsePrivateKey(spaced).key, p256.privateKey)).toBe(true);
  });

  it('has a row for each defect that is known', () => {
    const shown = new Set<KeyDefect>(['not-text', ...DEFECTS.map(([, , defect]) => defect)]);
    expect(Object.keys(KEY_DEFECTS).filter((one) => !shown.has(one as KeyDefect))).toEqual([]);
  });

  it('names the curve, the kind and the length', () => {
    const facts = (text: string): unknown =>
      (catchError(() => parsePrivateKey(text)) as KeyError).facts;
    expect(facts(otherPem('P-384'))).toEqual({ defect: 'wrong-curve', curve: 'secp384r1' });
    expect(facts(exportPem(rsa.privateKey))).toEqual({ defect: 'wrong-kind', kind: 'rsa' });
    expect(facts(seedAndPublic.subarray(0, 60).toString('base64'))).toMatchObject({
      byteLength: 60,
    });
    expect(String(catchError(() => parsePrivateKey(otherPem('P-384'))))).toContain('P-384');
  });

  it('is found wherever one character is wrong, or the key still signs rightly', () => {
    const length = bodyOf(sec1).length;
    for (let at = 0; at < length; at += 1) {
      let parsed: KeyObject | undefined;
      try {
        parsed = parsePrivateKey(changeBody(sec1, at)).key;
      } catch (error) {
        expect(error).toBeInstanceOf(KeyError);
        expect(findLeak(error, bodyOf(sec1))).toBeUndefined();
      }
      if (parsed) expect(isSameKey(parsed, p256.privateKey)).toBe(true);
    }
  });

  it('is refused wherever the text is cut', () => {
    for (const whole of [sec1.trimEnd(), edwardsPem.trimEnd()]) {
      for (let length = 0; length < whole.length; length += 1) {
        const error = catchError(() => parsePrivateKey(whole.slice(0, length)));
        expect(error).toBeInstanceOf(KeyError);
      }
    }
  });
});

describe('the algorithm', () => {
  it('is read from the key, and only from a private one', () => {
    expect(readKeyAlgorithm(p256.privateKey)).toBe('ES256');
    expect(readKeyAlgorithm(edwards.privateKey)).toBe('EdDSA');
    expect(catchError(() => readKeyAlgorithm(p256.publicKey))).toMatchObject({
      facts: { defect: 'public-key' },
    });
  });

  it('a parsed key does not show itself when printed', () => {
    expect(findLeak(parsePrivateKey(sec1), bodyOf(sec1))).toBeUndefined();
    expect(
      findLeak(parsePrivateKey(seed.toString('base64')), seed.toString('base64')),
    ).toBeUndefined();
  });
});
