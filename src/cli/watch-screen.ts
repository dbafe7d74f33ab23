import type { Feed } from '../feed/feed-options.js';
import type { FeedEvent } from '../model/event.js';
import type { CliIo } from './cli-io.js';
import { countWords, groupDigits } from './count-text.js';
import { formatDuration } from './duration.js';
import type { Ending, EndReason } from './ending.js';
import { openLiveScreen } from './live-screen.js';
import { choosePainter, span, type Painter } from './paint.js';
import type { Notice, WatchMemory, WatchMoment } from './watch-model.js';
import { drawWatch, drawWatchLine, formatTimeOfDay } from './watch-view.js';

const PLAIN_INTERVAL_MS = 1000;
const LEVELS_SHOWN_MOST = 40;

/** A feed on its way to a screen. */
export interface WatchRun {
  readonly feed: Feed;
  readonly memory: WatchMemory;
  readonly symbols: readonly string[];
  readonly startedAtMs: number;
  readonly ending: Ending;
}

/** Reads what the view shows at this moment. */
function takeMoment(run: WatchRun, nowMs: number): WatchMoment {
  const { feed, memory } = run;
  const books = run.symbols.map((symbol) => {
    const book = feed.book(symbol);
    return { symbol, state: book.state, ...book.top(LEVELS_SHOWN_MOST) };
  });
  return {
    venue: feed.venue,
    nowMs,
    startedAtMs: run.startedAtMs,
    signIn: memory.signIn,
    status: feed.status(),
    books,
    trades: memory.trades,
    tradeCount: memory.tradeCount,
    orderCount: memory.orderCount,
    notices: memory.notices,
  };
}

function formatNotice(painter: Painter, notice: Notice): string {
  const time = span(`${formatTimeOfDay(notice.atMs)}  `, 'dim');
  return `${painter([time, span(notice.text, notice.tone)])}\n`;
}

/** One line a second, for logs and pipes. Returns what stops it. */
function printLines(io: CliIo, run: WatchRun): () => void {
  const painter = choosePainter(io.stdout.isTty, io.env);
  let isBehind = false;
  let cancel = (): void => undefined;
  const tick = (): void => {
    if (!isBehind) {
      const line = painter(drawWatchLine(takeMoment(run, io.runtime.clock.nowMs())));
      isBehind = !io.stdout.write(`${line}\n`);
      if (isBehind) io.stdout.onDrain(() => (isBehind = false));
    }
    cancel = io.runtime.timers.after(PLAIN_INTERVAL_MS, tick);
  };
  cancel = io.runtime.timers.after(PLAIN_INTERVAL_MS, tick);
  return () => cancel();
}

function showOnScreen(io: CliIo, run: WatchRun): () => void {
  const screen = openLiveScreen({
    io,
    painter: choosePainter(true, io.env),
    draw: (size) => drawWatch(takeMoment(run, io.runtime.clock.nowMs()), size),
  });
  const stopKeys = io.onKey((key) => {
    if (key === 'q' || key === 'escape' || key === 'ctrl-c') run.ending.end({ kind: 'quit' });
  });
  return () => {
    stopKeys();
    screen.close();
  };
}

/** Whether the view takes over the terminal; otherwise it is plain lines. */
export function hasScreen(io: CliIo): boolean {
  return io.stdout.isTty && io.env['TERM'] !== 'dumb';
}

/** Shows the feed until the ending; the terminal is given back whatever happens. */
async function showUntilEnd(io: CliIo, run: WatchRun): Promise<EndReason> {
  const stop = hasScreen(io) ? showOnScreen(io, run) : printLines(io, run);
  try {
    return await run.ending.reached;
  } finally {
    stop();
  }
}

/** What is left when the view is gone. */
function formatWatchSummary(moment: WatchMoment): string {
  const { counters } = moment.status;
  const elapsedMs = moment.nowMs - moment.startedAtMs;
  const signIn = moment.signIn.kind === 'not-asked' ? 'not needed' : moment.signIn.kind;
  const books = moment.books.map((book) => {
    const report = moment.status.books.find(
      (one) => one.channel === 'book' && one.symbol === book.symbol,
    );
    const evidence = report?.evidence;
    const touch = `${book.bids[0]?.price ?? '-'} / ${book.asks[0]?.price ?? '-'}`;
    const state = book.state.status === 'live' ? `live  ${touch}` : book.state.status;
    const updates = evidence
      ? `  ${countWords(evidence.snapshotsApplied, 'snapshot')}, ` +
        `${countWords(evidence.deltasApplied, 'update')}, ${countWords(evidence.gapsSeen, 'gap')}`
      : '';
    return `  ${book.symbol.padEnd(12)} ${state}${updates}`;
  });
  return [
    `Followed ${moment.venue} for ${formatDuration(elapsedMs)}.`,
    `  sign-in      ${signIn}`,
    ...books,
    `  frames       ${groupDigits(counters.framesReceived)} received, ` +
      `${groupDigits(counters.framesMissing)} lost in ${countWords(counters.sequenceGaps, 'gap')}`,
    `  trades       ${groupDigits(moment.tradeCount)}`,
    '',
  ].join('\n');
}

/** A feed's events and books on a terminal. */
export interface WatchShow {
  take(event: FeedEvent): void;
  /** Shows the feed until the ending, and then a summary. */
  untilEnd(run: WatchRun): Promise<{ readonly reason: EndReason; readonly moment: WatchMoment }>;
}

/** Makes the show; without a screen, notices are lines among the others. */
export function createWatchShow(io: CliIo, memory: WatchMemory): WatchShow {
  const painter = choosePainter(io.stdout.isTty, io.env);
  let isEnding = false;
  return {
    take(event) {
      const notice = memory.take(event);
      if (notice && !isEnding && !hasScreen(io)) io.stdout.write(formatNotice(painter, notice));
    },
    async untilEnd(run) {
      const reason = await showUntilEnd(io, run);
      // What closing the feed will say of its books is no news.
      isEnding = true;
      const moment = takeMoment(run, io.runtime.clock.nowMs());
      io.stdout.write(formatWatchSummary(moment));
      return { reason, moment };
    },
  };
}
