import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCli, type CompiledCli } from '../doubles/compiled-cli.js';

/** What one message costs; all but `bytes` are exact, and `bytes` is the least of three windows. */
interface Counts {
  /** Allocated on the heap. */
  readonly bytes: number;
  readonly promises: number;
  /** Texts made of bytes, JSON parsed, bytes copied into new arrays. */
  readonly texts: number;
  readonly timers: number;
  readonly clockReadings: number;
  readonly events: number;
  readonly status: string;
}

const FLAGS = ['--expose-gc', '--max-semi-space-size=256'];
const SCRIPT = join(import.meta.dirname, 'count.mjs');

/** Some 300 on Node.js 20; an object more for each level would pass this at once. */
const BYTES_MAX = 500;
/** With an event for the listener. */
const BYTES_MAX_HEARD = 800;
/** Forty levels more may cost nothing of their own; what is left is noise. */
const BYTES_MORE_MAX = 200;

let compiled: CompiledCli;

async function count(settings: object): Promise<Counts> {
  const args = [...FLAGS, SCRIPT, join(compiled.folder, 'dist'), JSON.stringify(settings)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 55_000 });
  return JSON.parse(stdout) as Counts;
}

beforeAll(async () => {
  compiled = await compileCli();
});
afterAll(() => compiled.remove());

describe.each(['coinbase', 'kraken'])('a message of a book of %s', (venue) => {
  it('makes no promise, text, timer or object for each level, whoever listens', async () => {
    const few = await count({ venue, levelsPerMessage: 4, listens: false });
    const many = await count({ venue, levelsPerMessage: 44, listens: false });
    for (const counts of [few, many]) {
      expect(counts).toMatchObject({ promises: 0, texts: 0, timers: 0, events: 0 });
      expect(counts.status).toBe('live');
      expect(counts.clockReadings).toBeLessThanOrEqual(1);
    }
    expect(few.bytes).toBeLessThan(BYTES_MAX);
    expect(many.bytes - few.bytes).toBeLessThan(BYTES_MORE_MAX);
  });

  it('makes one event for the listener that asks for it, and little else', async () => {
    const heard = await count({ venue, levelsPerMessage: 4, listens: true });
    expect(heard).toMatchObject({ promises: 0, texts: 0, timers: 0, events: 1, status: 'live' });
    expect(heard.bytes).toBeLessThan(BYTES_MAX_HEARD);
  });
});
