import type { RecoveryMeans } from '../model/venue.js';
import type { RecoveryRule } from './feed-options.js';

/**
 * How one stream gets its trust back. Pure: a state and an input give the next state and what to
 * do. There is one attempt at a time. An attempt during which something more was lost is tainted:
 * an update can overtake its snapshot, so what was lost may belong after the snapshot that is still
 * to come, and only a snapshot asked for later is whole. An attempt to subscribe anew first awaits
 * the end of the old subscription: a late snapshot of that one would be followed by nothing.
 *
 * All times are those of the clock that never goes back.
 */
export type RecoveryPhase =
  /** The socket is not ready; when it is, the session subscribes by itself. */
  | { readonly kind: 'offline' }
  | {
      readonly kind: 'attempting';
      readonly means: RecoveryMeans | 'subscribe';
      readonly deadlineAtMs: number;
      readonly tainted: boolean;
      readonly awaitsEnd: boolean;
    }
  /** `trustable` says that a late snapshot of the last attempt would still be whole. */
  | { readonly kind: 'waiting'; readonly dueAtMs: number; readonly trustable: boolean }
  | { readonly kind: 'live'; readonly sinceAtMs: number }
  /** The venue refused the stream for good, or nobody wants it any more. */
  | { readonly kind: 'stopped' };

/** `attempts` counts since the last time of peace; `failed` says that the budget was used up. */
export interface RecoveryState {
  readonly phase: RecoveryPhase;
  readonly attempts: number;
  readonly failed: boolean;
}

/** What can happen to a stream, as far as its recovery is concerned. */
export type RecoveryInput =
  | 'socket-ready'
  | 'socket-lost'
  | 'trust-lost'
  | 'snapshot'
  | 'acknowledged'
  /** The session asks for it again by itself, after `heldBackMs`. */
  | 'refused'
  /** The same, where the venue said nothing: it let it end, or never began it. */
  | 'passed-over'
  /** The old subscription is over, and the new one was asked for. */
  | 'renewing'
  | 'time'
  | 'stop';

/** What to do. `fail` comes once for each time that the budget is used up. */
export type RecoveryEffect =
  | { readonly kind: 'request'; readonly means: RecoveryMeans }
  | { readonly kind: 'trust' }
  | { readonly kind: 'fail' };

/** What a step may use beside state and input; `jitter` is in [0, 1). */
export interface RecoveryContext {
  readonly nowMs: number;
  readonly jitter: number;
  readonly rule: RecoveryRule;
  /** How long what was refused is not asked for. */
  readonly heldBackMs: number;
  /** Means of the venue, the cheapest first; empty where there are none. */
  readonly means: readonly RecoveryMeans[];
  /** Whether the venue says when a subscription is over. */
  readonly tellsEnds: boolean;
}

/** The next state and what to do, in order. */
export interface RecoveryStep {
  readonly state: RecoveryState;
  readonly effects: readonly RecoveryEffect[];
}

/** A stream whose socket is not ready yet. */
export const RECOVERY_START: RecoveryState = {
  phase: { kind: 'offline' },
  attempts: 0,
  failed: false,
};

/** Used where the options leave something out. Twenty books can take 17 s (measured 2026-09). */
export const DEFAULT_RECOVERY_RULE: RecoveryRule = {
  attempts: { 'request-snapshot': 2, resubscribe: 3, reconnect: 1 },
  firstSnapshotTimeoutMs: 30_000,
  snapshotTimeoutMs: 15_000,
  backoff: { firstMs: 500, maxMs: 30_000, leastMs: 100 },
  slowestPaceMs: 60_000,
  stableAfterMs: 30_000,
};

function chooseMeans(attempts: number, context: RecoveryContext): RecoveryMeans | undefined {
  let left = attempts;
  for (const means of context.means) {
    const budget = context.rule.attempts[means];
    if (left < budget) return means;
    left -= budget;
  }
  return undefined;
}

function begin(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  // Past the budget the cheapest means goes on alone: a broken book must cost the others nothing.
  const means = chooseMeans(state.attempts, context) ?? context.means[0] ?? 'resubscribe';
  const deadlineAtMs = context.nowMs + context.rule.snapshotTimeoutMs;
  const awaitsEnd = means === 'resubscribe' && context.tellsEnds;
  return {
    state: {
      ...state,
      attempts: state.attempts + 1,
      phase: { kind: 'attempting', means, deadlineAtMs, tainted: false, awaitsEnd },
    },
    effects: [{ kind: 'request', means }],
  };
}

/** An attempt that needs nothing more to be asked for: a subscription of it is on its way. */
function awaitSnapshot(means: RecoveryMeans | 'subscribe', deadlineAtMs: number): RecoveryPhase {
  return { kind: 'attempting', means, deadlineAtMs, tainted: false, awaitsEnd: false };
}

function delayBefore(attempts: number, context: RecoveryContext): number {
  if (attempts === 0) return 0;
  const { firstMs, maxMs, leastMs } = context.rule.backoff;
  const ceilingMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempts - 1, 30));
  return Math.max(leastMs, context.jitter * ceilingMs);
}

/** Plans the next attempt: at once, after a delay, or past the budget at the slowest pace. */
function plan(state: RecoveryState, context: RecoveryContext, trustable: boolean): RecoveryStep {
  if (state.attempts > 0 && chooseMeans(state.attempts, context) === undefined) {
    const dueAtMs = context.nowMs + context.rule.slowestPaceMs;
    return {
      state: { ...state, failed: true, phase: { kind: 'waiting', dueAtMs, trustable } },
      effects: state.failed ? [] : [{ kind: 'fail' }],
    };
  }
  const delayMs = delayBefore(state.attempts, context);
  if (delayMs === 0) return begin(state, context);
  const dueAtMs = context.nowMs + delayMs;
  return { state: { ...state, phase: { kind: 'waiting', dueAtMs, trustable } }, effects: [] };
}

function stay(state: RecoveryState): RecoveryStep {
  return { state, effects: [] };
}

/** A stream that was live for long enough has all its attempts before it again. */
function forgive(state: RecoveryState, context: RecoveryContext): RecoveryState {
  if (state.phase.kind !== 'live') return state;
  const isStable = context.nowMs - state.phase.sinceAtMs >= context.rule.stableAfterMs;
  return isStable ? { ...state, attempts: 0, failed: false } : state;
}

function trust(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  return {
    state: { ...state, phase: { kind: 'live', sinceAtMs: context.nowMs } },
    effects: [{ kind: 'trust' }],
  };
}

function onSnapshot(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  const { phase } = state;
  switch (phase.kind) {
    case 'attempting':
      if (phase.awaitsEnd) return stay(state);
      return phase.tainted ? plan(state, context, false) : trust(state, context);
    case 'waiting':
      return phase.trustable ? trust(state, context) : stay(state);
    case 'live':
    case 'offline':
    case 'stopped':
      return stay(state);
  }
}

function onTrustLost(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  const { phase } = state;
  switch (phase.kind) {
    case 'live':
      return plan(forgive(state, context), context, false);
    case 'attempting':
      return stay({ ...state, phase: { ...phase, tainted: true } });
    case 'waiting':
      return stay({ ...state, phase: { ...phase, trustable: false } });
    case 'offline':
    case 'stopped':
      return stay(state);
  }
}

/**
 * Where the acknowledgement follows the snapshot, a tainted attempt need not be waited out, nor one
 * of which the snapshot was passed over.
 */
function onAcknowledged(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  const { phase } = state;
  const isVain = phase.kind === 'attempting' && (phase.tainted || phase.awaitsEnd);
  return isVain ? plan(state, context, false) : stay(state);
}

/**
 * What was live is no longer held, and nothing more comes of it. Asking before the session does
 * would only be refused again; whether what was lost before is in the next snapshot is as it was.
 */
function onRefused(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  const { phase } = state;
  const untilMs = context.nowMs + context.heldBackMs + context.rule.snapshotTimeoutMs;
  switch (phase.kind) {
    case 'live':
      return stay({ ...forgive(state, context), phase: awaitSnapshot('subscribe', untilMs) });
    case 'attempting':
      return stay({ ...state, phase: { ...phase, deadlineAtMs: untilMs } });
    case 'waiting':
      return stay({ ...state, phase: { ...phase, dueAtMs: untilMs } });
    case 'offline':
    case 'stopped':
      return stay(state);
  }
}

/** What only ended, and was not refused in words, may be asked for at once. */
function onPassedOver(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  return state.phase.kind === 'live' ? onTrustLost(state, context) : onRefused(state, context);
}

/** From here on all is new; what was live is a late snapshot of before, trusted too soon. */
function onRenewing(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  if (state.phase.kind === 'attempting') {
    return stay({ ...state, phase: { ...state.phase, tainted: false, awaitsEnd: false } });
  }
  if (state.phase.kind !== 'live') return stay(state);
  const phase = awaitSnapshot('resubscribe', context.nowMs + context.rule.snapshotTimeoutMs);
  return stay({ ...forgive(state, context), phase });
}

function onTime(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  const { phase } = state;
  if (phase.kind === 'waiting' && context.nowMs >= phase.dueAtMs) return begin(state, context);
  if (phase.kind === 'attempting' && context.nowMs >= phase.deadlineAtMs) {
    return plan(state, context, !phase.tainted && !phase.awaitsEnd);
  }
  return stay(state);
}

function onSocketReady(state: RecoveryState, context: RecoveryContext): RecoveryStep {
  const phase = awaitSnapshot('subscribe', context.nowMs + context.rule.firstSnapshotTimeoutMs);
  return stay({ ...forgive(state, context), phase });
}

/** The next state of a stream's recovery, and what to do about it. */
export function stepRecovery(
  state: RecoveryState,
  input: RecoveryInput,
  context: RecoveryContext,
): RecoveryStep {
  if (state.phase.kind === 'stopped') return stay(state);
  switch (input) {
    case 'socket-ready':
      return onSocketReady(state, context);
    case 'socket-lost':
      return stay({ ...forgive(state, context), phase: { kind: 'offline' } });
    case 'trust-lost':
      return onTrustLost(state, context);
    case 'snapshot':
      return onSnapshot(state, context);
    case 'acknowledged':
      return onAcknowledged(state, context);
    case 'refused':
      return onRefused(state, context);
    case 'passed-over':
      return onPassedOver(state, context);
    case 'renewing':
      return onRenewing(state, context);
    case 'time':
      return onTime(state, context);
    case 'stop':
      return stay({ ...state, phase: { kind: 'stopped' } });
  }
}

/** When the state next wants the input `time`; Infinity where it does not. */
export function recoveryDueAtMs(state: RecoveryState): number {
  const { phase } = state;
  if (phase.kind === 'waiting') return phase.dueAtMs;
  return phase.kind === 'attempting' ? phase.deadlineAtMs : Infinity;
}
