import type { Runtime } from '../model/runtime.js';

export type StopSignal = 'SIGINT' | 'SIGTERM';

/** One of the two outputs. Writing never throws; a reader that left is told by `onBroken`. */
export interface CliOutput {
  readonly isTty: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly isBroken: boolean;
  /** Returns false when the reader is behind; `onDrain` then calls once when it caught up. */
  write(text: string): boolean;
  onDrain(run: () => void): void;
  onBroken(run: () => void): void;
}

/** A file as the commands want it: its text, and whether others may read it. */
export interface FileText {
  readonly text: string;
  /** The permission bits. */
  readonly mode: number;
}

/** A file that grows line by line. */
export interface FileSink {
  /** Throws ConfigError FILE_UNREADABLE. */
  write(text: string): void;
  close(): void;
}

/** Everything the commands touch, so that a test can stand in for the machine. */
export interface CliIo {
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runtime: Runtime;
  /** Throws ConfigError FILE_UNREADABLE. */
  readFile(path: string, maxBytes: number): FileText;
  /** Throws ConfigError FILE_UNREADABLE. */
  writeFile(path: string, text: string): void;
  /** A new file; throws ConfigError FILE_UNREADABLE, also where there is one of this name. */
  createFile(path: string): FileSink;
  /** Returns a function that stops listening. */
  onSignal(run: (signal: StopSignal) => void): () => void;
  /** Keys as they are pressed, where there is a keyboard. Returns a function that stops. */
  onKey(run: (key: string) => void): () => void;
  onResize(run: () => void): () => void;
}

/** What each command is given: the machine, and where to leave the exit code. */
export interface CommandContext {
  readonly io: CliIo;
  finish(exitCode: number): void;
}
