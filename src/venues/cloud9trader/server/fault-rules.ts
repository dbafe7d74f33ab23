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
  clockSkewSchema,
  closeCodeSchema,
  corruptionSchema,
  countSchema as count,
  millisecondsSchema as milliseconds,
  readFaultFile,
  refuseUpgradeSchema,
  RULES_MAX,
} from '../../../exchange/fault-schema.js';

/** What a frame is: a change of a book, other news, an answer with an id, a failure, a text. */
export const FRAME_KINDS = ['delta', 'data', 'answer', 'error', 'pushed'] as const;

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
  z.strictObject({ fault: z.literal('drop'), ...pick }),
  z.strictObject({ fault: z.literal('duplicate'), ...pick }),
  z.strictObject({ fault: z.literal('delay'), ...pick, delayMs: milliseconds }),
  z.strictObject({ fault: z.literal('reorder'), ...pick, frames: count.max(1_000).optional() }),
  z.strictObject({
    fault: z.literal('corrupt'),
    ...pick,
    how: corruptionSchema.optional(),
  }),
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
    reason: z.string().max(123).optional(),
  }),
  z.strictObject({ fault: z.literal('reset'), ...pick }),
  // From the picked frame on nothing leaves, for `forMs` or for ever.
  z.strictObject({ fault: z.literal('silence'), ...pick, forMs: milliseconds.optional() }),
  // On the whole connection.
  refuseUpgradeSchema,
  z.strictObject({ fault: z.literal('refuse-sign-in'), connection: count.optional() }),
  // Submissions are answered as forwarded, and never reach the exchange.
  z.strictObject({ fault: z.literal('lose-submissions'), connection: count.optional() }),
  clockSkewSchema,
]);

const fileSchema = z.strictObject({ rules: z.array(ruleSchema).max(RULES_MAX) });

/** One rule. */
export type FaultRule = z.infer<typeof ruleSchema>;
/** All rules, as a file holds them. */
export type FaultFile = z.infer<typeof fileSchema>;
/** The names of all faults. */
export const FAULT_NAMES: readonly FaultRule['fault'][] = ruleSchema.options.flatMap((one) => [
  ...one.shape.fault.values,
]);
/** A rule that picks frames. */
export type FrameFaultRule = Extract<FaultRule, { at?: unknown }>;
/** What a frame is. */
export type FrameKind = (typeof FRAME_KINDS)[number];

/** Checks rules from outside; throws ConfigError OPTION_INVALID, naming the field. */
export function readFaults(value: unknown, name = 'the faults'): FaultFile {
  return readFaultFile(fileSchema, value, name);
}
