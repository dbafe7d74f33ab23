import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHmacSigner, createKeySigner, requestSignature } from '../../src/auth/signer.js';
import type { Signer } from '../../src/model/auth.js';
import type { Secret } from '../../src/model/secret.js';
import { catchError, catchRejection, findLeak } from './secret-leak.js';

const bytes = Buffer.from('to be signed');

describe('a signer with a private key', () => {
  it('makes raw ES256 signatures with a key on P-256', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signer = createKeySigner(privateKey);
    const signature = signer.sign(bytes) as Uint8Array;
    expect(signer.algorithm).toBe('ES256');
    expect(signature.length).toBe(64);
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', bytes, key, signature)).toBe(true);
  });

  it('makes EdDSA signatures with an Ed25519 key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const signer = createKeySigner(privateKey);
    expect(signer.algorithm).toBe('EdDSA');
    expect(verify(null, bytes, publicKey, signer.sign(bytes) as Uint8Array)).toBe(true);
  });

  it.each([
    { type: 'ES256', pair: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
    { type: 'EdDSA', pair: () => generateKeyPairSync('ed25519') },
  ])('writes into the place given, where a signature fits exactly ($type)', ({ pair }) => {
    const { privateKey, publicKey } = pair();
    const signer = createKeySigner(privateKey);
    const target = new Uint8Array(64);
    expect(signer.sign(bytes, target)).toBe(target);
    const hash = signer.algorithm === 'ES256' ? 'sha256' : null;
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify(hash, bytes, key, target)).toBe(true);
    for (const length of [0, 63, 100]) {
      expect(() => signer.sign(bytes, new Uint8Array(length))).toThrow(RangeError);
    }
  });

  it('refuses other keys', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(catchError(() => createKeySigner(privateKey))).toMatchObject({ code: 'KEY_INVALID' });
  });
});

describe('a signer with a shared secret', () => {
  it('makes the HMAC of the bytes', () => {
    const secret = Buffer.from('0123456789abcdef');
    for (const [algorithm, hash] of [
      ['HMAC-SHA256', 'sha256'],
      ['HMAC-SHA512', 'sha512'],
    ] as const) {
      const signature = createHmacSigner(secret, algorithm).sign(bytes) as Uint8Array;
      expect(Buffer.from(signature)).toEqual(createHmac(hash, secret).update(bytes).digest());
    }
  });

  it('refuses an empty secret', () => {
    expect(catchError(() => createHmacSigner(new Uint8Array(), 'HMAC-SHA256'))).toMatchObject({
      code: 'KEY_INVALID',
    });
  });
});

describe('a signer of the user', () => {
  const failing = (sign: Signer['sign']): Signer => ({ algorithm: 'ES256', sign });

  it('that throws or rejects becomes SIGNER_FAILED, with a hidden cause', async () => {
    const cause = new Error('cannot read MHcCAQEEIGjUN6TIlZpkeymaterial');
    const throwing = failing(() => {
      throw cause;
    });
    const thrown = catchError(() => requestSignature(throwing, bytes)) as Error;
    expect(thrown).toMatchObject({ code: 'SIGNER_FAILED', retryable: true });
    expect((thrown.cause as Secret<Error>).reveal()).toBe(cause);
    expect(findLeak(thrown, cause.message)).toBeUndefined();
    const rejecting = failing(() => Promise.reject(cause));
    const error = await catchRejection(Promise.resolve(requestSignature(rejecting, bytes)));
    expect(error).toMatchObject({ code: 'SIGNER_FAILED' });
    expect(((error as Error).cause as Secret<Error>).reveal()).toBe(cause);
    expect(findLeak(error, cause.message)).toBeUndefined();
  });

  it('that returns DER, or no bytes, is told what is expected', async () => {
    const der = failing(() => new Uint8Array(71));
    expect(catchError(() => requestSignature(der, bytes))).toMatchObject({
      code: 'SIGNER_FAILED',
      retryable: false,
      facts: { expectedBytes: 64, receivedBytes: 71 },
    });
    const nothing = failing(() => Promise.resolve(undefined as unknown as Uint8Array));
    const error = await catchRejection(Promise.resolve(requestSignature(nothing, bytes)));
    expect(error).toMatchObject({ code: 'SIGNER_FAILED', retryable: false });
  });

  it('that returns something which cannot even be looked at becomes SIGNER_FAILED', async () => {
    const refuse = (): never => {
      throw new Error('MHcCAQEEIGjUN6TIlZpkeymaterial');
    };
    const hostile = [
      new Proxy(new Uint8Array(64), { get: refuse }),
      new Proxy(new Uint8Array(64), { getPrototypeOf: refuse }),
      Object.defineProperty({}, 'then', { get: refuse }),
      { then: refuse },
    ] as unknown as Uint8Array[];
    for (const answer of hostile) {
      const answers = [() => answer, () => new Promise<Uint8Array>((done) => done(answer))];
      for (const sign of answers) {
        const asked = (async () => requestSignature(failing(sign), bytes))();
        const error = await catchRejection(asked);
        expect(error).toMatchObject({ code: 'SIGNER_FAILED' });
        expect(findLeak(error, 'MHcCAQEEIGjUN6TIlZpkeymaterial')).toBeUndefined();
      }
    }
  });

  it('stays synchronous where it is', () => {
    const signature = new Uint8Array(64);
    expect(
      requestSignature(
        failing(() => signature),
        bytes,
      ),
    ).toBe(signature);
  });
});
