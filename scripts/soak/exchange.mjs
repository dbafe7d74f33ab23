// The exchange of a soak, in a process of its own so that its memory is not the client's, and its
// control over HTTP.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../setup.mjs';

/** Starts it; `facts` are the addresses and demo keys of each venue. */
export async function startExchange(seed) {
  const main = join(root, 'dist', 'cli', 'main.js');
  const args = [main, 'simulate', '--json', '--control', '0', '--seed', String(seed)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  // However this process ends, the exchange ends with it.
  process.once('exit', () => child.kill());
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { venues, controlUrl } = JSON.parse(line);
  child.stdout.resume();

  /** Throws with the control's own words where it refuses. */
  async function ask(method, path, body) {
    const options = { method, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(`${controlUrl}${path}`, options);
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${answer.error?.message}`);
    return answer;
  }

  return {
    venues,
    ask,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = await ended;
      if (code !== 0) throw new Error(`The exchange ended with ${code}.`);
    },
  };
}
