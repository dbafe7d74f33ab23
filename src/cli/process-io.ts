import {
  closeSync,
  fstatSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import type { WriteStream } from 'node:tty';
import { ConfigError } from '../model/error.js';
import type { Runtime } from '../model/runtime.js';
import { EXIT_CODES } from './exit-code.js';
import type { CliIo, CliOutput, FileSink, FileText, StopSignal } from './cli-io.js';

const COLUMNS_OF_A_PIPE = 100;
const ROWS_OF_A_PIPE = 30;

/** The reader left; that is how `| head` ends. */
const READER_GONE_CODES = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

/** A full disk must not pass for success. */
function reportUnwritable(error: NodeJS.ErrnoException): void {
  const reason = error.code ?? 'unknown reason';
  process.on('exit', (code) => {
    if (code === 0) process.exitCode = EXIT_CODES.failed.code;
  });
  process.stderr.write(
    `truefeed: The output could not be written (${reason}). [FILE_UNREADABLE]\n`,
  );
}

/** Wraps a standard stream so that a reader that leaves is an event and not a crash. */
function wrapOutput(stream: WriteStream): CliOutput {
  let isBroken = false;
  const listeners: (() => void)[] = [];
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // EPIPE, or a terminal that is gone: nobody is left to tell, so it is only remembered.
    if (!isBroken && !READER_GONE_CODES.has(error.code ?? '')) reportUnwritable(error);
    isBroken = true;
    for (const run of listeners.splice(0)) run();
  });
  return {
    isTty: stream.isTTY,
    get columns() {
      return stream.columns ?? COLUMNS_OF_A_PIPE;
    },
    get rows() {
      return stream.rows ?? ROWS_OF_A_PIPE;
    },
    get isBroken() {
      return isBroken;
    },
    write: (text) => isBroken || stream.write(text),
    onDrain: (run) => void stream.once('drain', run),
    onBroken: (run) => void (isBroken ? run() : listeners.push(run)),
  };
}

/** Reads a whole small file and its permission bits from one descriptor. */
function readFile(path: string, maxBytes: number): FileText {
  if (path === '') {
    const text = 'A file name is empty: a variable of the shell may be. Name the file, or leave ';
    throw new ConfigError('OPTION_INVALID', `${text}its option out.`);
  }
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { mode } = fstatSync(descriptor);
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0 || length > maxBytes) break;
    }
    if (length <= maxBytes) return { text: buffer.toString('utf8', 0, length), mode };
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new ConfigError(
      'FILE_UNREADABLE',
      reason === 'EISDIR'
        ? `'${path}' is a folder; name a file in it.`
        : `Cannot read the file '${path}' (${reason}); check the path and its permissions.`,
      { facts: { path, reason }, cause },
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  throw new ConfigError(
    'FILE_UNREADABLE',
    `The file '${path}' is larger than ${maxBytes} bytes; it is hardly the file that was meant.`,
    { facts: { path, maxBytes } },
  );
}

function explainUnwritten(path: string, cause: unknown): ConfigError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
  const isThere = reason === 'EEXIST';
  const isFolder =
    reason === 'EISDIR' || (isThere && statSync(path, { throwIfNoEntry: false })?.isDirectory());
  const text = isFolder
    ? `'${path}' is a folder; name a new file in it.`
    : isThere
      ? `The file '${path}' is there already; name a new one, or remove it.`
      : `Cannot write the file '${path}' (${reason}); check path, permissions and disk.`;
  return new ConfigError('FILE_UNREADABLE', text, { facts: { path, reason }, cause });
}

function writeFile(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw explainUnwritten(path, cause);
  }
}

function createFile(path: string): FileSink {
  const guard = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (cause) {
      throw explainUnwritten(path, cause);
    }
  };
  const descriptor = guard(() => openSync(path, 'wx'));
  return {
    write(text) {
      const bytes = Buffer.from(text);
      // A full disk may take a part.
      for (let at = 0; at < bytes.length;) at += guard(() => writeSync(descriptor, bytes, at));
    },
    close: () => guard(() => closeSync(descriptor)),
  };
}

/** The first signal lets the command end in order; a second one ends it on the spot. */
function listenToSignals(run: (signal: StopSignal) => void): () => void {
  let isRepeated = false;
  const handle = (signal: NodeJS.Signals): void => {
    if (isRepeated) process.exit(signal === 'SIGINT' ? 130 : 143);
    isRepeated = true;
    run(signal as StopSignal);
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return () => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
}

function listenToKeys(run: (key: string) => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const handle = (_text: string | undefined, key: { name?: string; ctrl?: boolean }): void =>
    run(key.ctrl ? `ctrl-${key.name ?? ''}` : (key.name ?? ''));
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', handle);
  stdin.resume();
  return () => {
    stdin.off('keypress', handle);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

/** The real machine. */
export function createProcessIo(runtime: Runtime): CliIo {
  return {
    stdout: wrapOutput(process.stdout),
    stderr: wrapOutput(process.stderr),
    env: process.env,
    runtime,
    readFile,
    writeFile,
    createFile,
    onSignal: listenToSignals,
    onKey: listenToKeys,
    onResize(run) {
      process.stdout.on('resize', run);
      return () => void process.stdout.off('resize', run);
    },
  };
}

/** Waits until everything written has left this process, or nobody reads it any more. */
export async function flushOutputs(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream.destroyed || stream.writableLength === 0) return resolve();
          stream.once('error', () => resolve());
          stream.write('', () => resolve());
        }),
    ),
  );
}
