import type { Command } from 'commander';
import type { Feed } from '../feed/feed-options.js';
import type { FeedEvent } from '../model/event.js';
import type { CliIo, CommandContext } from './cli-io.js';
import { formatHelpTail } from './command-help.js';
import { formatDuration, parseDurationMs } from './duration.js';
import { awaitEnding, type Ending } from './ending.js';
import { toQueuedLine } from './event-line.js';
import { describeEvent } from './event-words.js';
import { formatFailure } from './failure-text.js';
import {
  addFollowOptions,
  endIfRefused,
  openFollowedFeed,
  type FollowedNames,
  type FollowOptions,
} from './follow.js';
import { createLineQueue, type LineQueue } from './line-queue.js';
import { loadKnownSymbols } from './known-symbols.js';
import { parseWholeNumber } from './number-option.js';
import { createRecorder, refusePrivateRecording, type Recorder } from './recorder.js';
import { splitNames } from './venue-argument.js';
import { isFinalRefusal, judgeEnding, watchOutcome } from './outcome.js';
import { chooseVenue, type FollowedVenue } from './venue-table.js';
import { countWords, groupDigits } from './count-text.js';

const QUEUE_MAX_LINES = 10_000;
const DEPTH_MOST = 1000;
const COUNT_MOST = 1_000_000_000;

interface StreamOptions extends FollowOptions {
  readonly depth: string;
  readonly count?: string;
  readonly record?: string;
}

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
  io.stderr.write(`truefeed: ${describeEvent(event)?.text ?? event.type}\n`);
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

async function runStream(
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
    const outcome = watchOutcome();
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

export function addStreamCommand(program: Command, context: CommandContext): void {
  const command = program.command('stream');
  addFollowOptions(command, 'book,trades')
    .description('Print the events of a feed, one JSON object a line.')
    .option(
      '--depth <levels>',
      'levels a side in book.changed, prices in orders-book.changed',
      '10',
    )
    .option('--count <lines>', 'end after this many lines')
    .option('--record <file>', 'also keep the raw frames in a new file, for simulate --from')
    .addHelpText(
      'after',
      formatHelpTail(
        [
          'truefeed stream coinbase BTC-USD ETH-USD --channels book,trades --depth 5',
          'truefeed stream coinbase BTC-USD --count 100 | jq -c .type',
          'truefeed stream coinbase --channels user --key-file cdp_api_key.json',
          'truefeed stream kraken BTC/USD --channels book,trades',
          'truefeed stream kraken BTC/USD --channels orders-book --key-file kraken_key.json',
          'truefeed stream coinbase BTC-USD --record session.jsonl --duration 10m > events.jsonl',
        ],
        'A slow reader gets newer states in place of older ones, and is told what was left out',
        '(events.dropped). A summary goes to stderr at the end. What --record keeps is every frame',
        "of public channels as it came, whatever the reader does; 'truefeed simulate coinbase",
        "--from session.jsonl' plays it again.",
      ),
    )
    .action(async (venue: string, symbols: string[], options: StreamOptions) => {
      context.finish(await runStream(context.io, { name: venue, symbols }, options));
    });
}
