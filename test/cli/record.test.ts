import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcessIo } from '../../src/cli/process-io.js';
import { runCli } from '../../src/cli/program.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { simulate, type Simulator } from '../../src/simulator/index.js';
import { createFakeCli, type FakeCliOptions } from '../doubles/fake-cli.js';

let exchange: Simulator;
let folder: string;
beforeAll(async () => {
  exchange = await simulate({ venues: { coinbase: {}, kraken: {} } });
  folder = mkdtempSync(join(tmpdir(), 'record-'));
});
afterAll(async () => {
  await exchange.close();
  rmSync(folder, { recursive: true });
});

/** The addresses of an exchange, by name. */
function factsOf(simulator: Simulator, name: string): Record<string, string> {
  return (simulator.venues as unknown as Record<string, Record<string, string>>)[name]!;
}

type Venue = 'coinbase' | 'kraken' | 'kraken-v1';
const SYMBOLS: Record<Venue, string> = {
  coinbase: 'BTC-USD',
  kraken: 'BTC/USD',
  'kraken-v1': 'XBT/USD',
};

function addressOf(venue: Venue, simulator = exchange): string {
  if (venue === 'coinbase') return factsOf(simulator, 'coinbase')['wsUrl']!;
  return factsOf(simulator, 'kraken')[venue === 'kraken' ? 'wsUrl' : 'wsV1Url']!;
}

async function stream(
  { venue, url = addressOf(venue) }: { readonly venue: Venue; readonly url?: string },
  args: readonly string[],
  options: FakeCliOptions = {},
) {
  const fake = createFakeCli({ ...options, runtime: systemRuntime() });
  const all = ['stream', venue, SYMBOLS[venue], '--url', url, ...args];
  const exitCode = await runCli(all, fake.io);
  const file = fake.written.get('session.jsonl');
  return { exitCode, file, stdout: fake.stdout.lines, stderr: fake.stderr.text };
}

/** What a book was, from its snapshot on. */
function booksOf(lines: readonly string[]): string[] {
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return events
    .filter((event) => event['type'] === 'book.changed')
    .map((event) => JSON.stringify([event['bids'], event['asks']]));
}

describe('truefeed stream --record', () => {
  it.each(['coinbase', 'kraken', 'kraken-v1'] as const)(
    'keeps a session of %s that the simulator plays again',
    async (venue) => {
      const args = ['--channels', 'book', '--count', '30', '--record', 'session.jsonl'];
      const live = await stream({ venue }, args);
      expect(live.exitCode).toBe(0);
      expect(live.stderr).toMatch(/\d+ frames recorded\n$/);
      const kinds = live.file!.split('\n', 3).map((line) => JSON.parse(line) as { dir: string });
      expect(new Set(kinds.map(({ dir }) => dir))).toContain('send');

      const path = join(folder, `${venue}.jsonl`);
      writeFileSync(path, live.file!);
      const name = venue === 'coinbase' ? 'coinbase' : 'kraken';
      const venues = { [name]: {} };
      await using replay = await simulate({ venues, from: path, speed: 'max' });
      const url = addressOf(venue, replay);
      const again = await stream({ venue, url }, ['--channels', 'book', '--count', '20']);
      expect(again.exitCode).toBe(0);
      const [before, after] = [booksOf(live.stdout), booksOf(again.stdout)];
      expect(after.length).toBeGreaterThan(5);
      expect(before[0]).toBe(after[0]);
      for (const book of after) expect(before).toContain(book);
    },
  );

  it.each(['user', 'orders'])('keeps nothing private, such as %s', async (name) => {
    const args = ['--channels', `book,${name}`, '--record', 'session.jsonl'];
    const { exitCode, file, stderr } = await stream({ venue: 'coinbase' }, args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--record keeps public channels only, and ${name} is private`);
    expect(file).toBeUndefined();
  });

  it('leaves no file behind where something is misspelt', async () => {
    const args = ['--channels', 'bok', '--record', 'session.jsonl'];
    const { exitCode, file } = await stream({ venue: 'coinbase' }, args);
    expect(exitCode).toBe(2);
    expect(file).toBeUndefined();
  });

  it('overwrites no file, and ends where the disk is full', async () => {
    const args = ['--record', 'session.jsonl', '--duration', '10s'];
    const there = await stream({ venue: 'kraken' }, args, { files: { 'session.jsonl': 'mine' } });
    expect(there.exitCode).toBe(2);
    expect(there.stderr).toContain("'session.jsonl' is there already");
    const full = await stream({ venue: 'kraken' }, args, { diskMaxCharacters: 300 });
    expect(full.exitCode).toBe(2);
    expect(full.stderr).toContain('[FILE_UNREADABLE]');
  });

  it('makes a new file on a disk', () => {
    const io = createProcessIo(systemRuntime());
    const path = join(folder, 'new.jsonl');
    const file = io.createFile(path);
    file.write('{}\n');
    file.close();
    expect(io.readFile(path, 100).text).toBe('{}\n');
    expect(() => io.createFile(path)).toThrow('is there already; name a new one, or remove it');
    expect(() => file.write('{}\n')).toThrow('(EBADF)');
  });

  it('never proposes to remove a folder, and says that a name is empty', () => {
    const io = createProcessIo(systemRuntime());
    expect(() => io.createFile(folder)).toThrow('is a folder; name a new file in it');
    expect(() => io.readFile(folder, 100)).toThrow('is a folder; name a file in it');
    expect(() => io.readFile('', 100)).toThrow('A file name is empty');
  });
});
