/** What three peers make of lost book frames, and what truefeed makes of them, side by side. */
import { openFeed } from 'truefeed';
import { simulate } from 'truefeed/simulator';
import { kraken, krakenV1 } from 'truefeed/venues/kraken';
import { afterEach, describe, expect, it } from 'vitest';
import { nextKrakenBook, openCcxtKraken } from './ccxt-kraken-client.js';
import { openV1Truth, openV2Truth, textOf, type KrakenTruth } from './kraken-truth.js';
import { followWithNodeKrakenApi } from './node-kraken-api-program.js';
import { findFalseStates } from './server-truth.js';
import type { KrakenSimulator } from './simulators.js';
import { followWithTardis, forgetTardisAddress } from './tardis-dev-client.js';

const SEED = 20260110;
const STATES = 40;
/** Each of them would do, if the next frame did not happen to set the same levels again. */
const LOST_COUNTS = [5, 15, 25];
/** The truth connects first, so the second connection is that of the client. */
const LOST_FRAMES = LOST_COUNTS.map((count) => ({
  fault: 'drop',
  at: { channel: 'book', kind: 'update', count },
  connection: 2,
}));
const V2_PAIR = { pair: 'BTC/USD', depth: 10 };
const V1_PAIR = { pair: 'XBT/USD', depth: 10 };

function open(tls = false): Promise<KrakenSimulator> {
  return simulate({ venues: { kraken: {} }, seed: SEED, tls, faults: { rules: LOST_FRAMES } });
}

/** The truth has read on until it has certainly passed whatever the client has seen. */
async function readOn(truth: KrakenTruth): Promise<void> {
  const count = truth.states().length + 10;
  await truth.until('some more states', () => truth.states().length >= count);
}

interface FollowedFeed {
  readonly states: readonly string[];
  readonly said: readonly string[];
  /** The most levels that one side had. */
  readonly deepest: number;
}

interface FollowRequest {
  readonly version: 'v1' | 'v2';
  /** Goes on until this was said, where it is to be. */
  readonly until?: 'book.restored';
  readonly caPem?: string | undefined;
}

/** The live states that truefeed reports. */
async function followWithTruefeed(
  exchange: KrakenSimulator,
  { version, until, caPem }: FollowRequest,
): Promise<FollowedFeed> {
  const { wsUrl, wsV1Url } = exchange.venues.kraken;
  const isV2 = version === 'v2';
  const { pair: symbol, depth } = isV2 ? V2_PAIR : V1_PAIR;
  const venue = isV2 ? kraken({ marketUrl: wsUrl }) : krakenV1({ marketUrl: wsV1Url });
  let deepest = 0;
  const states: string[] = [];
  const said: string[] = [];
  await using feed = openFeed({
    venue,
    subscriptions: [{ channel: 'book', symbols: [symbol], depth }],
    caPem,
  });
  await new Promise<void>((resolve) => {
    feed.on('book.staled', ({ type }) => void said.push(type));
    feed.on('book.restored', ({ type }) => void said.push(type));
    feed.on('book.changed', ({ book }) => {
      const { bids, asks } = book.top(2 * depth);
      deepest = Math.max(deepest, bids.length, asks.length);
      const write = (levels: typeof bids): string[][] =>
        levels.map(({ price, size }) => [price, size]);
      states.push(textOf(write(bids), write(asks)));
      if (states.length >= STATES && (!until || said.includes(until))) resolve();
    });
  });
  // The end of the feed makes its book stale, too.
  return { states: [...states], said: [...said], deepest };
}

describe('book frames of protocol v2 are lost', () => {
  it('leave ccxt with books that the exchange never had, and no error', async () => {
    await using exchange = await open();
    await using truth = await openV2Truth(exchange.venues.kraken.wsUrl, V2_PAIR);
    await using client = await openCcxtKraken(exchange);
    const states: string[] = [];
    while (states.length < STATES) states.push(await nextKrakenBook(client.peer, 'BTC/USD', 10));
    await readOn(truth);
    expect(findFalseStates(states, truth)).not.toEqual([]);
  });

  it('are noticed at truefeed by the checksum; no false book is ever live', async () => {
    await using exchange = await open();
    await using truth = await openV2Truth(exchange.venues.kraken.wsUrl, V2_PAIR);
    const { states, said } = await followWithTruefeed(exchange, {
      version: 'v2',
      until: 'book.restored',
    });
    await readOn(truth);
    expect(said.slice(0, 2)).toEqual(['book.staled', 'book.restored']);
    expect(findFalseStates(states, truth)).toEqual([]);
  });
});

describe('ccxt with its check of checksums switched on', () => {
  it('fails at the first book, for it hashes floats as if they were text', async () => {
    await using exchange = await simulate({ venues: { kraken: {} }, seed: SEED });
    await using client = await openCcxtKraken(exchange, { watchOrderBook: { checksum: true } });
    await expect(client.peer.watchOrderBook('BTC/USD', 10)).rejects.toThrow(
      'split is not a function',
    );
  });
});

describe('book frames of protocol v1 are lost', () => {
  afterEach(forgetTardisAddress);

  it('leave tardis-dev with books that the exchange never had, and no disconnect', async () => {
    await using exchange = await open();
    const pair = { ...V1_PAIR, depth: 1_000, shown: 100 };
    await using truth = await openV1Truth(exchange.venues.kraken.wsV1Url, pair);
    const { states, disconnects } = await followWithTardis(exchange, { ...pair, count: STATES });
    await readOn(truth);
    expect(findFalseStates(states, truth)).not.toEqual([]);
    expect(disconnects).toBe(0);
  });

  it('are noticed by node-kraken-api, which vouches for no false book', async () => {
    await using exchange = await open(true);
    const { wsV1Url } = exchange.venues.kraken;
    await using truth = await openV1Truth(wsV1Url, V1_PAIR, exchange.caPem);
    const run = await followWithNodeKrakenApi(exchange, { pair: V1_PAIR.pair, count: STATES });
    await readOn(truth);
    expect(run.states).toHaveLength(STATES);
    expect(findFalseStates(run.states, truth)).toEqual([]);
  });

  it('are noticed at truefeed by the checksum; no false book is ever live', async () => {
    await using exchange = await open();
    await using truth = await openV1Truth(exchange.venues.kraken.wsV1Url, V1_PAIR);
    const { states, said } = await followWithTruefeed(exchange, {
      version: 'v1',
      until: 'book.restored',
    });
    await readOn(truth);
    expect(said.slice(0, 2)).toEqual(['book.staled', 'book.restored']);
    expect(findFalseStates(states, truth)).toEqual([]);
  });
});

describe('protocol v1 with nothing lost', () => {
  afterEach(forgetTardisAddress);

  it('keeps node-kraken-api resubscribing, once for each change of both sides', async () => {
    await using exchange = await simulate({ venues: { kraken: {} }, seed: SEED, tls: true });
    const run = await followWithNodeKrakenApi(exchange, { pair: V1_PAIR.pair, count: STATES });
    expect(run.snapshots).toBeGreaterThan(5);
  });

  it('leaves node-kraken-api with more levels than its book of depth 10 has', async () => {
    await using exchange = await simulate({ venues: { kraken: {} }, seed: SEED, tls: true });
    const run = await followWithNodeKrakenApi(exchange, { pair: V1_PAIR.pair, count: 3 * STATES });
    expect(run.deepest).toBeGreaterThan(V1_PAIR.depth);
  });

  it('leaves tardis-dev with more levels than its book of depth 1,000 has', async () => {
    await using exchange = await simulate({ venues: { kraken: {} }, seed: SEED });
    const request = { pair: V1_PAIR.pair, count: STATES, shown: 1 };
    expect((await followWithTardis(exchange, request)).deepest).toBeGreaterThan(1_000);
  });

  it('leaves truefeed live throughout, with ten levels and no more', async () => {
    await using exchange = await simulate({ venues: { kraken: {} }, seed: SEED, tls: true });
    const { caPem } = exchange;
    const { said, deepest } = await followWithTruefeed(exchange, { version: 'v1', caPem });
    expect(said).toEqual([]);
    expect(deepest).toBe(V1_PAIR.depth);
  });
});
