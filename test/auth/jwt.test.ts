import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { createJwtMinter, type JwtMinter, type JwtMinterOptions } from '../../src/auth/jwt.js';
import { createKeySigner } from '../../src/auth/signer.js';
import type { Signer } from '../../src/model/auth.js';
import { AuthError } from '../../src/model/error.js';
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
    const remote: Signer = { algorithm: 'ES256', sign: async (bytes) => local.sign(bytes) };
    await expectVerified([await createMinter('ES256', remote).mint(nowMs)]);
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

  it('is not mixed up where several are signed elsewhere at once', async () => {
    const waiting: (() => void)[] = [];
    const minter = createMinter('ES256', {
      algorithm: 'ES256',
      sign: (bytes) =>
        new Promise((resolve) => {
          waiting.push(() => resolve(local.sign(bytes)));
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

  it('may give away what it was lent', async () => {
    const minter = createMinter('ES256', {
      algorithm: 'ES256',
      sign: async (bytes, target) => {
        const signature = Uint8Array.from(await local.sign(bytes, target));
        for (const { buffer } of [bytes, target ?? new Uint8Array()]) {
          structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
        }
        return signature;
      },
    });
    for (let count = 0; count < 3; count += 1) await expectVerified([await minter.mint(nowMs)]);
  });

  it('takes nothing away in silence after it wrote where it was told', async () => {
    let isTaking = false;
    const minter = createMinter('ES256', {
      algorithm: 'ES256',
      sign: (bytes, target) => {
        if (!isTaking) return local.sign(bytes, target);
        const signature = local.sign(bytes);
        structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] });
        return signature;
      },
    });
    await expectVerified([await minter.mint(nowMs)]);
    isTaking = true;
    expect(() => minter.mint(nowMs)).toThrow(RangeError);
    await expectVerified([await minter.mint(nowMs)]);
  });

  it('may wipe what it has signed', async () => {
    const minter = createMinter('ES256', {
      algorithm: 'ES256',
      sign: async (bytes) => {
        const signature = await local.sign(bytes);
        bytes.fill(0);
        return signature;
      },
    });
    await expectVerified([await minter.mint(nowMs), await minter.mint(nowMs)]);
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

  it.each([
    { how: 'throws', answer: new Error('gone') },
    { how: 'returns too little', answer: new Uint8Array(3) },
  ])('may keep the bytes also where it $how', ({ answer }) => {
    const kept: Uint8Array[] = [];
    const failing = createMinter('ES256', {
      algorithm: 'ES256',
      sign: (bytes) => {
        kept.push(bytes);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    expect(() => failing.mint(nowMs)).toThrow(AuthError);
    const before = Buffer.from(kept[0] ?? []);
    expect(() => failing.mint(nowMs)).toThrow(AuthError);
    expect(before.length).toBeGreaterThan(100);
    expect(Buffer.from(kept[0] ?? [])).toEqual(before);
    expect(Buffer.from(kept[1] ?? [])).not.toEqual(before);
  });

  it('cannot ask for a token of the minter that asks it', async () => {
    const local = createKeySigner(pairs.ES256.privateKey);
    let isAsking = false;
    const minter: JwtMinter = createMinter('ES256', {
      algorithm: 'ES256',
      sign: (bytes, target) => {
        if (isAsking) {
          isAsking = false;
          void minter.mint(nowMs);
        }
        return local.sign(bytes, target);
      },
    });
    for (const before of [0, 2]) {
      const tokens = Array.from({ length: before }, () => minter.mint(nowMs) as string);
      isAsking = true;
      expect(() => minter.mint(nowMs)).toThrow(RangeError);
      await expectVerified([...tokens, minter.mint(nowMs) as string]);
    }
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
});

describe('a minter', () => {
  const good: JwtMinterOptions = {
    signer: createKeySigner(pairs.ES256.privateKey),
    random: createSeededRandom(3),
    header: { kid: 'x' },
    claims: { sub: 'x' },
    lifetimeS: 120,
    backdateS: 5,
    nonceBytes: 16,
  };
  const hmac: Signer = { algorithm: 'HMAC-SHA256', sign: () => new Uint8Array(32) };

  it.each<Partial<JwtMinterOptions>>([
    { header: { alg: 'none' } },
    { header: { nonce: '00' } },
    { claims: { exp: '0' } },
    { claims: { nbf: '0' } },
    { lifetimeS: NaN },
    { lifetimeS: Infinity },
    { lifetimeS: -120 },
    { lifetimeS: '120' as never },
    { nonceBytes: 0 },
    { nonceBytes: 1.5 },
    { signer: hmac },
  ])('is not made of what makes no valid token: %o', (wrong) => {
    expect(() => createJwtMinter(good)).not.toThrow();
    expect(() => createJwtMinter({ ...good, ...wrong })).toThrow(RangeError);
  });

  it.each([NaN, Infinity, -Infinity])('makes no token for %d, and goes on', (wrongMs) => {
    const minter = createJwtMinter(good);
    expect(() => minter.mint(wrongMs)).toThrow(RangeError);
    const [, claims] = readSegments(minter.mint(nowMs) as string);
    expect(claims?.['nbf']).toBe(Math.floor(nowMs / 1000) - 5);
  });

  it.each([
    ['wipes', (bytes: Uint8Array) => void bytes.fill(0)],
    [
      'takes away',
      (bytes: Uint8Array) => void structuredClone(0, { transfer: [bytes.buffer as ArrayBuffer] }),
    ],
  ])('refuses the work of a signer that %s what it was to read, and goes on', (_what, spoil) => {
    let isSpoilt = true;
    const signer: Signer = {
      algorithm: 'ES256',
      sign(bytes, target) {
        const signature = good.signer.sign(bytes, target);
        if (isSpoilt) spoil(bytes);
        return signature;
      },
    };
    const minter = createJwtMinter({ ...good, signer });
    expect(() => minter.mint(nowMs)).toThrow(RangeError);
    expect(() => minter.mint(nowMs)).toThrow(RangeError);
    isSpoilt = false;
    expect(readSegments(minter.mint(nowMs) as string)[1]?.['sub']).toBe('x');
  });

  it('takes no less randomness than it asked for', () => {
    const random = { fraction: () => 0, bytes: () => new Uint8Array(8) };
    expect(() => createJwtMinter({ ...good, random }).mint(nowMs)).toThrow(RangeError);
  });

  it('hands no nonce out twice where its source uses its array again', () => {
    const seeded = createSeededRandom(4);
    const array = new Uint8Array(256 * 16);
    const random = {
      fraction: () => 0,
      bytes: (count: number) => {
        array.set(seeded.bytes(count));
        return array;
      },
    };
    const minters = [createJwtMinter({ ...good, random }), createJwtMinter({ ...good, random })];
    const nonces = new Set<unknown>();
    for (let count = 0; count < 300; count += 1) {
      for (const minter of minters) {
        nonces.add(readSegments(minter.mint(nowMs) as string)[0]?.['nonce']);
      }
    }
    expect(nonces.size).toBe(600);
  });
});
