import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signCloud9TraderUpgrade } from '../../../../src/venues/cloud9trader/auth.js';
import { createCloud9TraderVerifier } from '../../../../src/venues/cloud9trader/server/sign-in.js';
import { createVirtualTime } from '../../../doubles/virtual-time.js';

const secretBytes = Buffer.from('0123456789abcdef0123456789abcdef');
const secret = secretBytes.toString('base64');
const startAtMs = 1_700_000_000_000;

function createVerifier(more: { replaysMax?: number } = {}) {
  const time = createVirtualTime(startAtMs);
  const secrets = new Map([['K', secretBytes]]);
  const verifier = createCloud9TraderVerifier({ secrets, clock: time.clock, ...more });
  const verify = (headers: Record<string, string | string[] | undefined>, path = '/') =>
    verifier.verify({ headers, path });
  return { time, verify };
}

function signAt(nowMs: number, path = '/') {
  const headers = signCloud9TraderUpgrade({ key: 'K', secret, nowMs, path });
  return { ...(headers as Record<string, string>) };
}

describe('an upgrade that is accepted', () => {
  it('is signed now, or within half a minute to both sides', () => {
    const { verify } = createVerifier();
    for (const offsetMs of [0, 30_000, -30_000]) {
      expect(verify(signAt(startAtMs + offsetMs))).toEqual({ kind: 'signed', key: 'K' });
    }
  });

  it('is public without any of the headers', () => {
    const { verify } = createVerifier();
    expect(verify({ host: 'x' })).toEqual({ kind: 'anonymous' });
    expect(verify({}, '/?key=K')).toEqual({ kind: 'anonymous' });
  });

  it('may be signed for "/" or for the path it asks for, query aside', () => {
    const { verify } = createVerifier();
    expect(verify(signAt(startAtMs), '/sockets')).toMatchObject({ kind: 'signed' });
    expect(verify(signAt(startAtMs + 1, '/sockets'), '/sockets?a=b')).toMatchObject({
      kind: 'signed',
    });
    expect(verify(signAt(startAtMs + 2, '/other'), '/sockets')).toMatchObject({
      reason: 'signature-invalid',
    });
  });

  it('may spell its signature in upper case', () => {
    const { verify } = createVerifier();
    const headers = signAt(startAtMs);
    headers['x-c9t-signature'] = (headers['x-c9t-signature'] ?? '').toUpperCase();
    expect(verify(headers)).toMatchObject({ kind: 'signed' });
  });

  it('need not have a larger nonce than the one before', () => {
    const { verify } = createVerifier();
    expect(verify(signAt(startAtMs + 9))).toMatchObject({ kind: 'signed' });
    expect(verify(signAt(startAtMs + 3))).toMatchObject({ kind: 'signed' });
  });
});

describe('an upgrade that is refused', () => {
  const good = signAt(startAtMs);
  const textKeyed = createHmac('sha256', secret).update(`/${startAtMs}`).digest('hex');
  const rows: readonly (readonly [
    string,
    Record<string, string | string[] | undefined>,
    string,
  ])[] = [
    ['without a key', { ...good, 'x-c9t-key': undefined }, 'headers-incomplete'],
    ['with an empty key', { ...good, 'x-c9t-key': '' }, 'headers-incomplete'],
    ['with a doubled key', { ...good, 'x-c9t-key': ['K', 'K'] }, 'headers-incomplete'],
    ['without a nonce', { ...good, 'x-c9t-nonce': undefined }, 'headers-incomplete'],
    ['with a key alone', { 'x-c9t-key': 'K' }, 'headers-incomplete'],
    ['of an unknown key', { ...good, 'x-c9t-key': 'L' }, 'key-unknown'],
    ['with a nonce in words', { ...good, 'x-c9t-nonce': 'now' }, 'nonce-malformed'],
    ['with a nonce below zero', { ...good, 'x-c9t-nonce': '-5' }, 'nonce-malformed'],
    ['with an absurd nonce', { ...good, 'x-c9t-nonce': '9'.repeat(30) }, 'nonce-malformed'],
    ['with a nonce exchanged', { ...good, 'x-c9t-nonce': '1700000000001' }, 'signature-invalid'],
    ['with half a signature', { ...good, 'x-c9t-signature': 'ab' }, 'signature-malformed'],
    ['with another signature', { ...good, 'x-c9t-signature': 'a'.repeat(64) }, 'signature-invalid'],
    [
      'keyed with the text of the secret',
      { ...good, 'x-c9t-signature': textKeyed },
      'signature-invalid',
    ],
    ['too early', signAt(startAtMs + 30_001), 'nonce-outside-window'],
    ['too late', signAt(startAtMs - 30_001), 'nonce-outside-window'],
  ];
  it.each(rows)('%s gets HTTP 401', (_name, headers, reason) => {
    const { verify } = createVerifier();
    expect(verify(headers)).toMatchObject({ kind: 'refused', httpStatus: 401, reason });
  });

  it('is a replay of one that was accepted, as long as the window lets it in', async () => {
    const { time, verify } = createVerifier();
    const headers = signAt(startAtMs + 30_000);
    expect(verify(headers)).toMatchObject({ kind: 'signed' });
    expect(verify(headers)).toMatchObject({ reason: 'nonce-replayed' });
    await time.advance(60_000);
    expect(verify(headers)).toMatchObject({ reason: 'nonce-replayed' });
    await time.advance(1);
    expect(verify(headers)).toMatchObject({ reason: 'nonce-outside-window' });
  });

  it('does not use up its nonce where the signature is wrong', () => {
    const { verify } = createVerifier();
    const forged = { ...signAt(startAtMs), 'x-c9t-signature': 'a'.repeat(64) };
    expect(verify(forged)).toMatchObject({ kind: 'refused' });
    expect(verify(signAt(startAtMs))).toMatchObject({ kind: 'signed' });
  });

  it('is one too many for the memory, which then empties with time', async () => {
    const { time, verify } = createVerifier({ replaysMax: 2 });
    expect(verify(signAt(startAtMs))).toMatchObject({ kind: 'signed' });
    expect(verify(signAt(startAtMs + 1))).toMatchObject({ kind: 'signed' });
    expect(verify(signAt(startAtMs + 2))).toMatchObject({ reason: 'replay-store-full' });
    await time.advance(30_100);
    expect(verify(signAt(startAtMs + 30_100))).toMatchObject({ kind: 'signed' });
  });
});
