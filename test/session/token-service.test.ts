import { describe, expect, it } from 'vitest';
import { VenueError } from '../../src/model/error.js';
import { createFakeAuth } from '../doubles/fake-venue.js';
import { createBench, describeSent } from './session-bench.js';

describe('a subscription that needs a token', () => {
  it('is not signed again before the token service wants to be asked', async () => {
    let calls = 0;
    const facts = { retryAfterMs: 60_000 };
    const auth = createFakeAuth('key', [], {
      decorate: (message) => {
        calls += 1;
        if (calls === 1) throw new VenueError('RATE_LIMITED', 'Not asked.', { facts });
        return message;
      },
    });
    const bench = createBench({ auth, venue: { liveness: { silentAfterMs: 600_000 } } });
    bench.want('user');
    const socket = await bench.connect();
    await bench.time.advance(60_000);
    expect([calls, describeSent(socket)]).toEqual([1, []]);
    await bench.time.advance(2_000);
    expect([calls, describeSent(socket)]).toEqual([2, ['subscribe user']]);
  });
});
