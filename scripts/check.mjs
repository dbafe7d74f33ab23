// `npm test`: everything a change must pass. `npm test -- NAME` runs the matching tests alone.
import { spawnSync } from 'node:child_process';
import { ensureBuilt, root, tool } from './setup.mjs';

const only = process.argv.slice(2);
const steps = [
  ['format', tool('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['lint', tool('eslint'), ['--max-warnings', '0', '.']],
  ['types', tool('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['tests', tool('vitest'), ['run', ...only]],
];

ensureBuilt();
const failed = [];
for (const [name, command, args] of only.length > 0 ? steps.slice(-1) : steps) {
  process.stdout.write(`\n== ${name}\n`);
  const startedAtMs = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  process.stdout.write(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  process.stdout.write(`\nFailed: ${failed.join(', ')}.`);
  process.stdout.write(failed.includes('format') ? ' `npm run format` mends the format.\n' : '\n');
  process.exit(1);
}
process.stdout.write('\nAll checks passed.\n');
