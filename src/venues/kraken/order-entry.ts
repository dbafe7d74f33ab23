import type { RandomSource } from '../../model/runtime.js';
import type { OrderEntryRule } from '../../model/order-entry.js';
import { hasUserref } from './order-check.js';
import { checkCommand } from './order-command-check.js';
import { createOrderLimiter } from './order-limiter.js';
import { ORDERS_V1, ORDERS_V2, type OrderProtocol } from './order-protocols.js';

/** "`deadline`: 0.5 to 60 seconds ahead, 5 by default". */
const DEADLINE = { minMs: 500, maxMs: 60_000, defaultMs: 5_000 } as const;

/** Twice the deadline: an answer that has not come by then will hardly come. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Orders of v2 (websocket-v2/add_order and its siblings). */
export const ORDER_ENTRY_V2: OrderEntryRule = {
  ...entryOf(ORDERS_V2),
  channel: 'executions',
  instrumentsChannel: 'status',
};

/** Orders of v1, which lists no instruments: only their form can be checked here. */
export const ORDER_ENTRY_V1: OrderEntryRule = { ...entryOf(ORDERS_V1), channel: 'orders' };

function entryOf(protocol: OrderProtocol): Omit<OrderEntryRule, 'channel'> {
  return {
    commands: protocol.commands,
    answerMeans: 'accepted',
    // "One response for each order", and none of them names one that was refused.
    answeredPerTarget: ['cancel'],
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
    deadline: DEADLINE,
    createClientOrderId: (random, order) => (hasUserref(order) ? undefined : createUuid(random)),
    createLimiter: createOrderLimiter,
    check: (command, context) => checkCommand(command, context, protocol),
  };
}

function createUuid(random: RandomSource): string {
  const bytes = Uint8Array.from(random.bytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
