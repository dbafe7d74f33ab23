import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCoinbaseJwtMinter } from '../../../../src/venues/coinbase/auth.js';
import {
  createCoinbaseVerifier,
  type CoinbaseVerifierOptions,
} from '../../../../src/venues/coinbase/server/sign-in.js';
import { createSeededRandom } from '../../../doubles/seeded-random.js';
import { createVirtualTime } from '../../../doubles/virtual-time.js';

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const keys = new Map<string, KeyObject>([
  ['ec-key', p256.publicKey],
  ['ed-key', edwards.publicKey],
  ['rsa-key', rsa.publicKey],
  ['p384-key', p384.publicKey],
]);
const time = createVirtualTime();
const nowMs = time.clock.nowMs();
const nowS = nowMs / 1000;
const verifier = createCoinbaseVerifier({ keys, clock: time.clock });
const verify = (token: unknown) => verifier.verify(token);

function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.from(text).toString('base64url');
}

const goodHeader = { alg: 'ES256', kid: 'ec-key', typ: 'JWT', nonce: 'ab12' };
const goodClaims = { sub: 'ec-key', iss: 'cdp', nbf: nowS - 5, exp: nowS + 115 };

/** Signs any header and claims rightly with the P-256 key. */
function forge(header: unknown, claims: unknown): string {
  const text = `${encode(header)}.${encode(claims)}`;
  const key = { key: p256.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

const goodToken = forge(goodHeader, goodClaims);

describe('tokens that are accepted', () => {
  it('are our own, of both algorithms', () => {
    for (const [keyName, pair] of [
      ['ec-key', p256],
      ['ed-key', edwards],
    ] as const) {
      const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
      const minter = createCoinbaseJwtMinter({ keyName, privateKey }, createSeededRandom(1));
      const expiresAtMs = (nowS + 115) * 1000;
      expect(verify(minter.mint(nowMs))).toEqual({ ok: true, keyName, expiresAtMs });
    }
  });

  it('are those of jose, of both algorithms', async () => {
    for (const [keyName, alg, pair] of [
      ['ec-key', 'ES256', p256],
      ['ed-key', 'EdDSA', edwards],
    ] as const) {
      const token = await new SignJWT({ iss: 'cdp', sub: keyName, nbf: nowS, exp: nowS + 120 })
        .setProtectedHeader({ alg, kid: keyName, nonce: '1' })
        .sign(pair.privateKey);
      expect(verify(token)).toMatchObject({ ok: true, keyName });
    }
  });

  it('are those of jsonwebtoken', () => {
    const token = jsonwebtoken.sign(
      { iss: 'coinbase-cloud', sub: 'ec-key', nbf: nowS, exp: nowS + 120 },
      p256.privateKey.export({ format: 'pem', type: 'sec1' }),
      { algorithm: 'ES256', header: { alg: 'ES256', kid: 'ec-key' }, noTimestamp: true },
    );
    expect(verify(token)).toMatchObject({ ok: true });
  });

  const TOLERATED: readonly (readonly [string, unknown, unknown])[] = [
    ['an audience', goodHeader, { ...goodClaims, aud: ['cdp_service'] }],
    ['a uri', goodHeader, { ...goodClaims, uri: 'GET api.coinbase.com/x' }],
    ['the older issuer', goodHeader, { ...goodClaims, iss: 'coinbase-cloud' }],
    ['a nonce in decimal digits', { ...goodHeader, nonce: '12345678901234567890' }, goodClaims],
    ['a nonce that is a number', { ...goodHeader, nonce: 12345 }, goodClaims],
    ['no nonce', { alg: 'ES256', kid: 'ec-key' }, goodClaims],
    ['a long life', goodHeader, { ...goodClaims, exp: nowS + 86_400 }],
    ['no beginning', goodHeader, { sub: 'ec-key', iss: 'cdp', exp: nowS + 60 }],
    ['times with fractions', goodHeader, { ...goodClaims, nbf: nowS - 0.5, exp: nowS + 9.5 }],
    ['a clock a little fast', goodHeader, { ...goodClaims, nbf: nowS + 1, exp: nowS + 121 }],
    ['an end a moment ago', goodHeader, { ...goodClaims, exp: nowS - 1 }],
  ];
  it.each(TOLERATED)('may have %s', (_name, header, claims) => {
    expect(verify(forge(header, claims))).toMatchObject({ ok: true });
  });

  it('may be used again until they end', () => {
    expect(verify(goodToken)).toMatchObject({ ok: true });
    expect(verify(goodToken)).toMatchObject({ ok: true });
  });
});

function signWith(key: KeyObject, header: object, hash: string | null): string {
  const text = `${encode(header)}.${encode(goodClaims)}`;
  return `${text}.${sign(hash, Buffer.from(text), key).toString('base64url')}`;
}

function confuse(): string {
  const text = `${encode({ ...goodHeader, alg: 'HS256' })}.${encode(goodClaims)}`;
  const pem = p256.publicKey.export({ format: 'pem', type: 'spki' });
  return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
}

const [head = '', body = '', tail = ''] = goodToken.split('.');
const derSignature = sign('sha256', Buffer.from(`${head}.${body}`), p256.privateKey);
const tooLong = 'ey'.padEnd(9_000, 'A');
const cutSignature = Buffer.from(tail, 'base64url').subarray(0, 63).toString('base64url');

const REFUSED: readonly (readonly [string, unknown, string])[] = [
  ['nothing', undefined, 'token-missing'],
  ['an empty text', '', 'token-missing'],
  ['a number', 5, 'token-missing'],
  ['an object', { jwt: goodToken }, 'token-missing'],
  ['an absurdly long text', tooLong, 'token-too-long'],
  ['two segments', `${head}.${body}`, 'token-malformed'],
  ['four segments', `${goodToken}.${tail}`, 'token-malformed'],
  ['a doubled segment', `${head}.${head}.${body}.${tail}`, 'token-malformed'],
  ['no signature', `${head}.${body}.`, 'token-malformed'],
  ['padding', `${goodToken}==`, 'token-malformed'],
  ['white space', `${goodToken}\n`, 'token-malformed'],
  ['the standard alphabet', `${head}.${body}.+/${tail.slice(2)}`, 'token-malformed'],
  ['a header that is no JSON', forge('{', goodClaims), 'header-malformed'],
  ['a header that is a list', forge([], goodClaims), 'header-malformed'],
  ['a header that is null', forge('null', goodClaims), 'header-malformed'],
  ['an empty header', `.${body}.${tail}`, 'header-malformed'],
  ['a critical extension', forge({ ...goodHeader, crit: ['b64'] }, goodClaims), 'header-malformed'],
  ['claims that are no object', forge(goodHeader, '"text"'), 'claims-malformed'],
  ['no key name', forge({ alg: 'ES256' }, goodClaims), 'key-unknown'],
  ['an unknown key', forge({ ...goodHeader, kid: 'other' }, goodClaims), 'key-unknown'],
  [
    'a key name that is no text',
    forge({ ...goodHeader, kid: ['ec-key'] }, goodClaims),
    'key-unknown',
  ],
  [
    'a key name of every object',
    forge({ ...goodHeader, kid: '__proto__' }, goodClaims),
    'key-unknown',
  ],
  ['algorithm none', forge({ ...goodHeader, alg: 'none' }, goodClaims), 'algorithm-mismatch'],
  ['the public key as an HMAC secret', confuse(), 'algorithm-mismatch'],
  [
    'the algorithm of another key',
    forge({ ...goodHeader, alg: 'EdDSA' }, goodClaims),
    'algorithm-mismatch',
  ],
  [
    'ES256 for an Ed25519 key',
    forge({ ...goodHeader, kid: 'ed-key' }, goodClaims),
    'algorithm-mismatch',
  ],
  [
    'an RSA key',
    signWith(rsa.privateKey, { alg: 'RS256', kid: 'rsa-key' }, 'sha256'),
    'algorithm-mismatch',
  ],
  [
    'a key on P-384',
    signWith(p384.privateKey, { alg: 'ES384', kid: 'p384-key' }, 'sha384'),
    'algorithm-mismatch',
  ],
  [
    'a signature in DER',
    `${head}.${body}.${derSignature.toString('base64url')}`,
    'signature-invalid',
  ],
  ['a signature cut short', `${head}.${body}.${cutSignature}`, 'signature-invalid'],
  ['a signature of zeros', `${head}.${body}.${'A'.repeat(86)}`, 'signature-invalid'],
  [
    'claims exchanged',
    `${head}.${encode({ ...goodClaims, exp: nowS + 999 })}.${tail}`,
    'signature-invalid',
  ],
  ['another subject', forge(goodHeader, { ...goodClaims, sub: 'ed-key' }), 'subject-mismatch'],
  ['no subject', forge(goodHeader, { iss: 'cdp', exp: nowS + 9 }), 'subject-mismatch'],
  ['another issuer', forge(goodHeader, { ...goodClaims, iss: 'me' }), 'issuer-unknown'],
  ['no issuer', forge(goodHeader, { sub: 'ec-key', exp: nowS + 9 }), 'issuer-unknown'],
  ['a beginning to come', forge(goodHeader, { ...goodClaims, nbf: nowS + 10 }), 'not-yet-valid'],
  ['an end gone by', forge(goodHeader, { ...goodClaims, exp: nowS - 10 }), 'expired'],
  ['no end', forge(goodHeader, { sub: 'ec-key', iss: 'cdp', nbf: nowS }), 'claims-malformed'],
  [
    'an end in words',
    forge(goodHeader, { ...goodClaims, exp: `${nowS + 99}` }),
    'claims-malformed',
  ],
];

describe('tokens that are refused', () => {
  it.each(REFUSED)('%s', (_name, token, reason) => {
    expect(verify(token)).toMatchObject({ ok: false, reason });
  });

  it.each(REFUSED)('%s is not quoted in the reason', (_name, token) => {
    const verdict = JSON.stringify(verify(token));
    expect(verdict).not.toContain(typeof token === 'string' && token ? token.slice(0, 20) : '\n');
  });

  it('are all that differ from a good one in any character', () => {
    fc.assert(
      fc.property(fc.nat(goodToken.length - 1), fc.constantFrom(...'AZaz09-_.'), (at, letter) => {
        const changed = goodToken.slice(0, at) + letter + goodToken.slice(at + 1);
        expect(verify(changed).ok).toBe(changed === goodToken);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('options of the verifier', () => {
  const create = (more: Partial<CoinbaseVerifierOptions>) =>
    createCoinbaseVerifier({ keys, clock: createVirtualTime(nowMs).clock, ...more });

  it('can refuse a nonce that was used, until its token has ended', async () => {
    const own = createVirtualTime(nowMs);
    const strict = create({ refuseReplays: true, clock: own.clock });
    expect(strict.verify(goodToken)).toMatchObject({ ok: true });
    expect(strict.verify(goodToken)).toMatchObject({ ok: false, reason: 'nonce-replayed' });
    const other = forge({ ...goodHeader, nonce: 'cd34' }, goodClaims);
    expect(strict.verify(other)).toMatchObject({ ok: true });
  });

  it('refuse rather than forget when the memory of nonces is full', async () => {
    const own = createVirtualTime(nowMs);
    const strict = create({ refuseReplays: true, replaysMax: 2, clock: own.clock });
    const fresh = (nonce: string, startsAtS: number) =>
      strict.verify(
        forge({ ...goodHeader, nonce }, { ...goodClaims, nbf: startsAtS, exp: startsAtS + 60 }),
      );
    expect([fresh('a', nowS).ok, fresh('b', nowS).ok]).toEqual([true, true]);
    expect(fresh('c', nowS)).toMatchObject({ reason: 'replay-store-full' });
    await own.advance(63_000);
    expect(fresh('c', nowS + 63)).toMatchObject({ ok: true });
  });

  it('can put a ceiling on the life of a token', () => {
    const strict = create({ lifetimeMaxS: 120 });
    expect(strict.verify(goodToken)).toMatchObject({ ok: true });
    const long = forge(goodHeader, { ...goodClaims, exp: nowS + 116 });
    expect(strict.verify(long)).toMatchObject({ ok: false, reason: 'lifetime-too-long' });
  });

  it('take keys from a function and any tolerance', () => {
    const lookup = create({ keys: (keyName) => keys.get(keyName), toleranceMs: 30_000 });
    const early = forge(goodHeader, { ...goodClaims, nbf: nowS + 29 });
    expect(lookup.verify(early)).toMatchObject({ ok: true });
  });
});
