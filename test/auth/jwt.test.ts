import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { createJwtMinter } from '../../src/auth/jwt.js';
import { createKeySigner } from '../../src/auth/signer.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { catchRejection } from './secret-leak.js';

const nowMs = Date.UTC(2026, 7, 9, 21, 0, 0, 700);
const pairs = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
} as const;

function createMinter(
  algorithm: 'ES256' | 'EdDSA',
  signer = createKeySigner(pairs[algorithm].privateKey),
) {
  return createJwtMinter({
    signer,
    random: createSeededRandom(7),
    header: { kid: 'a "quoted" name \u00E9', typ: 'JWT' },
    claims: { sub: 'somebody', iss: 'us' },
    lifetimeS: 120,
    backdateS: 5,
    nonceBytes: 16,
  });
}

function readSegments(token: string): Record<string, unknown>[] {
  return token
    .split('.')
    .slice(0, 2)
    .map((segment) => JSON.parse(Buffer.from(segment, 'base64url').toString()) as never);
}

describe('a token', () => {
  for (const algorithm of ['ES256', 'EdDSA'] as const) {
    it(`verifies with jose (${algorithm})`, async () => {
      const token = await createMinter(algorithm).mint(nowMs);
      const { payload, protectedHeader } = await jwtVerify(token, pairs[algorithm].publicKey, {
        currentDate: new Date(nowMs),
        algorithms: [algorithm],
      });
      expect(protectedHeader).toMatchObject({ alg: algorithm, typ: 'JWT' });
      expect(payload.sub).toBe('somebody');
    });
  }

  it('verifies with jsonwebtoken (ES256)', () => {
    const token = createMinter('ES256').mint(nowMs) as string;
    const claims = jsonwebtoken.verify(token, pairs.ES256.publicKey, {
      algorithms: ['ES256'],
      clockTimestamp: nowMs / 1000,
    });
    expect(claims).toMatchObject({ sub: 'somebody', iss: 'us' });
  });

  it('begins a little before now and lives as long as said, in whole seconds', () => {
    const [, claims] = readSegments(createMinter('ES256').mint(nowMs) as string);
    const nowS = Math.floor(nowMs / 1000);
    expect(claims).toEqual({ sub: 'somebody', iss: 'us', nbf: nowS - 5, exp: nowS + 115 });
  });

  it('has the header fields in order and nothing beside them', () => {
    const [header = {}] = readSegments(createMinter('EdDSA').mint(nowMs) as string);
    expect(Object.keys(header)).toEqual(['alg', 'kid', 'typ', 'nonce']);
    expect(header.kid).toBe('a "quoted" name \u00E9');
    expect(header.nonce).toMatch(/^[0-9a-f]{32}$/);
  });

  it('carries another nonce each time, and the time of its own making', () => {
    const minter = createMinter('ES256');
    const tokens = Array.from({ length: 100 }, (_, count) => minter.mint(nowMs + count * 500));
    const headers = tokens.map((token) => readSegments(token as string)[0]?.nonce);
    expect(new Set(headers).size).toBe(100);
    const last = readSegments(tokens.at(-1) as string)[1];
    expect(last?.nbf).toBe(Math.floor((nowMs + 99 * 500) / 1000) - 5);
  });

  it('comes by a promise where the signer is elsewhere, and fails with it', async () => {
    const local = createKeySigner(pairs.ES256.privateKey);
    const remote = { algorithm: 'ES256', sign: async (bytes: Uint8Array) => local.sign(bytes) };
    const token = await createMinter('ES256', remote as never).mint(nowMs);
    await jwtVerify(token, pairs.ES256.publicKey, { currentDate: new Date(nowMs) });
    // A signer that has not read the bytes when it returns keeps them, whatever is made meanwhile.
    const signLate = async (bytes: Uint8Array) => {
      await Promise.resolve();
      return local.sign(bytes);
    };
    const later = createMinter('ES256', { algorithm: 'ES256', sign: signLate });
    const tokens = await Promise.all([later.mint(nowMs), later.mint(nowMs + 1_000)]);
    expect(tokens[0]).not.toBe(tokens[1]);
    for (const one of tokens) {
      await jwtVerify(one, pairs.ES256.publicKey, { currentDate: new Date(nowMs) });
    }
    // One made of our own says what is no longer true of it.
    const slow = createMinter('ES256', { ...local, sign: signLate });
    const late = await Promise.all([slow.mint(nowMs), slow.mint(nowMs), slow.mint(nowMs + 1_000)]);
    for (const one of late) {
      await jwtVerify(one, pairs.ES256.publicKey, { currentDate: new Date(nowMs) });
    }
    const broken = { algorithm: 'ES256', sign: () => Promise.reject(new Error('gone')) } as const;
    const error = await catchRejection(Promise.resolve(createMinter('ES256', broken).mint(nowMs)));
    expect(error).toMatchObject({ code: 'SIGNER_FAILED' });
  });
});

describe('what tokens have in common', () => {
  const mintWith = (header: Record<string, string>, nonceBytes: number) => {
    const { privateKey, publicKey } = pairs.ES256;
    const minter = createJwtMinter({
      signer: createKeySigner(privateKey),
      random: createSeededRandom(3),
      header,
      claims: { sub: 'x' },
      lifetimeS: 120,
      backdateS: 5,
      nonceBytes,
    });
    return { minter, publicKey };
  };

  it.each([0, 1, 2, 3, 4, 5])('may be of any length (%i)', (length) => {
    for (const nonceBytes of [1, 2, 3, 16]) {
      const { minter, publicKey } = mintWith({ kid: 'k'.repeat(length) }, nonceBytes);
      for (const atMs of [nowMs, nowMs, nowMs + 1_000, 1e12 * 9]) {
        const token = minter.mint(atMs) as string;
        const clockTimestamp = atMs / 1_000;
        expect(() => jsonwebtoken.verify(token, publicKey, { clockTimestamp })).not.toThrow();
        const [header] = readSegments(token);
        expect(header).toMatchObject({ alg: 'ES256', kid: 'k'.repeat(length) });
        expect(header?.['nonce']).toMatch(new RegExp(`^[0-9a-f]{${2 * nonceBytes}}$`));
      }
    }
  });

  it('is not mixed up where several are signed elsewhere at once', async () => {
    const waiting: (() => void)[] = [];
    const key = createKeySigner(pairs.ES256.privateKey);
    const minter = createMinter('ES256', {
      algorithm: 'ES256',
      sign: (bytes) =>
        new Promise((resolve) => {
          waiting.push(() => resolve(key.sign(bytes)));
        }),
    });
    const tokens = [minter.mint(nowMs), minter.mint(nowMs + 5_000), minter.mint(nowMs)];
    for (const answer of waiting.reverse()) answer();
    const made = await Promise.all(tokens.map((token) => Promise.resolve(token)));
    expect(new Set(made).size).toBe(3);
    for (const token of made) {
      expect(() =>
        jsonwebtoken.verify(token, pairs.ES256.publicKey, { clockTimestamp: nowMs / 1_000 }),
      ).not.toThrow();
    }
  });

  it('is not made with less randomness than was asked for', () => {
    const minter = createJwtMinter({
      signer: createKeySigner(pairs.ES256.privateKey),
      random: { fraction: () => 0, bytes: () => new Uint8Array(8) },
      header: {},
      claims: {},
      lifetimeS: 120,
      backdateS: 5,
      nonceBytes: 16,
    });
    expect(() => minter.mint(nowMs)).toThrow(RangeError);
  });
});
