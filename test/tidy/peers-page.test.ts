import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootFolder } from './source-tree.js';

const page = readFileSync(join(rootFolder, 'docs/peers.md'), 'utf8');
const folder = join(rootFolder, 'test/peers');

describe('the page about other clients', () => {
  it('names each peer with the version that is tested', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      expect(page).toContain(`| ${name} | ${version} |`);
    }
  });

  it('names tests that exist', () => {
    const files = [...page.matchAll(/`([\w-]+\.test\.ts)`/g)].map(([, name]) => name ?? '');
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
    const named = [...page.matchAll(/"([^"]+?)( …)?"/g)].map(([, name]) => name ?? '');
    const texts = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    const readable = texts.replaceAll('\\\\n', '\\n');
    expect(named.filter((name) => !readable.includes(name))).toEqual([]);
  });

  it('asks no registry by name in the lock file', () => {
    const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved"|registry/);
  });
});
