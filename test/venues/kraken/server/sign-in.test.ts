import { describe, expect, it } from 'vitest';
import { createKrakenSigner } from '../../../../src/venues/kraken/credentials.js';
import { signKrakenRequest } from '../../../../src/venues/kraken/request.js';
import {
  createKrakenVerifier,
  type KrakenServerKey,
  type KrakenVerifierOptions,
} from '../../../../src/venues/kraken/server/sign-in.js';
import { createVirtualTime } from '../../../doubles/virtual-time.js';

const secretBytes = Buffer.alloc(64, 7);
const secret = secretBytes.toString('base64');
const path = '/0/private/GetWebSocketsToken';
const permissions = ['websocket-token'];

function createExchange(more: Partial<KrakenVerifierOptions> = {}, nonceWindow = 0n) {
  const time = createVirtualTime();
  const keys = new Map<string, KrakenServerKey>([
    ['K', { secret: secretBytes, permissions, nonceWindow }],
    ['POOR', { secret: secretBytes, permissions: [] }],
  ]);
  const verifier = createKrakenVerifier({ keys, clock: time.clock, ...more });
  const ask = (nonce: bigint | string, changes: Partial<ReturnType<typeof build>> = {}) =>
    verifier.verify({ ...build(nonce), ...changes });
  return { time, ask };
}

function build(nonce: bigint | string, body = `nonce=${nonce}`) {
  const signer = createKrakenSigner({ key: 'K', secret });
  const sign = signKrakenRequest({ path, nonce, body, signer }) as string;
  const headers: Record<string, string> = { 'api-key': 'K', 'api-sign': sign };
  return { path, headers, body, permission: 'websocket-token', client: '127.0.0.1' };
}

describe('a signed request', () => {
  it('is accepted from our own half', () => {
    expect(createExchange().ask(1n)).toEqual({ ok: true, key: 'K' });
  });

  it('may hold its nonce in a form or in JSON, as text or number, also beyond 2^53', () => {
    const { ask } = createExchange();
    const bodies = (nonce: bigint) => [
      `otp=1&nonce=${nonce}`,
      `{"nonce":"${nonce + 1n}"}`,
      `{"a":{"nonce":5},"nonce": ${nonce + 2n} }`,
    ];
    for (const base of [1_616_492_376_594n, 1_616_492_376_594_000_001n]) {
      bodies(base).forEach((body, index) => {
        const nonce = base + BigInt(index);
        expect(ask(nonce, build(nonce, body))).toMatchObject({ ok: true });
      });
    }
  });

  it('needs a known key and the right signature', () => {
    const { ask } = createExchange({ lockoutAfter: 99 });
    const good = build(1n);
    const unknown = { headers: { ...good.headers, 'api-key': 'L' } };
    expect(ask(1n, unknown)).toMatchObject({ error: 'EAPI:Invalid key' });
    expect(ask(1n, { headers: {} })).toMatchObject({ error: 'EAPI:Invalid key' });
    const invalid = 'EAPI:Invalid signature';
    expect(ask(1n, { headers: { 'api-key': 'K' } })).toMatchObject({ error: invalid });
    expect(ask(1n, { body: 'nonce=2' })).toMatchObject({ error: invalid });
    expect(ask(1n, { path: '/0/private/AddOrder' })).toMatchObject({ error: invalid });
    const short = { ...good.headers, 'api-sign': 'AAAA' };
    expect(ask(1n, { headers: short })).toMatchObject({ error: invalid });
  });

  it('needs the permission', () => {
    const { ask } = createExchange();
    const headers = { ...build(1n).headers, 'api-key': 'POOR' };
    expect(ask(1n, { headers })).toMatchObject({ error: 'EGeneral:Permission denied' });
  });

  const NO_NONCE = ['', 'x=1', '{}', '{"nonce":null}', '{"nonce":-1}', '{nonce', 'nonce=-5', '[1]'];
  it.each(NO_NONCE)('needs a nonce in digits (%j)', (body) => {
    const { ask } = createExchange();
    expect(ask('', build('', body))).toMatchObject({ error: 'EAPI:Invalid nonce' });
  });
});

describe('the nonces of a key', () => {
  const accepted = (ask: ReturnType<typeof createExchange>['ask'], nonce: bigint): boolean =>
    ask(nonce).ok;

  it('must rise, also beyond 2^53', () => {
    const { ask } = createExchange();
    expect(accepted(ask, 10n)).toBe(true);
    expect(ask(10n)).toMatchObject({ ok: false, error: 'EAPI:Invalid nonce' });
    expect(accepted(ask, 9n)).toBe(false);
    expect(accepted(ask, 2n ** 60n)).toBe(true);
    expect(accepted(ask, 2n ** 60n + 1n)).toBe(true);
    expect(accepted(ask, 2n ** 60n)).toBe(false);
    expect(accepted(ask, 2n ** 64n)).toBe(false);
  });

  it('may come late within the window, each once', () => {
    const { ask } = createExchange({}, 5n);
    expect(accepted(ask, 100n)).toBe(true);
    expect(accepted(ask, 96n)).toBe(true);
    expect(accepted(ask, 96n)).toBe(false);
    expect(accepted(ask, 100n)).toBe(false);
    expect(accepted(ask, 95n)).toBe(false);
    expect(accepted(ask, 101n)).toBe(true);
    expect(accepted(ask, 97n)).toBe(true);
    expect(accepted(ask, 96n)).toBe(false);
  });

  it('are not moved by a request that is signed wrongly', () => {
    const { ask } = createExchange();
    const forged = { ...build(1_000n), headers: { 'api-key': 'K', 'api-sign': 'AAAA' } };
    expect(ask(1_000n, forged)).toMatchObject({ error: 'EAPI:Invalid signature' });
    expect(accepted(ask, 1n)).toBe(true);
  });
});

describe('a client with wrong keys', () => {
  const wrong = { headers: { 'api-key': 'L' } };

  it('is locked out for a while, alone', async () => {
    const { time, ask } = createExchange({ lockoutAfter: 3, lockoutMs: 60_000 });
    for (let count = 0; count < 3; count += 1) {
      expect(ask(1n, wrong)).toMatchObject({ error: 'EAPI:Invalid key' });
    }
    expect(ask(1n)).toMatchObject({ error: 'EGeneral:Temporary lockout' });
    expect(ask(1n, { client: 'another' })).toMatchObject({ ok: true });
    await time.advance(60_000);
    expect(ask(2n)).toMatchObject({ ok: true });
  });

  it('is forgiven by a right one in between', () => {
    const { ask } = createExchange({ lockoutAfter: 2 });
    for (let nonce = 1n; nonce < 10n; nonce += 1n) {
      expect(ask(nonce, wrong)).toMatchObject({ error: 'EAPI:Invalid key' });
      expect(ask(nonce)).toMatchObject({ ok: true });
    }
  });
});
