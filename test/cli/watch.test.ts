import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { simulate, type Simulator } from '../../src/simulator/index.js';
import { createFakeCli } from '../doubles/fake-cli.js';

const LEAVE = '\u001b[?25h\u001b[?1049l';

let exchange: Simulator;
beforeAll(async () => {
  exchange = await simulate({ venues: { coinbase: {} } });
});
afterAll(() => exchange.close());

function startWatch(args: readonly string[], isTty: boolean, env: Record<string, string> = {}) {
  const fake = createFakeCli({ env, runtime: systemRuntime() });
  fake.stdout.isTty = isTty;
  const addresses = ['--url', exchange.venues.coinbase.wsUrl];
  return { ...fake, done: runCli(['watch', 'coinbase', ...args, ...addresses], fake.io) };
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('truefeed watch', () => {
  it('prints plain lines and a summary where there is no terminal', async () => {
    const { done, stdout, stderr } = startWatch(['BTC-USD', '--duration', '4s'], false);
    expect(await done).toBe(0);
    expect(stdout.text).toMatch(/connections 1\/1 ready {2}BTC-USD live \d+\.?\d*\/\d+/);
    expect(stdout.text).toMatch(/Followed coinbase for [45]\.\d s\./);
    expect(stdout.text).toMatch(/sign-in +not needed/);
    expect(stdout.text).not.toContain('\u001b');
    expect(stdout.text).not.toContain('stale');
    expect(stderr.text).toBe('');
  });

  it('takes the screen, quits on q, and gives the terminal back before the summary', async () => {
    const { done, stdout, press } = startWatch(['BTC-USD', 'ETH-USD'], true);
    await waitFor(() => stdout.text.includes('spread'));
    expect(stdout.text).toContain('\u001b[32mlive');
    press('q');
    expect(await done).toBe(0);
    const after = stdout.text.slice(stdout.text.indexOf(LEAVE) + LEAVE.length);
    expect(after).toMatch(/^Followed coinbase/);
  });

  it('leaves colours out under NO_COLOR', async () => {
    const { done, stdout, press } = startWatch(['BTC-USD'], true, { NO_COLOR: '1' });
    await waitFor(() => stdout.text.includes('spread'));
    press('ctrl-c');
    await done;
    expect(stdout.text).not.toMatch(/\u001b\[[\d;]*m/);
  });

  it('gives the terminal back on a signal too', async () => {
    const { done, stdout, signal } = startWatch(['BTC-USD'], true);
    await waitFor(() => stdout.text.includes('session'));
    signal('SIGTERM');
    expect(await done).toBe(143);
    expect(stdout.text).toContain(LEAVE);
  });
});

describe('truefeed demo', () => {
  it('signs in, follows two books, and ends by itself with a summary', async () => {
    const { io, stdout, stderr } = createFakeCli({ runtime: systemRuntime() });
    expect(await runCli(['demo', '--duration', '2s'], io)).toBe(0);
    expect(stdout.text).toContain('sign-in accepted');
    expect(stdout.text).toMatch(/ {2}sign-in +accepted\n {2}BTC-USD +live .*\n {2}ETH-USD +live/);
    expect(stdout.text).not.toContain('PRIVATE KEY');
    expect(stderr.text).toBe('');
  });

  it('fails when there was no time to show anything', async () => {
    const { io, stderr } = createFakeCli({ runtime: systemRuntime() });
    expect(await runCli(['demo', '--duration', '1ms'], io)).not.toBe(0);
    expect(stderr.text).toMatch(/allow more time/);
  });
});

describe('truefeed doctor coinbase', () => {
  it('signs in to tell that everything is fine', async () => {
    const { keyName, privateKey, wsUrl, userWsUrl } = exchange.venues.coinbase;
    const env = { COINBASE_KEY_NAME: keyName, COINBASE_KEY_SECRET: privateKey };
    const { io, stdout } = createFakeCli({ env, runtime: systemRuntime() });
    const exitCode = await runCli(
      ['doctor', 'coinbase', '--url', wsUrl, '--user-url', userWsUrl],
      io,
    );
    expect(stdout.text).toMatch(/ok +clock/);
    expect(stdout.text).toMatch(/ok +sign-in +the venue accepted the key/);
    expect(exitCode).toBe(0);
  });

  it('tells a wrong clock from a wrong key', async () => {
    const faults = { rules: [{ fault: 'clock-skew' as const, skewMs: 600_000 }] };
    await using late = await simulate({ venues: { coinbase: {} }, faults });
    const { keyName, privateKey, wsUrl } = late.venues.coinbase;
    const env = { COINBASE_KEY_NAME: keyName, COINBASE_KEY_SECRET: privateKey };
    const skewed = createFakeCli({ env, runtime: systemRuntime() });
    expect(await runCli(['doctor', 'coinbase', '--url', wsUrl], skewed.io)).toBe(3);
    expect(skewed.stdout.text).toMatch(/problem +clock +this machine is \d+\.\d s slow/);
    const stranger = createFakeCli({ env, runtime: systemRuntime() });
    const { wsUrl: otherUrl } = exchange.venues.coinbase;
    expect(await runCli(['doctor', 'coinbase', '--url', otherUrl], stranger.io)).toBe(3);
    expect(stranger.stdout.text).toMatch(/problem +sign-in +the venue refused the key/);
    expect(stranger.stdout.text).toContain('the clock agrees, so the venue does not know this key');
  });
});
