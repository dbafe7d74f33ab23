/** What would show that a command was carried out, and what the account says of it. Pure. */
import { addDecimals, compareDecimals, subtractDecimals } from '../../book/decimal-arithmetic.js';
import type { FillReport, OrderReport } from '../../model/account.js';
import type { SettledOrder } from '../../model/order-calls.js';
import type { OrderChange, OrderCommand, OrderTarget } from '../../model/order-entry.js';
import { isOpenOrder } from '../account/order-store.js';

/** What of the account tells what became of a command. */
export interface SettlementEvidence {
  /** Orders are whole and current. */
  readonly isLive: boolean;
  /** Has the account told whole once more; it is not live until that came. */
  askAnew(): void;
  /** Several where a client order id was used again; the one that became known last at the end. */
  findOrders(target: OrderTarget): readonly OrderReport[];
  findFills(target: OrderTarget): readonly FillReport[];
  /** All that are known, also those that ended. */
  listOrders(): readonly OrderReport[];
}

/** What to look for where the answer to a command is lost, as it was when that was sent. */
export type Sought =
  /** An order that was not there: being there is the answer. */
  | {
      readonly kind: 'placed';
      readonly target: OrderTarget;
      /** Orders that stood under the same client order id before: none of them is this one. */
      readonly olderOrderIds: ReadonlySet<string>;
    }
  /** The end of an order. */
  | { readonly kind: 'canceled'; readonly target: OrderTarget }
  /** An order as it was wished for. */
  | {
      readonly kind: 'amended';
      readonly target: OrderTarget;
      readonly change: OrderChange;
      readonly before: OrderReport | undefined;
    }
  /** An order in the place of another. */
  | {
      readonly kind: 'replaced';
      readonly target: OrderTarget;
      readonly change: OrderChange;
      readonly before: OrderReport | undefined;
      /** None of those that were known already. */
      readonly olderOrderIds: ReadonlySet<string>;
    }
  /** Nothing of an account would show it. */
  | { readonly kind: 'nothing'; readonly detail: string };

/** Everything that is looked at to judge one lost command. */
export interface JudgeContext {
  readonly evidence: Pick<SettlementEvidence, 'findOrders' | 'findFills' | 'listOrders'>;
  /** The account is current, and nothing of the command can come to life any more. */
  readonly isCertain: boolean;
  /** The same order was to be changed once more after it: how it is now says less. */
  readonly isOvertaken: boolean;
  /** Orders that are known to be of another command. */
  readonly isClaimed: (orderId: string) => boolean;
}

type SoughtOf<Kind extends Sought['kind']> = Extract<Sought, { readonly kind: Kind }>;

const ABOUT_SEVERAL = 'The command was about several orders: feed.orders shows what is open now.';
const TIMER = 'The account does not show whether a timer runs: set it again, or call it off.';
const CHECKED_ONLY = 'The order was only to be checked: nothing was placed or changed by it.';
const UNNAMED = 'The order has no client order id, by which it could be found in the account.';
const NEVER_SEEN =
  'The account is whole, and shows no such order and none of its latest fills. An order that ' +
  "was placed and ended while nothing was heard is not told of: ask the venue's REST service.";
const ENDED_UNHEARD =
  'The account is whole, and shows no such open order: it ended, by this command or otherwise.';

/** Decided before the command leaves: afterwards nobody could tell new orders from old ones. */
export function seek(
  command: OrderCommand,
  target: OrderTarget,
  evidence: Omit<SettlementEvidence, 'isLive' | 'askAnew'>,
): Sought {
  if ('validate' in command && command.validate) return { kind: 'nothing', detail: CHECKED_ONLY };
  switch (command.kind) {
    case 'add':
    case 'batch-add': {
      if (target.clientOrderId === undefined) return { kind: 'nothing', detail: UNNAMED };
      const known = [...evidence.findOrders(target), ...evidence.findFills(target)];
      return { kind: 'placed', target, olderOrderIds: idsOf(known) };
    }
    case 'cancel':
      return { kind: 'canceled', target: pinDown(target, findBefore(target, evidence)) };
    case 'amend':
    case 'edit': {
      const before = findBefore(target, evidence);
      const about = { target: pinDown(target, before), change: command.change, before };
      if (command.kind === 'amend') return { kind: 'amended', ...about };
      return { kind: 'replaced', ...about, olderOrderIds: idsOf(evidence.listOrders()) };
    }
    case 'cancel-all-after':
      return { kind: 'nothing', detail: TIMER };
    case 'cancel-all':
    case 'batch-cancel':
      return { kind: 'nothing', detail: ABOUT_SEVERAL };
  }
}

/**
 * What the account shows of a command; `found` where it shows it done. Anything else is how it
 * looks now, and true once the account was asked for anew when nothing could be on its way.
 */
export function judge(sought: Sought, context: JudgeContext): SettledOrder {
  switch (sought.kind) {
    case 'placed':
      return judgePlaced(sought, context);
    case 'canceled':
      return judgeCanceled(sought, context);
    case 'amended':
      return judgeAmended(sought, context);
    case 'replaced':
      return judgeReplaced(sought, context);
    case 'nothing':
      return unsettled(sought.detail);
  }
}

function judgePlaced(sought: SoughtOf<'placed'>, context: JudgeContext): SettledOrder {
  const { target, olderOrderIds } = sought;
  const { evidence, isClaimed } = context;
  const isMeant = ({ orderId }: { readonly orderId: string }): boolean =>
    !olderOrderIds.has(orderId) && !isClaimed(orderId);
  const order = evidence.findOrders(target).filter(isMeant).at(-1);
  const fills = evidence.findFills(target).filter(isMeant);
  const orderId = order?.orderId ?? fills.at(-1)?.orderId;
  if (orderId === undefined) return notFound(NEVER_SEEN);
  return { kind: 'found', order, fills: fills.filter((fill) => fill.orderId === orderId) };
}

function judgeCanceled({ target }: SoughtOf<'canceled'>, { evidence }: JudgeContext): SettledOrder {
  const order = evidence.findOrders(target).at(-1);
  if (!order) return notFound(ENDED_UNHEARD);
  if (order.status === 'canceled') return found(order, evidence);
  return notDone(order, evidence);
}

function judgeAmended(sought: SoughtOf<'amended'>, context: JudgeContext): SettledOrder {
  const { target, change, before } = sought;
  const { evidence, isCertain, isOvertaken } = context;
  const order = evidence.findOrders(target).at(-1);
  if (!order) return notFound(ENDED_UNHEARD);
  const wishes = readWishes(change);
  if (wishes.length === 0) return unsettled('The account does not show what was to be changed.');
  // One that was so before, or may have been, proves nothing until all on its way has come.
  const wasSo = before === undefined || isAsWished(before, wishes);
  if (isAsWished(order, wishes)) {
    if (isOvertaken) {
      return unsettled('The order is as asked for, which a later change of it may have done.');
    }
    if (isCertain || !wasSo) return found(order, evidence);
  }
  if (!isOpenOrder(order)) {
    return unsettled(`The order is ${order.status}, and may have been changed before that.`);
  }
  if (!isOvertaken && before && isUnchanged(order, before, wishes)) {
    return notDone(order, evidence);
  }
  return unsettled('The order is not as asked for, and may have been changed again since.');
}

/** The venue names the order that took the place of another in its answer only. */
function judgeReplaced(sought: SoughtOf<'replaced'>, context: JudgeContext): SettledOrder {
  const { target, change, before } = sought;
  const { evidence, isClaimed } = context;
  const original = evidence.findOrders(target).at(-1);
  // What replaces an order cancels it; one that is open, or traded to its end, was not replaced.
  if (original && original.status !== 'canceled') return notDone(original, evidence);
  if (!before) return unsettled('The order was not known when it was to be changed.');
  const last = original ?? before;
  const wish = { change, filledSize: readFilled(last, evidence.findFills(target)) };
  const heirs = evidence.listOrders().filter((order) => {
    const isNew = !sought.olderOrderIds.has(order.orderId) && !isClaimed(order.orderId);
    return isNew && isHeir(order, last, wish);
  });
  const [heir] = heirs;
  if (heir && heirs.length === 1) return found(heir, evidence);
  return unsettled(
    heir
      ? `The order is over, and ${heirs.length} orders may be the one that took its place.`
      : 'The order is over, and no open order is like the one that was to take its place.',
  );
}

/** What the order in the place of another is like. */
interface HeirWish {
  readonly change: OrderChange;
  /** Of the order that it replaced. */
  readonly filledSize: string;
}

/** A price, a size or a mark of an order, and what it was to become. */
type Wish = readonly [
  name: 'size' | 'limitPrice' | 'stopPrice' | 'displaySize' | 'postOnly',
  value: string | true,
];

/** Only those of which a report says whether they came true: a mark that is not set is not told. */
function readWishes(change: OrderChange): readonly Wish[] {
  const { size, limitPrice, stopPrice, displaySize, postOnly } = change;
  const told = { size, limitPrice, stopPrice, displaySize };
  const wishes = Object.entries(told).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as Wish],
  );
  return postOnly === true ? [...wishes, ['postOnly', true]] : wishes;
}

function isAsWished(order: OrderReport, wishes: readonly Wish[]): boolean {
  return wishes.every(([name, value]) => isSame(order[name], value));
}

function isUnchanged(order: OrderReport, before: OrderReport, wishes: readonly Wish[]): boolean {
  return wishes.every(([name]) => isSame(order[name], before[name]));
}

function isSame(one: string | boolean | undefined, other: string | boolean | undefined): boolean {
  if (typeof one === 'string' && typeof other === 'string')
    return compareDecimals(one, other) === 0;
  return one === other;
}

/** What was filled of the order stays with it: the other is for the whole, or for the rest. */
function isHeir(order: OrderReport, original: OrderReport, wish: HeirWish): boolean {
  const { change, filledSize } = wish;
  const whole = change.size ?? original.size;
  const rest = whole === undefined ? undefined : subtractDecimals(whole, filledSize);
  return (
    order.symbol === original.symbol &&
    order.side === original.side &&
    order.orderType === original.orderType &&
    order.clientOrderId === undefined &&
    (isSame(order.size, whole) || isSame(order.size, rest)) &&
    isSame(order.limitPrice, change.limitPrice ?? original.limitPrice) &&
    isSame(order.stopPrice, change.stopPrice ?? original.stopPrice) &&
    (change.displaySize === undefined || isSame(order.displaySize, change.displaySize)) &&
    (change.postOnly !== true || order.postOnly === true)
  );
}

/** Of an order that ended unheard the fills may say more than its last report. */
function readFilled({ filledSize = '0' }: OrderReport, fills: readonly FillReport[]): string {
  const told = fills.map(({ size }) => size).reduce(addDecimals, '0');
  return compareDecimals(told, filledSize) > 0 ? told : filledSize;
}

function findBefore(
  target: OrderTarget,
  evidence: Pick<SettlementEvidence, 'findOrders'>,
): OrderReport | undefined {
  const known = evidence.findOrders(target);
  return known.findLast(isOpenOrder) ?? known.at(-1);
}

/** A client order id may be used again; the venue's own id is never. */
function pinDown(target: OrderTarget, order: OrderReport | undefined): OrderTarget {
  return order ? { orderId: order.orderId } : target;
}

function idsOf(reports: readonly { readonly orderId: string }[]): ReadonlySet<string> {
  return new Set(reports.map(({ orderId }) => orderId));
}

function found(order: OrderReport, evidence: JudgeContext['evidence']): SettledOrder {
  return { kind: 'found', order, fills: evidence.findFills({ orderId: order.orderId }) };
}

function notDone(order: OrderReport, evidence: JudgeContext['evidence']): SettledOrder {
  return { kind: 'not-done', order, fills: evidence.findFills({ orderId: order.orderId }) };
}

function notFound(detail: string): SettledOrder {
  return { kind: 'not-found', detail };
}

function unsettled(detail: string): SettledOrder {
  return { kind: 'unsettled', detail };
}
