import { describe, expect, it } from 'vitest';
import type { Signer } from '../../../src/model/auth.js';
import { Secret } from '../../../src/model/secret.js';
import {
  cloud9traderAuth,
  parseCloud9TraderCredentials,
  signCloud9TraderUpgrade,
} from '../../../src/venues/cloud9trader/auth.js';
import { createContext } from '../../auth/auth-context.js';
import { catchError, findLeak } from '../../auth/secret-leak.js';

/** Computed by an independent tool; `wrong` is what comes out when the secret's text is the key. */
const VECTORS = [
  {
    secret: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
    nowMs: 1_583_300_000_000,
    signature: '99d15a25c6d0bedb2711a73070fa1084910fd06ef23abb91b54ad5b106eb7e30',
    wrong: '1e240b08dc15b9a648328623bc5dd72b6b93ead08b470d04f982d717fc61dce2',
  },
  {
    secret: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    nowMs: 1_700_000_000_123,
    signature: '34223c208adf9f6ed479089e30c12741d1b9e45e85f62a214e1f5c1388f280b5',
    wrong: 'd1e286819a8d2a970edff23823b1246f7c34e0f12e82a5b82914a20f83de3b28',
  },
] as const;
const [{ secret }] = VECTORS;

describe('the three headers', () => {
  it.each(VECTORS)('decodes the secret before keying', ({ secret, nowMs, signature, wrong }) => {
    const headers = signCloud9TraderUpgrade({ key: 'PUBKEY', secret, nowMs });
    expect(headers).toEqual({
      'x-c9t-key': 'PUBKEY',
      'x-c9t-nonce': String(nowMs),
      'x-c9t-signature': signature,
    });
    expect(JSON.stringify(headers)).not.toContain(wrong);
  });

  it('sign another path where asked to', () => {
    const upgrade = { key: 'PUBKEY', secret, nowMs: 1_583_300_000_000 };
    const root = signCloud9TraderUpgrade(upgrade);
    const other = signCloud9TraderUpgrade({ ...upgrade, path: '/sockets' });
    expect(other).not.toEqual(root);
    expect(signCloud9TraderUpgrade({ ...upgrade, path: '/' })).toEqual(root);
  });

  it('are signed anew for each attempt, by the time of the server', async () => {
    const strategy = cloud9traderAuth({ key: 'PUBKEY', secret: new Secret(secret) });
    const [vector] = VECTORS;
    const context = createContext({ nowMs: () => vector.nowMs });
    const first = await strategy.prepareDial?.(context);
    expect(first?.headers).toMatchObject({ 'x-c9t-signature': vector.signature });
    expect(first?.usableUntilAtMs).toBe(vector.nowMs + 30_000);
    const second = await strategy.prepareDial?.(context);
    expect(second?.headers).toMatchObject({ 'x-c9t-nonce': String(vector.nowMs + 1) });
  });

  it('come from a signer elsewhere as well', async () => {
    const signer: Signer = { algorithm: 'HMAC-SHA256', sign: async () => new Uint8Array(32) };
    const headers = await signCloud9TraderUpgrade({ key: 'K', signer, nowMs: 5 });
    expect(headers['x-c9t-signature']).toBe('0'.repeat(64));
  });
});

describe('credentials that cannot be used', () => {
  it('are refused at once, without a trace of the secret', () => {
    const create = (key: string, text: string) =>
      catchError(() => cloud9traderAuth({ key, secret: text }));
    expect(create('', secret)).toMatchObject({ code: 'KEY_MISSING' });
    expect(create('a\r\nb: c', secret)).toMatchObject({ facts: { defect: 'key-damaged' } });
    const error = create('K', `${secret.slice(0, 41)}`);
    expect(error).toMatchObject({ code: 'KEY_INVALID', facts: { defect: 'truncated' } });
    expect(findLeak(error, secret)).toBeUndefined();
    const signer: Signer = { algorithm: 'HMAC-SHA512', sign: () => new Uint8Array(64) };
    expect(catchError(() => cloud9traderAuth({ key: 'K', signer }))).toMatchObject({
      facts: { defect: 'wrong-algorithm' },
    });
  });

  it('are read from a file', () => {
    const { key, secret: read } = parseCloud9TraderCredentials(`PUBKEY\n${secret}`);
    expect([key, read.reveal()]).toEqual(['PUBKEY', secret]);
    expect(catchError(() => parseCloud9TraderCredentials('PUBKEY\nno base64!'))).toMatchObject({
      facts: { defect: 'not-base64' },
    });
  });
});

describe('a refused upgrade', () => {
  it('gets one more attempt, a corrected clock, or the end', () => {
    const strategy = cloud9traderAuth({ key: 'K', secret });
    const error = { code: 'DIAL_REFUSED', retryable: true } as never;
    const classify = (refusals: number, skewMs?: number) =>
      strategy.classify({ stage: 'dial', httpStatus: 401, error, refusals, skewMs });
    expect(classify(1)).toBe('retry');
    expect(classify(1, 40_000)).toBe('retry-after-clock-sync');
    expect(classify(2)).toBe('fatal');
  });
});
