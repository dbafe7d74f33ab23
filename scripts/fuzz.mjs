// `npm run test:fuzz`: every parser that sees foreign bytes is given damaged ones, seeded.
import { parseArgs } from 'node:util';
import { run, tool } from './setup.mjs';

const HELP = `npm run test:fuzz -- [options]

Changes what a parser reads, as a seed decides: keys, values, lines, bytes. Whatever comes, it has to
answer with a value of the documented shape or with an error of the documented code, in which no
secret can be read, and no prototype is changed.

  --only NAME     parsers whose name begins so: frames, frames/kraken, keys, recordings …
  --runs N        cases for each; 10000 by default
  --seed N        the first seed; each thousand of cases has the next one. 1000 by default
  --path P        one case of the seed, as a failure prints it
  --help          this text
`;

function fail(message) {
  process.stderr.write(`${message}\n\n${HELP}`);
  process.exit(2);
}

function readOptions() {
  const text = { type: 'string' };
  const options = { only: text, runs: text, seed: text, path: text };
  try {
    return parseArgs({ options: { ...options, help: { type: 'boolean' } } }).values;
  } catch (error) {
    return fail(error.message);
  }
}

function readCount(name, value) {
  if (value === undefined) return undefined;
  const count = Number(value);
  return Number.isSafeInteger(count) && count >= 0 && value.trim() !== ''
    ? count
    : fail(`--${name} must be a whole number.`);
}

const { only, path, help, ...numbers } = readOptions();
if (help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (path !== undefined && !/^[\d:]+$/.test(path)) fail('--path is digits and colons.');
const [runs, seed] = ['runs', 'seed'].map((name) => readCount(name, numbers[name]));
if (runs === 0) fail('--runs must be above 0.');
process.env.TRUEFEED_FUZZ = JSON.stringify({ only, runs, seed, path });
const config = ['--config', 'vitest.slow.config.ts', '--testTimeout', '86400000'];
run(tool('vitest'), ['run', ...config, '--reporter', 'verbose', 'test/slow/fuzz']);
