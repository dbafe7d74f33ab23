// Runs one client in its process against one exchange in its own, and says what it cost.
import { fork } from 'node:child_process';
import { join } from 'node:path';

const SILENCE_MS = 120_000;

/** Messages of a child as a queue to await, by kind. */
function listen(child, name) {
  const messages = [];
  let complaint = '';
  child.stderr?.on('data', (text) => (complaint = `${complaint}${text}`.slice(0, 10_000)));
  let wake = () => undefined;
  let ended;
  child.on('message', (message) => {
    messages.push(message);
    wake();
  });
  child.on('close', (code) => {
    const [reason = ''] = /^\w*Error: .*$/m.exec(complaint) ?? [];
    ended = `${name} ended with code ${code} ${reason}`.trim();
    wake();
  });
  return async function next(kind) {
    const deadline = setTimeout(() => {
      ended = `${name} said nothing for ${SILENCE_MS} ms while "${kind}" was awaited`;
      wake();
    }, SILENCE_MS);
    try {
      for (;;) {
        const failed = messages.find((one) => one.kind === 'failed');
        if (failed) throw new Error(`${name}: ${failed.failure}`);
        const at = messages.findIndex((one) => one.kind === kind);
        if (at >= 0) return messages.splice(at, 1)[0];
        if (ended !== undefined) throw new Error(`${ended}.`);
        await new Promise((resolve) => (wake = resolve));
      }
    } finally {
      clearTimeout(deadline);
    }
  };
}

/** Opens an exchange; `options` are those of its maker. */
export async function openExchange(venue, options) {
  const path = join(import.meta.dirname, 'server', 'process.mjs');
  const child = fork(path, [venue, JSON.stringify(options)]);
  const next = listen(child, `the ${venue} exchange`);
  const { url, facts } = await next('listening');
  return {
    venue,
    url,
    facts,
    phases: options.phases.length,
    symbols: options.symbols,
    play: (phase) => child.send({ phase }),
    async snapshotSentAtMs() {
      child.send({ ask: 'snapshot' });
      return (await next('snapshot')).atMs;
    },
    close: () => child.kill(),
  };
}

/**
 * Lets a client follow every phase and returns what the last one cost. There are two before it
 * where it is to be compiled code that is measured: at the end of a phase a client does what it
 * did not before, and V8 compiles that anew in the next one. `profileFolder` has V8
 * write a CPU profile of the client there.
 */
export async function race(exchange, client, { profileFolder } = {}) {
  const { venue, url, symbols, facts } = exchange;
  const options = { venue, url, symbols, snapshotBytes: facts.snapshotBytes, ...client.options };
  const profile = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
  const child = fork(
    join(import.meta.dirname, 'clients', 'process.mjs'),
    [JSON.stringify({ module: client.module, ...options })],
    { execArgv: ['--expose-gc', ...profile], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  const next = listen(child, client.name);
  try {
    const live = await next('live');
    const liveMs = live.liveAtMs - (await exchange.snapshotSentAtMs());
    let last = { cpuMicros: NaN, wallMs: NaN };
    for (let phase = 0; phase < exchange.phases; phase += 1) {
      const mark = { ...facts.ends[phase], bytes: facts.phaseBytes[phase] };
      child.send({ kind: 'arm', mark });
      await next('armed');
      exchange.play(phase);
      last = await next('reached');
    }
    child.send({ kind: 'report' });
    const report = await next('report');
    const before = exchange.phases > 1 ? facts.ends[exchange.phases - 2].messages : 0;
    const messages = exchange.phases > 0 ? facts.ends[exchange.phases - 1].messages - before : 0;
    return {
      cpuMicrosPerMessage: last.cpuMicros / messages,
      wallMicrosPerMessage: (last.wallMs * 1_000) / messages,
      messages,
      liveMs,
      heldBytes: live.memory.heldBytes - live.memoryBefore.heldBytes,
      report,
    };
  } finally {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    if (child.connected) child.send({ kind: 'close' });
    const kill = setTimeout(() => child.kill('SIGKILL'), 5_000);
    if (child.exitCode === null && child.signalCode === null) await exited;
    clearTimeout(kill);
  }
}

/** What is wrong with a client's best levels, or undefined; numbers are compared. */
export function compareBest(best, { best: truth, priceDecimals, sizeDecimals }) {
  for (const [side, levels] of Object.entries(truth)) {
    for (const [rank, [ticks, units]] of levels.entries()) {
      const level = best[side][rank];
      const price = ticks / 10 ** priceDecimals;
      const size = units / 10 ** sizeDecimals;
      if (Number(level?.price) === price && Number(level?.size) === size) continue;
      return `${side} ${rank} is ${level?.price} × ${level?.size}, not ${price} × ${size}.`;
    }
  }
  return undefined;
}
