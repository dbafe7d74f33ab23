// `npm run test:fuzz`: every parser that sees foreign bytes is given damaged ones, seeded.
import { fail, readCount, readOptions, text } from './options.mjs';
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

const { only, path, ...numbers } = readOptions(
  { only: text, runs: text, seed: text, path: text },
  HELP,
);
if (path !== undefined && !/^[\d:]+$/.test(path)) fail('--path is digits and colons.', HELP);
const [runs, seed] = ['runs', 'seed'].map((name) => readCount(name, numbers[name], HELP));
if (runs === 0) fail('--runs must be above 0.', HELP);
process.env.TRUEFEED_FUZZ = JSON.stringify({ only, runs, seed, path });
const config = ['--config', 'vitest.slow.config.ts', '--testTimeout', '86400000'];
run(tool('vitest'), ['run', ...config, '--reporter', 'verbose', 'test/slow/fuzz']);
