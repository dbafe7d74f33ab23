/** Which rules strike which frame of which connection, and what becomes of it. */
import { COMMON_EFFECTS, plainDelivery, type Delivery } from '../../../exchange/delivery.js';
import { createFaultRules, type FaultRules } from '../../../exchange/fault-rules.js';
import type { CredentialDefect } from '../../../exchange/fault-schema.js';
import type { RateGate } from '../../../exchange/gates.js';
import { fillList, GIANT_BYTES, halveLists } from '../../../exchange/level-lists.js';
import {
  concernsAttempt,
  createServerFaults,
  isActionRule,
  strikesFrames,
  type ServerFaults,
} from '../../../exchange/server-faults.js';
import { createStrikes, type StrikeKnowledge } from '../../../exchange/fault-strikes.js';
import type { Clock } from '../../../model/runtime.js';
import { encodeFailure } from './encode.js';
import type { FaultRule, FrameFaultRule, FrameKind } from './fault-rules.js';

/** A frame on its way out. */
export interface ServerFrame {
  readonly kind: FrameKind;
  /** What it is about; empty for a failure that names nothing. */
  readonly topic: string;
  /** The id it answers. */
  readonly requestId?: string | undefined;
  readonly text: string;
}

/** The faults of one connection. */
export interface ConnectionFaults {
  deliver(frame: ServerFrame): Delivery;
  follows(next: ServerFrame, waiting: ServerFrame): boolean;
  /** Limits on its messages beside the server's own. */
  readonly messages: RateGate;
  readonly losesSubmissions: boolean;
}

/** The rules of one server; they may change while it runs. */
export interface Faults {
  readonly inForce: FaultRules<FaultRule>;
  /** What concerns the server as a whole. */
  readonly server: ServerFaults;
  readonly skewMs: number;
  /** What a good sign-in is told that is refused all the same; undefined: it is not. */
  refuseSignIn(attempt: number): string | undefined;
  forConnection(attempt: number): ConnectionFaults;
}

interface FramePattern {
  readonly kind?: FrameKind | undefined;
  readonly topic?: string | undefined;
}

type Name = FrameFaultRule['fault'];
type RuleOf<One extends Name> = Extract<FrameFaultRule, { fault: One }>;
type Effect<One extends Name> = (one: Delivery, rule: RuleOf<One>, frame: ServerFrame) => Delivery;

const DEFAULT_TEXT = 'Internal error';

type ActionName = Extract<Name, 'ban' | 'maintenance' | 'clock-jump' | 'revoke-tokens'>;

/** The lists of levels in a book. */
const LEVEL_LISTS = ['bids', 'asks'];
/** Above any market, so that the touch stays what it is. */
const FAR_PRICE = 900_000_000;
const BOOK_TOPIC = 'order-book.';

/** What each fault does to the frame it strikes; the rest is done by the server as a whole. */
const EFFECTS: { readonly [One in Exclude<Name, ActionName>]: Effect<One> } = {
  ...COMMON_EFFECTS,
  'update-before-snapshot': (one) => ({ ...one, afterUpdate: true }),
  'partial-snapshot': (one) => ({
    ...one,
    texts: one.texts.map((text) => halveLists(text, LEVEL_LISTS)),
  }),
  'giant-snapshot': (one, { bytes = GIANT_BYTES }) => {
    const fill = { bytes, item: (step: number) => `[${FAR_PRICE + step},0.00000001]` };
    return { ...one, texts: one.texts.map((text) => fillList(text, 'asks', fill)) };
  },
  'refuse-request': (one, { text = DEFAULT_TEXT }, { kind, requestId }) =>
    kind === 'answer' ? { ...one, texts: [encodeFailure(requestId, text)] } : one,
  'send-error': (one, { text = DEFAULT_TEXT }) => ({
    ...one,
    texts: [encodeFailure(undefined, text), ...one.texts],
  }),
};

/** What a sign-in with such a key is told. */
const SIGN_IN_REFUSALS: Readonly<Record<CredentialDefect, string>> = {
  expired: 'The nonce is 3600 s behind the clock here.',
  'not-yet-valid': 'The nonce is 3600 s ahead of the clock here.',
  replayed: 'The nonce was used before.',
  revoked: 'The key is not known here.',
};

/** Keeps the rules of one server. */
export function createFaults(initial: readonly FaultRule[], clock: Clock): Faults {
  const inForce = createFaultRules(initial);
  const server = createServerFaults(inForce, clock);
  const isStanding = (name: FaultRule['fault'], attempt: number): boolean =>
    inForce.rules.some((rule) => rule.fault === name && concernsAttempt(rule, attempt));
  return {
    inForce,
    server,
    get skewMs() {
      return server.skewMs;
    },
    refuseSignIn(attempt) {
      const defect = server.credentialDefect(attempt);
      if (defect) return SIGN_IN_REFUSALS[defect];
      return isStanding('refuse-sign-in', attempt) ? 'Refused.' : undefined;
    },
    forConnection(attempt) {
      const strikes = createStrikes(KNOWLEDGE, clock);
      return {
        messages: server.gateMessages(attempt),
        get losesSubmissions() {
          return isStanding('lose-submissions', attempt);
        },
        follows: (next, waiting) => next.kind === 'delta' && next.topic === waiting.topic,
        deliver(frame) {
          let delivery = plainDelivery(frame.text);
          for (const rule of inForce.rules) {
            if (!isFrameFault(rule) || !concernsAttempt(rule, attempt)) continue;
            if (!strikes.hits(rule, frame)) continue;
            if (isActionRule(rule)) {
              server.act(rule);
              continue;
            }
            inForce.countStrike(rule);
            const effect = EFFECTS[rule.fault] as Effect<Name>;
            delivery = effect(delivery, rule, frame);
          }
          return delivery;
        },
      };
    },
  };
}

/** Faults that strike something else than a frame. */
const OTHER_FAULTS: readonly FaultRule['fault'][] = ['refuse-sign-in', 'lose-submissions'];

function isFrameFault(rule: FaultRule): rule is FrameFaultRule {
  return strikesFrames(rule, OTHER_FAULTS);
}

const SNAPSHOTS: readonly string[] = [
  'update-before-snapshot',
  'partial-snapshot',
  'giant-snapshot',
];

function isBookSnapshot({ kind, topic }: ServerFrame): boolean {
  return kind !== 'delta' && topic.startsWith(BOOK_TOPIC);
}

/** Silence takes every frame from the picked one on; all other faults strike one. */
const KNOWLEDGE: StrikeKnowledge<FrameFaultRule, FramePattern, ServerFrame> = {
  fits: (pattern, frame, { fault }) =>
    (!SNAPSHOTS.includes(fault) || isBookSnapshot(frame)) &&
    (pattern?.kind === undefined || pattern.kind === frame.kind) &&
    (pattern?.topic === undefined || pattern.topic === frame.topic),
  lasts: (rule) => (rule.fault === 'silence' ? () => true : undefined),
};
