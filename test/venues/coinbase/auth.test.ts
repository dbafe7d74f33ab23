import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Signer } from '../../../src/model/auth.js';
import { Secret } from '../../../src/model/secret.js';
import {
  coinbaseAuth,
  createCoinbaseJwtMinter,
  parseCoinbaseKeyFile,
} from '../../../src/venues/coinbase/auth.js';
import { createContext } from '../../auth/auth-context.js';
import { catchError, findLeak } from '../../auth/secret-leak.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';

const keyName = 'organizations/4a5b/apiKeys/6c7d8e9f';
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');
const sec1 = String(p256.privateKey.export({ format: 'pem', type: 'sec1' }));
const pkcs8 = String(edwards.privateKey.export({ format: 'pem', type: 'pkcs8' }));
const nowMs = Date.UTC(2026, 7, 9, 21, 0, 0, 999);

function decodeToken(token: string): { header: unknown; claims: unknown } {
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((segment) => JSON.parse(Buffer.from(segment, 'base64url').toString()) as unknown);
  return { header, claims };
}

function mint(privateKey: string | Secret): string {
  const minter = createCoinbaseJwtMinter({ keyName, privateKey }, createSeededRandom(3));
  return minter.mint(nowMs) as string;
}

describe('the token', () => {
  it('holds what the venue asks for and nothing beside it', () => {
    const { header, claims } = decodeToken(mint(sec1));
    expect(header).toEqual({
      alg: 'ES256',
      kid: keyName,
      typ: 'JWT',
      nonce: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
    const notBeforeS = Math.floor(nowMs / 1000) - 5;
    expect(claims).toEqual({ sub: keyName, iss: 'cdp', nbf: notBeforeS, exp: notBeforeS + 120 });
  });

  it('takes its algorithm from the key', async () => {
    const options = { currentDate: new Date(nowMs) };
    const ecdsa = await jwtVerify(mint(sec1), p256.publicKey, options);
    expect(ecdsa.protectedHeader.alg).toBe('ES256');
    const eddsa = await jwtVerify(mint(new Secret(pkcs8)), edwards.publicKey, options);
    expect(eddsa.protectedHeader.alg).toBe('EdDSA');
  });

  it('is made at once with a key in this process, and by a promise with a signer elsewhere', () => {
    expect(typeof mint(sec1)).toBe('string');
    const signer: Signer = { algorithm: 'ES256', sign: async () => new Uint8Array(64) };
    const minter = createCoinbaseJwtMinter({ keyName, signer }, createSeededRandom(3));
    expect(minter.mint(nowMs)).toBeInstanceOf(Promise);
    expect(minter).toMatchObject({ keyName, algorithm: 'ES256' });
  });

  it('is fresh in each message, by the time of the server', () => {
    const tools = { random: createSeededRandom(3) };
    const strategy = coinbaseAuth({ keyName, privateKey: sec1 }, tools);
    const message = { type: 'subscribe', channel: 'user' };
    const sign = (atMs: number) =>
      strategy.decorate?.(message, createContext({ nowMs: () => atMs })) as { jwt: string };
    const first = sign(nowMs);
    expect(first).toMatchObject(message);
    expect(sign(nowMs).jwt).not.toBe(first.jwt);
    const nbf = Math.floor((nowMs + 60_000) / 1000) - 5;
    expect(decodeToken(sign(nowMs + 60_000).jwt).claims).toMatchObject({ nbf });
    expect(message).toEqual({ type: 'subscribe', channel: 'user' });
  });
});

describe('credentials that cannot be used', () => {
  const create = (credentials: Parameters<typeof createCoinbaseJwtMinter>[0]) =>
    catchError(() => createCoinbaseJwtMinter(credentials, createSeededRandom(1)));

  it('are refused before anything is sent', () => {
    expect(create({ keyName: ' ', privateKey: sec1 })).toMatchObject({ code: 'KEY_MISSING' });
    expect(create({ keyName, privateKey: 'nonsense' })).toMatchObject({ code: 'KEY_INVALID' });
    expect(create({ keyName: 'a\nb', privateKey: sec1 })).toMatchObject({
      facts: { defect: 'key-name-damaged' },
    });
    const signer: Signer = { algorithm: 'HMAC-SHA256', sign: () => new Uint8Array(32) };
    expect(create({ keyName, signer })).toMatchObject({ facts: { defect: 'wrong-algorithm' } });
  });

  it('that are swapped are named so, without the key', () => {
    const error = create({ keyName: sec1, privateKey: keyName });
    expect(error).toMatchObject({ facts: { defect: 'key-name-is-key' } });
    expect(findLeak(error, sec1.replace(/-----.*-----/g, '').replace(/\s/g, ''))).toBeUndefined();
    const { d = '', x = '' } = edwards.privateKey.export({ format: 'jwk' });
    const whole = Buffer.concat([d, x].map((half) => Buffer.from(half, 'base64url')));
    const pkcs8 = edwards.privateKey.export({ format: 'der', type: 'pkcs8' });
    const texts = [d, whole.toString('base64'), pkcs8.toString('base64')];
    texts.push(whole.toString('hex'), Buffer.from(sec1).toString('base64'));
    const spellings = ['', '"', "'", '`', '\u201C', ',', '\\n', ' '].map(
      (edge) => `${edge}${whole.toString('base64').replaceAll('/', '\\/')}${edge}`,
    );
    for (const text of [...texts, ...spellings]) {
      const swapped = create({ keyName: text, privateKey: text });
      expect(swapped).toMatchObject({ facts: { defect: 'key-name-is-key' } });
      expect(findLeak(swapped, text)).toBeUndefined();
    }
  });
});

describe('the downloaded key file', () => {
  it('is read in the older and the newer form', () => {
    const older = parseCoinbaseKeyFile(
      JSON.stringify({ name: keyName, privateKey: sec1, nickname: 'n', enabled: true }),
    );
    expect(older.keyName).toBe(keyName);
    expect(mint(older.privateKey)).toMatch(/^ey/);
    const { d = '' } = edwards.privateKey.export({ format: 'jwk' });
    const newer = parseCoinbaseKeyFile(JSON.stringify({ id: 'a-b-c', privateKey: d }));
    expect(newer.keyName).toBe('a-b-c');
    expect(decodeToken(mint(newer.privateKey)).header).toMatchObject({ alg: 'EdDSA' });
  });

  it('prefers the full name to the id', () => {
    const text = JSON.stringify({ id: 'id', name: 'name', privateKey: sec1 });
    expect(parseCoinbaseKeyFile(text).keyName).toBe('name');
  });

  const DEFECTS: readonly (readonly [string, string, string])[] = [
    ['empty', '', 'file-empty'],
    ['cut off', JSON.stringify({ name: keyName, privateKey: sec1 }).slice(0, 90), 'json-damaged'],
    ['a PEM', sec1, 'json-damaged'],
    ['a list', '[]', 'json-not-an-object'],
    ['without a name', JSON.stringify({ privateKey: sec1 }), 'name-missing'],
    ['of another venue', JSON.stringify({ key: 'k', secret: sec1 }), 'name-missing'],
    ['without a key', JSON.stringify({ name: keyName }), 'private-key-missing'],
    ['with a key that is no text', '{"name":"n","privateKey":{}}', 'private-key-missing'],
  ];
  it.each(DEFECTS)('that is %s is refused by name and not quoted', (_name, text, defect) => {
    const error = catchError(() => parseCoinbaseKeyFile(text));
    expect(error).toMatchObject({ code: 'KEY_INVALID', facts: { defect } });
    expect(findLeak(error, sec1.replace(/-----.*-----/g, '').replace(/\s/g, ''))).toBeUndefined();
  });

  it('does not show its key when printed', () => {
    const file = parseCoinbaseKeyFile(JSON.stringify({ name: keyName, privateKey: sec1 }));
    expect(JSON.stringify(file)).toBe(JSON.stringify({ keyName, privateKey: '[secret]' }));
  });
});
