// One client in a process of its own, so that its CPU time and memory are its alone. Protocol with
// the parent: live → (phase by phase) arm, armed, reached → report.

const { module, ...options } = JSON.parse(process.argv[2]);

function readMemory() {
  global.gc();
  global.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  // `external` has the array buffers in it.
  return { heldBytes: heapUsed + external, rss };
}

const startedAt = performance.now();
const { openClient } = await import(`./${module}.mjs`);
const importMs = performance.now() - startedAt;
const memoryBefore = readMemory();
const client = await openClient(options);
const liveAtMs = performance.timeOrigin + performance.now();
process.send({ kind: 'live', importMs, liveAtMs, memory: readMemory(), memoryBefore });

process.on('message', async ({ kind, mark }) => {
  if (kind === 'arm') {
    const reached = client.reached(mark);
    global.gc();
    const cpuStart = process.cpuUsage();
    const wallStart = performance.now();
    process.send({ kind: 'armed' });
    await reached;
    const { user, system } = process.cpuUsage(cpuStart);
    const wallMs = performance.now() - wallStart;
    process.send({ kind: 'reached', cpuMicros: user + system, wallMs });
  } else if (kind === 'report') {
    const report = { kind: 'report', best: client.best(50), facts: client.facts() };
    process.send({ ...report, memory: readMemory() });
  } else if (kind === 'close') {
    await client.close();
    // Written before the end, where a profile was asked for.
    process.exit(0);
  }
});
process.on('disconnect', () => process.exit(0));
