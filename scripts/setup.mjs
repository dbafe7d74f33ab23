// What every script needs first: the right Node.js, and the packages that the lock file names.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');
const cache = join(root, '.cache');
/** Where the build leaves each module by itself: for our own tools, which look at single ones. */
export const compiled = join(cache, 'compiled');

/** Runs a program and ends this one with its exit code when it fails. */
export function run(command, args, { quiet = false } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  if (result.error) throw result.error;
  if (result.status === 0) return;
  if (quiet) process.stderr.write(`${result.stdout}${result.stderr}`);
  process.exit(result.status ?? 1);
}

/** The path of a program that a package of ours installs. */
export function tool(name) {
  return join(root, 'node_modules', '.bin', name);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(
    `truefeed needs Node.js 20.19 or newer; this is ${process.version}. Install a newer one.\n`,
  );
  process.exit(1);
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/** Whether npm says that it has installed what the lock file names; it says so at its end. */
function isInstalled() {
  const said = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(said)) return false;
  const present = readPackages(said);
  const wanted = Object.entries(readPackages(join(root, 'package-lock.json')));
  return wanted.every(([path, { version, optional }]) => {
    const found = present[path];
    // The package itself; and what other systems need.
    if (path === '' || (optional && !found)) return true;
    return found?.version === version;
  });
}

/** Installs what the lock file names, unless that was done already: by whom does not matter. */
export function ensureInstalled() {
  checkNode();
  if (isInstalled()) return;
  process.stderr.write('Installing packages (once) …\n');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true });
}

function newestChange(folder) {
  let newest = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestChange(path) : statSync(path).mtimeMs);
  }
  return newest;
}

/** Builds dist/ from src/, unless dist/ is newer than everything it is made of. */
export function ensureBuilt() {
  ensureInstalled();
  const marker = join(root, 'dist', '.built');
  const files = ['tsconfig.build.json', 'package.json', 'package-lock.json', 'scripts/build.mjs'];
  const sources = Math.max(
    ...['src', 'scripts/build'].map((folder) => newestChange(join(root, folder))),
    ...files.map((file) => statSync(join(root, file)).mtimeMs),
  );
  const isBuilt = existsSync(marker) && existsSync(compiled);
  if (isBuilt && statSync(marker).mtimeMs > sources) return;
  process.stderr.write('Building …\n');
  run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
}
