import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { normalizeTrades, streamNormalized } from 'tardis-dev';
import { simulate } from 'truefeed/simulator';
import { rootFolder } from '../tidy/source-tree.js';
import { openV1Truth } from './kraken-truth.js';
import { findFalseStates } from './server-truth.js';
import type { KrakenSimulator } from './simulators.js';
import { followWithTardis, forgetTardisAddress, tellTardisAddress } from './tardis-dev-client.js';

const SEED = 20260108;
const STATES = 40;
const TRADES = 5;
const PAIR = 'XBT/USD';
/** What tardis-dev always asks for, and how much of it is compared: see the last test. */
const DEPTH = 1_000;
const SHOWN = 100;

/** A recorded session of v1, outside the project; without it one test is skipped. */
const recordingPath = join(rootFolder, '../shared/samples/kraken/v1-cryptofeed-KRAKEN.ws.50.0.txt');
const recordingAbsent = !existsSync(recordingPath);
const skipReason = recordingAbsent ? ' (skipped: no ../shared/samples here)' : '';
/** The busiest pair of the recording, and most of its 847 changes. */
const RECORDED = { pair: 'XMR/USD', count: 800 };

function open(): Promise<KrakenSimulator> {
  return simulate({ venues: { kraken: {} }, seed: SEED });
}

afterEach(forgetTardisAddress);

describe('tardis-dev on the Kraken server half, protocol v1', () => {
  it('keeps books whose best 100 levels a side the exchange had, in order', async () => {
    await using exchange = await open();
    const pair = { pair: PAIR, depth: DEPTH, shown: SHOWN };
    await using truth = await openV1Truth(exchange.venues.kraken.wsV1Url, pair);
    const { states } = await followWithTardis(exchange, {
      pair: PAIR,
      count: STATES,
      shown: SHOWN,
    });
    await truth.untilBookWas(states.at(-1) ?? '');
    expect(new Set(states).size).toBeGreaterThan(STATES / 2);
    expect(findFalseStates(states, truth)).toEqual([]);
  });

  it.skipIf(recordingAbsent)(`follows a recorded session${skipReason}`, async () => {
    await using exchange = await simulate({
      venues: { kraken: {} },
      from: recordingPath,
      speed: 20,
    });
    const pair = { pair: RECORDED.pair, depth: DEPTH, shown: SHOWN };
    const opening = openV1Truth(exchange.venues.kraken.wsV1Url, pair);
    const { states } = await followWithTardis(exchange, { ...RECORDED, shown: SHOWN });
    await using truth = await opening;
    await truth.untilBookWas(states.at(-1) ?? '');
    expect(new Set(states).size).toBeGreaterThan(RECORDED.count / 4);
    expect(findFalseStates(states, truth)).toEqual([]);
  });

  it('reports the trades that were printed, with prices, sizes and sides', async () => {
    await using exchange = await open();
    tellTardisAddress(exchange);
    const pair = { pair: PAIR, depth: 10 };
    await using truth = await openV1Truth(exchange.venues.kraken.wsV1Url, pair);
    const seen: string[] = [];
    const options = { exchange: 'kraken' as const, symbols: [PAIR] };
    for await (const one of streamNormalized(options, normalizeTrades)) {
      const { price, amount: size, side } = one;
      seen.push(JSON.stringify({ id: '', price, size, side }));
      if (seen.length >= TRADES) break;
    }
    const printed = (): Set<string> => new Set(truth.trades().map((one) => JSON.stringify(one)));
    await truth.until('the last trade', () => printed().has(seen.at(-1) ?? ''));
    expect(seen.filter((one) => !printed().has(one))).toEqual([]);
  });
});
