import { ConnectionError, type TruefeedError } from '../model/error.js';
import type { Clock, Timers } from '../model/runtime.js';
import type { LivenessRule } from '../model/venue.js';

/** What a watch over one open socket needs. */
export interface LivenessParts {
  readonly rule: LivenessRule;
  readonly clock: Clock;
  /** Ended by the owner together with the socket. */
  readonly timers: Timers;
  /** Sends a ping of the WebSocket protocol. */
  readonly ping: () => void;
  readonly onDead: (error: TruefeedError) => void;
}

/** Tells a live socket from a dead one. */
export interface Liveness {
  /** With the time on the wall, so that the steady clock is not read for each of many frames. */
  noteFrame(receivedAtMs: number): void;
  noteHeartbeat(): void;
  /** Proof that the peer's machine lives; that its feed does, only where the rule says so. */
  notePong(): void;
}

/** A timer this late means that the process stood still, and frames wait to be read. */
const LATE_MS = 500;
/** What the process gets then to read them. */
const GRACE_MS = 1_000;
/** A silence begins with the last frame, or by this much before it. */
const NOTED_EVERY_MS = 50;

/**
 * Declares the socket dead once the venue's heartbeat is silent for too long. Until the first one
 * came, and at venues without, any frame counts. Pongs do not, unless the rule says so: a socket
 * that answers pings but delivers nothing is dead. At half time a ping goes out all the same; on a
 * broken path it makes the system find out sooner.
 */
export function watchLiveness(parts: LivenessParts): Liveness {
  const { rule, clock, timers } = parts;
  let aliveAtMs = clock.monotonicMs();
  /** The time on the wall of the frame that was noted last. */
  let notedAtMs = NaN;
  let heartbeatSeen = false;
  let pongSinceProbe = false;
  /** The silence, named by its beginning, for which a ping was sent. */
  let probedSilenceMs = NaN;
  /** The silence after which the process was given time to read what waits, which it is once. */
  let forgivenSilenceMs = NaN;

  const check = (dueMs: number): void => {
    const nowMs = clock.monotonicMs();
    const silentMs = nowMs - aliveAtMs;
    if (silentMs < rule.silentAfterMs / 2) {
      arm(aliveAtMs + rule.silentAfterMs / 2);
    } else if (silentMs < rule.silentAfterMs) {
      if (probedSilenceMs !== aliveAtMs) {
        probedSilenceMs = aliveAtMs;
        pongSinceProbe = false;
        parts.ping();
      }
      arm(aliveAtMs + rule.silentAfterMs);
    } else if (nowMs - dueMs > LATE_MS && forgivenSilenceMs !== aliveAtMs) {
      forgivenSilenceMs = aliveAtMs;
      arm(nowMs + GRACE_MS);
    } else {
      parts.onDead(describeSilence(silentMs, pongSinceProbe, heartbeatSeen));
    }
  };
  const arm = (dueMs: number): void => {
    timers.after(Math.max(0, dueMs - clock.monotonicMs()), () => check(dueMs));
  };
  arm(aliveAtMs + rule.silentAfterMs / 2);

  return {
    noteFrame(receivedAtMs) {
      const sinceMs = receivedAtMs - notedAtMs;
      if (heartbeatSeen || (sinceMs >= 0 && sinceMs < NOTED_EVERY_MS)) return;
      notedAtMs = receivedAtMs;
      aliveAtMs = clock.monotonicMs();
    },
    noteHeartbeat() {
      heartbeatSeen = rule.heartbeatChannel !== undefined;
      aliveAtMs = clock.monotonicMs();
    },
    notePong() {
      pongSinceProbe = true;
      if (rule.pongProvesLife === true) aliveAtMs = clock.monotonicMs();
    },
  };
}

function describeSilence(
  silentMs: number,
  answersPings: boolean,
  heartbeatSeen: boolean,
): ConnectionError {
  const what = heartbeatSeen ? 'No heartbeat' : 'Nothing';
  const pings = answersPings ? ', though it answers pings' : '';
  return new ConnectionError(
    'CONNECTION_SILENT',
    `${what} came from the venue in ${Math.round(silentMs)} ms${pings}. ` +
      'The socket is taken as dead and dialled again; nothing needs to be done.',
    { facts: { silentMs: Math.round(silentMs), answersPings } },
  );
}
