/**
 * Status events that answer orders of protocol v1 (websocket-v1/addorder and its siblings). Pure.
 */
import { encodeEvent } from '../encode-v1.js';
import { printDecimal } from '../number-text.js';
import { toV1Asset, type PairTable } from '../pairs.js';
import { toWholeSeconds } from '../time-text.js';
import type { DeskAnswer, OrderOutcome } from './order-command.js';
import { describeOrder } from './order-text.js';
import { toVenueId } from './venue-ids.js';

/** To what a reply is, and where its pairs are named. */
export interface V1ReplyParts {
  /** The event of the request. */
  readonly event: string;
  /** The digits of its `reqid`. */
  readonly requestId: string | undefined;
  readonly pairs: PairTable;
}

/** Writes the replies: one, but to `cancelOrder` one for each order, which does not name it. */
export function writeRepliesV1(answer: DeskAnswer, parts: V1ReplyParts): readonly string[] {
  const { event, requestId } = parts;
  const write = (fields: Readonly<Record<string, unknown>>): string =>
    encodeEvent(fields, requestId);
  const fail = (errorMessage: string): string =>
    write({ errorMessage, event: `${event}Status`, status: 'error' });
  if (answer.kind === 'refused') return [fail(answer.error)];
  return answer.outcomes.map((outcome) =>
    outcome.ok ? write(toFields(outcome, parts)) : fail(outcome.error),
  );
}

type Success = Extract<OrderOutcome, { ok: true }>;

/** Keys in alphabetical order; those that do not apply are left out. */
function toFields(outcome: Success, { event, pairs }: V1ReplyParts) {
  const { amendId, count, originalOrderId } = outcome;
  const about = event === 'cancelOrder' ? {} : describeOutcome(outcome, pairs);
  const triggersAtMs = outcome.switch?.triggersAtMs;
  const times = outcome.switch && {
    currentTime: toWholeSeconds(outcome.switch.nowMs),
    // "0" where it was called off.
    triggerTime: triggersAtMs === undefined ? '0' : toWholeSeconds(triggersAtMs),
  };
  const fields: Readonly<Record<string, unknown>> = {
    amend_id: amendId,
    count,
    originaltxid: originalOrderId,
    ...about,
    ...times,
    event: `${event}Status`,
    status: 'ok',
  };
  return Object.fromEntries(
    Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function describeOutcome({ order, isCheckOnly = false, amendId }: Success, pairs: PairTable) {
  if (!order) return {};
  const pair = pairs.bySymbol(order.symbol);
  const pairName = pair
    ? toV1Asset(pair.instrument.base) + toV1Asset(pair.instrument.quote)
    : order.symbol;
  const print = {
    price: (value: string) => value,
    size: (value: string) => printDecimal(value, pair?.v1.size ?? 0),
    noPrice: '',
  };
  const descr = amendId === undefined ? describeOrder(order, pairName, print) : undefined;
  return {
    descr,
    txid: isCheckOnly ? undefined : toVenueId('O', order.orderId),
    cl_ord_id: order.clientOrderId,
  };
}
