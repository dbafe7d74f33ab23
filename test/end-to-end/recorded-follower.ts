import { openFeed } from '../../src/feed/feed.js';
import type { FeedEvent } from '../../src/model/event.js';
import { simulate } from '../../src/simulator/index.js';
import { coinbase } from '../../src/venues/coinbase/index.js';
import {
  FINAL_HASHES,
  hashLevels,
  recordingPath,
  timeOf,
  type RecordedTruth,
  type WireFrame,
} from './recorded-truth.js';

const PRODUCTS = Object.keys(FINAL_HASHES);
const DEPTH = 50;
/** A run that is not right by then has failed; a healthy one takes about a second. */
const BUDGET_MS = 20_000;

/** What one run over the recording showed. */
export interface FollowedRun {
  readonly frames: number;
  readonly gaps: number;
  readonly liveChecks: number;
  readonly wrongWhileLive: readonly string[];
  readonly finalHashes: Readonly<Record<string, string>>;
  readonly finalStates: Readonly<Record<string, string>>;
}

interface FollowOptions {
  readonly truth: RecordedTruth;
  /** The number of the one frame that the exchange numbers but does not send. */
  readonly withhold: number | undefined;
}

function noteTimes(frame: Uint8Array, lastTimes: Map<string, string>): void {
  const { channel, events } = JSON.parse(Buffer.from(frame).toString()) as WireFrame;
  if (channel !== 'l2_data') return;
  for (const event of events) lastTimes.set(event.product_id, timeOf(event.updates));
}

/** Serves the recording on a port of its own, follows it, and compares every live state. */
export async function followRecording(options: FollowOptions): Promise<FollowedRun> {
  await using exchange = await simulate({
    venues: { coinbase: {} },
    from: recordingPath,
    speed: 'max',
    ...(options.withhold === undefined
      ? {}
      : { faults: { rules: [{ fault: 'drop' as const, at: { frame: options.withhold } }] } }),
  });
  /** Product → the time of the last change that reached us, read off the raw frame. */
  const lastTimes = new Map<string, string>();
  const wrongWhileLive: string[] = [];
  let frames = 0;
  let gaps = 0;
  let liveChecks = 0;

  await using feed = openFeed({
    venue: coinbase({
      marketUrl: exchange.venues.coinbase.wsUrl,
      userUrl: exchange.venues.coinbase.userWsUrl,
    }),
    subscriptions: (['trades', 'candles', 'ticker', 'book'] as const).map((channel) => ({
      channel,
      symbols: PRODUCTS,
    })),
    tap: {
      onFrameReceived(_session, frame) {
        frames += 1;
        noteTimes(frame, lastTimes);
      },
      onFrameSent: () => undefined,
    },
    onEvent(event: FeedEvent) {
      if (event.type === 'sequence.gapped') gaps += 1;
      if (event.type !== 'book.changed') return;
      liveChecks += 1;
      const { bids, asks } = event.book.top(DEPTH);
      const time = lastTimes.get(event.symbol) ?? '';
      const right = options.truth.states.get(event.symbol)?.get(time);
      if (right === hashLevels(bids, asks)) return;
      wrongWhileLive.push(`${event.symbol} is live and not what the exchange had at ${time}`);
    },
  });

  const finalHash = (product: string): string => {
    const { bids, asks } = feed.book(product).top(DEPTH);
    return hashLevels(bids, asks);
  };
  const isRight = (): boolean =>
    PRODUCTS.every((product) => finalHash(product) === FINAL_HASHES[product]);
  const lossCount = options.withhold === undefined ? 0 : 1;
  const isOver = (): boolean =>
    frames >= options.truth.frameCount - lossCount && gaps >= lossCount && isRight();
  const deadlineAtMs = Date.now() + BUDGET_MS;
  while (Date.now() < deadlineAtMs && !isOver()) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    frames,
    gaps,
    liveChecks,
    wrongWhileLive,
    finalHashes: Object.fromEntries(PRODUCTS.map((one) => [one, finalHash(one)])),
    finalStates: Object.fromEntries(PRODUCTS.map((one) => [one, feed.book(one).state.status])),
  };
}

const PARALLEL = 6;

/** Withholds each of the frames in turn, in a run of its own; lists what was not as promised. */
export async function followWithLosses(
  truth: RecordedTruth,
  positions: readonly number[],
): Promise<string[]> {
  const failures: string[] = [];
  const left = [...positions];
  const work = async (): Promise<void> => {
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      const run = await followRecording({ truth, withhold: at });
      if (run.gaps !== 1) failures.push(`frame ${at}: ${run.gaps} gaps reported`);
      failures.push(...run.wrongWhileLive.map((text) => `frame ${at}: ${text}`));
      for (const product of PRODUCTS) {
        if (run.finalHashes[product] !== FINAL_HASHES[product]) {
          failures.push(`frame ${at}: ${product} ends ${run.finalStates[product]}, not right`);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return failures;
}
