import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { NonceStore } from '../model/auth.js';
import { ConfigError } from '../model/error.js';
import { acquireFileLock, type FileLock } from './file-lock.js';

/** What a mark in a file is made of. */
export interface HighWaterFileOptions {
  /** Created, for this user alone, where it does not exist. */
  readonly directory: string;
  /** The public half of the key. Only its hash is written. */
  readonly keyId: string;
  readonly lockWaitMaxMs?: number;
  readonly lockStaleAfterMs?: number;
}

const LOCK_WAIT_MAX_MS = 10_000;
const LOCK_STALE_AFTER_MS = 30_000;
const MARK = /^[0-9]{1,40}\n$/;

function systemCodeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown');
}

function describeFileFailure(action: string, path: string, cause: unknown): ConfigError {
  const systemCode = systemCodeOf(cause);
  return new ConfigError(
    'FILE_UNREADABLE',
    `The nonce file ${path} cannot be ${action} (${systemCode}): check the path and that this ` +
      'user may write there.',
    { cause, facts: { path, systemCode } },
  );
}

/** The mark in the file, or -1 where there is none yet. Anything unreadable is an error. */
async function readMark(path: string): Promise<bigint> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return -1n;
    throw describeFileFailure('read', path, error);
  }
  if (MARK.test(text)) return BigInt(text.trim());
  throw new ConfigError(
    'FILE_UNREADABLE',
    `The nonce file ${path} is damaged: it should hold one whole number. If you know the largest ` +
      'nonce that this key has used, write it there; otherwise delete the file, or use a new key.',
    { facts: { path } },
  );
}

/** Writes beside and renames, so that a reader sees the old mark or the new one, never half. */
async function writeMark(path: string, mark: bigint, lock: FileLock): Promise<void> {
  const besidePath = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = await open(besidePath, 'wx', 0o600);
    try {
      await file.writeFile(`${mark}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    if (await lock.isHeld()) {
      await rename(besidePath, path);
      return;
    }
  } catch (error) {
    await unlink(besidePath).catch(() => undefined);
    throw error instanceof ConfigError ? error : describeFileFailure('written', path, error);
  }
  await unlink(besidePath);
  throw new ConfigError(
    'FILE_UNREADABLE',
    `The lock on the nonce file ${path} was lost, because this process stood still for too long: ` +
      'try again.',
    { retryable: true, facts: { path } },
  );
}

async function prepareDirectory(directory: string): Promise<void> {
  try {
    // In a file system that takes no folders, a recursive mkdir of Node.js never ends.
    if (/^\/(proc|sys)(\/|$)/.test(directory)) throw new Error('not a place for files');
    const created = await mkdir(directory, { recursive: true, mode: 0o700 });
    // The mode given to mkdir is cut by the umask, never widened; this makes it exact.
    if (created !== undefined) await chmod(directory, 0o700);
  } catch (error) {
    throw describeFileFailure('kept in that folder', directory, error);
  }
}

/**
 * Keeps the largest nonce of a key in a file, so that all processes of this machine count on from
 * each other: under a lock, the mark is read, raised and put in place before anyone uses the
 * nonces. One file per key; its name holds a hash of the key's public half, never the key.
 */
export function createHighWaterFile(options: HighWaterFileOptions): NonceStore {
  const { directory, keyId } = options;
  const name = createHash('sha256').update(keyId).digest('hex').slice(0, 32);
  const path = join(directory, `nonce-${name}`);
  const lockOptions = {
    path: `${path}.lock`,
    waitMaxMs: options.lockWaitMaxMs ?? LOCK_WAIT_MAX_MS,
    staleAfterMs: options.lockStaleAfterMs ?? LOCK_STALE_AFTER_MS,
  };
  return {
    async reserve(atLeast, count) {
      await prepareDirectory(directory);
      const lock = await acquireFileLock(lockOptions);
      try {
        const mark = await readMark(path);
        const first = atLeast > mark ? atLeast : mark + 1n;
        await writeMark(path, first + BigInt(count) - 1n, lock);
        return first;
      } finally {
        await lock.release();
      }
    },
  };
}
