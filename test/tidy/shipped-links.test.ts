import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  files: string[];
};
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];

function isShipped(path: string): boolean {
  return files.some((one) => new RegExp(`^${one.replaceAll('*', '[^/]+')}(/|$)`).test(path));
}

describe('the pages in the package', () => {
  it.each(pages)('%s links only to what is in the package', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^https?:/.test(target)) continue;
      const path = normalize(join(dirname(page), target));
      expect(existsSync(join(root, path)), `${page}: ${target}`).toBe(true);
      expect(path === 'README.md' || isShipped(path), `${page}: ${target}: add it to files`).toBe(
        true,
      );
    }
  });
});
