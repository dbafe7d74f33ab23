import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/model/error.js';
import {
  advanceSession,
  MAX_PREPARATIONS,
  type SessionInput,
  type SessionPolicy,
  type SessionState,
  type SessionStep,
} from '../../src/session/state.js';

const error = new ConnectionError('CONNECTION_CLOSED', 'It ended.');
const policy: SessionPolicy = {
  backoff: { firstMs: 1_000, maxMs: 30_000, leastMs: 100 },
  maxAttempts: 5,
  jitter: 0.5,
};
const generation = 7;
const attempt = 2;
const shortLives = 0;
const counts = { generation, attempt, shortLives };

/** One state of each kind that behaves in its own way. */
const STATES = {
  idle: { status: 'idle' },
  'preparing slot': {
    status: 'preparing',
    step: 'slot',
    ...counts,
    preparations: 0,
  },
  'preparing credentials': {
    status: 'preparing',
    step: 'credentials',
    ...counts,
    preparations: 1,
  },
  dialling: { status: 'dialling', ...counts },
  authenticating: { status: 'authenticating', ...counts },
  'ready unproven': { status: 'ready', ...counts, proven: false },
  'ready proven': { status: 'ready', ...counts, proven: true },
  waiting: { status: 'waiting', ...counts },
  closed: { status: 'closed', error: undefined },
} satisfies Record<string, SessionState>;

const INPUTS = {
  open: { kind: 'open', attempt: 1, delayMs: 0 },
  'open later': { kind: 'open', attempt: 3, delayMs: 500 },
  'slot-reached': { kind: 'slot-reached', generation },
  prepared: { kind: 'prepared', generation, credentials: {}, expired: false },
  'prepared expired': { kind: 'prepared', generation, credentials: {}, expired: true },
  opened: { kind: 'opened', generation, needsSignIn: false },
  'opened, login due': { kind: 'opened', generation, needsSignIn: true },
  'signed-in': { kind: 'signed-in', generation },
  'data-received': { kind: 'data-received', generation },
  lasted: { kind: 'lasted', generation },
  lost: { kind: 'lost', generation, error, final: false },
  'lost for good': { kind: 'lost', generation, error, final: true },
  'retry-due': { kind: 'retry-due', generation },
  reconnect: { kind: 'reconnect', error },
  close: { kind: 'close' },
} satisfies Record<string, SessionInput>;

type StateName = keyof typeof STATES;
type InputName = keyof typeof INPUTS;

const RETRY = 'waiting: release cut, announce-lost, wait';
const END = 'closed: release cut, announce-lost';
const GOODBYE = 'closed: release goodbye';

/** Every pair that means something. All others must change nothing and do nothing. */
const TABLE: Record<StateName, Partial<Record<InputName, string>>> = {
  idle: { open: 'preparing slot: take-slot', 'open later': 'waiting: wait', close: 'closed: ' },
  'preparing slot': {
    'slot-reached': 'preparing credentials: prepare',
    lost: RETRY,
    'lost for good': END,
    close: GOODBYE,
  },
  'preparing credentials': {
    prepared: 'dialling: dial',
    'prepared expired': 'preparing credentials: prepare',
    lost: RETRY,
    'lost for good': END,
    close: GOODBYE,
  },
  dialling: {
    opened: 'ready: announce-ready',
    'opened, login due': 'authenticating: sign-in',
    lost: RETRY,
    'lost for good': END,
    reconnect: RETRY,
    close: GOODBYE,
  },
  authenticating: {
    'signed-in': 'ready: announce-ready',
    lost: RETRY,
    'lost for good': END,
    reconnect: RETRY,
    close: GOODBYE,
  },
  'ready unproven': {
    'data-received': 'ready: ',
    lasted: 'ready: ',
    lost: RETRY,
    'lost for good': END,
    reconnect: RETRY,
    close: GOODBYE,
  },
  'ready proven': {
    lasted: 'ready: ',
    lost: RETRY,
    'lost for good': END,
    reconnect: RETRY,
    close: GOODBYE,
  },
  waiting: { 'retry-due': 'preparing slot: take-slot', close: GOODBYE },
  closed: {},
};

function describeStep({ state, effects }: SessionStep): string {
  const step = state.status === 'preparing' ? ` ${state.step}` : '';
  const names = effects.map((effect) =>
    effect.kind === 'release' ? `release ${effect.manner}` : effect.kind,
  );
  return `${state.status}${step}: ${names.join(', ')}`;
}

const PAIRS = (Object.keys(STATES) as StateName[]).flatMap((stateName) =>
  (Object.keys(INPUTS) as InputName[]).map((inputName) => ({ stateName, inputName })),
);

describe('advanceSession', () => {
  it.each(PAIRS)('takes "$inputName" in "$stateName" as the table says', (pair) => {
    const state: SessionState = STATES[pair.stateName];
    const step = advanceSession(state, INPUTS[pair.inputName], policy);
    const expected = TABLE[pair.stateName][pair.inputName];
    if (expected === undefined) expect(step).toEqual({ state, effects: [] });
    else expect(describeStep(step)).toBe(expected);
  });

  it('visits every status and every kind of input', () => {
    const statuses = new Set(Object.values(STATES).map((state) => state.status));
    const kinds = new Set(Object.values(INPUTS).map((input) => input.kind));
    expect(statuses.size).toBe(7);
    expect(kinds.size).toBe(11);
  });

  it('hears nothing from an attempt that is over', () => {
    for (const state of Object.values(STATES) as SessionState[]) {
      for (const input of Object.values(INPUTS) as SessionInput[]) {
        if (!('generation' in input)) continue;
        for (const other of [generation - 1, generation + 1]) {
          const step = advanceSession(state, { ...input, generation: other }, policy);
          expect(step).toEqual({ state, effects: [] });
        }
      }
    }
  });

  it('keeps its invariants for every pair', () => {
    for (const { stateName, inputName } of PAIRS) {
      const before: SessionState = STATES[stateName];
      const { state: after, effects } = advanceSession(before, INPUTS[inputName], policy);
      const kinds = effects.map((effect) => effect.kind);
      const where = `${inputName} in ${stateName}`;
      if (before.status === 'closed') expect(after, where).toBe(before);
      if (kinds.includes('dial')) expect(before.status, where).toBe('preparing');
      // Whoever waits has a timer, and nobody else has that one.
      const begins = after.status === 'waiting' && before.status !== 'waiting';
      expect(kinds.includes('wait'), where).toBe(begins);
      const becomesReady = after.status === 'ready' && before.status !== 'ready';
      expect(kinds.includes('announce-ready'), where).toBe(becomesReady);
      // What an attempt held is let go of before anything else is done.
      const hadAttempt = 'generation' in before;
      const ended = after.status === 'closed' || after.status === 'waiting';
      if (hadAttempt && ended && after !== before) expect(kinds[0], where).toBe('release');
      expect(kinds.filter((kind) => kind === 'release').length, where).toBeLessThanOrEqual(1);
      // A loss is announced once, and never for our own goodbye.
      const lost = ['lost', 'lost for good', 'reconnect'].includes(inputName) && after !== before;
      expect(kinds.includes('announce-lost'), where).toBe(lost);
    }
  });

  it('gives each attempt a generation of its own', () => {
    const { state } = advanceSession(STATES.waiting, INPUTS['retry-due'], policy);
    expect(state).toMatchObject({ generation: generation + 1, attempt });
  });

  it('waits longer after each failure, and counts anew after a connection that lasted', () => {
    const delayAfter = (state: SessionState): number | undefined => {
      const { effects } = advanceSession(state, INPUTS.lost, policy);
      const announced = effects.find((effect) => effect.kind === 'announce-lost');
      const wait = effects.find((effect) => effect.kind === 'wait');
      expect(wait?.delayMs).toBe(announced?.retryInMs);
      return wait?.delayMs;
    };
    expect(delayAfter({ ...STATES.dialling, attempt: 1 })).toBe(500);
    expect(delayAfter({ ...STATES.dialling, attempt: 2 })).toBe(1_000);
    expect(delayAfter({ ...STATES.dialling, attempt: 3 })).toBe(2_000);
    expect(delayAfter({ ...STATES['ready proven'], attempt: 3 })).toBe(500);
    const next = advanceSession(STATES['ready proven'], INPUTS.lost, policy).state;
    expect(next).toMatchObject({ status: 'waiting', attempt: 1, shortLives: 1 });
    // One that delivered data and was dropped at once is a failure like any other.
    const flapping = { ...STATES['ready proven'], attempt: 3, shortLives: 2 };
    expect(delayAfter(flapping)).toBe(2_000);
    expect(delayAfter({ ...STATES.dialling, attempt: 2, shortLives: 2 })).toBe(4_000);
    expect(delayAfter(advanceSession(flapping, INPUTS.lasted, policy).state)).toBe(500);
    const unproven = advanceSession(STATES['ready unproven'], INPUTS.lost, policy).state;
    expect(unproven).toMatchObject({ status: 'waiting', attempt: attempt + 1 });
  });

  it('gives up when the attempts are used up, naming the last failure', () => {
    const step = advanceSession({ ...STATES.dialling, attempt: 5 }, INPUTS.lost, policy);
    expect(describeStep(step)).toBe(END);
    expect(step.state).toMatchObject({ error: { code: 'CONNECTION_EXHAUSTED', cause: error } });
    const proven = advanceSession({ ...STATES['ready proven'], attempt: 5 }, INPUTS.lost, policy);
    expect(proven.state.status).toBe('waiting');
  });

  it('reports a final failure as itself, not as exhaustion', () => {
    const state = { ...STATES.dialling, attempt: 5 };
    const { state: after } = advanceSession(state, INPUTS['lost for good'], policy);
    expect(after).toEqual({ status: 'closed', error });
  });

  it('makes expired credentials again, but not without end', () => {
    let state: SessionState = STATES['preparing credentials'];
    for (let made = 1; made < MAX_PREPARATIONS; made += 1) {
      const step = advanceSession(state, INPUTS['prepared expired'], policy);
      expect(describeStep(step)).toBe('preparing credentials: prepare');
      state = step.state;
    }
    const step = advanceSession(state, INPUTS['prepared expired'], policy);
    expect(describeStep(step)).toBe(RETRY);
  });
});
