import {
  readDialogues,
  readSample,
  readSampleLines,
  samplesAbsent,
} from '../venues/coinbase/samples.js';
import { hasSamples, readFrames, readTimedFrames } from '../venues/kraken/samples.js';

/** Longer frames make nothing new, and cost. */
const FRAME_CHARACTERS_MAX = 6_000;
const FRAMES_MAX = 40;
const RECORDING_LINES = 12;

/** Said in the names of tests: without the recordings there are the fixtures and our own frames. */
export const SAMPLES_NOTE =
  samplesAbsent || !hasSamples ? ' (without recordings: they are not here)' : '';

/** Some from everywhere in the list, so that every kind is likely among them. */
function thin(frames: readonly string[]): string[] {
  const short = frames.filter((frame) => frame.length <= FRAME_CHARACTERS_MAX);
  const step = Math.max(1, short.length / FRAMES_MAX);
  return Array.from(
    { length: Math.min(FRAMES_MAX, short.length) },
    (_, index) => short[Math.floor(index * step)]!,
  );
}

const COINBASE_SESSION = 'advtrade-cryptofeed-2026-08-09-trimmed250.jsonl';
const KRAKEN_V1_SESSION = 'v1-cryptofeed-KRAKEN.ws.50.0.txt';

const READERS: Readonly<Record<string, () => string[]>> = {
  coinbase: () => [
    ...[
      COINBASE_SESSION,
      'error-frames.jsonl',
      'advtrade-frames-2026-09-transcribed.jsonl',
    ].flatMap((name) => thin(readSampleLines(name).map(({ data }) => String(data)))),
    ...thin(readDialogues().flatMap(({ frames }) => frames)),
  ],
  kraken: () =>
    [
      'v2-book-btcusd-d10-raw-2026-07-19.jsonl',
      'v2-kraken-async-rs-captures-2024.jsonl',
      'v2-executions-limit-lifecycle-2025-02-10.jsonl',
    ].flatMap((name) => thin(readFrames(name))),
  'kraken-v1': () => [
    ...thin(readTimedFrames(KRAKEN_V1_SESSION)),
    ...['v1-gct-wsHandleData.jsonl', 'v1-gct-wsOpenTrades.jsonl'].flatMap((name) =>
      thin(readFrames(name)),
    ),
  ],
};

/** Recorded frames of a protocol; none where there are no recordings. */
export function recordedFrames(name: string): string[] {
  return SAMPLES_NOTE === '' ? (READERS[name]?.() ?? []) : [];
}

/** Beginnings of recordings, as files hold them; none where there are no recordings. */
export function recordedFiles(venue: 'coinbase' | 'kraken'): string[] {
  if (SAMPLES_NOTE !== '') return [];
  if (venue === 'coinbase') {
    const lines = readSample(COINBASE_SESSION).split('\n');
    const short = lines.filter((line) => line.length <= FRAME_CHARACTERS_MAX);
    return [short.slice(0, RECORDING_LINES), short.slice(-RECORDING_LINES)].map((some) =>
      some.join('\n'),
    );
  }
  return [KRAKEN_V1_SESSION, 'v2-book-btcusd-d10-raw-2026-07-19.jsonl'].map((name) =>
    readFrames(name)
      .filter((line) => line.length <= FRAME_CHARACTERS_MAX)
      .slice(0, RECORDING_LINES)
      .join('\n'),
  );
}
