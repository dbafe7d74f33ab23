/** What peers make of the faults of the matrix: the columns beside ours in docs/reliability.md. */
import { simulate } from 'truefeed/simulator';
import { describe, expect, it } from 'vitest';
import type { Cell, MatrixRow, PeerResult } from '../faults/matrix-row.js';
import { MATRIX } from '../faults/rows.js';
import { nextBook, openCcxtCoinbase } from './ccxt-coinbase-client.js';
import { nextKrakenBook, openCcxtKraken } from './ccxt-kraken-client.js';
import { MARKET_SOCKET, openCoinbaseApi, replayBook } from './coinbase-api-client.js';
import { openV2Truth } from './kraken-truth.js';
import { findFalseStates, openServerTruth } from './server-truth.js';

const SEED = 7;
/** The truth connects first, so that the peer is the second. */
const OF_PEER = { connection: 2 };
/** Several changes have come before the one that is spoiled. */
const CHANGE_COUNT = 20;
const STEP_MS = 100;
/** How long a peer is followed, and how long it may be quiet in a market that never is. */
const FOLLOW_MS = 8_000;
const QUIET_MS = 1_500;
/** Longer than truefeed takes to notice that a socket is silent. */
const FOLLOW_SILENCE_MS = 12_000;

interface Told {
  readonly states: readonly string[];
  readonly errors: readonly unknown[];
  readonly quietMs: number;
}

interface Rule {
  readonly fault: string;
  readonly at?: Readonly<Record<string, unknown>>;
}

/** The rule of a row's own cell, about the peer's connection. */
function toPeerRule({ acts: [act] }: Cell) {
  if (!act || !('rule' in act)) throw new Error('Only rules can be told to another process.');
  const { at, ...rest } = act.rule as Rule;
  const count = at?.['kind'] === 'snapshot' ? 1 : CHANGE_COUNT;
  return { ...rest, ...(at && { at: { ...at, count } }), ...OF_PEER } as never;
}

function classify({ states, errors, quietMs }: Told, truth: { states(): readonly string[] }) {
  if (errors.length > 0) return 'error';
  if (quietMs > QUIET_MS) return 'stopped, without an error';
  return findFalseStates(states, truth).length > 0 ? 'wrong, without an error' : 'right';
}

function passTime(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

/** Asks for one book after the other, as users of ccxt do, until the time is over. */
async function follow(next: () => Promise<string>, followMs: number): Promise<Told> {
  const states: string[] = [];
  const errors: unknown[] = [];
  const startedAtMs = performance.now();
  let toldAtMs = startedAtMs;
  let isOver = false;
  const ask = async (): Promise<void> => {
    while (!isOver) {
      try {
        states.push(await next());
      } catch (error) {
        if (!isOver) errors.push(error);
        return;
      }
      toldAtMs = performance.now();
    }
  };
  void ask();
  while (performance.now() - startedAtMs < followMs && errors.length === 0) await passTime(STEP_MS);
  isOver = true;
  return { states: [...states], errors: [...errors], quietMs: performance.now() - toldAtMs };
}

function followMsOf(cell: Cell): number {
  const { fault } = toPeerRule(cell) as Rule;
  return fault === 'silence' || fault === 'half-open' ? FOLLOW_SILENCE_MS : FOLLOW_MS;
}

async function seeCcxtCoinbase(cell: Cell): Promise<PeerResult> {
  const faults = { rules: [toPeerRule(cell)] };
  await using exchange = await simulate({ venues: { coinbase: {} }, seed: SEED, faults });
  await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, 'BTC-USD');
  await using client = await openCcxtCoinbase(exchange);
  const next = async () => (await nextBook(client.peer, 'BTC/USD')).text;
  const told = await follow(next, followMsOf(cell));
  await passTime(STEP_MS);
  return classify(told, truth);
}

async function seeCcxtKraken(cell: Cell): Promise<PeerResult> {
  const faults = { rules: [toPeerRule(cell)] };
  await using exchange = await simulate({ venues: { kraken: {} }, seed: SEED, faults });
  const pair = { pair: 'BTC/USD', depth: 10 };
  await using truth = await openV2Truth(exchange.venues.kraken.wsUrl, pair);
  await using client = await openCcxtKraken(exchange);
  const told = await follow(() => nextKrakenBook(client.peer, 'BTC/USD', 10), followMsOf(cell));
  await passTime(STEP_MS);
  return classify(told, truth);
}

/** It keeps no book: its messages are applied as the venue says. */
async function seeCoinbaseApi(cell: Cell): Promise<PeerResult> {
  const faults = { rules: [toPeerRule(cell)] };
  await using exchange = await simulate({ venues: { coinbase: {} }, seed: SEED, faults });
  await using truth = await openServerTruth(exchange.venues.coinbase.wsUrl, 'BTC-USD');
  await using client = openCoinbaseApi(exchange);
  const level2 = { topic: 'level2', payload: { product_ids: ['BTC-USD'] } };
  client.peer.subscribe([level2], MARKET_SOCKET);
  const startedAtMs = performance.now();
  let toldAtMs = startedAtMs;
  let count = 0;
  while (performance.now() - startedAtMs < followMsOf(cell)) {
    await passTime(STEP_MS);
    if (client.updates.length === count) continue;
    count = client.updates.length;
    toldAtMs = performance.now();
  }
  const troubles = client.life.filter((name) => name !== 'open');
  return classify(
    {
      states: replayBook(client.updates, 'BTC-USD'),
      errors: [...client.exceptions, ...troubles],
      quietMs: performance.now() - toldAtMs,
    },
    truth,
  );
}

function cellOf(row: MatrixRow, venue: 'coinbase' | 'kraken'): Cell {
  const cell = row.cells[venue];
  if ('none' in cell) throw new Error(`There is no ${row.id} at ${venue}.`);
  return cell;
}

const rows = MATRIX.flatMap((group) => group.rows).filter((row) => row.peers);

describe('peers on the faults of the matrix', () => {
  for (const row of rows) {
    const { ccxt, 'coinbase-api': raw } = row.peers ?? {};
    const check = (name: string, expected: PeerResult | undefined, see: () => Promise<string>) => {
      if (expected === undefined) return;
      // Whether a fault meets the change that shows it is chance at times, for them as for anyone.
      it.concurrent(`${row.id}, ${name}`, { retry: 2 }, async () => {
        expect(await see()).toBe(expected);
      });
    };
    check('ccxt on Coinbase', ccxt?.coinbase, () => seeCcxtCoinbase(cellOf(row, 'coinbase')));
    check('ccxt on Kraken', ccxt?.kraken, () => seeCcxtKraken(cellOf(row, 'kraken')));
    check('coinbase-api', raw?.coinbase, () => seeCoinbaseApi(cellOf(row, 'coinbase')));
  }
});
