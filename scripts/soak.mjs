// `npm run test:soak`: clients of every venue on real sockets, beside an exchange that misbehaves.
import { join } from 'node:path';
import { fail, readCount, readOptions, text } from './options.mjs';
import { ensureBuilt, root, run } from './setup.mjs';

const HELP = `npm run test:soak -- [options]

Follows every venue on real sockets, books, trades and accounts, while the exchange does something
wrong every second or two, as a seed decides. At the end everything has to be live again and right,
and nothing may be left over: no socket, no timer, no listener, no memory, no unhandled rejection.
Prints what was sent, lost and healed, and how long it took.

  --minutes N   how long things go wrong; 10 by default
  --seed N      of the faults and of the market; 1 by default
  --help        this text
`;

const values = readOptions({ minutes: text, seed: text }, HELP);
const minutes = Number(values.minutes ?? 10);
if (!(minutes > 0 && minutes <= 10_000)) fail('--minutes must be a number above 0.', HELP);
const seed = readCount('seed', values.seed, HELP) ?? 1;
ensureBuilt();
run(process.execPath, [
  '--expose-gc',
  join(root, 'scripts', 'soak', 'client.mjs'),
  JSON.stringify({ minutes, seed }),
]);
