import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { ConnectionError } from '../../src/model/error.js';
import type { HttpRequest } from '../../src/model/runtime.js';
import type { Dialer, SocketClose } from '../../src/model/socket.js';
import { createFakeCli, type FakeCliOptions } from '../doubles/fake-cli.js';

const SECRET = Buffer.alloc(64, 7).toString('base64');
const KRAKEN = { KRAKEN_API_KEY: 'KEY', KRAKEN_API_SECRET: SECRET };
const CLOUD9TRADER = { CLOUD9TRADER_KEY: 'KEY', CLOUD9TRADER_SECRET: SECRET };
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'sec1', format: 'pem' })
  .toString();
const COINBASE = { COINBASE_KEY_NAME: 'organizations/o/apiKeys/k', COINBASE_KEY_SECRET: pem };

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'truefeed-doctor-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A socket that ends as told, or opens where nothing is told. */
function dialTo(
  answer: (headers: Readonly<Record<string, string>>) => Partial<SocketClose> | 'open',
) {
  const dial: Dialer = (target, listener) => {
    const outcome = answer(target.headers ?? {});
    queueMicrotask(() => {
      if (outcome === 'open') listener.onOpened({});
      else listener.onClosed({ code: 1006, reason: '', ...outcome });
    });
    const ignore = (): void => undefined;
    return {
      send: () => true,
      ping: ignore,
      close: (code, reason) => listener.onClosed({ code, reason }),
      terminate: ignore,
      bufferedBytes: () => 0,
    };
  };
  return dial;
}

const unreachable: Partial<SocketClose> = {
  failure: { kind: 'network', systemCode: 'ENOTFOUND', message: 'no such host' },
};
const offline: FakeCliOptions['runtime'] = {
  dial: dialTo(() => unreachable),
  http: () => Promise.reject(new ConnectionError('DIAL_FAILED', 'The host cannot be found.')),
};

async function examine(args: string[], options: FakeCliOptions) {
  const env = { TRUEFEED_STATE_DIR: folder, ...options.env };
  const fake = createFakeCli({ ...options, env });
  const exitCode = await runCli(['doctor', ...args], fake.io);
  expect(fake.stdout.text + fake.stderr.text).not.toContain(SECRET);
  expect(fake.stdout.text + fake.stderr.text).not.toContain(pem.split('\n')[1]);
  return { exitCode, stdout: fake.stdout.text, stderr: fake.stderr.text };
}

describe('truefeed doctor', () => {
  it('says which variables it looked for when there are none', async () => {
    const { exitCode, stdout, stderr } = await examine([], {});
    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    for (const name of Object.keys({ ...KRAKEN, ...CLOUD9TRADER, ...COINBASE })) {
      expect(stderr).toContain(name);
    }
  });

  it('examines every venue whose key is set', async () => {
    const { exitCode, stdout } = await examine([], {
      env: { ...KRAKEN, ...CLOUD9TRADER },
      runtime: offline,
    });
    expect(stdout).toMatch(/^kraken\n[\s\S]*\ncloud9trader\n/);
    expect(stdout).not.toContain('coinbase');
    expect(exitCode).toBe(4);
  });

  it('speaks clearly without a network', async () => {
    const { exitCode, stdout } = await examine(['coinbase'], { env: COINBASE, runtime: offline });
    expect(stdout).toMatch(/ok +key +found in the environment .*P-256 \(ES256\), SEC1 PEM/);
    expect(stdout).toMatch(/ok +token +a token was made/);
    expect(stdout).toMatch(/problem +endpoint +wss:\S+ cannot be reached \(ENOTFOUND\)/);
    expect(stdout).toContain('next: check the network');
    expect(stdout).toMatch(/skipped +sign-in/);
    expect(stdout).toMatch(/2 problems, 0 warnings\.\n$/);
    expect(exitCode).toBe(4);
  });

  it('names the defect of a key and goes on without it', async () => {
    const env = { ...COINBASE, COINBASE_KEY_SECRET: pem.slice(0, 90) };
    const { exitCode, stdout } = await examine(['coinbase', '--json'], { env, runtime: offline });
    const lines = stdout.trim().split('\n');
    const findings = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(findings[0]).toMatchObject({ check: 'key', status: 'problem', code: 'KEY_INVALID' });
    expect(findings.at(-1)).toMatchObject({ check: 'sign-in', status: 'skipped' });
    expect(findings.every((one) => one['event'] === 'doctor.checked')).toBe(true);
    expect(exitCode).toBe(3);
  });

  it.each(['--url', '--user-url', '--rest-url'])('asks whose address %s is', async (option) => {
    const address = option === '--rest-url' ? 'http://127.0.0.1:9' : 'ws://127.0.0.1:9';
    const env = { ...KRAKEN, ...COINBASE };
    const { exitCode, stdout, stderr } = await examine([option, address], { env });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`${option} is an address of one venue: name it`);
  });

  it('refuses a venue it does not know', async () => {
    const { exitCode, stderr } = await examine(['karken'], {});
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Did you mean 'kraken'?");
  });
});

describe('truefeed doctor kraken', () => {
  const dial = dialTo(() => 'open');
  const answerWith = (token: object, serverAheadMs: number) => {
    const fake = createFakeCli();
    const serverDateMs = fake.time.clock.nowMs() + serverAheadMs - 500;
    return (request: HttpRequest) =>
      Promise.resolve({
        status: 200,
        body: JSON.stringify(request.url.includes('private') ? token : { error: [], result: {} }),
        serverDateMs,
      });
  };

  it('is content when a token was issued', async () => {
    const http = answerWith({ error: [], result: { token: 'T0ken', expires: 900 } }, 0);
    const { exitCode, stdout } = await examine(['kraken'], {
      env: KRAKEN,
      runtime: { http, dial },
    });
    expect(stdout).toMatch(/ok +clock +this machine agrees/);
    expect(stdout).toMatch(/ok +sign-in +the venue issued a WebSocket token/);
    expect(stdout).toContain('Everything that was checked is fine.');
    expect(stdout).not.toContain('T0ken');
    expect(exitCode).toBe(0);
  });

  it('explains a refusal and a clock that is off', async () => {
    const http = answerWith({ error: ['EAPI:Invalid nonce'] }, 5_000);
    const { exitCode, stdout } = await examine(['kraken'], {
      env: KRAKEN,
      runtime: { http, dial },
    });
    expect(stdout).toMatch(/warning +clock +this machine is 5\.0 s slow/);
    expect(stdout).toMatch(/problem +sign-in +.*larger nonce/);
    expect(stdout).toContain('1 problem, 1 warning.');
    expect(exitCode).toBe(3);
  });

  it('asks the host of --url, so that no other is asked with its key', async () => {
    const asked: string[] = [];
    const http = (request: HttpRequest) => {
      asked.push(new URL(request.url).host);
      return answerWith({ error: [], result: { token: 't', expires: 900 } }, 0)(request);
    };
    const args = ['kraken', '--url', 'ws://127.0.0.1:9/v2'];
    const { exitCode } = await examine(args, { env: KRAKEN, runtime: { http, dial } });
    expect(exitCode).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['127.0.0.1:9']));
  });

  it('is not content where REST answers and the sockets do not', async () => {
    const http = answerWith({ error: [], result: { token: 't', expires: 900 } }, 0);
    const runtime = { http, dial: dialTo(() => unreachable) };
    const { exitCode, stdout } = await examine(['kraken'], { env: KRAKEN, runtime });
    expect(stdout).toMatch(/problem +endpoint +wss:\/\/ws\.kraken\.com\/v2 cannot be reached/);
    expect(stdout).toMatch(/problem +endpoint +wss:\/\/ws-auth\.kraken\.com\/v2 cannot be reached/);
    expect(stdout).toMatch(/ok +sign-in/);
    expect(exitCode).toBe(4);
  });

  it('remarks on a secret of unusual length', async () => {
    const env = { ...KRAKEN, KRAKEN_API_SECRET: Buffer.alloc(60, 1).toString('base64') };
    const { stdout } = await examine(['kraken'], { env, runtime: offline });
    expect(stdout).toMatch(/warning +key +The secret decodes to 60 bytes/);
  });
});

describe('truefeed doctor cloud9trader', () => {
  it('tells a refused signature from an open door', async () => {
    const dial = dialTo((headers) =>
      headers['x-c9t-key'] === undefined
        ? 'open'
        : { failure: { kind: 'http-status', status: 401, body: '' } },
    );
    const http = () => Promise.resolve({ status: 426, body: '' });
    const { exitCode, stdout } = await examine(['cloud9trader'], {
      env: CLOUD9TRADER,
      runtime: { dial, http },
    });
    expect(stdout).toMatch(/ok +endpoint +wss:/);
    expect(stdout).toMatch(/skipped +clock/);
    expect(stdout).toMatch(/problem +sign-in +the upgrade was refused with HTTP status 401/);
    expect(exitCode).toBe(3);
  });

  it('is content when the signed upgrade is accepted', async () => {
    const dial = dialTo(() => 'open');
    const http = () => Promise.resolve({ status: 200, body: '' });
    const { exitCode, stdout } = await examine(['cloud9trader'], {
      env: CLOUD9TRADER,
      runtime: { dial, http },
    });
    expect(stdout).toMatch(/ok +sign-in +the upgrade with signed headers was accepted/);
    expect(exitCode).toBe(0);
  });

  it('refuses a --ca-file that holds no certificate, as the other commands do', async () => {
    const args = ['cloud9trader', '--ca-file', 'key.pem'];
    const files = { 'key.pem': '-----BEGIN PRIVATE KEY-----' };
    const { exitCode, stdout, stderr } = await examine(args, {
      env: CLOUD9TRADER,
      files,
      runtime: offline,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain("The file 'key.pem' given as --ca-file holds no certificate in PEM");
  });
});
