import { describe, expect, it } from 'vitest';
import { createFreshNonces } from '../../src/auth/nonce.js';
import { signedUpgrade, type UpgradeCredentials } from '../../src/auth/signed-upgrade.js';
import { createHmacSigner } from '../../src/auth/signer.js';
import { createContext } from './auth-context.js';
import { catchRejection } from './secret-leak.js';

const signer = createHmacSigner(Buffer.from('secret'), 'HMAC-SHA256');

function createStrategy(credentials: () => UpgradeCredentials | Promise<UpgradeCredentials>) {
  const nonces = createFreshNonces();
  return signedUpgrade({
    credentials,
    nonce: (nowMs) => nonces.take(nowMs),
    layout: ({ url, key, nonce }) => ({
      message: `${url} ${nonce}`,
      place: (signature) => ({
        headers: { key, nonce: String(nonce), signature: Buffer.from(signature).toString('hex') },
      }),
    }),
    usableForMs: 30_000,
  });
}

describe('signing the upgrade', () => {
  it('signs again on each attempt', async () => {
    const strategy = createStrategy(() => ({ key: 'k', signer }));
    const context = createContext();
    const first = await strategy.prepareDial?.(context);
    const second = await strategy.prepareDial?.(context);
    expect(first?.headers?.signature).toMatch(/^[0-9a-f]{64}$/);
    expect(second?.headers?.nonce).not.toBe(first?.headers?.nonce);
    expect(second?.headers?.signature).not.toBe(first?.headers?.signature);
  });

  it('uses the key of the moment', async () => {
    let key = 'old';
    const strategy = createStrategy(async () => ({ key, signer }));
    await strategy.prepareDial?.(createContext());
    key = 'new';
    expect((await strategy.prepareDial?.(createContext()))?.headers?.key).toBe('new');
  });

  it('follows the time of the server, also back', async () => {
    const strategy = createStrategy(() => ({ key: 'k', signer }));
    const at = async (nowMs: number) =>
      (await strategy.prepareDial?.(createContext({ nowMs: () => nowMs })))?.headers?.nonce;
    expect(await at(1_700_000_040_000)).toBe('1700000040000');
    expect(await at(1_700_000_000_000)).toBe('1700000000000');
  });

  it('says until when it may be used, from before the signer was asked', async () => {
    let nowMs = 1_000_000;
    const slow = {
      algorithm: 'HMAC-SHA256' as const,
      sign: async (bytes: Uint8Array) => {
        nowMs += 29_000;
        return signer.sign(bytes);
      },
    };
    const strategy = createStrategy(() => ({ key: 'k', signer: slow }));
    const dial = await strategy.prepareDial?.(createContext({ nowMs: () => nowMs }));
    expect(dial?.usableUntilAtMs).toBe(1_030_000);
  });

  it('fails with SIGNER_FAILED where the signer rejects', async () => {
    const broken = {
      algorithm: 'HMAC-SHA256' as const,
      sign: () => Promise.reject(new Error('away')),
    };
    const strategy = createStrategy(() => ({ key: 'k', signer: broken }));
    const error = await catchRejection(Promise.resolve(strategy.prepareDial?.(createContext())));
    expect(error).toMatchObject({ code: 'SIGNER_FAILED' });
  });
});
