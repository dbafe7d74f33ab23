import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** How a program of its own ended, and what it said. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

const KILLED_AFTER_MS = 50_000;

/** Runs a program of the folder `programs` to its end, which is forced after a while. */
export function runProgram(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<ProgramEnd> {
  const path = join(import.meta.dirname, 'programs', name);
  const child = spawn(process.execPath, [path], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (errors += chunk.toString()));
  const force = setTimeout(() => child.kill('SIGKILL'), KILLED_AFTER_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(force);
      resolve({ code, output, errors });
    });
  });
}
