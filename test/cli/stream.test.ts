import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { simulate, type FaultFile, type Simulator } from '../../src/simulator/index.js';
import { createFakeCli } from '../doubles/fake-cli.js';

type EventLine = Record<string, unknown> & { readonly type: string };

let exchange: Simulator;
beforeAll(async () => {
  exchange = await simulate({ venues: { coinbase: {} } });
});
afterAll(() => exchange.close());

function startStream(args: readonly string[], env: Record<string, string> = {}) {
  const fake = createFakeCli({ env, runtime: systemRuntime() });
  const { wsUrl, userWsUrl } = exchange.venues.coinbase;
  const addresses = ['--url', wsUrl, '--user-url', userWsUrl];
  return { ...fake, done: runCli(['stream', 'coinbase', ...args, ...addresses], fake.io) };
}

async function stream(args: readonly string[], env: Record<string, string> = {}) {
  const { done, stdout, stderr } = startStream(args, env);
  const exitCode = await done;
  const events = stdout.lines.map((line) => JSON.parse(line) as EventLine);
  return { exitCode, events, stderr: stderr.text };
}

function demoKey(): Record<string, string> {
  const { keyName, privateKey } = exchange.venues.coinbase;
  return { COINBASE_KEY_NAME: keyName, COINBASE_KEY_SECRET: privateKey };
}

describe('truefeed stream', () => {
  it('prints books as exact strings, best first, and ends at the count', async () => {
    const { exitCode, events, stderr } = await stream(['BTC-USD', '--count', '20', '--depth', '3']);
    expect(exitCode).toBe(0);
    expect(events).toHaveLength(20);
    const book = events.find((event) => event.type === 'book.changed')!;
    expect(book).toMatchObject({ symbol: 'BTC-USD', kind: 'snapshot', status: 'live' });
    const bids = book['bids'] as [string, string][];
    expect(bids).toHaveLength(3);
    for (const text of bids.flat()) expect(text).toMatch(/^\d+(\.\d+)?$/);
    expect(Number(bids[0]![0])).toBeGreaterThan(Number(bids[1]![0]));
    expect(stderr).toMatch(/^truefeed: .*20 events, 0 gaps, 0 frames lost/);
  });

  it('refuses a misspelt symbol before it dials, with the nearest one', async () => {
    const { restUrl } = exchange.venues.coinbase;
    const run = await stream(['BTC-UDS', '--duration', '2s', '--rest-url', restUrl]);
    expect(run.exitCode).toBe(2);
    expect(run.events).toEqual([]);
    expect(run.stderr).toContain('Did you mean "BTC-USD"? [SYMBOL_UNKNOWN]');
    const alias = await stream(['BTC-USDC', '--count', '3', '--rest-url', restUrl]);
    expect(alias.exitCode).toBe(0);
  });

  it('follows every channel, signed in with the key of the environment', async () => {
    const channels = 'book,trades,ticker,candles,status,heartbeats,user';
    const args = ['BTC-USD', '--channels', channels, '--duration', '2500ms'];
    const { exitCode, events } = await stream(args, demoKey());
    expect(exitCode).toBe(0);
    const types = new Set(events.map((event) => event.type));
    for (const type of [
      'session.opened',
      'auth.accepted',
      'book.changed',
      'trades.listed',
      'ticker.changed',
      'candle.changed',
      'instrument.changed',
      'heartbeat.received',
    ]) {
      expect(types, type).toContain(type);
    }
    expect(JSON.stringify(events)).not.toContain('PRIVATE KEY');
  });

  it('asks for the key of a private channel by any of its names', async () => {
    const { exitCode, stderr } = await stream(['BTC-USD', '--channels', 'orders']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('set COINBASE_KEY_NAME and COINBASE_KEY_SECRET, or name a file');
    const signedIn = await stream(['--channels', 'orders', '--count', '3'], demoKey());
    expect(signedIn.exitCode).toBe(0);
  });

  it('ends with 3 and one sentence when the key is not known', async () => {
    const other = await simulate({ venues: { coinbase: {} } });
    const { keyName, privateKey } = other.venues.coinbase;
    await other.close();
    const env = { COINBASE_KEY_NAME: keyName, COINBASE_KEY_SECRET: privateKey };
    const { exitCode, events, stderr } = await stream(['--channels', 'user'], env);
    expect(exitCode).toBe(3);
    expect(events.some((event) => event.type === 'auth.refused')).toBe(true);
    expect(stderr.match(/\[AUTH_REFUSED\]/g)).toHaveLength(1);
  });

  it('ends with 4 when nothing answers', async () => {
    const fake = createFakeCli({ runtime: systemRuntime() });
    const gone = await simulate({ venues: { coinbase: {} } });
    const { wsUrl } = gone.venues.coinbase;
    await gone.close();
    const args = ['stream', 'coinbase', 'BTC-USD', '--url', wsUrl, '--duration', '300ms'];
    expect(await runCli(args, fake.io)).toBe(4);
    expect(fake.stderr.text).toContain('[DIAL_FAILED]');
  });

  it('says at once and at the end that the other end is of another venue', async () => {
    await using other = await simulate({ venues: { kraken: {} } });
    const { io, stderr } = createFakeCli({ runtime: systemRuntime() });
    const { wsUrl } = other.venues.kraken;
    const args = ['stream', 'coinbase', 'BTC-USD', '--url', wsUrl, '--duration', '500ms'];
    expect(await runCli(args, io)).toBe(4);
    const said = `What comes from ${wsUrl} is not of the protocol of the venue coinbase. Check`;
    expect(stderr.text.split(said)).toHaveLength(3);
    expect(stderr.text).toContain('[FRAME_INVALID]');
  });

  it('ends in order on a signal', async () => {
    const { done, signal, stdout, stderr } = startStream(['BTC-USD']);
    while (stdout.lines.length < 5) await new Promise((resolve) => setTimeout(resolve, 10));
    signal('SIGINT');
    expect(await done).toBe(130);
    expect(stderr.text).toMatch(/truefeed: .* events/);
    const count = stdout.lines.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(stdout.lines).toHaveLength(count);
  });

  it('ends quietly when its reader leaves', async () => {
    const { done, stdout, stderr } = startStream(['BTC-USD']);
    while (stdout.lines.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    stdout.break();
    expect(await done).toBe(0);
    expect(stderr.text).toBe('');
  });

  it('conflates books for a slow reader instead of growing', async () => {
    const { done, stdout, stderr } = startStream([
      'BTC-USD',
      '--channels',
      'book',
      '--duration',
      '1s',
    ]);
    while (stdout.lines.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    stdout.block();
    setTimeout(() => stdout.drain(), 900);
    expect(await done).toBe(0);
    expect(stderr.text).toMatch(/[1-9]\d* conflated/);
    expect(stderr.text).not.toContain('left out');
  });
});

describe('truefeed stream, when frames are lost', () => {
  it('says that the book is stale, and never shows it until it is restored', async () => {
    const faults: FaultFile = {
      rules: [{ fault: 'drop', at: { channel: 'l2_data', kind: 'update', count: 5 } }],
    };
    await using lossy = await simulate({ venues: { coinbase: {} }, faults });
    const { io, stdout, stderr } = createFakeCli({ runtime: systemRuntime() });
    const { wsUrl } = lossy.venues.coinbase;
    const args = ['stream', 'coinbase', 'BTC-USD', '--channels', 'book', '--url', wsUrl];
    expect(await runCli([...args, '--duration', '3s'], io)).toBe(0);
    const types = stdout.lines.map((line) => (JSON.parse(line) as EventLine).type);
    const staled = types.indexOf('book.staled');
    const restored = types.indexOf('book.restored');
    expect(types).toContain('sequence.gapped');
    expect(staled).toBeGreaterThan(0);
    expect(restored).toBeGreaterThan(staled);
    expect(types.slice(staled, restored)).not.toContain('book.changed');
    expect(types.slice(restored)).toContain('book.changed');
    expect(stderr.text).toContain('1 gap, 1 frame lost');
  });
});
