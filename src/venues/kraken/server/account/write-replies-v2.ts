/** Replies to order methods of protocol v2 (recorded 2024-05). Pure. */
import { encodeRefusal, encodeReply, type ReplyParts } from '../encode-v2.js';
import { quote, writeObject, type JsonField } from '../json-text.js';
import { toWholeSeconds } from '../time-text.js';
import {
  notesOf,
  type DeskAnswer,
  type OrderCommandKind,
  type OrderOutcome,
} from './order-command.js';
import { toVenueId } from './venue-ids.js';

/** Writes the replies: one, but to `cancel_order` one for each order. */
export function writeRepliesV2(
  kind: OrderCommandKind,
  answer: DeskAnswer,
  parts: ReplyParts,
): readonly string[] {
  if (answer.kind === 'refused') return [encodeRefusal(parts, answer.error)];
  const { outcomes } = answer;
  if (kind === 'batch-add') {
    return [encodeReply(parts, { result: `[${outcomes.map(writeBatched).join(',')}]` })];
  }
  return outcomes.map((outcome) => {
    if (!outcome.ok) return encodeRefusal(parts, outcome.error);
    const result = writeObject(listFields(kind, outcome));
    const canceled = kind === 'batch-cancel' ? String(outcome.count ?? 0) : undefined;
    return encodeReply(parts, { result, canceled });
  });
}

type Success = Extract<OrderOutcome, { ok: true }>;

function listFields(kind: OrderCommandKind, outcome: Success): readonly JsonField[] {
  switch (kind) {
    case 'add':
    case 'batch-add':
      return describePlaced(outcome);
    case 'amend':
      return [['amend_id', quoteOr(outcome.amendId)], ...nameAsSent(outcome)];
    case 'edit':
      return [...describePlaced(outcome), ['original_order_id', quoteOr(outcome.originalOrderId)]];
    case 'cancel':
      return nameAsSent(outcome);
    case 'cancel-all':
    case 'batch-cancel':
      return [['count', String(outcome.count ?? 0)]];
    case 'cancel-all-after':
      return describeSwitch(outcome);
  }
}

/** How an order of a batch fails is on no page: its error stands in the place of its id. */
function writeBatched(outcome: OrderOutcome): string {
  if (outcome.ok) return writeObject(describePlaced(outcome));
  const { error, name } = outcome;
  return writeObject([
    ['error', quote(error)],
    ['cl_ord_id', quoteOr(name?.clientOrderId)],
  ]);
}

function describeSwitch({ switch: state }: Success): readonly JsonField[] {
  if (!state) return [];
  const { nowMs, triggersAtMs } = state;
  return [
    ['currentTime', quote(toWholeSeconds(nowMs))],
    // As v1 says it; no capture of v2 shows a switch that was called off.
    ['triggerTime', quote(triggersAtMs === undefined ? '0' : toWholeSeconds(triggersAtMs))],
  ];
}

/** One that was only checked has no id. */
function describePlaced({ order, isCheckOnly = false }: Success): readonly JsonField[] {
  if (!order) return [];
  return [
    ['order_id', isCheckOnly ? undefined : quote(toVenueId('O', order.orderId))],
    ['cl_ord_id', quoteOr(order.clientOrderId)],
    ['order_userref', notesOf(order).userref],
  ];
}

/** By the name that the client used; of its numbers, which several orders may have, by the id. */
function nameAsSent({ name, order }: Success): readonly JsonField[] {
  if (name?.clientOrderId !== undefined) return [['cl_ord_id', quote(name.clientOrderId)]];
  return [['order_id', quoteOr(order && toVenueId('O', order.orderId))]];
}

function quoteOr(value: string | undefined): string | undefined {
  return value === undefined ? undefined : quote(value);
}
