// `npm start`: our own exchange and a signed-in view of it, with no account and no network.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, root } from './setup.mjs';

ensureBuilt();
const args = [join(root, 'dist', 'cli', 'main.js'), 'demo', ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { stdio: 'inherit' });
// A terminal sends Ctrl-C to both; the child decides how to end, and its code is ours.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
