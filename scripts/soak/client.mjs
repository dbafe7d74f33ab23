// The client's process of a soak: follows, watches itself, and says at the end what is wrong.
import { setTimeout as sleep } from 'node:timers/promises';
import { startExchange } from './exchange.mjs';
import { sendGiants, startFaults } from './faults.mjs';
import { openFeeds } from './feeds.mjs';
import { describeRun, explainGrowth } from './figures.mjs';

const SAMPLES = 30;
const LIVE_WITHIN_MS = 60_000;
/**
 * A book whose attempts are used up is tried once a minute; and who has dialled Kraken as often as
 * it allows in ten minutes waits until they are over.
 */
const HEALED_WITHIN_MS = 750_000;
/** A megabyte for each feed: a buffer that held a large frame comes and goes. */
const GROWTH_MIB = 4;
const SAME_WITHIN_MS = 20_000;
const QUIET = { action: 'pace', rate: 0.01 };

const { minutes, seed } = JSON.parse(process.argv[2]);
const problems = [];
process.on('uncaughtExceptionMonitor', (error) => {
  process.stdout.write(`WRONG: uncaught: ${error.stack}\n`);
});
process.on('warning', ({ name, message }) => {
  // A leak of listeners is said so; clocks that are set are a fault that we do ourselves.
  if (name === 'MaxListenersExceededWarning') problems.push(`${name}: ${message}`);
});

function readHeapMiB() {
  global.gc();
  global.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** Waits until it holds; false when it never did. */
async function until(withinMs, holds) {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await sleep(200);
  }
  return true;
}

function listNotLive(feeds) {
  return feeds.flatMap(({ name, feed }) => {
    const { books, streams } = feed.status();
    return [
      ...books
        .filter(({ state }) => state.status !== 'live')
        .map(({ symbol, state }) => `${name} ${symbol} is ${state.status}`),
      ...streams
        .filter(({ status }) => status !== 'accepted')
        .map(({ channel, symbol, status }) => `${name} ${channel} ${symbol} is ${status}`),
    ];
  });
}

/** The best prices as the exchange has them, once hardly anything moves. */
async function findWrongBooks(exchange, feeds) {
  const market = await exchange.ask('GET', '/market');
  return feeds.flatMap(({ name, served, marketNames, books }) =>
    books().flatMap((book) => {
      const truth = market[served][marketNames[book.symbol] ?? book.symbol];
      const ours = [book.bestBid()?.price, book.bestAsk()?.price].map(Number);
      const theirs = [truth?.bid, truth?.ask].map(Number);
      if (ours.every((price, index) => price === theirs[index])) return [];
      return [`${name} ${book.symbol} is ${ours.join(' / ')}, not ${theirs.join(' / ')}`];
    }),
  );
}

function countResources() {
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const exchange = await startExchange(seed);
// Whatever a first call keeps open, such as the control's connection, is there from here on.
await exchange.ask('GET', '/');
const before = countResources();
const feeds = openFeeds(exchange.venues);
await Promise.all(feeds.map(({ feed }) => feed.whenLive({ timeoutMs: LIVE_WITHIN_MS })));

await sendGiants(exchange);
await sleep(2_000);
await until(HEALED_WITHIN_MS, () => listNotLive(feeds).length === 0);
await exchange.ask('DELETE', '/faults');

const heapMiB = [];
const faults = startFaults(exchange, seed, (error) => problems.push(String(error)));
for (let sample = 0; sample < SAMPLES; sample += 1) {
  await sleep((minutes * 60_000) / SAMPLES);
  heapMiB.push(readHeapMiB());
}
await faults.stop();
const stoppedAt = performance.now();
await until(HEALED_WITHIN_MS, () => listNotLive(feeds).length === 0);
const healedMs = performance.now() - stoppedAt;
problems.push(...listNotLive(feeds));

for (const venue of Object.keys(exchange.venues)) {
  await exchange.ask('POST', '/market', { venue, ...QUIET });
}
let wrong = [];
await until(SAME_WITHIN_MS, async () => {
  wrong = await findWrongBooks(exchange, feeds);
  return wrong.length === 0;
});
problems.push(...wrong);

const connections = await exchange.ask('GET', '/connections');
const served = Object.values(connections).reduce((sum, list) => sum + list.length, 0);
const open = feeds.flatMap(({ feed }) => feed.status().sessions);
const ready = open.filter(({ status }) => status === 'ready').length;
if (served !== ready) problems.push(`the exchange has ${served} sockets, the feeds ${ready}`);

const growth = explainGrowth(heapMiB, GROWTH_MIB);
if (growth !== undefined) problems.push(growth);
process.stdout.write(`${describeRun({ feeds, faults, heapMiB, healedMs })}\n`);

for (const { stopOrders } of feeds) stopOrders();
await Promise.all(feeds.map(({ feed }) => feed.close()));
await sleep(500);
const after = countResources();
for (const [kind, count] of Object.entries(after)) {
  const most = before[kind] ?? 0;
  // The sleep above is over; the control's own connections are kept alive for a while.
  if (kind !== 'TCPSocketWrap' && count > most) problems.push(`${count - most} ${kind} are left`);
}
const left = await exchange.ask('GET', '/connections');
for (const [venue, list] of Object.entries(left)) {
  if (list.length > 0) problems.push(`${list.length} sockets to ${venue} are left`);
}
await exchange.stop();

for (const problem of problems) process.stdout.write(`WRONG: ${problem}\n`);
process.stdout.write(problems.length === 0 ? 'Passed.\n' : `Failed: ${problems.length}.\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
