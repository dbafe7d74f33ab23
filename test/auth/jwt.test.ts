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
    const broken = { algorithm: 'ES256', sign: () => Promise.reject(new Error('gone')) } as const;
    const error = await catchRejection(Promise.resolve(createMinter('ES256', broken).mint(nowMs)));
    expect(error).toMatchObject({ code: 'SIGNER_FAILED' });
  });
});
