/**
 * Faults on command, for what the venue will not show when asked. The rules are data, the same in a
 * file (`--faults FILE`) and in a program:
 *
 *   { "rules": [
 *     { "fault": "drop", "at": { "channel": "book", "kind": "update", "count": 5 } },
 *     { "fault": "drop", "at": { "channel": "book", "deep": true } },
 *     { "fault": "wrong-checksum", "every": { "symbol": "BTC/USD", "frames": 50 } },
 *     { "fault": "snapshot-late", "delayMs": 3000, "at": { "symbol": "ETH/USD" } },
 *     { "fault": "silent-subscription", "at": { "channel": "trade" } },
 *     { "fault": "refuse-request", "connection": 1 },
 *     { "fault": "drop", "at": { "kind": "reply", "channel": "add_order" } },
 *     { "fault": "skip-sequence", "at": { "channel": "executions", "count": 4 } },
 *     { "fault": "close", "at": { "kind": "heartbeat", "count": 3 } } ] }
 *
 * `at` picks one frame: the `count`-th (the first by default) that fits `channel`, `kind`, `symbol`
 * and `deep` (an update below the levels of the checksum). `every` picks each n-th that fits.
 * Without both, every frame is picked. Of subscriptions (`snapshot-late`, `silent-subscription`)
 * and of requests (`refuse-request`, `lose-request`) the same picks one by channel and symbol; of
 * requests about orders and of the replies to them the channel is the method. `connection` counts
 * attempts to connect from 1; without it all are meant.
 */
import { z } from 'zod';
import {
  closeCodeSchema,
  closeReasonSchema,
  countSchema,
  createActionRules,
  createCredentialRule,
  createFrameRules,
  createStatusWalkRule,
  millisecondsSchema,
  STANDING_RULES,
} from '../../../exchange/fault-schema.js';
import { createVenueRules } from '../../../exchange/read-rules.js';
import { FRAME_KINDS } from './server-frame.js';

const fits = {
  channel: z.string().max(40).optional(),
  symbol: z.string().max(40).optional(),
  kind: z.enum(FRAME_KINDS).optional(),
  deep: z.boolean().optional(),
};
const pick = {
  at: z.strictObject({ ...fits, count: countSchema.optional() }).optional(),
  every: z.strictObject({ ...fits, frames: countSchema }).optional(),
  connection: countSchema.optional(),
};
const text = z.string().min(1).max(500);

const lasting = { ...pick, forMs: millisecondsSchema.optional() };

const ruleSchema = z.discriminatedUnion('fault', [
  ...createFrameRules(pick),
  // On one frame.
  z.strictObject({ fault: z.literal('wrong-checksum'), ...pick }),
  // A text that is no JSON goes out before the frame; Cloudflare's by default.
  z.strictObject({ fault: z.literal('send-text'), ...pick, text: text.optional() }),
  // On the connection, at one frame; by default as Cloudflare closes it.
  z.strictObject({
    fault: z.literal('close'),
    ...pick,
    code: closeCodeSchema.optional(),
    reason: closeReasonSchema.optional(),
  }),
  // The same in the place of the frame: an order was taken, and its reply never comes.
  z.strictObject({
    fault: z.literal('close-instead'),
    ...pick,
    code: closeCodeSchema.optional(),
    reason: closeReasonSchema.optional(),
  }),
  // On the connection, from one frame on.
  z.strictObject({ fault: z.literal('heartbeats-stop'), ...lasting }),
  z.strictObject({ fault: z.literal('heartbeats-only'), ...lasting }),
  // On one subscription.
  z.strictObject({ fault: z.literal('snapshot-late'), ...pick, delayMs: millisecondsSchema }),
  z.strictObject({ fault: z.literal('silent-subscription'), ...pick }),
  // On one request; `Exceeded msg rate` by default, in the envelope that is asked for.
  z.strictObject({
    fault: z.literal('refuse-request'),
    ...pick,
    text: text.optional(),
    as: z.enum(['reply', 'event', 'bare']).optional(),
  }),
  // On one request about orders, which never comes: nothing is done, and nothing is answered.
  z.strictObject({ fault: z.literal('lose-request'), ...pick }),
  // On one message of an account: its number is higher than it should be, and nothing is missing.
  z.strictObject({
    fault: z.literal('skip-sequence'),
    ...pick,
    numbers: countSchema.max(1_000).optional(),
  }),
  // On the whole server, at one frame or at once.
  ...createActionRules(pick),
  createStatusWalkRule(pick),
  // On whole connections.
  z.strictObject({ fault: z.literal('refuse-tokens'), connection: countSchema.optional() }),
  // Nothing that this venue signs has a time at which it begins.
  createCredentialRule(['expired', 'revoked', 'replayed']),
  ...STANDING_RULES,
]);

/** One rule. */
export type FaultRule = z.infer<typeof ruleSchema>;
/** A rule that picks frames, subscriptions or requests. */
export type PickFaultRule = Extract<FaultRule, { at?: unknown }>;
/** What a rule may ask of those it picks. */
export type FaultPattern = NonNullable<PickFaultRule['every']>;

/** What this venue's rules are. */
export const FAULT_RULES = createVenueRules(ruleSchema);
