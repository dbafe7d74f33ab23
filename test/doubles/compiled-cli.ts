import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');
/** A child that has not ended by then is ended, so that no test can leave one behind. */
const CHILD_MAX_MS = 45_000;

export interface EndedChild {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedChild {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<EndedChild>;
}

/** The command line as a program of its own, in a folder that is removed at the end. */
export interface CompiledCli {
  readonly folder: string;
  /** The file that Node.js runs. */
  readonly main: string;
  start(args: readonly string[], env?: Record<string, string>): StartedChild;
  run(args: readonly string[], env?: Record<string, string>): Promise<EndedChild>;
  remove(): void;
}

/** Turns each source file into JavaScript without checking types, which takes about a second. */
function transpileAll(target: string): void {
  const source = join(root, 'src');
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(target, from.slice(source.length)).replace(/\.ts$/, '.js');
    const { outputText } = ts.transpileModule(readFileSync(from, 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
      },
    });
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, outputText);
  }
}

function startChild(main: string, args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    timeout: CHILD_MAX_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<EndedChild>((done) => {
    child.on('close', (exitCode) => done({ exitCode, stdout, stderr }));
  });
  return { process: child, ended };
}

export function compileCli(): CompiledCli {
  const folder = mkdtempSync(join(tmpdir(), 'truefeed-cli-'));
  transpileAll(join(folder, 'dist'));
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const main = join(folder, 'dist', 'cli', 'main.js');
  return {
    folder,
    main,
    start: (args, env = {}) => startChild(main, args, env),
    run: (args, env = {}) => startChild(main, args, env).ended,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
