import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_RULES } from '../../src/model/error.js';
import { rootFolder } from './source-tree.js';

const page = readFileSync(join(rootFolder, 'docs/errors.md'), 'utf8');

/** Rows of the catalogue: code and whether trying again can help. */
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (yes|no) \|/gm)].map((match) => ({
  code: match[1],
  retryable: match[2] === 'yes',
}));

describe('docs/errors.md', () => {
  it('lists every code of the table once, in its order, with the same advice', () => {
    const expected = Object.entries(ERROR_RULES).map(([code, { retryable }]) => ({
      code,
      retryable,
    }));
    expect(rows).toEqual(expected);
  });

  it('repeats the sentence that the code carries', () => {
    for (const [code, { summary }] of Object.entries(ERROR_RULES)) {
      expect(page, code).toContain(summary);
    }
  });
});
