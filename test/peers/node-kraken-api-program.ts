import { runProgram } from './child-program.js';
import { textOf, type KrakenTrade } from './kraken-truth.js';
import { writeScratchFile } from './scratch-file.js';
import type { KrakenSimulator } from './simulators.js';

/** What a program around node-kraken-api told before it ended. */
export interface FollowedByNodeKrakenApi {
  readonly code: number | null;
  /** What it wrote where programs write their last words. */
  readonly lastWords: string;
  /** The books that it vouches for, down to the depth that it asked for. */
  readonly states: readonly string[];
  /** The most levels that one side of them had. */
  readonly deepest: number;
  readonly trades: readonly KrakenTrade[];
  readonly snapshots: number;
  readonly errors: readonly string[];
}

/** What the program asks for. */
const DEPTH = 10;

interface Line {
  readonly error?: string;
  readonly snapshot?: boolean;
  readonly bids?: readonly (readonly string[])[];
  readonly asks?: readonly (readonly string[])[];
  readonly trade?: readonly (readonly string[])[];
}

/** Follows a pair until it has vouched for `count` books. The exchange must speak TLS. */
export async function followWithNodeKrakenApi(
  exchange: KrakenSimulator,
  { pair, count }: { readonly pair: string; readonly count: number },
): Promise<FollowedByNodeKrakenApi> {
  const { code, output, errors } = await runProgram('follow-kraken-book.mjs', {
    ...trust(exchange),
    PAIR: pair,
    STATES: String(count),
  });
  const lines = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  const books = lines.flatMap(({ bids, asks }) => (bids && asks ? [{ bids, asks }] : []));
  return {
    code,
    lastWords: errors,
    states: books.map(({ bids, asks }) => textOf(bids, asks, DEPTH)),
    deepest: Math.max(...books.map(({ bids, asks }) => Math.max(bids.length, asks.length))),
    trades: lines.flatMap((line) => line.trade ?? []).map(toTrade),
    snapshots: lines.filter((line) => line.snapshot).length,
    errors: lines.flatMap((line) => line.error ?? []),
  };
}

/**
 * It speaks TLS only, so that the certificate must be trusted before the program begins, and it
 * adds `:443` to the address, which does no harm behind a question mark.
 */
function trust(exchange: KrakenSimulator): Readonly<Record<string, string>> {
  const { port } = new URL(exchange.venues.kraken.wsV1Url);
  const path = writeScratchFile(`ca-${port}.pem`, exchange.caPem ?? '');
  return { NODE_EXTRA_CA_CERTS: path, HOSTNAME: `localhost:${port}/?x=` };
}

function toTrade([price, size, , side]: readonly string[]): KrakenTrade {
  const taker = side === 'b' ? 'buy' : 'sell';
  return { id: '', price: Number(price), size: Number(size), side: taker };
}
