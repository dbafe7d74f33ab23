// How everything inside one process is timed: contenders take turns (A B C C B A), each turn long
// enough to be measured, and what counts is CPU time, which another busy process on the machine
// does not change as much as it changes the time on the wall.

/** CPU time of this process with all its threads, microseconds. */
export function cpuMicros(since) {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

async function timeOnce(contender, count) {
  const start = process.cpuUsage();
  // Awaited only where it is a promise: an await of its own would be measured otherwise.
  const pending = contender.run(count);
  if (pending instanceof Promise) await pending;
  return cpuMicros(start);
}

/** How many operations fill a turn; finding out warms the code up as well. */
async function calibrate(contender, turnMs) {
  let count = 1;
  for (;;) {
    const micros = await timeOnce(contender, count);
    if (micros >= turnMs * 500) {
      const fitting = Math.max(1, Math.round((count * turnMs * 1_000) / micros));
      await timeOnce(contender, fitting);
      return fitting;
    }
    count *= micros > 0 ? Math.min(8, Math.max(2, Math.ceil((turnMs * 700) / micros))) : 8;
  }
}

/**
 * Operations per CPU-second of each contender, one value a turn. A contender is
 * `{ name, role, run(count) }`; `run` may return a promise.
 */
export async function compareRates(contenders, { repeats, turnMs }) {
  const counts = [];
  for (const contender of contenders) counts.push(await calibrate(contender, turnMs));
  const rows = contenders.map(({ name, role, note }) => ({ name, role, note, values: [] }));
  const order = [...contenders.entries()];
  for (let turn = 0; turn < repeats; turn += 1) {
    for (const [index, contender] of order) {
      global.gc?.();
      const micros = await timeOnce(contender, counts[index]);
      rows[index].values.push((counts[index] * 1e6) / micros);
    }
    // The one before leaves its garbage and its code in the caches to the one behind it.
    order.reverse();
  }
  return rows;
}

/** The value below which a share of the sorted values lies. */
export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** The middle value. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Bytes held after everything that can go is gone. */
export function heldBytes() {
  global.gc();
  global.gc();
  const { heapUsed, external } = process.memoryUsage();
  // `external` has the array buffers in it.
  return heapUsed + external;
}
