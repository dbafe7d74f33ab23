import { describe, expect, it } from 'vitest';
import { createFakeCli } from '../doubles/fake-cli.js';
import { cloud9trader } from '../../src/venues/cloud9trader/index.js';
import { coinbase } from '../../src/venues/coinbase/index.js';
import { kraken, krakenV1 } from '../../src/venues/kraken/index.js';

const VENUES = { cloud9trader, coinbase, kraken, krakenV1 };

describe('options of a venue', () => {
  // Unheard, it would leave the exchange itself in the place of the simulator that was meant.
  it.each(Object.entries(VENUES))('with a name that %s does not read are refused', (name, open) => {
    const act = (): unknown => (open as (options: object) => unknown)({ marketUri: 'ws://[::1]' });
    expect(act).toThrow(`There is no "marketUri" in the options of ${name}.`);
    expect(act).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it.each(Object.entries(VENUES))(
    'are there: %s says which credentials it takes',
    (_name, open) => {
      const venue = open();
      const wrong = { apiKey: 'a', password: 'b' } as never;
      const act = (): unknown => venue.createAuth(wrong, createFakeCli().io.runtime);
      expect(act).toThrow(/is missing: .*pass \{ key(Name)?, (secret|privateKey) \}/);
      expect(act).toThrow(expect.objectContaining({ code: 'KEY_MISSING' }));
    },
  );
});
