import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../model/error.js';

/** What a lock is made of. */
export interface FileLockOptions {
  readonly path: string;
  /** How long to try before giving up. */
  readonly waitMaxMs: number;
  /** A lock this old is taken over even where its process seems to live. */
  readonly staleAfterMs: number;
}

/** A lock that is held. */
export interface FileLock {
  /** Whether it is still ours: one that was held far too long may have been taken over. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

interface LockOwner {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

const TAKEOVER_KEPT_MS = 3_600_000;
const RETRY_LEAST_MS = 1;
const RETRY_MOST_MS = 8;

function systemCodeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown');
}

function describeLockFailure(path: string, cause: unknown): ConfigError {
  return new ConfigError(
    'FILE_UNREADABLE',
    `The lock file ${path} cannot be used (${systemCodeOf(cause)}): check that its folder can be ` +
      'written by this user.',
    { cause, facts: { path, systemCode: systemCodeOf(cause) } },
  );
}

/** Creates a file that must not exist yet; false where it does. */
async function createExclusive(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw describeLockFailure(path, error);
  }
}

/** Removes a file; that it is gone already is no failure. */
async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw describeLockFailure(path, error);
  }
}

interface FoundFile {
  readonly text: string;
  readonly writtenAtMs: number;
  readonly ageMs: number;
}

/** The text of a file and its age; undefined where it is gone. */
async function inspectFile(path: string): Promise<FoundFile | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    const writtenAtMs = Math.floor((await stat(path)).mtimeMs);
    return { text, writtenAtMs, ageMs: Date.now() - writtenAtMs };
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw describeLockFailure(path, error);
  }
}

function readOwner(text: string): LockOwner | undefined {
  const [token = '', pid = '', host = ''] = text.split(' ');
  return /^[0-9a-f]{16}$/.test(token) ? { token, pid: Number(pid), host } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return systemCodeOf(error) === 'EPERM';
  }
}

/** What tells one lock from the next at the same path, also where its owner died before writing. */
function identify(found: FoundFile): string {
  return readOwner(found.text)?.token ?? `unnamed-${found.writtenAtMs}`;
}

function isStale(found: FoundFile, staleAfterMs: number): boolean {
  const owner = readOwner(found.text);
  if (owner?.host === hostname() && !isAlive(owner.pid)) return true;
  return found.ageMs > staleAfterMs;
}

/** Removes takeover files that no slow witness of their lock can be waiting for. */
async function sweepTakeovers(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const takeoverPath = join(dirname(path), name);
    const found = await inspectFile(takeoverPath);
    if (found && found.ageMs > TAKEOVER_KEPT_MS) await removeFile(takeoverPath);
  }
}

/**
 * Removes a lock whose owner is gone. Of all that notice, exactly one may do so: the one that
 * creates the takeover file, whose name identifies that very lock. The others must not remove
 * anything, since by then the path may hold the lock of the next owner. The takeover file stays
 * until no slow witness of the old lock can still come.
 */
async function takeOver(path: string, stale: FoundFile): Promise<void> {
  const identity = identify(stale);
  if (await createExclusive(`${path}.${identity}`, '')) {
    const present = await inspectFile(path);
    if (present && identify(present) === identity) await removeFile(path);
  }
  await sweepTakeovers(path);
}

function pause(): Promise<void> {
  const delayMs = RETRY_LEAST_MS + Math.random() * (RETRY_MOST_MS - RETRY_LEAST_MS);
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/**
 * Takes a lock that processes on one machine share, by creating a file. A lock left behind by a
 * process that died is taken over at once, one of a process that hangs after `staleAfterMs`.
 */
export async function acquireFileLock(options: FileLockOptions): Promise<FileLock> {
  const { path, waitMaxMs, staleAfterMs } = options;
  const token = randomBytes(8).toString('hex');
  const givesUpAtMs = performance.now() + waitMaxMs;
  while (!(await createExclusive(path, `${token} ${process.pid} ${hostname()}`))) {
    const found = await inspectFile(path);
    if (found && isStale(found, staleAfterMs)) await takeOver(path, found);
    if (performance.now() > givesUpAtMs) {
      throw new ConfigError(
        'FILE_UNREADABLE',
        `The lock file ${path} was held by another process for ${waitMaxMs} ms: if no other ` +
          'program uses this key, delete the file and try again.',
        { facts: { path, waitMaxMs } },
      );
    }
    if (found) await pause();
  }
  const isHeld = async (): Promise<boolean> => {
    const found = await inspectFile(path);
    return found !== undefined && readOwner(found.text)?.token === token;
  };
  return {
    isHeld,
    async release() {
      if (await isHeld()) await removeFile(path);
    },
  };
}
