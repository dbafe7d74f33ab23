import { openFeed } from '../feed/feed.js';
import { AuthError, ConnectionError } from '../model/error.js';
import { simulate } from '../simulator/index.js';
import { coinbase } from '../venues/coinbase/index.js';
import type { CliIo } from './cli-io.js';
import type { DemoOptions } from './demo.js';
import { parseDurationMs } from './duration.js';
import { awaitEnding, exitCodeOfSignal, type EndReason } from './ending.js';
import { EXIT_CODES } from './exit-code.js';
import { createWatchMemory, type WatchMoment } from './watch-model.js';
import { createWatchShow, hasScreen } from './watch-screen.js';

const SYMBOLS = ['BTC-USD', 'ETH-USD'];

/** A demonstration that did not sign in or has no live book has failed, and says so. */
function checkShown(moment: WatchMoment): void {
  if (moment.signIn.kind !== 'accepted') {
    throw new AuthError(
      'AUTH_REFUSED',
      `The demonstration ended without a sign-in (${moment.signIn.kind}); allow more time.`,
    );
  }
  const late = moment.books.find((book) => book.state.status !== 'live');
  if (!late) return;
  throw new ConnectionError(
    'TIMED_OUT',
    `The book of ${late.symbol} was ${late.state.status} at the end; allow more time.`,
  );
}

function judge(reason: EndReason, moment: WatchMoment): number {
  if (reason.kind === 'signal') return exitCodeOfSignal(reason.signal);
  if (reason.kind === 'duration') checkShown(moment);
  return EXIT_CODES.done.code;
}

/** Runs an exchange of our own and follows it. */
export async function run(io: CliIo, options: DemoOptions): Promise<number> {
  const durationMs = options.duration === undefined ? undefined : parseDurationMs(options.duration);
  await using exchange = await simulate({
    venues: { coinbase: {} },
    clock: io.runtime.clock,
    timers: io.runtime.timers,
  });
  const { wsUrl, userWsUrl, keyName, privateKey } = exchange.venues.coinbase;
  const memory = createWatchMemory(true);
  const show = createWatchShow(io, memory);
  if (!hasScreen(io)) {
    io.stdout.write(`A simulated Coinbase listens on ${wsUrl}; signing in with a demo key.\n`);
  }
  const ending = awaitEnding(io, durationMs);
  await using feed = openFeed({
    venue: coinbase(),
    endpoints: { market: wsUrl, user: userWsUrl },
    credentials: { keyName, privateKey },
    subscriptions: [
      { channel: 'book', symbols: SYMBOLS },
      { channel: 'trades', symbols: SYMBOLS },
      { channel: 'user' },
    ],
    runtime: io.runtime,
    onEvent: (event) => show.take(event),
  });
  const startedAtMs = io.runtime.clock.nowMs();
  const run = { feed, memory, symbols: SYMBOLS, startedAtMs, ending };
  try {
    const { reason, moment } = await show.untilEnd(run);
    return judge(reason, moment);
  } finally {
    ending.dispose();
  }
}
