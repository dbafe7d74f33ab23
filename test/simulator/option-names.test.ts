import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulator/index.js';

const start = simulate as (options?: unknown) => Promise<unknown>;
const CASES: [what: string, options: unknown, text: string][] = [
  ['nothing', undefined, '{ venues: { name: {} } }'],
  ['no venues', { port: 0 }, '{ venues: { name: {} } }'],
  ['a list of venues', { venues: ['kraken'] }, '{ venues: { name: {} } }'],
  ['an unknown venue', { venues: { karken: {} } }, 'Name a venue: coinbase, kraken, cloud9trader.'],
  ['an unknown option', { venues: { kraken: {} }, prot: 1 }, 'Did you mean "port"?'],
];

describe('simulate', () => {
  it.each(CASES)('with %s is refused before anything listens', async (...[, options, text]) => {
    const act = start(options);
    await expect(act).rejects.toThrow(text);
    await expect(act).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});
