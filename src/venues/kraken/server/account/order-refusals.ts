/** Why an order is not taken, in the venue's words (guides/spot-errors). Pure. */
import type { EngineRefusal } from '../../../../model/matching.js';
import type { SystemState } from '../engine-status.js';
import type { Protocol } from '../topic.js';
import { isLimitType } from './order-draft.js';
import type { OrderDraft } from './order-command.js';

/** Of an order that nobody has, or has any more. */
export const UNKNOWN_ORDER = 'EOrder:Unknown order';
/** Of a transaction that the counter of its pair has no room for. */
export const RATE_EXCEEDED = 'EOrder:Rate limit exceeded';
/** Of one open order too many. */
export const ORDERS_EXCEEDED = 'EOrder:Orders limit exceeded';
/** Of a command that came after its own deadline. */
export const DEADLINE_ELAPSED = 'EService:Deadline elapsed';
/** Of a key that may not do what it asks for. */
export const PERMISSION_DENIED = 'EGeneral:Permission denied';

/** Texts that hold the name of a field differ from protocol to protocol. */
const TEXTS: Readonly<Record<EngineRefusal, string | Readonly<Record<Protocol, string>>>> = {
  'symbol-unknown': 'EQuery:Unknown asset pair',
  'market-closed': 'EService:Unavailable',
  'insufficient-funds': 'EOrder:Insufficient funds',
  'size-below-minimum': 'EOrder:Order minimum not met',
  'value-below-minimum': 'EOrder:Cost minimum not met',
  'price-off-tick': 'EOrder:Tick size check failed',
  'size-off-step': {
    v1: 'EGeneral:Invalid arguments:volume',
    v2: 'EGeneral:Invalid arguments:order_qty',
  },
  'price-invalid': 'EOrder:Invalid price',
  'order-unknown': UNKNOWN_ORDER,
  'client-order-id-taken': 'EGeneral:Invalid arguments:cl_ord_id',
  'would-take-liquidity': 'EOrder:Post only order',
  // On no page: ours.
  'no-liquidity': 'EOrder:Insufficient liquidity',
  'reduce-only': 'EOrder:Reduce only:No position exists',
  'type-unsupported': {
    v1: 'EGeneral:Invalid arguments:ordertype',
    v2: 'EGeneral:Invalid arguments:order_type',
  },
  'too-many-orders': ORDERS_EXCEEDED,
  'deadline-passed': DEADLINE_ELAPSED,
};

/** What the venue says where the engine refuses. */
export function explainEngineRefusal(refusal: EngineRefusal, protocol: Protocol): string {
  const text = TEXTS[refusal];
  return typeof text === 'string' ? text : text[protocol];
}

/** As much of an order as decides whether a market that is not quite open takes it. */
export type OrderTraits = Pick<OrderDraft, 'orderType' | 'postOnly' | 'reduceOnly'>;

/**
 * Why a market in this state takes no such order; undefined: it does. States are those of the
 * engine and of a pair (websocket-v2/status, websocket-v2/instrument). Cancels are another matter.
 */
export function explainClosed(
  state: SystemState | (string & {}),
  { orderType, postOnly, reduceOnly }: OrderTraits,
): string | undefined {
  const isTaken =
    state === 'online' ||
    (state === 'post_only' && postOnly) ||
    (state === 'limit_only' && isLimitType(orderType)) ||
    (state === 'reduce_only' && reduceOnly);
  return isTaken ? undefined : `EService:Market in ${state} mode`;
}

/** Why not even cancels are taken; undefined: they are. */
export function explainDown(state: SystemState): string | undefined {
  return state === 'maintenance' ? `EService:Market in ${state} mode` : undefined;
}
