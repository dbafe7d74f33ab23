import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulator/index.js';

const start = simulate as (options?: unknown) => Promise<unknown>;
const CASES: [what: string, options: unknown, text: string][] = [
  ['nothing', undefined, '{ venues: { name: {} } }'],
  ['no venues', { port: 0 }, '{ venues: { name: {} } }'],
  ['a list of venues', { venues: ['kraken'] }, '{ venues: { name: {} } }'],
  ['an unknown venue', { venues: { karken: {} } }, 'Did you mean "kraken"?'],
  ['one beside another', { venues: { kraken: {}, coinbse: {} } }, 'Did you mean "coinbase"?'],
  ['no venue', { venues: {} }, 'Name a venue: coinbase, kraken, cloud9trader.'],
  ['an unknown option', { venues: { kraken: {} }, prot: 1 }, 'Did you mean "port"?'],
  ['a wish that no venue hears', { venues: { kraken: { teir: 'pro' } } }, 'Did you mean "tier"?'],
  ['the same at Coinbase', { venues: { coinbase: { limit: {} } } }, 'Did you mean "limits"?'],
  ['the same at Cloud9Trader', { venues: { cloud9trader: { deposit: {} } } }, '"deposits"?'],
  ['a venue in one word', { venues: { kraken: 'pro' } }, 'An object is wanted for the simulated'],
  ['a port in place of control', { venues: { kraken: {} }, control: 8080 }, 'An object is wanted'],
  ['a control misspelt', { venues: { kraken: {} }, control: { prot: 0 } }, 'Did you mean "port"?'],
];

describe('simulate', () => {
  it.each(CASES)('with %s is refused before anything listens', async (...[, options, text]) => {
    const act = start(options);
    await expect(act).rejects.toThrow(text);
    await expect(act).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});
