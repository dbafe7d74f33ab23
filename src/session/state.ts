import type { DialCredentials } from '../model/auth.js';
import { ConnectionError, type TruefeedError } from '../model/error.js';
import type { SessionStatus } from '../model/session.js';
import type { BackoffRule } from '../model/venue.js';
import { computeRetryMs } from './backoff.js';

/** What every attempt knows of itself and of those before it. */
interface Counts {
  readonly generation: number;
  readonly attempt: number;
  readonly shortLives: number;
}

/** A connection that was ready for so long has lasted. */
export const LASTING_AFTER_MS = 10_000;

/**
 * Where a session stands; each state carries only what is true in it. `generation` names the
 * attempt: whatever an earlier attempt still reports is not heard. `attempt` counts from 1 and
 * starts again after a connection that delivered data. `shortLives` are the connections in a row
 * that did so and were lost soon: a venue that takes every connection and drops it is left alone
 * ever longer as well.
 */
export type SessionState =
  | { readonly status: 'idle' }
  /** Waits for its turn to dial (`slot`), then for what the dial needs (`credentials`). */
  | ({
      readonly status: 'preparing';
      readonly step: 'slot' | 'credentials';
      /** How often credentials were made in this attempt. */
      readonly preparations: number;
    } & Counts)
  | ({ readonly status: 'dialling' } & Counts)
  /** The socket is open, and the venue has not yet answered the login on it. */
  | ({ readonly status: 'authenticating' } & Counts)
  | ({
      readonly status: 'ready';
      /** Whether data came, and the connection counts as one. */
      readonly proven: boolean;
    } & Counts)
  /** A timer runs; `attempt` is the one that comes next. */
  | ({ readonly status: 'waiting' } & Counts)
  | { readonly status: 'closed'; readonly error: TruefeedError | undefined };

/** What can happen to a session. Those with a generation are heard by that attempt only. */
export type SessionInput =
  /** `attempt` is above 1, and due later, where the session takes over from another. */
  | { readonly kind: 'open'; readonly attempt: number; readonly delayMs: number }
  | { readonly kind: 'slot-reached'; readonly generation: number }
  | {
      readonly kind: 'prepared';
      readonly generation: number;
      readonly credentials: DialCredentials;
      /** Making them took so long that the server would refuse them. */
      readonly expired: boolean;
    }
  | { readonly kind: 'opened'; readonly generation: number; readonly needsSignIn: boolean }
  | { readonly kind: 'signed-in'; readonly generation: number }
  | { readonly kind: 'data-received'; readonly generation: number }
  /** The connection was ready for LASTING_AFTER_MS. */
  | { readonly kind: 'lasted'; readonly generation: number }
  /** The attempt failed or the socket is gone; `final` says that trying again is no use. */
  | {
      readonly kind: 'lost';
      readonly generation: number;
      readonly error: TruefeedError;
      readonly final: boolean;
      /** The server asks to be left alone for so long. */
      readonly pauseMs?: number | undefined;
    }
  | { readonly kind: 'retry-due'; readonly generation: number }
  | { readonly kind: 'reconnect'; readonly error: TruefeedError }
  | { readonly kind: 'close' };

/** What is to be done, in order. */
export type SessionEffect =
  /** Ask the budget for a turn; answered by `slot-reached`. */
  | { readonly kind: 'take-slot'; readonly generation: number }
  /** Make what the dial needs; answered by `prepared` or `lost`. */
  | { readonly kind: 'prepare'; readonly generation: number; readonly attempt: number }
  /** Answered by `opened` or `lost`. */
  | {
      readonly kind: 'dial';
      readonly generation: number;
      readonly attempt: number;
      readonly credentials: DialCredentials;
    }
  /** Send the login; answered by `signed-in` or `lost`. */
  | { readonly kind: 'sign-in'; readonly generation: number }
  | { readonly kind: 'announce-ready'; readonly generation: number }
  /** End everything of the attempt: socket, timers, requests. */
  | { readonly kind: 'release'; readonly manner: 'goodbye' | 'cut' }
  | {
      readonly kind: 'announce-lost';
      readonly error: TruefeedError;
      readonly retryInMs: number | undefined;
    }
  /** Answered by `retry-due`. */
  | { readonly kind: 'wait'; readonly generation: number; readonly delayMs: number };

/** What a step may use beside state and input; `jitter` is in [0, 1). */
export interface SessionPolicy {
  readonly backoff: BackoffRule;
  readonly maxAttempts: number;
  readonly jitter: number;
}

/** The next state and what to do. */
export interface SessionStep {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

/** Credentials that outlive their making so rarely are not worth more tries in one attempt. */
export const MAX_PREPARATIONS = 3;

type StateOf<Status extends SessionStatus> = Extract<SessionState, { status: Status }>;
type InputOf<Kind extends SessionInput['kind']> = Extract<SessionInput, { kind: Kind }>;
type Attempting = Exclude<SessionState, { status: 'idle' | 'closed' }>;

/** For each state, the inputs that mean something in it. Every other pair changes nothing. */
type Steps = {
  readonly [Status in SessionStatus]: {
    readonly [Kind in SessionInput['kind']]?: (
      state: StateOf<Status>,
      input: InputOf<Kind>,
      policy: SessionPolicy,
    ) => SessionStep;
  };
};

const STEPS: Steps = {
  idle: {
    open: (_state, { attempt, delayMs }) => {
      const counts = { generation: 1, attempt, shortLives: 0 };
      if (delayMs === 0) return startAttempt(counts);
      const effects = [{ kind: 'wait', generation: 1, delayMs }] as const;
      return { state: { status: 'waiting', ...counts }, effects };
    },
    close: () => ({ state: { status: 'closed', error: undefined }, effects: [] }),
  },
  preparing: {
    'slot-reached': (state) =>
      state.step === 'slot' ? prepare({ ...state, step: 'credentials' }) : unchanged(state),
    prepared: receiveCredentials,
    lost: lose,
    close: closeByUs,
  },
  dialling: {
    opened: (state, { needsSignIn }) =>
      needsSignIn
        ? {
            state: { status: 'authenticating', ...countsOf(state) },
            effects: [{ kind: 'sign-in', generation: state.generation }],
          }
        : becomeReady(state),
    lost: lose,
    reconnect: dropAndRetry,
    close: closeByUs,
  },
  authenticating: {
    'signed-in': becomeReady,
    lost: lose,
    reconnect: dropAndRetry,
    close: closeByUs,
  },
  ready: {
    'data-received': (state) =>
      state.proven ? unchanged(state) : { state: { ...state, proven: true }, effects: [] },
    lasted: (state) => ({ state: { ...state, shortLives: 0 }, effects: [] }),
    lost: lose,
    reconnect: dropAndRetry,
    close: closeByUs,
  },
  waiting: {
    'retry-due': (state) => startAttempt({ ...countsOf(state), generation: state.generation + 1 }),
    close: closeByUs,
  },
  closed: {},
};

/** Decides; does nothing. An input that means nothing in a state leaves it as it is. */
export function advanceSession(
  state: SessionState,
  input: SessionInput,
  policy: SessionPolicy,
): SessionStep {
  if ('generation' in input && !('generation' in state && state.generation === input.generation)) {
    return unchanged(state);
  }
  // The table's type ties each function to its state and input; an index by both loses that.
  const step = STEPS[state.status][input.kind] as
    ((state: SessionState, input: SessionInput, policy: SessionPolicy) => SessionStep) | undefined;
  return step ? step(state, input, policy) : unchanged(state);
}

function unchanged(state: SessionState): SessionStep {
  return { state, effects: [] };
}

function countsOf({ generation, attempt, shortLives }: Counts): Counts {
  return { generation, attempt, shortLives };
}

function startAttempt(counts: Counts): SessionStep {
  return {
    state: { status: 'preparing', step: 'slot', ...counts, preparations: 0 },
    effects: [{ kind: 'take-slot', generation: counts.generation }],
  };
}

function prepare(state: StateOf<'preparing'>): SessionStep {
  const { generation, attempt } = state;
  return {
    state: { ...state, preparations: state.preparations + 1 },
    effects: [{ kind: 'prepare', generation, attempt }],
  };
}

function receiveCredentials(
  state: StateOf<'preparing'>,
  input: InputOf<'prepared'>,
  policy: SessionPolicy,
): SessionStep {
  if (state.step === 'slot') return unchanged(state);
  const { generation, attempt } = state;
  if (!input.expired) {
    const { credentials } = input;
    return {
      state: { status: 'dialling', ...countsOf(state) },
      effects: [{ kind: 'dial', generation, attempt, credentials }],
    };
  }
  if (state.preparations < MAX_PREPARATIONS) return prepare(state);
  const error = new ConnectionError(
    'TIMED_OUT',
    'Signing for the dial took longer than the signature lives, several times in a row. ' +
      'Find out what makes the signer slow.',
    { facts: { preparations: state.preparations } },
  );
  return lose(state, { error, final: false }, policy);
}

function becomeReady(state: Counts): SessionStep {
  return {
    state: { status: 'ready', ...countsOf(state), proven: false },
    effects: [{ kind: 'announce-ready', generation: state.generation }],
  };
}

function lose(
  state: Attempting,
  loss: Pick<InputOf<'lost'>, 'error' | 'final' | 'pauseMs'>,
  policy: SessionPolicy,
): SessionStep {
  const proven = state.status === 'ready' && state.proven;
  const exhausted = !proven && state.attempt >= policy.maxAttempts;
  const error = loss.final || !exhausted ? loss.error : describeExhaustion(state.attempt, loss);
  if (loss.final || exhausted) {
    return {
      state: { status: 'closed', error },
      effects: [
        { kind: 'release', manner: 'cut' },
        { kind: 'announce-lost', error, retryInMs: undefined },
      ],
    };
  }
  const { generation, attempt, shortLives } = state;
  const failures = shortLives + (proven ? 0 : attempt - 1);
  const counts = { failures, pauseMs: loss.pauseMs ?? 0 };
  const delayMs = computeRetryMs(policy.backoff, counts, policy.jitter);
  const next = proven
    ? { generation, attempt: 1, shortLives: shortLives + 1 }
    : { generation, attempt: attempt + 1, shortLives };
  return {
    state: { status: 'waiting', ...next },
    effects: [
      { kind: 'release', manner: 'cut' },
      { kind: 'announce-lost', error, retryInMs: delayMs },
      { kind: 'wait', generation, delayMs },
    ],
  };
}

function describeExhaustion(
  attempts: number,
  loss: { readonly error: TruefeedError },
): ConnectionError {
  return new ConnectionError(
    'CONNECTION_EXHAUSTED',
    `No connection after ${attempts} attempts; the last one failed with ${loss.error.code}: ` +
      `${loss.error.message} Nothing more is tried.`,
    { facts: { attempts, lastCode: loss.error.code }, cause: loss.error },
  );
}

function dropAndRetry(
  state: Attempting,
  input: InputOf<'reconnect'>,
  policy: SessionPolicy,
): SessionStep {
  return lose(state, { error: input.error, final: false }, policy);
}

function closeByUs(): SessionStep {
  return {
    state: { status: 'closed', error: undefined },
    effects: [{ kind: 'release', manner: 'goodbye' }],
  };
}
