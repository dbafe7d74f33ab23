// `npm run test:peers`: other people's clients, unmodified, against our server halves.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, root, run, tool } from './setup.mjs';

const folder = join(root, 'test', 'peers');

/** Installs the peers at the versions of their own lock file, unless that was done already. */
function ensurePeersInstalled() {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const marker = join(folder, 'node_modules', '.installed');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  process.stderr.write('Installing the peers (once) …\n');
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(marker, wanted);
}

ensureBuilt();
ensurePeersInstalled();
const only = process.argv.slice(2);
if (only.length === 0) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const paths = files.map((name) => join('test', 'peers', name));
  run(tool('tsc'), ['--noEmit', '-p', join('test', 'peers', 'tsconfig.json')]);
  run(tool('eslint'), ['--max-warnings', '0', '--no-ignore', ...paths]);
}
run(tool('vitest'), ['run', '--config', 'vitest.peers.config.ts', ...only]);
