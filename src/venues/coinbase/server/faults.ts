/** Which rules strike which frame of which connection. What they do is in fault-frames.ts. */
import { plainDelivery, type Delivery } from '../../../exchange/delivery.js';
import { createFaultRules, type FaultRules } from '../../../exchange/fault-rules.js';
import { createStrikes, type StrikeKnowledge } from '../../../exchange/fault-strikes.js';
import type { RateGate } from '../../../exchange/gates.js';
import {
  concernsAttempt,
  createServerFaults,
  isActionRule,
  strikesFrames,
  type ServerFaults,
} from '../../../exchange/server-faults.js';
import type { Clock } from '../../../model/runtime.js';
import {
  deliverFault,
  plainPlan,
  planFault,
  type FrameKind,
  type FramePlan,
  type UnnumberedFrame,
} from './fault-frames.js';
import type { FaultName, FaultRule, FrameFaultRule, StandingFaultRule } from './fault-rules.js';

/** What a fault concerns, whatever its rule picks. */
const SCOPES: { readonly [One in FaultName]?: Pattern } = {
  'ack-delayed': { kind: 'ack' },
  'ack-missing': { kind: 'ack' },
  'user-update-twice': { channel: 'user', kind: 'update' },
  'update-before-snapshot': { kind: 'snapshot' },
  'partial-snapshot': { channel: 'l2_data', kind: 'snapshot' },
  'giant-snapshot': { channel: 'l2_data', kind: 'snapshot' },
  'wrong-side': { channel: 'l2_data' },
  'long-digits': { channel: 'l2_data' },
};

/** Faults that begin at a frame and last; each says which frames it then takes. */
const LASTING: { readonly [One in FaultName]?: (frame: UnnumberedFrame, rule: Picked) => boolean } =
  {
    silence: () => true,
    'heartbeats-stop': (frame) => frame.kind === 'heartbeat',
    'heartbeats-only': (frame) => frame.kind !== 'heartbeat',
    'ack-without-data': (frame, { at }) =>
      frame.kind !== 'ack' && (at?.channel === undefined || at.channel === frame.channel),
  };

interface Pattern {
  readonly channel?: string | undefined;
  readonly kind?: FrameKind | undefined;
  readonly symbol?: string | undefined;
}

type Picked = FrameFaultRule & { readonly forMs?: number | undefined };

/** The faults of one connection. */
export interface ConnectionFaults {
  /** Decides on a frame that would take this number; `hits` are the rules that struck. */
  plan(
    frame: UnnumberedFrame,
    number: number,
  ): { plan: FramePlan; hits: readonly FrameFaultRule[] };
  deliver(text: string, hits: readonly FrameFaultRule[]): Delivery;
  /** Nothing at all leaves this connection now. */
  isSilent(): boolean;
  readonly refusesTokens: boolean;
  readonly partialLevel2: boolean;
  /** Limits on its messages beside the venue's own. */
  readonly messages: RateGate;
  /** Undefined: as the venue does. */
  readonly clientId: boolean | undefined;
}

/** The rules of one server; they may change while it runs. */
export interface Faults {
  readonly inForce: FaultRules<FaultRule>;
  /** What concerns the server as a whole. */
  readonly server: ServerFaults;
  readonly skewMs: number;
  /** The rule about this attempt to connect, counted from 1. */
  standing<Name extends StandingFaultRule['fault']>(
    name: Name,
    attempt: number,
  ): Extract<StandingFaultRule, { fault: Name }> | undefined;
  forConnection(attempt: number): ConnectionFaults;
}

/** Keeps the rules of one server. */
export function createFaults(initial: readonly FaultRule[], clock: Clock): Faults {
  const inForce = createFaultRules(initial);
  const server = createServerFaults(inForce, clock);
  const standing: Faults['standing'] = (name, attempt) =>
    inForce.rules.find(
      (rule): rule is Extract<StandingFaultRule, { fault: typeof name }> =>
        rule.fault === name && concernsAttempt(rule, attempt),
    );
  return {
    inForce,
    server,
    get skewMs() {
      return server.skewMs;
    },
    standing,
    forConnection(attempt) {
      const strikes = createStrikes(KNOWLEDGE, clock);
      const own = (): FrameFaultRule[] =>
        inForce.rules.filter(isFrameFault).filter((rule) => concernsAttempt(rule, attempt));
      return {
        plan(frame, number) {
          const hits = own().filter((rule) => strikes.hits(rule, { frame, number }));
          for (const rule of hits) {
            if (isActionRule(rule)) server.act(rule);
            else inForce.countStrike(rule);
          }
          return { plan: hits.reduce(planFault, plainPlan(frame)), hits };
        },
        deliver: (text, hits) => hits.reduce(deliverFault, plainDelivery(text)),
        isSilent: () => own().some((rule) => rule.fault === 'silence' && strikes.isActive(rule)),
        get refusesTokens() {
          const isRefused = standing('refuse-tokens', attempt) !== undefined;
          return isRefused || server.credentialDefect(attempt) !== undefined;
        },
        messages: server.gateMessages(attempt),
        get partialLevel2() {
          return standing('partial-level2-refusal', attempt) !== undefined;
        },
        get clientId() {
          return standing('client-id', attempt)?.present;
        },
      };
    },
  };
}

/** Faults that strike something else than a frame. */
const OTHER_FAULTS: readonly FaultName[] = [
  'refuse-tokens',
  'partial-level2-refusal',
  'client-id',
  'compression',
];

function isFrameFault(rule: FaultRule): rule is FrameFaultRule {
  return strikesFrames(rule, OTHER_FAULTS);
}

function fits(frame: UnnumberedFrame, pattern: Pattern | undefined): boolean {
  if (!pattern) return true;
  return (
    (pattern.channel === undefined || pattern.channel === frame.channel) &&
    (pattern.kind === undefined || pattern.kind === frame.kind) &&
    (pattern.symbol === undefined || pattern.symbol === frame.symbol)
  );
}

/** A frame with the number that it would take: a rule may pick one by that. */
interface NumberedFrame {
  readonly frame: UnnumberedFrame;
  readonly number: number;
}

type NumberedPattern = Pattern & { readonly frame?: number | undefined };

const KNOWLEDGE: StrikeKnowledge<Picked, NumberedPattern, NumberedFrame> = {
  fits: (pattern, { frame, number }, { fault }) =>
    fits(frame, SCOPES[fault]) &&
    fits(frame, pattern) &&
    (pattern?.frame === undefined || pattern.frame === number),
  lasts: (rule) => {
    const takes = LASTING[rule.fault];
    return takes && (({ frame }) => takes(frame, rule));
  },
};
