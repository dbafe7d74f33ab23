import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillPage, type SeenMatrix } from '../faults/page.js';
import { MATRIX } from '../faults/rows.js';
import { SIMULATED } from '../simulation/exchanges.js';
import { rootFolder } from './source-tree.js';

const page = readFileSync(join(rootFolder, 'docs/reliability.md'), 'utf8');
const seen = JSON.parse(
  readFileSync(join(rootFolder, 'test/faults/seen.json'), 'utf8'),
) as SeenMatrix;
const rows = MATRIX.flatMap((group) => group.rows);

describe('the page about reliability', () => {
  it('shows the fault matrix as it was seen last', () => {
    const advice = 'Run npm run matrix: it plays the matrix and writes the page.';
    expect(fillPage(page, MATRIX, seen), advice).toBe(page);
  });

  it('has a test of its own for each row', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('shows every cell that is played, and none besides', () => {
    for (const venue of SIMULATED) {
      const played = rows.filter(({ cells }) => !('none' in cells[venue])).map(({ id }) => id);
      expect(Object.keys(seen[venue] ?? {}).toSorted()).toEqual(played.toSorted());
    }
  });

  it('names the versions of the peers that are tested', () => {
    const manifest = JSON.parse(
      readFileSync(join(rootFolder, 'test/peers/package.json'), 'utf8'),
    ) as { dependencies: Record<string, string> };
    for (const name of ['ccxt', 'coinbase-api']) {
      expect(page).toContain(`${name} ${manifest.dependencies[name]}`);
    }
  });
});
