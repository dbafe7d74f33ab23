import { expect, it } from 'vitest';
import { SIMULATED } from './exchanges.js';
import { run } from './run.js';
import { createScript } from './script.js';

it.each(SIMULATED)(
  'a product that %s lists on the way can be followed on an open socket',
  async (venue) => {
    const usual = createScript(venue, 1_000);
    const acts = [{ atMs: 1_000, act: 'list' }] as const;
    const { violation, counts } = await run({ ...usual, channels: [], forMs: 6_000, acts });
    expect(violation).toBeUndefined();
    expect(counts.get('session.closed')).toBeUndefined();
    // A third book of which changes come; it is compared with the exchange's at each of them.
    expect(counts.get('book.changed')).toBeGreaterThan(10);
  },
);
