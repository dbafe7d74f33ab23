/**
 * Every fault of `rows.ts` at every venue, each on an exchange of its own on virtual time. With
 * FAULT_MATRIX=write what is seen becomes what is kept, and goes into the page.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { SIMULATED, type SimulatedVenue } from '../simulation/exchanges.js';
import { outcomeOf, type Cell, type SeenCell } from './matrix-row.js';
import { fillPage, type SeenMatrix } from './page.js';
import { playCell, type PlayedCell } from './play-cell.js';
import { playTlsCell } from './play-tls-cell.js';
import { MATRIX } from './rows.js';

const SEED = 1;
const KEPT = new URL('seen.json', import.meta.url);
const PAGE = new URL('../../docs/reliability.md', import.meta.url);
const isWriting = process.env['FAULT_MATRIX'] === 'write';
const kept = JSON.parse(readFileSync(KEPT, 'utf8')) as SeenMatrix;
const seen: Record<string, Record<string, SeenCell>> = {};

function judge(cell: Cell, played: PlayedCell): void {
  const outcome = outcomeOf(cell.outcome);
  const { said, states, liveMs, violation } = played;
  if (outcome.isBlind === true) expect(violation?.invariant).toMatch(/^a live book is/);
  else expect(violation).toBeUndefined();
  let from = 0;
  for (const expected of outcome.says) {
    if (violation) break;
    const at = said.findIndex((one, index) => index >= from && one.startsWith(expected));
    expect(at, `${expected} in ${said.join(', ')}`).toBeGreaterThanOrEqual(from);
    from = at + 1;
  }
  const never = said.filter((one) => outcome.never.some((begin) => one.startsWith(begin)));
  expect(never).toEqual([]);
  if (outcome.states) expect(states).toEqual(outcome.states);
  if (outcome.isFinal === true) expect(liveMs).toBeNull();
  else expect(states.at(-1)).toBe('live');
}

/** Where another message goes first, or a step takes another turn, times move by a way or two. */
const SLACK_MS = 30;

function strip({ said, states, liveMs }: PlayedCell): SeenCell {
  return { said, states, liveMs };
}

function play(venue: SimulatedVenue, cell: Cell): Promise<PlayedCell> {
  return cell.isTls === true ? playTlsCell(venue, cell) : playCell(venue, cell, SEED);
}

async function check(venue: SimulatedVenue, id: string, cell: Cell): Promise<void> {
  const played = await play(venue, cell);
  (seen[venue] ??= {})[id] = strip(played);
  judge(cell, played);
  for (const acts of cell.alike ?? []) {
    const other = await play(venue, { ...cell, acts });
    expect(strip(other)).toEqual(strip(played));
  }
  if (isWriting) return;
  const expected = kept[venue]?.[id];
  expect(strip(played)).toEqual({ ...expected, liveMs: played.liveMs });
  const limitMs = (expected?.liveMs ?? Infinity) + SLACK_MS;
  expect(played.liveMs ?? Infinity).toBeLessThanOrEqual(limitMs);
}

afterAll(() => {
  if (!isWriting) return;
  writeFileSync(KEPT, `${JSON.stringify(seen, undefined, 2)}\n`);
  writeFileSync(PAGE, fillPage(readFileSync(PAGE, 'utf8'), MATRIX, seen));
});

describe.each(SIMULATED)('the fault matrix of %s', (venue) => {
  for (const { rows } of MATRIX) {
    for (const { id, cells } of rows) {
      const cell = cells[venue];
      if (!('none' in cell)) it(id, () => check(venue, id, cell));
    }
  }
});
