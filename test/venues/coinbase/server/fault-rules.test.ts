import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAULT_RULES } from '../../../../src/venues/coinbase/server/fault-rules.js';
import { rootFolder } from '../../../tidy/source-tree.js';

describe('docs/faults.md', () => {
  const page = readFileSync(join(rootFolder, 'docs/faults.md'), 'utf8');

  it('lists every fault there is, and no other', () => {
    const rows = page.slice(page.indexOf('## Faults')).matchAll(/^\| `([a-z0-9-]+)`/gm);
    expect([...rows].map(([, name]) => name).sort()).toEqual([...FAULT_RULES.names].sort());
  });

  it('shows a file that is accepted', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    expect(FAULT_RULES.readFile(JSON.parse(example)).rules).toHaveLength(6);
  });
});

describe('reading faults', () => {
  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['an unknown field', { rules: [], extra: 1 }],
    ['too many rules', { rules: Array.from({ length: 1001 }, () => ({ fault: 'drop' })) }],
  ])('refuses %s', (_, value) => {
    expect(() => FAULT_RULES.readFile(value)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
