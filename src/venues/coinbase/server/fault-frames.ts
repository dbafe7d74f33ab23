/** What each fault does to a frame: a table of small pure functions. */
import { COMMON_EFFECTS, type Delivery } from '../../../exchange/delivery.js';
import { GIANT_BYTES, halveLists } from '../../../exchange/level-lists.js';
import type { FrameFaultRule } from './fault-rules.js';

/** What a frame is, beside its text. */
export type FrameKind = 'snapshot' | 'update' | 'ack' | 'heartbeat';

/** A frame that has no number yet. */
export interface UnnumberedFrame {
  readonly channel: string;
  readonly kind: FrameKind;
  /** Empty where it concerns no single product. */
  readonly symbol: string;
  /** The time in the envelope, where it must not be the present. */
  readonly sentTime?: string | undefined;
  readonly bodies: readonly string[];
}

/** What becomes of a frame before it takes its number. */
export interface FramePlan {
  readonly frame: UnnumberedFrame;
  /** Numbers that nobody gets. */
  readonly skippedNumbers: number;
  /** How often the frame is sent, each time with a number of its own. 0: never. */
  readonly times: number;
  readonly holdMs: number;
  /** Wait for the next update of the same channel and symbol, and follow it. */
  readonly afterUpdate: boolean;
}

/** A plan in which nothing is wrong. */
export function plainPlan(frame: UnnumberedFrame): FramePlan {
  return { frame, skippedNumbers: 0, times: 1, holdMs: 0, afterUpdate: false };
}

type Name = FrameFaultRule['fault'];
type RuleOf<One extends Name> = Extract<FrameFaultRule, { fault: One }>;
type PlanTable = { readonly [One in Name]?: (plan: FramePlan, rule: RuleOf<One>) => FramePlan };
type DeliveryTable = { readonly [One in Name]?: (one: Delivery, rule: RuleOf<One>) => Delivery };

const withheld = (plan: FramePlan): FramePlan => ({ ...plan, times: 0 });
const repeated = (plan: FramePlan): FramePlan => ({ ...plan, times: plan.times * 2 });
const held = (plan: FramePlan, rule: { delayMs: number }): FramePlan => ({
  ...plan,
  holdMs: plan.holdMs + rule.delayMs,
});

/** Faults that strike before the number is taken. */
const PLANS: PlanTable = {
  'skip-number': (plan) => ({ ...plan, skippedNumbers: plan.skippedNumbers + 1 }),
  repeat: repeated,
  'user-update-twice': repeated,
  hold: held,
  'ack-delayed': held,
  withhold: withheld,
  silence: withheld,
  'heartbeats-stop': withheld,
  'heartbeats-only': withheld,
  'ack-without-data': withheld,
  'ack-missing': withheld,
  'update-before-snapshot': (plan) => ({ ...plan, afterUpdate: true }),
  'partial-snapshot': (plan) => withBodies(plan, (body) => halveLists(body, ['updates'])),
  'wrong-side': (plan) => withBodies(plan, swapSides),
  'long-digits': (plan) => withBodies(plan, addLongLevel),
  'giant-snapshot': (plan, rule) =>
    withBodies(plan, (body) => fillLevels(body, rule.bytes ?? GIANT_BYTES)),
};

const EVENTS = /"events":\[/;

/** Faults that strike when the number is taken: the receiver sees a hole, or worse. */
const DELIVERIES: DeliveryTable = {
  ...COMMON_EFFECTS,
  // These strike before the number is taken.
  silence: (one) => one,
  corrupt: (one, rule) =>
    rule.how === 'wrong-type'
      ? { ...one, texts: one.texts.map((text) => text.replace(EVENTS, '"events":[7,')) }
      : COMMON_EFFECTS.corrupt(one, rule),
};

/** Applies one rule before the number is taken. */
export function planFault(plan: FramePlan, rule: FrameFaultRule): FramePlan {
  const apply = PLANS[rule.fault] as
    ((plan: FramePlan, rule: FrameFaultRule) => FramePlan) | undefined;
  return apply ? apply(plan, rule) : plan;
}

/** Applies one rule after the number is taken. */
export function deliverFault(one: Delivery, rule: FrameFaultRule): Delivery {
  const apply = DELIVERIES[rule.fault] as
    ((one: Delivery, rule: FrameFaultRule) => Delivery) | undefined;
  return apply ? apply(one, rule) : one;
}

/** Far above any market, so that the touch stays what it is. */
const LONG_PRICE = '123456789012345678901234567890';
const LONG_SIZE = '0.000000000000000000000000000001';

function withBodies(plan: FramePlan, change: (body: string) => string): FramePlan {
  if (plan.frame.channel !== 'l2_data') return plan;
  return { ...plan, frame: { ...plan.frame, bodies: plan.frame.bodies.map(change) } };
}

function swapSides(body: string): string {
  return body.replace(/"side":"(bid|offer)"/g, (_, side: string) =>
    side === 'bid' ? '"side":"offer"' : '"side":"bid"',
  );
}

function levelText(body: string, price: string, size: string): string {
  const time = /"event_time":"[^"]*"/.exec(body)?.[0] ?? '"event_time":"1970-01-01T00:00:00Z"';
  return `{"side":"offer",${time},"price_level":"${price}","new_quantity":"${size}"}`;
}

/** Appends level texts; the list of levels is the last thing in the body. */
function appendLevels(body: string, levels: readonly string[]): string {
  if (!body.endsWith(']}') || levels.length === 0) return body;
  const separator = body.endsWith('[]}') ? '' : ',';
  return `${body.slice(0, -2)}${separator}${levels.join(',')}]}`;
}

function addLongLevel(body: string): string {
  return appendLevels(body, [levelText(body, LONG_PRICE, LONG_SIZE)]);
}

function fillLevels(body: string, bytes: number): string {
  const levels: string[] = [];
  let missing = bytes - body.length;
  for (let step = 0; missing > 0; step += 1) {
    const text = levelText(body, `${90_000_000 + step}.5`, '0.00000001');
    levels.push(text);
    missing -= text.length + 1;
  }
  return appendLevels(body, levels);
}
