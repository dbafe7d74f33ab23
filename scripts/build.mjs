// Compiles src/ and merges what comes of it into dist/: from nothing, so that no file of an earlier
// build stays behind.
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled, ensureInstalled, root, run, tool } from './setup.mjs';

ensureInstalled();
const dist = join(root, 'dist');
for (const folder of [compiled, dist]) rmSync(folder, { recursive: true, force: true });
run(tool('tsc'), ['-p', 'tsconfig.build.json']);
// Not before the packages are there.
const { bundle, writeFiles } = await import('./build/bundle.mjs');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFiles(await bundle({ from: compiled, manifest }), dist);
chmodSync(join(dist, 'cli', 'main.js'), 0o755);
writeFileSync(join(dist, '.built'), '');
