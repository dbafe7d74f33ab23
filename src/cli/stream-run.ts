import type { Feed } from '../feed/feed-options.js';
import type { FeedEvent } from '../model/event.js';
import type { CliIo } from './cli-io.js';
import { formatDuration, parseDurationMs } from './duration.js';
import { awaitEnding, type Ending } from './ending.js';
import { toQueuedLine } from './event-line.js';
import { describeEvent } from './event-words.js';
import { formatFailure } from './failure-text.js';
import type { FollowedNames } from './follow-options.js';
import { endIfRefused, openFollowedFeed } from './follow.js';
import { createLineQueue, type LineQueue } from './line-queue.js';
import { loadKnownSymbols } from './known-symbols.js';
import { parseWholeNumber } from './number-option.js';
import { createRecorder, refusePrivateRecording, type Recorder } from './recorder.js';
import type { StreamOptions } from './stream.js';
import { splitNames } from './venue-argument.js';
import { isFinalRefusal, judgeEnding, watchOutcome } from './outcome.js';
import { chooseVenue, type FollowedVenue } from './venue-table.js';
import { countWords, groupDigits } from './count-text.js';

const QUEUE_MAX_LINES = 10_000;
const DEPTH_MOST = 1000;
const COUNT_MOST = 1_000_000_000;

/** What a person at the terminal should read even though the lines go elsewhere. */
const TOLD_ON_STDERR = new Set<FeedEvent['type']>([
  'session.closed',
  'book.failed',
  'orders-book.failed',
]);

/** What the queue of one run needs. */
interface QueueTools {
  readonly io: CliIo;
  readonly ending: Ending;
  readonly stopAfter: number | undefined;
  readonly venueId: string;
}

function createQueue({ io, ending, stopAfter, venueId }: QueueTools): LineQueue {
  return createLineQueue({
    output: io.stdout,
    maxLines: QUEUE_MAX_LINES,
    stopAfter,
    describeDropped: (dropped) =>
      JSON.stringify({
        type: 'events.dropped',
        venue: venueId,
        symbol: '',
        venueAtMs: null,
        receivedAtMs: io.runtime.clock.nowMs(),
        dropped,
      }),
    onLimitReached: () => ending.end({ kind: 'count' }),
    onOverflow: (error) => ending.end({ kind: 'failure', error }),
  });
}

/** What a summary counts. */
interface SummaryTools {
  readonly queue: LineQueue;
  readonly recorder: Recorder | undefined;
  readonly elapsedMs: number;
}

function formatSummary(feed: Feed, { queue, recorder, elapsedMs }: SummaryTools): string {
  const { counters } = feed.status();
  const parts = [
    formatDuration(elapsedMs),
    countWords(counters.framesReceived, 'frame'),
    countWords(queue.written, 'event'),
    countWords(counters.sequenceGaps, 'gap'),
    `${countWords(counters.framesMissing, 'frame')} lost`,
    `books stale ${countWords(counters.timesBookStale, 'time')}`,
    `not live ${formatDuration(counters.bookNotLiveMs)}`,
    ...(queue.conflated > 0 ? [`${groupDigits(queue.conflated)} conflated`] : []),
    ...(queue.dropped > 0 ? [`${groupDigits(queue.dropped)} left out`] : []),
    ...(recorder ? [`${countWords(recorder.frames, 'frame')} recorded`] : []),
  ];
  return `truefeed: ${parts.join(', ')}\n`;
}

/** What the lines of one run need. */
interface LineTools {
  readonly io: CliIo;
  readonly queue: LineQueue;
  readonly depth: number;
}

function writeEvent({ io, queue, depth }: LineTools, event: FeedEvent): void {
  queue.push(toQueuedLine(event, depth));
  if (TOLD_ON_STDERR.has(event.type)) tellPerson(io, event);
}

function tellPerson(io: CliIo, event: FeedEvent): void {
  tell(io, describeEvent(event)?.text ?? event.type);
}

function tell(io: CliIo, text: string): void {
  io.stderr.write(`truefeed: ${text}\n`);
}

/** The file of `--record`, where one is asked for; the run ends when it cannot be written. */
function chooseRecorder(
  io: CliIo,
  { options, followed, ending }: RecorderTools,
): Recorder | undefined {
  if (options.record === undefined) return undefined;
  refusePrivateRecording(followed.venue, splitNames(options.channels, '--channels'));
  return createRecorder(io, options.record, (error) => ending.end({ kind: 'failure', error }));
}

interface RecorderTools {
  readonly options: StreamOptions;
  readonly followed: FollowedVenue;
  readonly ending: Ending;
}

/** Prints events until it is told to end. */
export async function run(
  io: CliIo,
  { name, symbols }: FollowedNames,
  options: StreamOptions,
): Promise<number> {
  const followed = chooseVenue(io, name, options);
  const knownSymbols = await loadKnownSymbols(io, followed.symbolList);
  const depth = parseWholeNumber(options.depth, { name: '--depth', least: 1, most: DEPTH_MOST });
  const durationMs = options.duration === undefined ? undefined : parseDurationMs(options.duration);
  const count =
    options.count === undefined
      ? undefined
      : parseWholeNumber(options.count, { name: '--count', least: 1, most: COUNT_MOST });
  const ending = awaitEnding(io, durationMs);
  let recorder: Recorder | undefined;
  try {
    recorder = chooseRecorder(io, { options, followed, ending });
    const venueId = followed.venue.id;
    const queue = createQueue({ io, ending, stopAfter: count, venueId });
    // Without a --duration there is no end at which it would be said.
    const outcome = watchOutcome((error) => tell(io, error.message));
    let isEnding = false;
    const startedAtMs = io.runtime.clock.monotonicMs();
    const feed = openFollowedFeed(io, {
      followed,
      knownSymbols,
      symbols,
      options,
      command: 'stream',
      tap: recorder?.tap,
      onEvent(event) {
        if (isEnding) return;
        recorder?.take(event);
        outcome.take(event);
        writeEvent({ io, queue, depth }, event);
        if (!isFinalRefusal(event)) return;
        // Asked in a moment, when the feed has noted the refusal itself.
        queueMicrotask(() => {
          if (!endIfRefused(feed, outcome, ending)) tellPerson(io, event);
        });
      },
    });
    recorder?.begin();
    const reason = await ending.reached;
    isEnding = true;
    const elapsedMs = io.runtime.clock.monotonicMs() - startedAtMs;
    const summary = formatSummary(feed, { queue, recorder, elapsedMs });
    await feed.close();
    if (reason.kind !== 'signal') await queue.flush();
    const verdict = judgeEnding(reason, outcome);
    if (verdict.error !== undefined) io.stderr.write(formatFailure(verdict.error, io.env));
    // Who left in the middle (`| head`) has what they wanted.
    if (reason.kind !== 'reader-gone') io.stderr.write(summary);
    return verdict.exitCode;
  } finally {
    recorder?.close();
    ending.dispose();
  }
}
