import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rootFolder } from './source-tree.js';

interface Row {
  readonly name: string;
  readonly role: string;
  readonly values: readonly number[];
}

interface Target {
  readonly value: number;
  readonly lowest?: number;
  readonly highest?: number;
  readonly isMet: boolean;
}

/** What the benchmark's own modules offer; they are plain JavaScript, as all of bench/ is. */
interface ReportModule {
  readonly summarise: (group: object) => { readonly rows: readonly object[] };
  readonly toText: (group: object) => string;
  readonly targetsToText: (targets: readonly Target[]) => string;
}
interface TargetsModule {
  readonly judgeTargets: (groups: readonly object[]) => readonly Target[];
}

const load = async (name: string): Promise<unknown> =>
  import(pathToFileURL(join(rootFolder, 'bench', name)).href);
const report = (await load('report.mjs')) as ReportModule;
const targets = (await load('targets.mjs')) as TargetsModule;

const groupOf = (title: string, rows: readonly Row[]): object =>
  report.summarise({ scenario: 'x', title, unit: 'µs', better: 'lower', rows });

describe('the figures of a benchmark', () => {
  it('keep the ratio of every turn, and show how far they lie apart', () => {
    const group = groupOf('Coinbase level2, 2 × 5000 levels, socket to book', [
      { name: 'truefeed openFeed', role: 'ours', values: [1, 2, 1] },
      { name: 'ccxt watchOrderBook', role: 'peer', values: [40, 50, 60] },
    ]);
    expect(group).toMatchObject({
      rows: [{}, { oursIsTimes: 40, oursIsTimesByTurn: [40, 25, 60] }],
    });
    expect(report.toText(group)).toMatch(/ 40 \(25 … 60\)$/m);
    const judged = targets.judgeTargets([group]);
    expect(judged).toMatchObject([{ value: 40, lowest: 25, highest: 60, isMet: true }]);
    expect(report.targetsToText(judged)).toMatch(/ 40 \(25 … 60\) +met, but not in every turn/);
  });

  it('compare two rows beside a third one turn by turn as well', () => {
    const group = groupOf('Cost with changes in a message, 2 × 5,000 levels', [
      { name: 'truefeed, 1 change', role: 'ours', values: [1, 1, 1] },
      { name: 'truefeed, 20 changes', role: 'also', values: [2, 4, 3] },
      { name: 'truefeed, 60 changes', role: 'also', values: [8, 12, 6] },
    ]);
    const judged = targets.judgeTargets([group]);
    expect(judged).toMatchObject([{ value: 3, lowest: 2, highest: 4, isMet: true }]);
  });

  it('say nothing of a spread where there was one turn', () => {
    const group = groupOf('Import of the package', [
      { name: 'truefeed', role: 'ours', values: [101] },
      { name: 'ccxt', role: 'peer', values: [202] },
    ]);
    expect(report.toText(group)).toMatch(/ 2$/m);
    const judged = targets.judgeTargets([group]);
    expect(judged).toMatchObject([{ value: 101, isMet: false }]);
    expect(report.targetsToText(judged)).toMatch(/ 101 +NOT met\n$/);
  });
});
