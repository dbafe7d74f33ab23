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
});

async function expectVerified(tokens: readonly string[]): Promise<void> {
  for (const token of tokens) {
    await jwtVerify(token, pairs.ES256.publicKey, { currentDate: new Date(nowMs) });
  }
}

describe('a signer elsewhere', () => {
  const local = createKeySigner(pairs.ES256.privateKey);

  it('makes a token come by a promise, and fail with it', async () => {
    const remote = { algorithm: 'ES256', sign: async (bytes: Uint8Array) => local.sign(bytes) };
    await expectVerified([await createMinter('ES256', remote as never).mint(nowMs)]);
    const broken = { algorithm: 'ES256', sign: () => Promise.reject(new Error('gone')) } as const;
    const error = await catchRejection(Promise.resolve(createMinter('ES256', broken).mint(nowMs)));
    expect(error).toMatchObject({ code: 'SIGNER_FAILED' });
  });

  it.each([
    { what: 'keeps the bytes', place: 'its own' },
    { what: 'hands on where to write as well', place: 'where it was told' },
  ])('may read late, also where it $what', async ({ place }) => {
    const minter = createMinter('ES256', {
      ...local,
      sign: async (bytes, target) => {
        await Promise.resolve();
        return place === 'its own' ? local.sign(bytes) : local.sign(bytes, target);
      },
    });
    const times = [nowMs, nowMs, nowMs + 1_000, nowMs];
    const tokens = await Promise.all(times.map(async (atMs) => minter.mint(atMs)));
    expect(new Set(tokens).size).toBe(times.length);
    await expectVerified(tokens);
  });
});

describe('a signer that answers at once', () => {
  it('may keep the bytes unless it writes where it was told', async () => {
    const local = createKeySigner(pairs.ES256.privateKey);
    const kept: Uint8Array[] = [];
    const keeping = createMinter('ES256', {
      algorithm: 'ES256',
      sign: (bytes) => {
        kept.push(bytes);
        return local.sign(bytes);
      },
    });
    const tokens = [keeping.mint(nowMs), keeping.mint(nowMs)] as string[];
    for (const [index, token] of tokens.entries()) {
      expect(Buffer.from(kept[index] ?? []).toString()).toBe(
        token.slice(0, token.lastIndexOf('.')),
      );
    }
    await expectVerified(tokens);
  });

  it('is told the same place again where it wrote there', () => {
    const local = createKeySigner(pairs.EdDSA.privateKey);
    const places = new Set<unknown>();
    const minter = createMinter('EdDSA', {
      algorithm: 'EdDSA',
      sign: (bytes, target) => {
        places.add(target);
        return local.sign(bytes, target);
      },
    });
    const tokens = new Set(Array.from({ length: 600 }, () => minter.mint(nowMs)));
    expect(tokens.size).toBe(600);
    expect(places.size).toBe(1);
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
