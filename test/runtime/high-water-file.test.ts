import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHighWaterFile } from '../../src/runtime/high-water-file.js';
import { catchRejection } from '../auth/secret-leak.js';

const keyId = 'PUBLIC-KEY-0123456789';
let folder = '';
let directory = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truefeed-nonce-'));
  directory = join(folder, 'state', 'nonces');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function markPath(): string {
  const name = readdirSync(directory).find((one) => /^nonce-[0-9a-f]{32}$/.test(one));
  if (!name) throw new Error('There is no mark yet.');
  return join(directory, name);
}

function reserve(atLeast: bigint, count = 1): Promise<bigint> {
  return Promise.resolve(createHighWaterFile({ directory, keyId }).reserve(atLeast, count));
}

/** A process id that belonged to a process which has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

function writeLock(content: string, ageMs = 0): void {
  const writtenAtS = (Date.now() - ageMs) / 1000;
  writeFileSync(`${markPath()}.lock`, content);
  utimesSync(`${markPath()}.lock`, writtenAtS, writtenAtS);
}

describe('a mark in a file', () => {
  it('counts on from what was reserved before, by another store and after a restart', async () => {
    expect(await reserve(1_000n)).toBe(1_000n);
    expect(await reserve(1_000n)).toBe(1_001n);
    expect(await reserve(500n, 10)).toBe(1_002n);
    expect(await reserve(0n)).toBe(1_012n);
    expect(await reserve(5_000n)).toBe(5_000n);
    expect(readFileSync(markPath(), 'utf8')).toBe('5000\n');
  });

  it('keeps keys apart and shows none of them in a name', async () => {
    await reserve(1_000n);
    const other = createHighWaterFile({ directory, keyId: 'another key' });
    expect(await other.reserve(7n, 1)).toBe(7n);
    expect(readdirSync(directory).join()).not.toContain('KEY');
  });

  it('is private to its user and leaves nothing else behind', async () => {
    await reserve(1n);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(markPath()).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it('never repeats between stores of one process that run at the same time', async () => {
    const nonces = await Promise.all(Array.from({ length: 40 }, () => reserve(1n)));
    expect(new Set(nonces).size).toBe(40);
  });

  const DAMAGED = ['', 'x\n', '12', '1.5\n', '-3\n', '12\n34\n', '\u0000\u0000\n'];
  it.each(DAMAGED)('that is damaged (%j) is an error, never a fresh start', async (content) => {
    await reserve(1_000n);
    writeFileSync(markPath(), content);
    const error = await catchRejection(reserve(1n));
    expect(error).toMatchObject({ name: 'ConfigError', code: 'FILE_UNREADABLE' });
    expect(readFileSync(markPath(), 'utf8')).toBe(content);
    expect(existsSync(`${markPath()}.lock`)).toBe(false);
  });

  it('that cannot be kept is an error with its path', async () => {
    writeFileSync(join(folder, 'state'), 'a file where a folder is due');
    const error = await catchRejection(reserve(1n));
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE', facts: { path: directory } });
  });

  it.skipIf(process.getuid?.() === 0)(
    'in a folder without permission to write is an error (not as root: root may write)',
    async () => {
      mkdirSync(directory, { recursive: true });
      chmodSync(directory, 0o500);
      expect(await catchRejection(reserve(1n))).toMatchObject({ code: 'FILE_UNREADABLE' });
    },
  );

  it('does not follow a folder in the place of the mark', async () => {
    await reserve(1n);
    const path = markPath();
    rmSync(path);
    mkdirSync(path);
    expect(await catchRejection(reserve(1n))).toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('a lock left behind', () => {
  beforeEach(async () => {
    await reserve(1_000n);
  });

  it('by a process that died is taken over at once', async () => {
    writeLock(`0123456789abcdef ${deadPid()} ${hostname()}`);
    expect(await reserve(1n)).toBe(1_001n);
    expect(existsSync(`${markPath()}.lock`)).toBe(false);
  });

  it('by a process that died before it wrote its name is taken over when old', async () => {
    writeLock('', 60_000);
    expect(await reserve(1n)).toBe(1_001n);
  });

  it('by another machine is taken over when old', async () => {
    writeLock('0123456789abcdef 1 another-host', 60_000);
    expect(await reserve(1n)).toBe(1_001n);
  });

  const HELD = [
    ['by a live process', () => `0123456789abcdef ${process.pid} ${hostname()}`],
    ['by another machine a moment ago', () => '0123456789abcdef 1 another-host'],
    ['by somebody who is about to write a name', () => ''],
  ] as const;
  it.each(HELD)('%s is respected, and the error names it', async (_name, content) => {
    writeLock(content());
    const store = createHighWaterFile({ directory, keyId, lockWaitMaxMs: 40 });
    const error = await catchRejection(Promise.resolve(store.reserve(1n, 1)));
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(String(error)).toContain('.lock');
    expect(readFileSync(`${markPath()}.lock`, 'utf8')).toBe(content());
  });

  it('is removed by one of many that notice, each of which then gets its own nonce', async () => {
    writeLock(`0123456789abcdef ${deadPid()} ${hostname()}`);
    const nonces = await Promise.all(Array.from({ length: 20 }, () => reserve(1n)));
    expect(new Set(nonces).size).toBe(20);
  });

  it('leaves takeover files that are swept when they are old', async () => {
    const old = `${markPath()}.lock.fedcba9876543210`;
    writeFileSync(old, '');
    utimesSync(old, 1_000, 1_000);
    writeLock(`0123456789abcdef ${deadPid()} ${hostname()}`);
    await reserve(1n);
    expect(existsSync(old)).toBe(false);
  });
});

const SOURCES = ['model/error', 'runtime/file-lock', 'runtime/high-water-file'];
const PROCESSES = 4;
const NONCES_PER_PROCESS = 40;

/** The module under test as plain JavaScript, so that other processes can load it. */
function buildForChildren(): string {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of SOURCES) {
    const source = readFileSync(new URL(`../../src/${name}.ts`, import.meta.url), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
    });
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, `${name}.js`), outputText);
  }
  const child = join(folder, 'child.js');
  writeFileSync(
    child,
    `import { createHighWaterFile } from './runtime/high-water-file.js';
    const [, , directory, keyId, count] = process.argv;
    const store = createHighWaterFile({ directory, keyId });
    const taken = [];
    for (let index = 0; index < Number(count); index += 1) {
      const beganAt = process.hrtime.bigint();
      const nonce = await store.reserve(1_000n, 1);
      const endedAt = process.hrtime.bigint();
      taken.push([beganAt, endedAt, nonce].map(String));
    }
    process.send(taken, () => process.disconnect());`,
  );
  return child;
}

async function runChild(script: string): Promise<bigint[][]> {
  const child = fork(script, [directory, keyId, String(NONCES_PER_PROCESS)], {
    execArgv: [],
    timeout: 30_000,
  });
  const [taken] = (await once(child, 'message')) as [string[][]];
  return taken.map((row) => row.map(BigInt));
}

describe('several processes with one key', () => {
  it('never use a nonce twice, nor one below another that was given out before', async () => {
    mkdirSync(directory, { recursive: true });
    const script = buildForChildren();
    await reserve(1_000n);
    writeLock(`0123456789abcdef ${deadPid()} ${hostname()}`);
    const runs = await Promise.all(Array.from({ length: PROCESSES }, () => runChild(script)));
    const taken = runs.flat();
    expect(taken).toHaveLength(PROCESSES * NONCES_PER_PROCESS);
    expect(new Set(taken.map(([, , nonce]) => nonce)).size).toBe(taken.length);
    for (const [, endedAt = 0n, nonce = 0n] of taken) {
      const later = taken.filter(([beganAt = 0n]) => beganAt > endedAt);
      expect(later.every(([, , other = 0n]) => other > nonce)).toBe(true);
    }
    expect(readFileSync(markPath(), 'utf8')).toBe(`${1_000 + taken.length}\n`);
  }, 60_000);
});
