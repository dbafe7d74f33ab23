import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertDerSignature, judgeDerSequence } from '../../src/auth/der.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A DER integer as an independent, plain encoder writes it. */
function encodeInteger(bytes: Uint8Array): number[] {
  const digits = [...bytes];
  while (digits.length > 1 && digits[0] === 0) digits.shift();
  if ((digits[0] ?? 0) >= 0x80) digits.unshift(0);
  return [0x02, digits.length, ...digits];
}

function encodeSignature(raw: Uint8Array): Uint8Array {
  const body = [...encodeInteger(raw.subarray(0, 32)), ...encodeInteger(raw.subarray(32))];
  return Uint8Array.from([0x30, body.length, ...body]);
}

describe('a signature in DER', () => {
  it('becomes the raw form that verifies, for many signatures', () => {
    const publicKey = createPublicKey(privateKey);
    for (let count = 0; count < 2_000; count += 1) {
      const bytes = Buffer.from(`message ${count}`);
      const raw = convertDerSignature(sign('sha256', bytes, privateKey));
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
      expect(raw.length).toBe(64);
      expect(verify('sha256', bytes, key, raw)).toBe(true);
    }
  });

  it('keeps every value of r and s, however short', () => {
    const half = fc
      .tuple(fc.integer({ min: 0, max: 31 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
      .map(([zeros, bytes]) => bytes.fill(0, 0, zeros));
    fc.assert(
      fc.property(half, half, (r, s) => {
        const raw = Buffer.concat([r, s]);
        expect(Buffer.from(convertDerSignature(encodeSignature(raw)))).toEqual(raw);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is written whole into the place given, whatever was there', () => {
    const target = new Uint8Array(64).fill(0xff);
    const raw = Buffer.alloc(64);
    raw[31] = 1;
    raw[63] = 2;
    expect(convertDerSignature(encodeSignature(raw), target)).toBe(target);
    expect(Buffer.from(target)).toEqual(raw);
    for (const length of [0, 63, 65, 96, 128]) {
      const wrong = new Uint8Array(length);
      expect(() => convertDerSignature(encodeSignature(raw), wrong)).toThrow(RangeError);
    }
  });

  it('is refused when cut, continued, or altered in its structure', () => {
    const der = encodeSignature(Buffer.alloc(64, 7));
    for (let length = 0; length < der.length; length += 1) {
      expect(() => convertDerSignature(der.subarray(0, length))).toThrow(RangeError);
    }
    expect(() => convertDerSignature(Buffer.concat([der, Buffer.of(0)]))).toThrow(RangeError);
    const long = Buffer.concat([Buffer.alloc(33, 7)]);
    const body = [0x02, 33, ...long, 0x02, 1, 1];
    expect(() => convertDerSignature(Uint8Array.from([0x30, body.length, ...body]))).toThrow(
      RangeError,
    );
    const negative = Uint8Array.from([0x30, 6, 0x02, 1, 0x80, 0x02, 1, 1]);
    expect(() => convertDerSignature(negative)).toThrow(RangeError);
    const padded = Uint8Array.from([0x30, 7, 0x02, 2, 0, 1, 0x02, 1, 1]);
    expect(() => convertDerSignature(padded)).toThrow(RangeError);
  });

  it('never makes anything but 64 bytes or a RangeError from any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          expect(convertDerSignature(bytes).length).toBe(64);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a DER sequence', () => {
  it('is whole, short, long or none', () => {
    expect(judgeDerSequence(Uint8Array.of(0x30, 1, 5))).toBe('whole');
    expect(judgeDerSequence(Uint8Array.of(0x30, 2, 5))).toBe('short');
    expect(judgeDerSequence(Uint8Array.of(0x30, 1, 5, 6))).toBe('long');
    expect(judgeDerSequence(Uint8Array.of(0x31, 1, 5))).toBe('none');
    expect(judgeDerSequence(new Uint8Array())).toBe('none');
  });
});
