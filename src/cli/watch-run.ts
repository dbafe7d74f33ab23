import type { FeedEvent } from '../model/event.js';
import type { CliIo } from './cli-io.js';
import { parseDurationMs } from './duration.js';
import { awaitEnding } from './ending.js';
import { formatFailure } from './failure-text.js';
import type { FollowedNames, FollowOptions } from './follow-options.js';
import { endIfRefused, isPrivate, openFollowedFeed } from './follow.js';
import { loadKnownSymbols } from './known-symbols.js';
import { isFinalRefusal, judgeEnding, watchOutcome } from './outcome.js';
import { splitNames } from './venue-argument.js';
import { chooseVenue } from './venue-table.js';
import { createWatchMemory } from './watch-model.js';
import { createWatchShow } from './watch-screen.js';

/** Shows a market until it is told to end. */
export async function run(
  io: CliIo,
  { name, symbols }: FollowedNames,
  options: FollowOptions,
): Promise<number> {
  const durationMs = options.duration === undefined ? undefined : parseDurationMs(options.duration);
  const followed = chooseVenue(io, name, options);
  const knownSymbols = await loadKnownSymbols(io, followed.symbolList);
  const channels = splitNames(options.channels, '--channels');
  const memory = createWatchMemory(isPrivate(followed.venue, channels));
  const outcome = watchOutcome();
  const show = createWatchShow(io, memory);
  const onEvent = (event: FeedEvent): void => {
    outcome.take(event);
    show.take(event);
    if (isFinalRefusal(event)) queueMicrotask(() => endIfRefused(feed, outcome, ending));
  };
  const plan = { followed, knownSymbols, symbols, options, command: 'watch', onEvent };
  const feed = openFollowedFeed(io, plan);
  const startedAtMs = io.runtime.clock.nowMs();
  const ending = awaitEnding(io, durationMs);
  try {
    const shown = channels.includes('book') ? symbols : [];
    const run = { feed, memory, symbols: shown, startedAtMs, ending };
    const { reason } = await show.untilEnd(run);
    const verdict = judgeEnding(reason, outcome);
    if (verdict.error !== undefined) io.stderr.write(formatFailure(verdict.error, io.env));
    return verdict.exitCode;
  } finally {
    ending.dispose();
    await feed.close();
  }
}
