import { normalizeBookChanges, OrderBook, streamNormalized } from 'tardis-dev';
import { textOf } from './kraken-truth.js';
import type { KrakenSimulator } from './simulators.js';

const VARIABLE = 'WSS_URL_KRAKEN';
const realAddress = process.env[VARIABLE];

/** tardis-dev reads the address from the environment whenever it connects. */
export function tellTardisAddress(exchange: KrakenSimulator): void {
  process.env[VARIABLE] = exchange.venues.kraken.wsV1Url;
}

/** Puts the environment back. */
export function forgetTardisAddress(): void {
  if (realAddress === undefined) delete process.env[VARIABLE];
  else process.env[VARIABLE] = realAddress;
}

/** What tardis-dev made of a pair. */
export interface FollowedByTardis {
  /** The best levels of its own book after each change. */
  readonly states: readonly string[];
  /** The most levels that one side of it ever had. */
  readonly deepest: number;
  /** How often it said to have lost its socket. */
  readonly disconnects: number;
}

/** Follows a pair for `count` changes; a state is the best `shown` levels a side. */
export async function followWithTardis(
  exchange: KrakenSimulator,
  { pair, count, shown }: { readonly pair: string; readonly count: number; readonly shown: number },
): Promise<FollowedByTardis> {
  tellTardisAddress(exchange);
  const book = new OrderBook();
  const states: string[] = [];
  let disconnects = 0;
  let deepest = 0;
  const options = {
    exchange: 'kraken' as const,
    symbols: [pair],
    withDisconnectMessages: true as const,
  };
  for await (const change of streamNormalized(options, normalizeBookChanges)) {
    if (change.type === 'disconnect') {
      disconnects += 1;
      continue;
    }
    book.update(change);
    const [bids = [], asks = []] = [book.bids(), book.asks()].map((side) =>
      [...side].map(({ price, amount }) => [price, amount]),
    );
    deepest = Math.max(deepest, bids.length, asks.length);
    states.push(textOf(bids, asks, shown));
    if (states.length === count) break;
  }
  return { states, deepest, disconnects };
}
