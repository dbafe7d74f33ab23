/** Makes the tables of `docs/reliability.md` from the rows and from what was seen. */
import { SIMULATED, type SimulatedVenue } from '../simulation/exchanges.js';
import {
  outcomeOf,
  type Cell,
  type MatrixGroup,
  type MatrixRow,
  type SeenCell,
} from './matrix-row.js';

/** What was seen of each cell, by venue and row. */
export type SeenMatrix = Readonly<Record<string, Readonly<Record<string, SeenCell>>>>;

const BEGIN = '<!-- The tables below are made by `npm run matrix`. -->';
const END = '<!-- Here they end. -->';
const TITLES: Readonly<Record<SimulatedVenue, string>> = {
  coinbase: 'Coinbase',
  kraken: 'Kraken v2',
  'kraken-v1': 'Kraken v1',
  cloud9trader: 'Cloud9Trader',
};
const HEAD = [
  '| fault | venue | what the client does | what the user sees | book | live again after |',
  'ccxt | coinbase-api | test |\n|---|---|---|---|---|---|---|---|---|\n',
].join(' ');

interface Line {
  readonly venues: SimulatedVenue[];
  readonly does: string;
  readonly sees: string;
  readonly states: string;
  readonly times: (number | null)[];
}

function writeTime(ms: number): string {
  return `${(Math.ceil(ms / 10) / 100).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

function writeTimes(times: readonly (number | null)[]): string {
  const known = times.filter((ms) => ms !== null);
  if (known.length < times.length) return 'not by itself';
  if (known.every((ms) => ms === 0)) return 'never down';
  const [least, most] = [writeTime(Math.min(...known)), writeTime(Math.max(...known))];
  return least === most ? least : `${least.replace(' s', '')} to ${most}`;
}

function toLine(venue: SimulatedVenue, cell: Cell, seen: SeenCell): Line {
  const { words = outcomeOf(cell.outcome).words } = cell;
  const { isBlind = false } = outcomeOf(cell.outcome);
  const isStill = isBlind && seen.said.every((one) => one === 'session.opened');
  return {
    venues: [venue],
    does: words,
    sees:
      seen.said
        .map((one) => `\`${one.replace(/ .*/, '')}\`${/ .*/.exec(one)?.[0] ?? ''}`)
        .join(', ') || 'nothing',
    states: seen.states.join(' → '),
    times: isStill ? [NaN] : [seen.liveMs],
  };
}

function listLines(row: MatrixRow, seen: SeenMatrix): Line[] {
  const lines: Line[] = [];
  for (const venue of SIMULATED) {
    const cell = row.cells[venue];
    const there = seen[venue]?.[row.id];
    if ('none' in cell || !there) continue;
    const line = toLine(venue, cell, there);
    const same = lines.find(
      ({ does, sees, states }) =>
        does === line.does && sees === line.sees && states === line.states,
    );
    if (!same) lines.push(line);
    else {
      same.venues.push(venue);
      same.times.push(...line.times);
    }
  }
  return lines;
}

function writePeers(row: MatrixRow, venues: readonly SimulatedVenue[]): [string, string] {
  const ccxt = venues.flatMap((venue) => {
    const result = row.peers?.ccxt?.[venue];
    return result === undefined ? [] : `${venues.length > 1 ? `${TITLES[venue]}: ` : ''}${result}`;
  });
  const raw = venues.includes('coinbase') ? row.peers?.['coinbase-api']?.coinbase : undefined;
  return [ccxt.join('; '), raw ?? ''];
}

function writeRow(row: MatrixRow, seen: SeenMatrix): string {
  const missing = SIMULATED.flatMap((venue) => {
    const cell = row.cells[venue];
    return 'none' in cell ? [{ venue, none: cell.none }] : [];
  });
  const lines = listLines(row, seen).map(({ venues, does, sees, states, times }, index) => {
    const isBlind = times.some((ms) => Number.isNaN(ms));
    const cells = [
      index === 0 ? row.fault : '″',
      venues.map((venue) => TITLES[venue]).join(', '),
      does,
      sees,
      states,
      isBlind ? 'not known' : writeTimes(times),
      ...writePeers(row, venues),
      index === 0 ? row.id : '″',
    ];
    return `| ${cells.join(' | ')} |\n`;
  });
  const reasons = new Map<string, string[]>();
  for (const { venue, none } of missing) {
    reasons.set(none, [...(reasons.get(none) ?? []), TITLES[venue]]);
  }
  const rest = [...reasons].map(
    ([none, venues]) => `| ″ | ${venues.join(', ')} | no such fault: ${none} | | | | | | |\n`,
  );
  return [...lines, ...rest].join('');
}

/** Puts the tables into the page. */
export function fillPage(page: string, groups: readonly MatrixGroup[], seen: SeenMatrix): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('The page has lost the marks of its tables.');
  const tables = groups.map(({ title, rows }) => {
    const text = rows.map((row) => writeRow(row, seen)).join('');
    return `### ${title}\n\n${HEAD}${text}\n`;
  });
  return `${page.slice(0, begin)}${BEGIN}\n\n${tables.join('')}${page.slice(end)}`;
}
