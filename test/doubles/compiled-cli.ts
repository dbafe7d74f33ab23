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
import { pathToFileURL } from 'node:url';
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

/** The package as `npm run build` makes it, in a folder that is removed at the end. */
export interface CompiledCli {
  readonly folder: string;
  /** The modules in each file of dist/, as paths within src/ without their ending. */
  readonly modules: ReadonlyMap<string, readonly string[]>;
  /** The file that Node.js runs. */
  readonly main: string;
  start(args: readonly string[], env?: Record<string, string>): StartedChild;
  run(args: readonly string[], env?: Record<string, string>): Promise<EndedChild>;
  remove(): void;
}

interface BuiltFile {
  readonly path: string;
  readonly text: string;
  readonly modules: readonly string[];
}

interface BundleScript {
  readonly bundle: (task: {
    readonly from: string;
    readonly manifest: unknown;
  }) => Promise<readonly BuiltFile[]>;
  readonly writeFiles: (files: readonly BuiltFile[], folder: string) => void;
}

/** Turns each source file into JavaScript without checking types. */
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

/** The files of dist/, as `npm run build` makes them but for the check of types. */
async function makeFiles({ bundle }: BundleScript): Promise<readonly BuiltFile[]> {
  const from = mkdtempSync(join(tmpdir(), 'truefeed-compiled-'));
  try {
    transpileAll(from);
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return await bundle({ from, manifest });
  } finally {
    rmSync(from, { recursive: true, force: true });
  }
}

/** The same for every test: making them takes some seconds. */
let made: Promise<readonly BuiltFile[]> | undefined;

export async function compileCli(): Promise<CompiledCli> {
  const path = join(root, 'scripts', 'build', 'bundle.mjs');
  const script = (await import(pathToFileURL(path).href)) as BundleScript;
  const files = await (made ??= makeFiles(script));
  const folder = mkdtempSync(join(tmpdir(), 'truefeed-cli-'));
  script.writeFiles(files, join(folder, 'dist'));
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const main = join(folder, 'dist', 'cli', 'main.js');
  const modules = new Map(files.map((file) => [file.path, file.modules]));
  return {
    folder,
    modules,
    main,
    start: (args, env = {}) => startChild(main, args, env),
    run: (args, env = {}) => startChild(main, args, env).ended,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
