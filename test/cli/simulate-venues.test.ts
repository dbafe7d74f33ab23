import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { createFakeCli } from '../doubles/fake-cli.js';

async function startReady(args: readonly string[]) {
  const fake = createFakeCli({ runtime: systemRuntime() });
  const done = runCli(['simulate', ...args], fake.io);
  while (fake.stdout.text === '') await new Promise((resolve) => setTimeout(resolve, 5));
  return { ...fake, done };
}

interface ReadyLine {
  readonly venues: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

describe('truefeed simulate, venue by venue', () => {
  it('runs all venues where none is named, and says of each how to reach it', async () => {
    const { stdout, signal, done } = await startReady(['--json']);
    const { venues } = JSON.parse(stdout.lines[0] ?? '') as ReadyLine;
    expect(Object.keys(venues)).toEqual(['coinbase', 'kraken', 'cloud9trader']);
    expect(Object.keys(venues.kraken ?? {})).toEqual([
      'wsUrl',
      'wsAuthUrl',
      'wsL3Url',
      'wsV1Url',
      'wsV1AuthUrl',
      'restUrl',
      'key',
      'secret',
    ]);
    expect(venues.kraken?.wsUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v2$/);
    expect(venues.kraken?.wsV1Url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    expect(Buffer.from(venues.kraken?.secret ?? '', 'base64')).toHaveLength(64);
    expect(Object.keys(venues.cloud9trader ?? {})).toEqual(['wsUrl', 'key', 'secret']);
    signal('SIGTERM');
    expect(await done).toBe(0);
  });

  it('gives a person lines for both protocols of Kraken that work', async () => {
    const { stdout, signal, done } = await startReady(['kraken']);
    const pasted = [...stdout.text.matchAll(/truefeed (watch .*)/g)].map(([, line]) => line ?? '');
    expect(pasted).toHaveLength(2);
    const codes = await Promise.all(
      pasted.map((line) => {
        const watcher = createFakeCli({ runtime: systemRuntime() });
        return runCli([...line.split(' '), '--duration', '1500ms'], watcher.io);
      }),
    );
    expect(codes).toEqual([0, 0]);
    signal('SIGINT');
    expect(await done).toBe(0);
  });

  it('takes the name of the older protocol for the same exchange', async () => {
    const { stdout, signal, done } = await startReady(['kraken-v1', '--json']);
    const { venues } = JSON.parse(stdout.lines[0] ?? '') as ReadyLine;
    expect(Object.keys(venues)).toEqual(['kraken']);
    signal('SIGTERM');
    expect(await done).toBe(0);
  });
});
