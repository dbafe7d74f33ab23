// `npm run test:mutations`: bugs are planted one by one, and the simulation has to find each.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, tool } from './setup.mjs';

const AT_ONCE = 2;
/** As the simulation says what is wrong; a run that breaks for another reason found nothing. */
const FOUND = /^(?:Error: )+([a-z ]+: .*)$|(Timers go on and on|timed out)/m;

const source = readFileSync(join(root, 'test', 'mutation', 'mutations.ts'), 'utf8');
const only = process.argv.slice(2);
const names = [...source.matchAll(/^ {4}name: '(.+)',$/gm)]
  .map(([, name]) => name)
  .filter((name) => only.length === 0 || only.some((part) => name.includes(part)));

function play(name) {
  const env = { ...process.env, NO_COLOR: '1', ...(name && { TRUEFEED_MUTATION: name }) };
  const args = ['run', '--config', 'vitest.mutation.config.ts'];
  const child = spawn(process.execPath, [tool('vitest'), ...args], { cwd: root, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ isGreen: status === 0, output }));
  });
}

const control = await play(undefined);
if (!control.isGreen) {
  process.stderr.write(`Without any bug the simulation should be green:\n${control.output}`);
  process.exit(1);
}
const survivors = [];
const queue = [...names];
async function work() {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const { isGreen, output } = await play(name);
    const [, invariant, hang] = FOUND.exec(output) ?? [];
    const isFound = !isGreen && (invariant ?? hang) !== undefined;
    if (!isFound) survivors.push(name);
    const how = isFound ? (invariant ?? hang).slice(0, 100) : 'NOT FOUND';
    process.stdout.write(`${isFound ? 'found    ' : 'survived '} ${name}\n           ${how}\n`);
    if (!isFound && !isGreen) process.stderr.write(output.slice(-2_000));
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
process.stdout.write(`${names.length - survivors.length} of ${names.length} bugs were found.\n`);
process.exit(survivors.length === 0 ? 0 : 1);
