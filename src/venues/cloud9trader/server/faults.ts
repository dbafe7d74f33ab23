/** Which rules strike which frame of which connection, and what becomes of it. */
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

/** How a connection ends after a frame. */
export type Ending =
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'reset' };

/** What becomes of a frame. */
export interface Delivery {
  readonly texts: readonly string[];
  readonly delayMs: number;
  /** How many later frames overtake it. */
  readonly overtakenBy: number;
  readonly ending: Ending | undefined;
}

/** The faults of one connection. */
export interface ConnectionFaults {
  deliver(frame: ServerFrame): Delivery;
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

type Name = FrameFaultRule['fault'];
type RuleOf<One extends Name> = Extract<FrameFaultRule, { fault: One }>;
type Effect<One extends Name> = (one: Delivery, rule: RuleOf<One>, frame: ServerFrame) => Delivery;

const DEFAULT_TEXT = 'Internal error';

/** What each fault does; silence is not here, for it strikes more than its own frame. */
const EFFECTS: { readonly [One in Exclude<Name, 'silence'>]: Effect<One> } = {
  drop: (one) => ({ ...one, texts: [] }),
  duplicate: (one) => ({ ...one, texts: [...one.texts, ...one.texts] }),
  delay: (one, rule) => ({ ...one, delayMs: one.delayMs + rule.delayMs }),
  reorder: (one, rule) => ({ ...one, overtakenBy: rule.frames ?? 1 }),
  corrupt: (one, rule) => ({ ...one, texts: one.texts.map(CORRUPTIONS[rule.how ?? 'cut']) }),
  'refuse-request': (one, { text = DEFAULT_TEXT }, { kind, requestId }) =>
    kind === 'answer' ? { ...one, texts: [encodeFailure(requestId, text)] } : one,
  'send-error': (one, { text = DEFAULT_TEXT }) => ({
    ...one,
    texts: [encodeFailure(undefined, text), ...one.texts],
  }),
  close: (one, { code, reason = '' }) => ({ ...one, ending: { kind: 'close', code, reason } }),
  reset: (one) => ({ ...one, ending: { kind: 'reset' } }),
};

const CORRUPTIONS: Readonly<
  Record<NonNullable<RuleOf<'corrupt'>['how']>, (text: string) => string>
> = {
  cut: (text) => text.slice(0, Math.floor(text.length / 2)),
  'not-json': (text) => `<html>${text.slice(0, 20)}</html>`,
  'wrong-type': (text) => `{"frame":${text}}`,
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
      const strikes = createStrikes(clock);
      return {
        deliver(frame) {
          let delivery: Delivery = {
            ...{ texts: [frame.text], delayMs: 0, overtakenBy: 0, ending: undefined },
          };
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

const STANDING: readonly FaultRule['fault'][] = ['refuse-upgrade', 'refuse-sign-in', 'clock-skew'];

function isFrameFault(rule: FaultRule): rule is FrameFaultRule {
  return !STANDING.includes(rule.fault);
}

interface Strikes {
  hits(rule: FrameFaultRule, frame: ServerFrame): boolean;
}

/** Counts, for one connection, what every rule has seen so far. */
function createStrikes(clock: Clock): Strikes {
  const seen = new Map<FrameFaultRule, number>();
  const startedAtMs = new Map<FrameFaultRule, number>();

  const isPicked = (rule: FrameFaultRule, frame: ServerFrame): boolean => {
    const { at, every } = rule;
    const pattern = at ?? every;
    if (pattern?.kind !== undefined && pattern.kind !== frame.kind) return false;
    if (pattern?.topic !== undefined && pattern.topic !== frame.topic) return false;
    const count = (seen.get(rule) ?? 0) + 1;
    seen.set(rule, count);
    if (at) return count === (at.count ?? 1);
    return every ? count % every.frames === 0 : true;
  };

  return {
    hits(rule, frame) {
      const picked = isPicked(rule, frame);
      if (rule.fault !== 'silence') return picked;
      if (picked && !startedAtMs.has(rule)) startedAtMs.set(rule, clock.monotonicMs());
      const startMs = startedAtMs.get(rule);
      return startMs !== undefined && clock.monotonicMs() - startMs < (rule.forMs ?? Infinity);
    },
  };
}
