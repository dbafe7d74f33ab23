/** Which rules strike which frame, subscription or request of which connection, and how. */
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
import { RATE_LIMIT_TEXT } from '../messages.js';
import type { FaultPattern, FaultRule, PickFaultRule } from './fault-rules.js';
import type { ServerFrame } from './server-frame.js';

/** As much of a frame, a subscription or a request as picks it. */
export type Picked = Pick<ServerFrame, 'channel' | 'symbol'> &
  Partial<Pick<ServerFrame, 'kind' | 'isDeep'>>;

/** How a request is refused. */
export interface RequestRefusal {
  readonly text: string;
  /** The envelope; sources differ on it. */
  readonly as: 'reply' | 'event' | 'bare';
}

function isSameSubject(one: ServerFrame, other: ServerFrame): boolean {
  return one.channel === other.channel && one.symbol === other.symbol;
}

/** The faults of one connection. */
export interface ConnectionFaults {
  deliver(frame: ServerFrame): Delivery;
  follows(next: ServerFrame, waiting: ServerFrame): boolean;
  replaces(next: ServerFrame, waiting: ServerFrame): boolean;
  /** Limits on its messages beside the venue's own. */
  readonly messages: RateGate;
  /** To be asked once for each request. */
  refuse(request: Picked): RequestRefusal | undefined;
  /** To be asked once for each request about orders: it never came. */
  loses(request: Picked): boolean;
  /** To be asked once for each message of an account: how many numbers it passes over. */
  skippedNumbers(message: Picked): number;
  /** To be asked once for each subscription: acknowledged, and then nothing. */
  isSilent(subscription: Picked): boolean;
  /** To be asked once for each subscription; 0: at once. */
  snapshotDelayMs(subscription: Picked): number;
  readonly refusesTokens: boolean;
}

/** The rules of one server; they may change while it runs. */
export interface Faults {
  readonly inForce: FaultRules<FaultRule>;
  /** What concerns the server as a whole. */
  readonly server: ServerFaults;
  readonly skewMs: number;
  forConnection(attempt: number): ConnectionFaults;
}

/** What the venue's front end says and how it closes (seen by users, 2021 and later). */
const CLOUDFLARE_TEXT = 'CloudFlare WebSocket proxy restarting';
const CLOUDFLARE_CODE = 1001;

type Name = PickFaultRule['fault'];
type RuleOf<One extends Name> = Extract<PickFaultRule, { fault: One }>;
type Effects = { readonly [One in Name]?: (delivery: Delivery, rule: RuleOf<One>) => Delivery };

/** What each fault does to the frame it strikes; those that are not here strike something else. */
const EFFECTS: Effects = {
  ...COMMON_EFFECTS,
  'wrong-checksum': (one) => ({ ...one, texts: one.texts.map(spoilChecksum) }),
  'send-text': (one, { text = CLOUDFLARE_TEXT }) => ({ ...one, texts: [text, ...one.texts] }),
  close: (one, { code = CLOUDFLARE_CODE, reason = CLOUDFLARE_TEXT }) => ({
    ...one,
    ending: { kind: 'close', code, reason },
  }),
  'close-instead': (one, { code = CLOUDFLARE_CODE, reason = CLOUDFLARE_TEXT }) => ({
    ...one,
    texts: [],
    ending: { kind: 'close', code, reason },
  }),
  'heartbeats-stop': COMMON_EFFECTS.drop,
  'heartbeats-only': COMMON_EFFECTS.drop,
  'update-before-snapshot': (one) => ({ ...one, afterUpdate: true }),
  'partial-snapshot': (one) => ({
    ...one,
    texts: one.texts.map((text) => halveLists(text, LEVEL_LISTS)),
  }),
  'giant-snapshot': (one, { bytes = GIANT_BYTES }) => ({
    ...one,
    texts: one.texts.map((text) => fillAsks(text, bytes)),
  }),
};

/** The lists of levels of both protocols. */
const LEVEL_LISTS = ['bids', 'asks', 'as', 'bs'];
/** Above any market, so that the touch stays what it is. */
const FAR_PRICE = 900_000_000;

function fillAsks(text: string, bytes: number): string {
  const fill = { bytes, item: (step: number) => `{"price":${FAR_PRICE + step},"qty":0.00000001}` };
  const itemV1 = (step: number) => `["${FAR_PRICE + step}.0","0.00000001","1534614057.000000"]`;
  return fillList(fillList(text, 'asks', fill), 'as', { bytes, item: itemV1 });
}

/** Another checksum, a number or a text as before. */
function spoilChecksum(text: string): string {
  return text.replace(/("checksum":|"c":")(\d+)/, (_, name: string, digits: string) => {
    const wrong = (Number(digits) ^ 1) >>> 0;
    return `${name}${wrong}`;
  });
}

/** What a fault concerns, whatever its rule picks. */
const SNAPSHOTS = ['update-before-snapshot', 'partial-snapshot', 'giant-snapshot'];

/** Faults that begin at a frame and last; each says which frames it then takes. */
const LASTING: { readonly [One in Name]?: (picked: Picked) => boolean } = {
  silence: () => true,
  'heartbeats-stop': ({ kind }) => kind === 'heartbeat',
  'heartbeats-only': ({ kind }) => kind !== 'heartbeat',
};

const KNOWLEDGE: StrikeKnowledge<PickFaultRule, Partial<FaultPattern>, Picked> = {
  fits: (pattern, picked, { fault }) =>
    (!SNAPSHOTS.includes(fault) || picked.kind === 'snapshot') &&
    (pattern?.channel === undefined || pattern.channel === picked.channel) &&
    (pattern?.symbol === undefined || pattern.symbol === picked.symbol) &&
    (pattern?.kind === undefined || pattern.kind === picked.kind) &&
    (pattern?.deep === undefined || pattern.deep === picked.isDeep),
  lasts: (rule) => LASTING[rule.fault],
};

/** Keeps the rules of one server. */
export function createFaults(initial: readonly FaultRule[], clock: Clock): Faults {
  const inForce = createFaultRules(initial);
  const server = createServerFaults(inForce, clock);
  return {
    inForce,
    server,
    get skewMs() {
      return server.skewMs;
    },
    forConnection: (attempt) => createConnectionFaults({ inForce, server, clock, attempt }),
  };
}

interface ConnectionFaultOptions extends Pick<Faults, 'inForce' | 'server'> {
  readonly clock: Clock;
  readonly attempt: number;
}

function createConnectionFaults(options: ConnectionFaultOptions): ConnectionFaults {
  const { inForce, server, clock, attempt } = options;
  const strikes = createStrikes(KNOWLEDGE, clock);
  const own = (): FaultRule[] => inForce.rules.filter((rule) => concernsAttempt(rule, attempt));
  const struck = <One extends Name>(
    isMeant: (rule: FaultRule) => rule is RuleOf<One>,
    picked: Picked,
  ): RuleOf<One>[] => {
    const rules = own()
      .filter(isMeant)
      .filter((rule) => strikes.hits(rule as PickFaultRule, picked));
    for (const rule of rules) if (!isActionRule(rule)) inForce.countStrike(rule);
    return rules;
  };
  const named =
    <One extends Name>(name: One) =>
    (rule: FaultRule): rule is RuleOf<One> =>
      rule.fault === name;
  return {
    messages: server.gateMessages(attempt),
    follows: (next, waiting) => next.kind === 'update' && isSameSubject(next, waiting),
    replaces: (next, waiting) => next.kind === 'snapshot' && isSameSubject(next, waiting),
    deliver(frame) {
      let delivery = plainDelivery(frame.text);
      for (const rule of struck(isFrameFault, frame)) {
        if (isActionRule(rule)) server.act(rule);
        else delivery = applyEffect(delivery, rule);
      }
      return delivery;
    },
    refuse(request) {
      const [rule] = struck(named('refuse-request'), request);
      return rule && { text: rule.text ?? RATE_LIMIT_TEXT, as: rule.as ?? 'reply' };
    },
    loses: (request) => struck(named('lose-request'), request).length > 0,
    skippedNumbers: (message) =>
      struck(named('skip-sequence'), message).reduce((sum, { numbers = 1 }) => sum + numbers, 0),
    isSilent: (subscription) => struck(named('silent-subscription'), subscription).length > 0,
    snapshotDelayMs: (subscription) =>
      struck(named('snapshot-late'), subscription).reduce((sum, rule) => sum + rule.delayMs, 0),
    get refusesTokens() {
      const isRefused = own().some((rule) => rule.fault === 'refuse-tokens');
      return isRefused || server.credentialDefect(attempt) !== undefined;
    },
  };
}

/** Faults that strike something else than a frame on its way out. */
const OTHER_FAULTS: readonly FaultRule['fault'][] = [
  'snapshot-late',
  'silent-subscription',
  'refuse-request',
  'lose-request',
  'skip-sequence',
  'refuse-tokens',
];

function isFrameFault(rule: FaultRule): rule is PickFaultRule {
  return strikesFrames(rule, OTHER_FAULTS);
}

/** What this venue says to a REST call with such a key (guides/spot-errors). */
export const REST_REFUSALS: Readonly<Record<CredentialDefect, string>> = {
  expired: 'EAPI:Invalid key',
  revoked: 'EAPI:Invalid key',
  replayed: 'EAPI:Invalid nonce',
  'not-yet-valid': 'EAPI:Invalid nonce',
};

function applyEffect(delivery: Delivery, rule: PickFaultRule): Delivery {
  const effect = EFFECTS[rule.fault] as
    ((delivery: Delivery, rule: PickFaultRule) => Delivery) | undefined;
  return effect ? effect(delivery, rule) : delivery;
}
