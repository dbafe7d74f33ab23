import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { createFakeCli } from '../doubles/fake-cli.js';

/** Computed with an independent tool: HMAC-SHA256 over `/1583300000000` with the decoded secret. */
const CLOUD9TRADER_KEY = 'abcdef0123456789';
const CLOUD9TRADER_SECRET = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const SIGNATURE = '99d15a25c6d0bedb2711a73070fa1084910fd06ef23abb91b54ad5b106eb7e30';
const env = { CLOUD9TRADER_KEY, CLOUD9TRADER_SECRET };
const startAtMs = 1_583_300_000_000;

describe('truefeed headers', () => {
  it('prints the three headers of an attempt made now', async () => {
    const { io, stdout } = createFakeCli({ env, startAtMs });
    expect(await runCli(['headers'], io)).toBe(0);
    expect(stdout.lines).toEqual([
      `x-c9t-key: ${CLOUD9TRADER_KEY}`,
      'x-c9t-nonce: 1583300000000',
      `x-c9t-signature: ${SIGNATURE}`,
    ]);
  });

  it('reads the pair from a file, under the names of the variables too', async () => {
    const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
    const text = lines.join('');
    const { io, stdout } = createFakeCli({ files: { env: text }, startAtMs });
    expect(await runCli(['headers', '--key-file', 'env', '--format', 'json'], io)).toBe(0);
    expect(JSON.parse(stdout.text)).toEqual({
      'x-c9t-key': CLOUD9TRADER_KEY,
      'x-c9t-nonce': '1583300000000',
      'x-c9t-signature': SIGNATURE,
    });
  });

  it('signs another path where one is given', async () => {
    const { io, stdout } = createFakeCli({ env, startAtMs });
    expect(await runCli(['headers', '--path', '/feed', '--format', 'curl'], io)).toBe(0);
    expect(stdout.text).toContain("-H 'x-c9t-nonce: 1583300000000'");
    expect(stdout.text).not.toContain(SIGNATURE);
    expect(await runCli(['headers', '--path', 'feed?x'], io)).toBe(2);
  });

  it('says which variables are missing', async () => {
    const { io, stdout, stderr } = createFakeCli();
    expect(await runCli(['headers'], io)).toBe(3);
    expect(stdout.text).toBe('');
    expect(stderr.text).toMatch(/^truefeed: .*CLOUD9TRADER_KEY and CLOUD9TRADER_SECRET.*\[KEY_MI/);
  });
});
