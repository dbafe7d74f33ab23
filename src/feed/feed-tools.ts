import type { FeedEvent, FeedEventType } from '../model/event.js';
import type { OrderLimiter } from '../model/order-entry.js';
import type { Runtime } from '../model/runtime.js';
import type { Venue } from '../model/venue.js';
import { Account } from './account/account.js';
import type { AccountSource } from './account/account-source.js';
import type { EventFanout } from './event-fanout.js';
import type { FeedCounters, FeedLimits, RecoveryRule } from './feed-options.js';
import { createInstrumentStore, type InstrumentStore } from './instrument-store.js';
import { createReportMemory, type ReportMemory } from './report-memory.js';

/** Counters while they count; books count their own. */
export type RunningCounters = {
  -readonly [
    Name in keyof Omit<FeedCounters, 'bookNotLiveMs' | 'listenerFailures' | 'eventsDropped'>
  ]: number;
};

/** What every part of one feed is given. */
export interface FeedTools {
  readonly venue: Venue;
  readonly runtime: Runtime;
  readonly recovery: RecoveryRule;
  readonly limits: FeedLimits;
  readonly counters: RunningCounters;
  readonly reports: ReportMemory;
  readonly account: Account;
  readonly instruments: InstrumentStore;
  /** Of the venue's engine, where its limits are known. */
  readonly orderLimiter: OrderLimiter | undefined;
  wants(type: FeedEventType): boolean;
  emit(event: FeedEvent): void;
  /** True once for each kind, and never again; false where too many kinds were reported. */
  isNewKind(kind: string): boolean;
}

/** Used where the options leave a limit out. */
export const DEFAULT_FEED_LIMITS: FeedLimits = {
  maxSockets: 64,
  maxStreams: 10_000,
  maxBufferedDeltas: 2_000,
  maxBufferedLevels: 100_000,
  maxRememberedReports: 20_000,
  maxTradeHoles: 64,
  maxReportedKinds: 200,
};

/** Counters that have counted nothing. */
export function createCounters(): RunningCounters {
  return {
    framesReceived: 0,
    framesInvalid: 0,
    framesSkipped: 0,
    framesStale: 0,
    framesMissing: 0,
    sequenceGaps: 0,
    tradesMissing: 0,
    tradesRecovered: 0,
    timesBookStale: 0,
    streamsResubscribed: 0,
    socketsReconnected: 0,
    socketsLost: 0,
  };
}

/** Says yes once for each kind, to at most `maxKinds` of them: kinds come from outside. */
function createKindFilter(maxKinds: number): (kind: string) => boolean {
  const seen = new Set<string>();
  return (kind) => {
    if (seen.has(kind) || seen.size >= maxKinds) return false;
    seen.add(kind);
    return true;
  };
}

/** What the tools of one feed are made of. */
export interface FeedToolsParts extends Pick<
  FeedTools,
  'venue' | 'runtime' | 'recovery' | 'limits'
> {
  readonly fanout: EventFanout;
  /** Every channel of the feed that tells of the account. */
  readonly listSources: () => Iterable<AccountSource>;
}

/** Creates what every part of one feed is given. */
export function createFeedTools(parts: FeedToolsParts): FeedTools {
  const { venue, runtime, recovery, limits, fanout, listSources } = parts;
  const emit = (event: FeedEvent): void => fanout.emit(event);
  const orderLimiter = venue.orderEntry?.createLimiter?.(runtime.clock);
  return {
    venue,
    runtime,
    recovery,
    limits,
    counters: createCounters(),
    reports: createReportMemory(limits.maxRememberedReports),
    account: new Account({ venue, limits, emit, listSources, orderLimiter }),
    instruments: createInstrumentStore(limits.maxRememberedReports),
    orderLimiter,
    wants: (type) => fanout.wants(type),
    emit,
    isNewKind: createKindFilter(limits.maxReportedKinds),
  };
}
