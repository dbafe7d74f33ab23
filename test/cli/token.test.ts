import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { findStateDirectory } from '../../src/cli/state-directory.js';
import type { HttpRequest } from '../../src/model/runtime.js';
import { createFakeCli } from '../doubles/fake-cli.js';

const SECRET = Buffer.alloc(64, 7).toString('base64');
let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'truefeed-token-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function setUp(answer: object) {
  const requests: HttpRequest[] = [];
  const env = {
    KRAKEN_API_KEY: 'KEY',
    KRAKEN_API_SECRET: SECRET,
    TRUEFEED_STATE_DIR: folder,
  };
  const http = (request: HttpRequest) => {
    requests.push(request);
    return Promise.resolve({ status: 200, body: JSON.stringify(answer) });
  };
  return { ...createFakeCli({ env, runtime: { http } }), requests };
}

const good = { error: [], result: { token: 'T0k/en+', expires: 900 } };

describe('truefeed token', () => {
  it('prints the token alone, and asks the address that was named', async () => {
    const { io, stdout, requests } = setUp(good);
    expect(await runCli(['token', '--rest-url', 'http://127.0.0.1:9'], io)).toBe(0);
    expect(stdout.text).toBe('T0k/en+\n');
    expect(requests[0]?.url).toBe('http://127.0.0.1:9/0/private/GetWebSocketsToken');
  });

  it('has the other formats of jwt', async () => {
    const { io, stdout } = setUp(good);
    await runCli(['token', '--format', 'export'], io);
    await runCli(['token', '--format', 'json'], io);
    expect(stdout.lines).toEqual([
      'export KRAKEN_WS_TOKEN=T0k/en+',
      '{"token":"T0k/en+","expiresInS":900}',
    ]);
  });

  it('never uses a nonce twice, also in the next process', async () => {
    const first = setUp(good);
    await runCli(['token'], first.io);
    const second = setUp(good);
    await runCli(['token'], second.io);
    const nonces = [...first.requests, ...second.requests].map((request) =>
      BigInt(/nonce=(\d+)/.exec(request.body ?? '')?.[1] ?? '0'),
    );
    expect(nonces).toHaveLength(2);
    expect(nonces[1]! > nonces[0]!).toBe(true);
    const stored = readdirSync(folder, { recursive: true }).map(String);
    expect(stored.some((name) => name.includes('nonce'))).toBe(true);
    expect(stored.join()).not.toContain('KEY');
  });

  it('counts in the scale that was asked for', async () => {
    const { io, requests } = setUp(good);
    await runCli(['token', '--nonce-scale', 'us'], io);
    expect(requests[0]?.body).toMatch(/^nonce=\d{16}$/);
    expect(await runCli(['token', '--nonce-scale', 'week'], io)).toBe(2);
  });

  it('explains a refusal and ends with 3', async () => {
    const { io, stdout, stderr } = setUp({ error: ['EAPI:Invalid key'] });
    expect(await runCli(['token'], io)).toBe(3);
    expect(stdout.text).toBe('');
    expect(stderr.text).toMatch(/^truefeed: .*\[AUTH_REFUSED\]\n$/);
    expect(stderr.text).not.toContain(SECRET);
  });
});

describe('the state folder', () => {
  it.each([
    [{ TRUEFEED_STATE_DIR: '/t', XDG_STATE_HOME: '/x', HOME: '/h' }, '/t'],
    [{ XDG_STATE_HOME: '/x', HOME: '/h' }, '/x/truefeed'],
    [{ XDG_STATE_HOME: 'relative', HOME: '/h' }, '/h/.local/state/truefeed'],
    [{ HOME: '/h' }, '/h/.local/state/truefeed'],
  ])('for %j is %s', (env, path) => {
    expect(findStateDirectory(env)).toBe(path);
  });
});
