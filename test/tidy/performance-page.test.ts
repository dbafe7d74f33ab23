import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rootFolder } from './source-tree.js';

/** What the benchmark's own module offers; it is plain JavaScript, as all of bench/ is. */
interface PageModule {
  readonly fillPage: (page: string, results: unknown) => string;
}

const folder = join(rootFolder, 'bench');
const results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as {
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: { readonly quick: boolean };
  readonly groups: readonly { readonly scenario: string }[];
};

describe('the page about performance', () => {
  it('shows the results that are kept beside the benchmark', async () => {
    const page = readFileSync(join(rootFolder, 'docs/performance.md'), 'utf8');
    const { href } = pathToFileURL(join(folder, 'page.mjs'));
    const { fillPage } = (await import(href)) as PageModule;
    const advice = 'Run npm run bench as a whole: it writes the results and the page together.';
    expect(fillPage(page, results), advice).toBe(page);
  });

  it('shows a whole run, with the peers that the benchmark installs', () => {
    expect(results.settings.quick).toBe(false);
    expect(new Set(results.groups.map(({ scenario }) => scenario)).size).toBe(8);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(results.versions).toMatchObject(manifest.dependencies);
  });

  it('asks no registry by name in the lock file', () => {
    const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved"|registry/);
  });
});
