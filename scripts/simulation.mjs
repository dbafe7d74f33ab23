// `npm run test:simulation`: client and exchange in one process, on a virtual clock and network.
import { fail, readCount, readOptions, text } from './options.mjs';
import { run, tool } from './setup.mjs';

const HELP = `npm run test:simulation -- [options]

Plays days of misfortune that a seed decides, on virtual time; the same seed is the same day.

  --venue NAME    coinbase, kraken, kraken-v1 or cloud9trader; all of them by default
  --seed N        play this one alone
  --from N        the first seed; 1000 by default, 1050 with orders
  --seeds N       how many; 10,000 (kraken-v1: 2,000) and 50 with orders by default
  --orders N      place so many orders a seed, and compare both sides at the end
  --help          this text
`;
const VENUES = ['coinbase', 'kraken', 'kraken-v1', 'cloud9trader'];

const { venue, ...numbers } = readOptions(
  { venue: text, seed: text, from: text, seeds: text, orders: text },
  HELP,
);
if (venue !== undefined && !VENUES.includes(venue)) fail(`There is no venue "${venue}".`, HELP);
const [seed, from, seeds, orders] = ['seed', 'from', 'seeds', 'orders'].map((name) =>
  readCount(name, numbers[name], HELP),
);
const asked = { venue, from: seed ?? from, count: seed === undefined ? seeds : 1, orders };
process.env.TRUEFEED_SIMULATION = JSON.stringify(asked);
run(tool('vitest'), ['run', '--config', 'vitest.slow.config.ts', 'test/slow/simulation']);
