import { describe, expect, it } from 'vitest';
import {
  DEFAULT_RECOVERY_RULE,
  recoveryDueAtMs,
  RECOVERY_START,
  stepRecovery,
  type RecoveryContext,
  type RecoveryInput,
  type RecoveryPhase,
  type RecoveryState,
} from '../../src/feed/recovery.js';

const rule = {
  ...DEFAULT_RECOVERY_RULE,
  attempts: { 'request-snapshot': 0, resubscribe: 2, reconnect: 1 },
  firstSnapshotTimeoutMs: 30_000,
  snapshotTimeoutMs: 10_000,
  backoff: { firstMs: 1_000, maxMs: 8_000, leastMs: 100 },
  slowestPaceMs: 60_000,
  stableAfterMs: 30_000,
};

const NOW_MS = 100_000;
const context: RecoveryContext = {
  nowMs: NOW_MS,
  jitter: 0.5,
  rule,
  means: ['resubscribe', 'reconnect'],
  tellsEnds: false,
  heldBackMs: 7_000,
};

const attempting = { kind: 'attempting', means: 'resubscribe', deadlineAtMs: NOW_MS + 1 } as const;
const PHASES = {
  offline: { kind: 'offline' },
  attempting: { ...attempting, tainted: false, awaitsEnd: false },
  overdue: { ...attempting, deadlineAtMs: NOW_MS, tainted: false, awaitsEnd: false },
  tainted: { ...attempting, tainted: true, awaitsEnd: false },
  'tainted overdue': { ...attempting, deadlineAtMs: NOW_MS, tainted: true, awaitsEnd: false },
  'awaiting the end': { ...attempting, tainted: false, awaitsEnd: true },
  'awaiting the end overdue': {
    ...attempting,
    deadlineAtMs: NOW_MS,
    tainted: false,
    awaitsEnd: true,
  },
  waiting: { kind: 'waiting', dueAtMs: NOW_MS + 1, trustable: false },
  'waiting for a late one': { kind: 'waiting', dueAtMs: NOW_MS + 1, trustable: true },
  due: { kind: 'waiting', dueAtMs: NOW_MS, trustable: true },
  live: { kind: 'live', sinceAtMs: NOW_MS - 1_000 },
  'long live': { kind: 'live', sinceAtMs: NOW_MS - 30_000 },
  stopped: { kind: 'stopped' },
} as const satisfies Record<string, RecoveryPhase>;

type PhaseName = keyof typeof PHASES;

/** After one attempt: the next delay is half of 1,000 ms. */
const planned = (trustable: boolean): RecoveryPhase => ({
  kind: 'waiting',
  dueAtMs: NOW_MS + 500,
  trustable,
});
const begun: RecoveryPhase = {
  kind: 'attempting',
  means: 'resubscribe',
  deadlineAtMs: NOW_MS + 10_000,
  tainted: false,
  awaitsEnd: false,
};
const subscribed: RecoveryPhase = {
  kind: 'attempting',
  means: 'subscribe',
  deadlineAtMs: NOW_MS + 30_000,
  tainted: false,
  awaitsEnd: false,
};
/** Until the session asked again and a snapshot had the time to come. */
const REFUSED_UNTIL_MS = NOW_MS + 17_000;
const askedLater: RecoveryPhase = { ...subscribed, deadlineAtMs: REFUSED_UNTIL_MS };
const live: RecoveryPhase = { kind: 'live', sinceAtMs: NOW_MS };
const request = [{ kind: 'request', means: 'resubscribe' }];
const trust = [{ kind: 'trust' }];

type Row = readonly [phase: RecoveryPhase, effects?: readonly object[], attempts?: number];

/** Where the session asks again by itself, whatever goes on waits for that. */
const HELD_BACK: Partial<Record<PhaseName, Row>> = Object.fromEntries(
  Object.entries(PHASES).flatMap(([name, phase]): [string, Row][] => {
    if (phase.kind === 'attempting')
      return [[name, [{ ...phase, deadlineAtMs: REFUSED_UNTIL_MS }]]];
    return phase.kind === 'waiting' ? [[name, [{ ...phase, dueAtMs: REFUSED_UNTIL_MS }]]] : [];
  }),
);

/** What each input does to each phase after one attempt; a pair that is absent changes nothing. */
const TABLE: Readonly<Record<RecoveryInput, Partial<Record<PhaseName, Row>>>> = {
  'socket-ready': Object.fromEntries(
    Object.keys(PHASES)
      .filter((name) => name !== 'stopped')
      .map((name) => [name, [subscribed, [], name === 'long live' ? 0 : 1]]),
  ),
  'socket-lost': Object.fromEntries(
    Object.keys(PHASES)
      .filter((name) => name !== 'stopped')
      .map((name) => [name, [PHASES.offline, [], name === 'long live' ? 0 : 1]]),
  ),
  'trust-lost': {
    attempting: [PHASES.tainted],
    overdue: [PHASES['tainted overdue']],
    'awaiting the end': [{ ...PHASES['awaiting the end'], tainted: true }],
    'awaiting the end overdue': [{ ...PHASES['awaiting the end overdue'], tainted: true }],
    'waiting for a late one': [{ ...PHASES['waiting for a late one'], trustable: false }],
    due: [{ ...PHASES.due, trustable: false }],
    live: [planned(false)],
    'long live': [begun, request, 1],
  },
  snapshot: {
    attempting: [live, trust],
    overdue: [live, trust],
    tainted: [planned(false)],
    'tainted overdue': [planned(false)],
    'waiting for a late one': [live, trust],
    due: [live, trust],
  },
  refused: { ...HELD_BACK, live: [askedLater], 'long live': [askedLater, [], 0] },
  'passed-over': { ...HELD_BACK, live: [planned(false)], 'long live': [begun, request, 1] },
  renewing: {
    tainted: [PHASES.attempting],
    'tainted overdue': [PHASES.overdue],
    'awaiting the end': [PHASES.attempting],
    'awaiting the end overdue': [PHASES.overdue],
    live: [begun],
    'long live': [begun, [], 0],
  },
  acknowledged: {
    tainted: [planned(false)],
    'tainted overdue': [planned(false)],
    'awaiting the end': [planned(false)],
    'awaiting the end overdue': [planned(false)],
  },
  time: {
    overdue: [planned(true)],
    'tainted overdue': [planned(false)],
    'awaiting the end overdue': [planned(false)],
    due: [{ ...begun, means: 'resubscribe' }, request, 2],
  },
  stop: Object.fromEntries(Object.keys(PHASES).map((name) => [name, [PHASES.stopped]])),
};

describe('recovery, every phase and input', () => {
  for (const [input, rows] of Object.entries(TABLE) as [RecoveryInput, typeof TABLE.time][]) {
    for (const [name, phase] of Object.entries(PHASES) as [PhaseName, RecoveryPhase][]) {
      it(`${input} while ${name}`, () => {
        const before: RecoveryState = { phase, attempts: 1, failed: false };
        const [expected, effects, attempts] = rows[name] ?? [phase];
        const step = stepRecovery(before, input, context);
        expect(step.state.phase).toEqual(expected);
        expect(step.effects).toEqual(effects ?? []);
        expect(step.state.attempts).toBe(attempts ?? 1);
        expect(step.state.failed).toBe(false);
      });
    }
  }
});

it('a new subscription first awaits the end of the old one, where the venue tells it', () => {
  const before: RecoveryState = { ...RECOVERY_START, phase: PHASES['long live'] };
  const telling = { ...context, tellsEnds: true };
  const lost = stepRecovery(before, 'trust-lost', telling);
  expect(lost.state.phase).toEqual({ ...begun, awaitsEnd: true });
  const early = stepRecovery(lost.state, 'snapshot', telling);
  expect(early).toEqual({ state: lost.state, effects: [] });
  const renewing = stepRecovery(early.state, 'renewing', telling);
  expect(stepRecovery(renewing.state, 'snapshot', telling).effects).toEqual(trust);
});

describe('recovery over time', () => {
  /** Lets every attempt pass its deadline and notes what was asked for, and when. */
  function exhaust(steps: number, means: RecoveryContext['means'] = context.means) {
    let nowMs = 0;
    const log: string[] = [];
    let state: RecoveryState = { ...RECOVERY_START, phase: { kind: 'live', sinceAtMs: 0 } };
    let input: RecoveryInput = 'trust-lost';
    for (let index = 0; index < steps; index += 1) {
      const step = stepRecovery(state, input, { ...context, nowMs, means });
      state = step.state;
      for (const effect of step.effects) {
        log.push(`${nowMs} ${effect.kind === 'request' ? effect.means : effect.kind}`);
      }
      nowMs = recoveryDueAtMs(state);
      input = 'time';
    }
    return { log, state };
  }

  it('tries each means in order, backs off, fails once and goes on at the slowest pace', () => {
    expect(exhaust(11).log).toEqual([
      '0 resubscribe',
      '10500 resubscribe',
      '21500 reconnect',
      '31500 fail',
      '91500 resubscribe',
      '161500 resubscribe',
      '231500 resubscribe',
    ]);
  });

  it('says again that it failed only after the stream was live for long enough', () => {
    const failed: RecoveryState = { ...exhaust(7).state, phase: { kind: 'live', sinceAtMs: 0 } };
    expect(failed.failed).toBe(true);
    const early = stepRecovery(failed, 'trust-lost', { ...context, nowMs: 1_000 });
    expect(early.effects).toEqual([]);
    expect(early.state.phase).toEqual({ kind: 'waiting', dueAtMs: 61_000, trustable: false });
    const late = stepRecovery(failed, 'trust-lost', { ...context, nowMs: 30_000 });
    expect(late.effects).toEqual(request);
    expect(late.state).toMatchObject({ attempts: 1, failed: false });
  });

  it('never waits less than the least delay nor more than the ceiling', () => {
    for (const jitter of [0, 0.001, 0.999]) {
      for (let attempts = 1; attempts < 3; attempts += 1) {
        const state: RecoveryState = {
          phase: { kind: 'live', sinceAtMs: NOW_MS },
          attempts,
          failed: false,
        };
        const next = stepRecovery(state, 'trust-lost', { ...context, jitter }).state;
        const delayMs = recoveryDueAtMs(next) - NOW_MS;
        expect(delayMs).toBeGreaterThanOrEqual(100);
        expect(delayMs).toBeLessThanOrEqual(1_000 * 2 ** (attempts - 1));
      }
    }
  });

  it('resubscribes at the slowest pace where the venue names no means', () => {
    expect(exhaust(4, []).log).toEqual(['0 resubscribe', '10000 fail', '70000 resubscribe']);
  });
});
