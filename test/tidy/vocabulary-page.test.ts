import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_NAMES } from '../../src/feed/event-names.js';
import { rootFolder } from './source-tree.js';

function read(path: string): string {
  return readFileSync(join(rootFolder, path), 'utf8');
}

describe('docs/vocabulary.md', () => {
  const page = read('docs/vocabulary.md');

  it('names every event once in the table of all, and none that there is not', () => {
    const table = /## All events\n([^]*?)\n## /.exec(page)?.[1] ?? '';
    const cells = [...table.matchAll(/^\| (`.*?`) \|/gm)].map((match) => match[1] ?? '');
    const named = cells.flatMap((cell) => cell.split(', ').map((one) => one.replaceAll('`', '')));
    expect(named.toSorted()).toEqual(EVENT_NAMES.toSorted());
  });

  it('names every way in which a lost order call is settled', () => {
    const type = /export type SettledOrder =([^]*?);\n\n/.exec(read('src/model/order-calls.ts'));
    const kinds = [...(type?.[1] ?? '').matchAll(/kind: '([a-z-]+)'/g)].map((match) => match[1]);
    expect(kinds).toContain('not-done');
    for (const kind of kinds) expect(page).toContain(`\`${kind}\``);
  });
});
