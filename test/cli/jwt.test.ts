import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { createFakeCli } from '../doubles/fake-cli.js';

const KEY_NAME = 'organizations/o-1/apiKeys/k-1';
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const sec1Pem = ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
const keyFile = JSON.stringify({ name: KEY_NAME, privateKey: sec1Pem });

async function verify(token: string, key: KeyObject, nowMs: number) {
  const { payload } = await jwtVerify(token, key, { currentDate: new Date(nowMs) });
  return payload;
}

describe('truefeed jwt', () => {
  it('prints a line for eval, with a token that another library accepts', async () => {
    const { io, stdout, stderr, time } = createFakeCli({ files: { 'k.json': keyFile } });
    expect(await runCli(['jwt', '--key-file', 'k.json'], io)).toBe(0);
    expect(stderr.text).toBe('');
    const token = /^export JWT=([\w.-]+)\n$/.exec(stdout.text)?.[1] ?? '';
    const payload = await verify(token, ec.publicKey, time.clock.nowMs());
    expect(payload).toMatchObject({ sub: KEY_NAME, iss: 'cdp' });
    expect((payload.exp ?? 0) - (payload.nbf ?? 0)).toBe(120);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', kid: KEY_NAME });
  });

  it('reads the key from the environment, with literal line ends', async () => {
    const COINBASE_KEY_SECRET = sec1Pem.replaceAll('\n', '\\n');
    const env = { COINBASE_KEY_NAME: KEY_NAME, COINBASE_KEY_SECRET };
    const { io, stdout, time } = createFakeCli({ env });
    expect(await runCli(['jwt', '--format', 'raw'], io)).toBe(0);
    await verify(stdout.text.trim(), ec.publicKey, time.clock.nowMs());
  });

  it('takes the algorithm from the key, and says so in JSON', async () => {
    const pem = ed.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const { io, stdout, time } = createFakeCli({ files: { 'k.pem': pem } });
    const args = ['jwt', '--key-file', 'k.pem', '--key-name', KEY_NAME, '--format', 'json'];
    expect(await runCli(args, io)).toBe(0);
    const printed = JSON.parse(stdout.text) as { jwt: string; expiresAtMs: number };
    expect(printed).toMatchObject({ keyName: KEY_NAME, algorithm: 'EdDSA' });
    const payload = await verify(printed.jwt, ed.publicKey, time.clock.nowMs());
    expect(printed.expiresAtMs).toBe((payload.exp ?? 0) * 1000);
  });

  it.each([
    ['a file that is not there', ['--key-file', 'none'], 2, /Cannot read the file 'none'.*\[FILE/],
    ['a bare key without a name', ['--key-file', 'k.pem'], 3, /--key-name.*\[KEY_MISSING\]/],
    ['a public key', ['--key-file', 'pub.pem', '--key-name', 'n'], 3, /public.*\[KEY_INVALID\]/],
    ['no key at all', [], 3, /COINBASE_KEY_NAME and COINBASE_KEY_SECRET.*\[KEY_MISSING\]/],
    ['an unknown format', ['--format', 'xml'], 2, /export, raw, json, not 'xml'. \[OPTION/],
    ['a key in an argument', ['--private-key', sec1Pem], 2, /process listing.*\[OPTION_INVALID\]/],
  ])('refuses %s', async (...row) => {
    const [, args, exitCode, sentence] = row;
    const pub = ec.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { io, stdout, stderr } = createFakeCli({ files: { 'k.pem': sec1Pem, 'pub.pem': pub } });
    expect(await runCli(['jwt', ...args], io)).toBe(exitCode);
    expect(stdout.text).toBe('');
    expect(stderr.text).toMatch(sentence);
    expect(stderr.lines).toHaveLength(1);
    expect(stderr.text).not.toContain(sec1Pem.split('\n')[1]);
  });
});
