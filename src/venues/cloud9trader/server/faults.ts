/** Which rules strike which frame of which connection, and what becomes of it. */
import { COMMON_EFFECTS, plainDelivery, type Delivery } from '../../../exchange/delivery.js';
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
  readonly losesSubmissions: boolean;
}

/** The rules of one server; they may change while it runs. */
export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  readonly skewMs: number;
  refusesSignIn(attempt: number): boolean;
  findRefusal(attempt: number): Extract<FaultRule, { fault: 'refuse-upgrade' }> | undefined;
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

/** What each fault does; silence is not here, for it strikes more than its own frame. */
const EFFECTS: { readonly [One in Exclude<Name, 'silence'>]: Effect<One> } = {
  ...COMMON_EFFECTS,
  'refuse-request': (one, { text = DEFAULT_TEXT }, { kind, requestId }) =>
    kind === 'answer' ? { ...one, texts: [encodeFailure(requestId, text)] } : one,
  'send-error': (one, { text = DEFAULT_TEXT }) => ({
    ...one,
    texts: [encodeFailure(undefined, text), ...one.texts],
  }),
};

/** Keeps the rules of one server. */
export function createFaults(initial: readonly FaultRule[], clock: Clock): Faults {
  let rules = [...initial];
  const concerns = (rule: FaultRule, attempt: number): boolean =>
    !('connection' in rule) || rule.connection === undefined || rule.connection === attempt;

  return {
    add: (rule) => void rules.push(rule),
    clear: () => void (rules = []),
    get skewMs() {
      return rules.find((rule) => rule.fault === 'clock-skew')?.skewMs ?? 0;
    },
    refusesSignIn: (attempt) =>
      rules.some((rule) => rule.fault === 'refuse-sign-in' && concerns(rule, attempt)),
    findRefusal: (attempt) =>
      rules
        .filter((rule) => rule.fault === 'refuse-upgrade')
        .find((rule) => concerns(rule, attempt)),
    forConnection(attempt) {
      const strikes = createStrikes(KNOWLEDGE, clock);
      return {
        get losesSubmissions() {
          return rules.some((rule) => rule.fault === 'lose-submissions' && concerns(rule, attempt));
        },
        deliver(frame) {
          let delivery = plainDelivery(frame.text);
          for (const rule of rules) {
            if (!isFrameFault(rule) || !concerns(rule, attempt)) continue;
            if (!strikes.hits(rule, frame)) continue;
            if (rule.fault === 'silence') delivery = { ...delivery, texts: [] };
            else delivery = applyFault(delivery, rule, frame);
          }
          return delivery;
        },
      };
    },
  };
}

function applyFault(
  delivery: Delivery,
  rule: Exclude<FrameFaultRule, { fault: 'silence' }>,
  frame: ServerFrame,
): Delivery {
  const effect = EFFECTS[rule.fault] as Effect<Name>;
  return effect(delivery, rule, frame);
}

const STANDING: readonly FaultRule['fault'][] = [
  'refuse-upgrade',
  'refuse-sign-in',
  'lose-submissions',
  'clock-skew',
];

function isFrameFault(rule: FaultRule): rule is FrameFaultRule {
  return !STANDING.includes(rule.fault);
}

/** Silence takes every frame from the picked one on; all other faults strike one. */
const KNOWLEDGE: StrikeKnowledge<FrameFaultRule, FramePattern, ServerFrame> = {
  fits: (pattern, frame) =>
    (pattern?.kind === undefined || pattern.kind === frame.kind) &&
    (pattern?.topic === undefined || pattern.topic === frame.topic),
  lasts: (rule) => (rule.fault === 'silence' ? () => true : undefined),
};
