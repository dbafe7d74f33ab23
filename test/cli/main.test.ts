import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCli, type CompiledCli, type StartedChild } from '../doubles/compiled-cli.js';

let cli: CompiledCli;
beforeAll(async () => {
  cli = await compileCli();
});
afterAll(() => cli.remove());

/** Listens beside the others: an iterator would close the pipe when it is left. */
function firstLine(child: StartedChild): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.process.stdout.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.split('\n')[0]!);
    });
  });
}

interface Ready {
  readonly venues: { readonly coinbase: { readonly wsUrl: string } };
}

describe('the program', () => {
  it('begins with the line that makes it a program', () => {
    const text = readFileSync(join(cli.folder, 'dist/cli/main.js'), 'utf8');
    expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
  });

  it('works in eval, with a key file that others may not read', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    const path = join(cli.folder, 'key.json');
    writeFileSync(path, JSON.stringify({ name: 'n', privateKey: pem }), { mode: 0o600 });
    const { exitCode, stdout, stderr } = await cli.run(['jwt', '--key-file', path]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    await jwtVerify(/^export JWT=(\S+)\n$/.exec(stdout)![1]!, publicKey);
  });

  it('tells a wrong option from a missing key by its exit code', async () => {
    const [wrong, missing] = await Promise.all([cli.run(['jwt', '--what']), cli.run(['jwt'])]);
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
    expect(missing).toMatchObject({ exitCode: 3, stdout: '' });
    expect(missing.stderr).not.toContain('    at ');
  });

  it('says so where a command has nothing left to wait for, and is no success', async () => {
    // Timers that keep nothing alive: a wait before the next dial ends the process.
    const unref = 'const s=setTimeout;globalThis.setTimeout=(...a)=>s(...a).unref();';
    const { exitCode, stderr } = await cli.run(
      ['stream', 'coinbase', 'BTC-USD', '--url', 'ws://127.0.0.1:9'],
      { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(unref)}` },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The command ended without a result.');
  });

  it('simulates until SIGTERM, and streams from there into a pipe that is cut', async () => {
    const exchange = cli.start(['simulate', 'coinbase', '--json']);
    const { wsUrl } = (JSON.parse(await firstLine(exchange)) as Ready).venues.coinbase;
    const stream = cli.start(['stream', 'coinbase', 'BTC-USD', '--url', wsUrl]);
    expect(JSON.parse(await firstLine(stream))).toMatchObject({ type: 'session.opened' });
    stream.process.stdout.destroy();
    expect(await stream.ended).toMatchObject({ exitCode: 0, stderr: '' });
    const interrupted = cli.start(['stream', 'coinbase', 'BTC-USD', '--url', wsUrl]);
    await firstLine(interrupted);
    interrupted.process.kill('SIGINT');
    expect((await interrupted.ended).exitCode).toBe(130);
    exchange.process.kill('SIGTERM');
    expect((await exchange.ended).exitCode).toBe(0);
  });

  it('shows the demonstration and ends by itself', async () => {
    const { exitCode, stdout, stderr } = await cli.run(['demo', '--duration', '2s']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/sign-in +accepted\n/);
  });
});
