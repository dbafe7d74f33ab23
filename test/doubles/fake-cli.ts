import type { CliIo, CliOutput, StopSignal } from '../../src/cli/cli-io.js';
import { ConfigError } from '../../src/model/error.js';
import type { Runtime } from '../../src/model/runtime.js';
import { createSeededRandom } from './seeded-random.js';
import { createVirtualTime, type VirtualTime } from './virtual-time.js';

/** An output that keeps what was written; the test decides when the reader is behind or gone. */
export interface FakeOutput extends CliOutput {
  readonly text: string;
  readonly lines: string[];
  isTty: boolean;
  columns: number;
  rows: number;
  /** From now on nothing more is taken until `drain()`. */
  block(): void;
  drain(): void;
  break(): void;
}

export function createFakeOutput(): FakeOutput {
  let text = '';
  let isBlocked = false;
  let isBroken = false;
  const drains: (() => void)[] = [];
  const breaks: (() => void)[] = [];
  return {
    isTty: false,
    columns: 80,
    rows: 24,
    get text() {
      return text;
    },
    get lines() {
      return text.split('\n').slice(0, -1);
    },
    get isBroken() {
      return isBroken;
    },
    write(more) {
      text += more;
      return !isBlocked;
    },
    onDrain: (run) => void drains.push(run),
    onBroken: (run) => void breaks.push(run),
    block: () => void (isBlocked = true),
    drain() {
      isBlocked = false;
      for (const run of drains.splice(0)) run();
    },
    break() {
      isBroken = true;
      for (const run of breaks.splice(0)) run();
    },
  };
}

/** A machine for commands: files and variables that the test names, and nothing else. */
export interface FakeCli {
  readonly io: CliIo;
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  readonly time: VirtualTime;
  readonly written: ReadonlyMap<string, string>;
  readonly signal: (signal: StopSignal) => void;
  readonly press: (key: string) => void;
}

export interface FakeCliOptions {
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
  readonly modes?: Record<string, number>;
  readonly runtime?: Partial<Runtime>;
  readonly startAtMs?: number;
  /** What a file that grows may hold. */
  readonly diskMaxCharacters?: number;
}

function refuse(): never {
  throw new Error('This test did not expect the network to be used.');
}

export function createFakeCli(options: FakeCliOptions = {}): FakeCli {
  const stdout = createFakeOutput();
  const stderr = createFakeOutput();
  const time = createVirtualTime(options.startAtMs);
  const signals = new Set<(signal: StopSignal) => void>();
  const keys = new Set<(key: string) => void>();
  const written = new Map<string, string>();
  const quiet = (): void => undefined;
  const listen = <Run>(listeners: Set<Run>, run: Run) => {
    listeners.add(run);
    return () => void listeners.delete(run);
  };
  return {
    stdout,
    stderr,
    time,
    written,
    io: {
      stdout,
      stderr,
      env: options.env ?? {},
      runtime: {
        clock: time.clock,
        timers: time.timers,
        random: createSeededRandom(1),
        dial: refuse,
        http: refuse,
        logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
        ...options.runtime,
      },
      readFile(path) {
        const text = options.files?.[path];
        if (text !== undefined) return { text, mode: options.modes?.[path] ?? 0o100600 };
        throw new ConfigError('FILE_UNREADABLE', `Cannot read the file '${path}' (ENOENT).`);
      },
      writeFile: (path, text) => void written.set(path, text),
      createFile(path) {
        if (options.files?.[path] !== undefined) {
          throw new ConfigError('FILE_UNREADABLE', `The file '${path}' is there already.`);
        }
        const { diskMaxCharacters = Infinity } = options;
        written.set(path, '');
        return {
          write(text) {
            const all = (written.get(path) ?? '') + text;
            if (all.length <= diskMaxCharacters) return void written.set(path, all);
            throw new ConfigError('FILE_UNREADABLE', `Cannot write the file '${path}' (ENOSPC).`);
          },
          close: () => undefined,
        };
      },
      onSignal: (run) => listen(signals, run),
      onKey: (run) => listen(keys, run),
      onResize: () => quiet,
    },
    signal: (signal) => signals.forEach((run) => run(signal)),
    press: (key) => keys.forEach((run) => run(key)),
  };
}
