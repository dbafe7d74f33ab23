/** Which rules strike which frame, subscription or request of which connection, and how. */
import { COMMON_EFFECTS, plainDelivery, type Delivery } from '../../../exchange/delivery.js';
import { createStrikes, type StrikeKnowledge } from '../../../exchange/fault-strikes.js';
import type { Clock } from '../../../model/runtime.js';
import { RATE_LIMIT_TEXT } from '../messages.js';
import type { FaultPattern, FaultRule, PickFaultRule } from './fault-rules.js';
import type { ServerFrame } from './server-frame.js';

/** As much of a frame, a subscription or a request as picks it. */
export type Picked = Pick<ServerFrame, 'channel' | 'symbol'> &
  Partial<Pick<ServerFrame, 'kind' | 'isDeep'>>;

/** What a fault asks of the whole server. */
export type ServerAction =
  { readonly kind: 'revoke-tokens' } | { readonly kind: 'status-walk'; readonly stepMs: number };

/** How a request is refused. */
export interface RequestRefusal {
  readonly text: string;
  /** The envelope; sources differ on it. */
  readonly as: 'reply' | 'event' | 'bare';
}

/** The faults of one connection. */
export interface ConnectionFaults {
  deliver(frame: ServerFrame): Delivery;
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
  add(rule: FaultRule): void;
  clear(): void;
  readonly skewMs: number;
  findRefusal(attempt: number): Extract<FaultRule, { fault: 'refuse-upgrade' }> | undefined;
  forConnection(attempt: number): ConnectionFaults;
  /** Who carries out what concerns the whole server. */
  onAction(act: (action: ServerAction) => void): void;
}

/** What the venue's front end says and how it closes (seen by users, 2021 and later). */
const CLOUDFLARE_TEXT = 'CloudFlare WebSocket proxy restarting';
const CLOUDFLARE_CODE = 1001;
const STATUS_STEP_MS = 5_000;

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
    ...{ texts: [], ending: { kind: 'close', code, reason } },
  }),
  silence: (one) => ({ ...one, texts: [] }),
};

/** Another checksum, a number or a text as before. */
function spoilChecksum(text: string): string {
  return text.replace(/("checksum":|"c":")(\d+)/, (_, name: string, digits: string) => {
    const wrong = (Number(digits) ^ 1) >>> 0;
    return `${name}${wrong}`;
  });
}

const KNOWLEDGE: StrikeKnowledge<PickFaultRule, Partial<FaultPattern>, Picked> = {
  fits: (pattern, picked) =>
    (pattern?.channel === undefined || pattern.channel === picked.channel) &&
    (pattern?.symbol === undefined || pattern.symbol === picked.symbol) &&
    (pattern?.kind === undefined || pattern.kind === picked.kind) &&
    (pattern?.deep === undefined || pattern.deep === picked.isDeep),
  lasts: (rule) => (rule.fault === 'silence' ? () => true : undefined),
};

/** Keeps the rules of one server. */
export function createFaults(initial: readonly FaultRule[], clock: Clock): Faults {
  let rules = [...initial];
  let act: (action: ServerAction) => void = () => undefined;
  const concerns = (rule: FaultRule, attempt: number): boolean =>
    !('connection' in rule) || rule.connection === undefined || rule.connection === attempt;

  return {
    add: (rule) => void rules.push(rule),
    clear: () => void (rules = []),
    get skewMs() {
      return rules.find((rule) => rule.fault === 'clock-skew')?.skewMs ?? 0;
    },
    findRefusal: (attempt) =>
      rules
        .filter((rule) => rule.fault === 'refuse-upgrade')
        .find((rule) => concerns(rule, attempt)),
    onAction: (handler) => void (act = handler),
    forConnection(attempt) {
      const own = (): FaultRule[] => rules.filter((rule) => concerns(rule, attempt));
      return createConnectionFaults({ own, clock, act: (action) => act(action) });
    },
  };
}

interface ConnectionFaultOptions {
  readonly own: () => FaultRule[];
  readonly clock: Clock;
  readonly act: (action: ServerAction) => void;
}

function createConnectionFaults({ own, clock, act }: ConnectionFaultOptions): ConnectionFaults {
  const strikes = createStrikes(KNOWLEDGE, clock);
  const struck = <One extends Name>(names: readonly One[], picked: Picked): RuleOf<One>[] =>
    own().filter(
      (rule): rule is RuleOf<One> =>
        (names as readonly string[]).includes(rule.fault) &&
        strikes.hits(rule as PickFaultRule, picked),
    );
  return {
    deliver(frame) {
      let delivery = plainDelivery(frame.text);
      for (const rule of struck(FRAME_FAULTS, frame)) {
        if (rule.fault === 'revoke-tokens') act({ kind: 'revoke-tokens' });
        else if (rule.fault === 'status-walk') {
          act({ kind: 'status-walk', stepMs: rule.stepMs ?? STATUS_STEP_MS });
        } else delivery = applyEffect(delivery, rule);
      }
      return delivery;
    },
    refuse(request) {
      const [rule] = struck(['refuse-request'], request);
      return rule && { text: rule.text ?? RATE_LIMIT_TEXT, as: rule.as ?? 'reply' };
    },
    loses: (request) => struck(['lose-request'], request).length > 0,
    skippedNumbers: (message) =>
      struck(['skip-sequence'], message).reduce((sum, { numbers = 1 }) => sum + numbers, 0),
    isSilent: (subscription) => struck(['silent-subscription'], subscription).length > 0,
    snapshotDelayMs: (subscription) =>
      struck(['snapshot-late'], subscription).reduce((sum, rule) => sum + rule.delayMs, 0),
    get refusesTokens() {
      return own().some((rule) => rule.fault === 'refuse-tokens');
    },
  };
}

const FRAME_FAULTS: readonly Exclude<
  Name,
  'snapshot-late' | 'silent-subscription' | 'refuse-request' | 'lose-request' | 'skip-sequence'
>[] = [
  ...(['drop', 'duplicate', 'delay', 'reorder', 'corrupt', 'wrong-checksum', 'send-text'] as const),
  ...(['close', 'close-instead', 'reset', 'silence', 'revoke-tokens', 'status-walk'] as const),
];

function applyEffect(delivery: Delivery, rule: PickFaultRule): Delivery {
  const effect = EFFECTS[rule.fault] as
    ((delivery: Delivery, rule: PickFaultRule) => Delivery) | undefined;
  return effect ? effect(delivery, rule) : delivery;
}
