// Compiles src/ to dist/ from nothing, so that no file of an earlier build stays behind.
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root, run, tool } from './setup.mjs';

ensureInstalled();
rmSync(join(root, 'dist'), { recursive: true, force: true });
run(tool('tsc'), ['-p', 'tsconfig.build.json']);
chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755);
writeFileSync(join(root, 'dist', '.built'), '');
