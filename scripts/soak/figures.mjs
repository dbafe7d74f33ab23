// What a soak says at its end.
import { percentile } from '../../bench/measure.mjs';

const sort = (values) => [...values].sort((a, b) => a - b);
const seconds = (ms) => (ms === undefined ? '—' : `${(ms / 1_000).toFixed(2)} s`);

function describeFeed({ name, feed, notLiveMs, outcomes, failed }) {
  const { counters, sessions } = feed.status();
  const opened = sessions.reduce((sum, one) => sum + one.timesOpened, 0);
  const sorted = sort(notLiveMs);
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => seconds(percentile(sorted, share)));
  const { framesReceived, framesInvalid, framesMissing, sequenceGaps, timesBookStale } = counters;
  return [
    `${name}: ${framesReceived} frames, ${framesInvalid} unreadable, ${sequenceGaps} gaps with ` +
      `${framesMissing} numbers missing, sockets opened ${opened} and lost ${counters.socketsLost}`,
    `  books stale ${timesBookStale} times, given up on for a while ${failed}; not live: ` +
      `p50 ${p50}, p99 ${p99}, max ${most} (${notLiveMs.length} times healed)`,
    ...(outcomes.size > 0
      ? [`  ${[...outcomes].map(([what, count]) => `${what}: ${count}`).join(', ')}`]
      : []),
  ];
}

/** Lines for a person. */
export function describeRun({ feeds, faults, heapMiB, healedMs }) {
  const done = [...faults.counts].sort().map(([name, count]) => `${name} ${count}`);
  return [
    `Done wrong: ${done.join(', ')}`,
    ...feeds.flatMap(describeFeed),
    `Everything was live again ${seconds(healedMs)} after the last fault.`,
    `Memory of the clients after collection, MiB: ${heapMiB.map((one) => one.toFixed(1)).join(' ')}`,
  ].join('\n');
}

const medianOf = (values) => percentile(sort(values), 0.5);

/**
 * What is wrong with a row of samples, or undefined. The first third is not looked at: buffers grow
 * to their size, and code is compiled.
 */
export function explainGrowth(heapMiB, toleratedMiB) {
  const third = Math.floor(heapMiB.length / 3);
  if (third < 1) return undefined;
  const before = medianOf(heapMiB.slice(third, 2 * third));
  const after = medianOf(heapMiB.slice(2 * third));
  if (after - before <= toleratedMiB) return undefined;
  return `memory grew from ${before.toFixed(1)} to ${after.toFixed(1)} MiB`;
}
