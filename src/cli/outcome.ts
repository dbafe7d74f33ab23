import { ConnectionError, type TruefeedError } from '../model/error.js';
import type { FeedEvent, FeedEventOf } from '../model/event.js';
import { exitCodeOfSignal, type EndReason } from './ending.js';
import { EXIT_CODES, exitCodeOf } from './exit-code.js';
import { explainForeign, OF_THE_VENUE } from './failure-text.js';

/** What a run has seen that decides how it ends. */
export interface Outcome {
  readonly everOpened: boolean;
  /** Whether the venue accepted anything, or sent data. */
  readonly everAnswered: boolean;
  /** A refusal that will not be tried again by itself. */
  readonly refusal: TruefeedError | undefined;
  readonly lastLoss: TruefeedError | undefined;
  /** What is not of the venue's protocol, where nothing that is ever came. */
  readonly foreign: TruefeedError | undefined;
  take(event: FeedEvent): void;
}

/** What comes from a venue that does nothing of what it was asked, too. */
const UNASKED = new Set<FeedEvent['type']>([
  'subscription.refused',
  'heartbeat.received',
  'venue.changed',
  'notice.received',
]);

type Refusal = FeedEventOf<'auth.refused' | 'subscription.refused'>;

export function isFinalRefusal(event: FeedEvent): event is Refusal {
  return (event.type === 'auth.refused' || event.type === 'subscription.refused') && event.final;
}

/** `onForeign` is told once, as soon as the other end shows that it is not the venue. */
export function watchOutcome(onForeign?: (error: TruefeedError) => void): Outcome {
  let everOpened = false;
  let everAnswered = false;
  let refusal: TruefeedError | undefined;
  let lastLoss: TruefeedError | undefined;
  let foreign: TruefeedError | undefined;
  let isVenue = false;
  let lastUrl = '';
  return {
    get everOpened() {
      return everOpened;
    },
    get everAnswered() {
      return everAnswered;
    },
    get refusal() {
      return refusal;
    },
    get lastLoss() {
      return lastLoss;
    },
    get foreign() {
      return isVenue ? undefined : foreign;
    },
    take(event) {
      if (event.type === 'session.opened') {
        everOpened = true;
        lastUrl = event.url;
      }
      if (event.type === 'frame.refused' && !isVenue && !foreign) {
        foreign = explainForeign(lastUrl, event);
        onForeign?.(foreign);
      }
      if (OF_THE_VENUE.has(event.type)) {
        isVenue = true;
        everAnswered ||= !UNASKED.has(event.type);
      }
      if (event.type === 'session.closed') lastLoss = event.error;
      // The first one is kept: what follows is mostly its consequence.
      if (isFinalRefusal(event)) refusal ??= event.error;
    },
  };
}

/** The exit code of a run, and the error to print where it did not do what was asked. */
export interface Verdict {
  readonly exitCode: number;
  readonly error?: unknown;
}

/** Judges a run by why it ended and by what it saw: asked for and refused is not success. */
export function judgeEnding(reason: EndReason, outcome: Omit<Outcome, 'take'>): Verdict {
  switch (reason.kind) {
    case 'failure':
      return { exitCode: exitCodeOf(reason.error), error: reason.error };
    case 'signal':
      return { exitCode: exitCodeOfSignal(reason.signal) };
    case 'reader-gone':
    case 'quit':
      return { exitCode: EXIT_CODES.done.code };
    case 'count':
    case 'duration': {
      if (outcome.refusal) {
        return { exitCode: exitCodeOf(outcome.refusal), error: outcome.refusal };
      }
      // Lines that were asked for by number are an answer, whatever they say.
      const isDone = outcome.everAnswered || (reason.kind === 'count' && outcome.everOpened);
      if (isDone) return { exitCode: EXIT_CODES.done.code };
      // A connection that ends for want of a request that was understood is only a consequence.
      const error = outcome.foreign ?? outcome.lastLoss ?? neverAnswered(outcome.everOpened);
      return { exitCode: EXIT_CODES.unreachable.code, error };
    }
  }
}

function neverAnswered(everOpened: boolean): ConnectionError {
  const what = everOpened
    ? 'The venue connected but answered no subscription in the time given; check the symbols ' +
      'and, where one is given, the --url'
    : 'No connection came about in the time given; check the address';
  return new ConnectionError('TIMED_OUT', `${what}, or allow a longer --duration.`);
}
