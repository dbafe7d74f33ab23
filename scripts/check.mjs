// `npm test`: everything a change must pass. `npm test -- NAME` runs the matching tests alone.
import { spawn } from 'node:child_process';
import { ensureBuilt, root, tool } from './setup.mjs';

const only = process.argv.slice(2);
// Each reads the sources on one core; the tests take all there are.
const readers = [
  ['format', tool('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['lint', tool('eslint'), ['--max-warnings', '0', '.']],
  ['types', tool('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
];
const tests = ['tests', tool('vitest'), ['run', ...only]];
const failed = [];

/** Runs a step; several at once keep what they print until they are done. */
function runStep([name, command, args], { keeps }) {
  const startedAtMs = Date.now();
  const output = [];
  if (!keeps) process.stdout.write(`\n== ${name}\n`);
  const stdio = keeps ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
  const child = spawn(command, args, { cwd: root, stdio });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part) => output.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
      if (keeps) process.stdout.write(`\n== ${name}\n${Buffer.concat(output)}`);
      process.stdout.write(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
      if (status !== 0) failed.push(name);
      resolve();
    });
  });
}

ensureBuilt();
if (only.length === 0) await Promise.all(readers.map((step) => runStep(step, { keeps: true })));
await runStep(tests, { keeps: false });
if (failed.length > 0) {
  process.stdout.write(`\nFailed: ${failed.join(', ')}.`);
  process.stdout.write(failed.includes('format') ? ' `npm run format` mends the format.\n' : '\n');
  process.exit(1);
}
process.stdout.write('\nAll checks passed.\n');
