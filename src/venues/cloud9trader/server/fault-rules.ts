/**
 * Faults on command, for what the venue will not show when asked. The rules are data, the same in a
 * file and in a program:
 *
 *   { "rules": [
 *     { "fault": "drop", "at": { "kind": "delta", "count": 5 } },
 *     { "fault": "delay", "at": { "kind": "answer", "topic": "trades.X:Y" }, "delayMs": 500 },
 *     { "fault": "refuse-request", "text": "The broker timed out", "connection": 1 },
 *     { "fault": "refuse-sign-in", "connection": 2 } ] }
 *
 * `at` picks one frame: the `count`-th (the first by default) that fits `kind` and `topic`. `every`
 * picks each n-th that fits. Without both, every frame is picked. `connection` counts attempts to
 * connect from 1; without it all are meant.
 */
import { z } from 'zod';
import {
  closeCodeSchema,
  closeReasonSchema,
  countSchema as count,
  createActionRules,
  createCredentialRule,
  createFrameRules,
  CREDENTIAL_DEFECTS,
  STANDING_RULES,
} from '../../../exchange/fault-schema.js';
import { createVenueRules } from '../../../exchange/read-rules.js';

/** What a frame is: a change of a book, other news, an answer with an id, a failure, a text. */
const FRAME_KINDS = ['delta', 'data', 'answer', 'error', 'pushed'] as const;

const fits = {
  kind: z.enum(FRAME_KINDS).optional(),
  topic: z.string().max(200).optional(),
};
const pick = {
  at: z.strictObject({ ...fits, count: count.optional() }).optional(),
  every: z.strictObject({ ...fits, frames: count }).optional(),
  connection: count.optional(),
};
const ruleSchema = z.discriminatedUnion('fault', [
  ...createFrameRules(pick),
  // An answer becomes a refusal; frames of other kinds are left alone.
  z.strictObject({
    fault: z.literal('refuse-request'),
    ...pick,
    text: z.string().min(1).max(500).optional(),
  }),
  // A failure that answers nothing goes out before the frame.
  z.strictObject({
    fault: z.literal('send-error'),
    ...pick,
    text: z.string().min(1).max(500).optional(),
  }),
  z.strictObject({
    fault: z.literal('close'),
    ...pick,
    code: closeCodeSchema,
    reason: closeReasonSchema.optional(),
  }),
  // On the whole server, at one frame or at once.
  ...createActionRules(pick),
  // On the whole connection.
  z.strictObject({ fault: z.literal('refuse-sign-in'), connection: count.optional() }),
  createCredentialRule(CREDENTIAL_DEFECTS),
  // Submissions are answered as forwarded, and never reach the exchange.
  z.strictObject({ fault: z.literal('lose-submissions'), connection: count.optional() }),
  ...STANDING_RULES,
]);

/** One rule. */
export type FaultRule = z.infer<typeof ruleSchema>;
/** A rule that picks frames. */
export type FrameFaultRule = Extract<FaultRule, { at?: unknown }>;
/** What a frame is. */
export type FrameKind = (typeof FRAME_KINDS)[number];

/** What this venue's rules are. */
export const FAULT_RULES = createVenueRules(ruleSchema);
