import { describe, expect, it } from 'vitest';
import { simulate } from 'truefeed/simulator';
import { openV1Truth } from './kraken-truth.js';
import { followWithNodeKrakenApi } from './node-kraken-api-program.js';
import { findFalseStates } from './server-truth.js';

const SEED = 20260109;
const STATES = 25;
const PAIR = 'XBT/USD';

describe('node-kraken-api on the Kraken server half, protocol v1 over TLS', () => {
  it('mirrors books whose checksum it has verified, and reports the trades', async () => {
    await using exchange = await simulate({ venues: { kraken: {} }, seed: SEED, tls: true });
    const { wsV1Url } = exchange.venues.kraken;
    await using truth = await openV1Truth(wsV1Url, { pair: PAIR, depth: 10 }, exchange.caPem);
    const run = await followWithNodeKrakenApi(exchange, { pair: PAIR, count: STATES });
    expect(run).toMatchObject({ code: 0, lastWords: '', errors: [] });
    expect(run.states).toHaveLength(STATES);
    await truth.untilBookWas(run.states.at(-1) ?? '');
    expect(findFalseStates(run.states, truth)).toEqual([]);
    expect(run.trades.length).toBeGreaterThan(0);
    for (const trade of run.trades) expect(truth.trades()).toContainEqual(trade);
  });
});
