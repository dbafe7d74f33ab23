/**
 * Faults on command, for what the venue will not show when asked. The rules are data, the same in a
 * file (`--faults FILE`) and in a program:
 *
 *   { "rules": [
 *     { "fault": "drop", "at": { "frame": 60 } },
 *     { "fault": "delay", "at": { "channel": "l2_data", "count": 3 }, "delayMs": 500 },
 *     { "fault": "close", "code": 1001, "at": { "frame": 200 }, "connection": 1 },
 *     { "fault": "duplicate", "every": { "frames": 50 } },
 *     { "fault": "refuse-upgrade", "status": 503, "connection": 1 } ] }
 *
 * `at` picks one frame: by its number, or the `count`-th (the first by default) that fits
 * `channel`, `kind` and `symbol`. `every` picks each n-th that fits. Without both, every frame is
 * picked. A lasting fault (silence, a stopped heartbeat …) begins at the frame that is picked and
 * lasts `forMs`, or for ever. `connection` counts attempts to connect from 1; without it all are
 * meant.
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
  millisecondsSchema as milliseconds,
  STANDING_RULES,
} from '../../../exchange/fault-schema.js';
import { createVenueRules, type RuleFile } from '../../../exchange/read-rules.js';

const fits = {
  /** The data channel as frames name it: `l2_data`, `market_trades`, `subscriptions` … */
  channel: z.string().optional(),
  kind: z.enum(['snapshot', 'update', 'ack', 'heartbeat']).optional(),
  symbol: z.string().optional(),
};
const atSchema = z.strictObject({
  ...fits,
  frame: z.number().int().min(0).optional(),
  count: count.optional(),
});
const everySchema = z.strictObject({ ...fits, frames: count });
const pick = {
  at: atSchema.optional(),
  every: everySchema.optional(),
  connection: count.optional(),
};
const lasting = { ...pick, forMs: milliseconds.optional() };

const ruleSchema = z.discriminatedUnion('fault', [
  // On one frame, after it took its number; a snapshot that is partial, giant or overtaken before.
  ...createFrameRules(pick),
  // On one frame, before it takes its number.
  z.strictObject({ fault: z.literal('skip-number'), ...pick }),
  z.strictObject({ fault: z.literal('repeat'), ...pick }),
  z.strictObject({ fault: z.literal('hold'), ...pick, delayMs: milliseconds }),
  z.strictObject({ fault: z.literal('withhold'), ...pick }),
  z.strictObject({ fault: z.literal('wrong-side'), ...pick }),
  z.strictObject({ fault: z.literal('long-digits'), ...pick }),
  // On the connection, at one frame.
  z.strictObject({
    fault: z.literal('close'),
    ...pick,
    code: closeCodeSchema,
    reason: closeReasonSchema.optional(),
  }),
  // On the connection, from one frame on.
  z.strictObject({ fault: z.literal('heartbeats-stop'), ...lasting }),
  z.strictObject({ fault: z.literal('heartbeats-only'), ...lasting }),
  z.strictObject({ fault: z.literal('ack-without-data'), ...lasting }),
  z.strictObject({ fault: z.literal('ack-missing'), ...pick }),
  z.strictObject({ fault: z.literal('ack-delayed'), ...pick, delayMs: milliseconds }),
  z.strictObject({ fault: z.literal('user-update-twice'), ...pick }),
  // On the whole server, at one frame or at once.
  ...createActionRules(pick),
  // On the whole connection.
  z.strictObject({ fault: z.literal('refuse-tokens'), connection: count.optional() }),
  createCredentialRule(CREDENTIAL_DEFECTS),
  z.strictObject({ fault: z.literal('partial-level2-refusal'), connection: count.optional() }),
  z.strictObject({
    fault: z.literal('client-id'),
    connection: count.optional(),
    present: z.boolean(),
  }),
  z.strictObject({
    fault: z.literal('compression'),
    connection: count.optional(),
    on: z.boolean(),
  }),
  ...STANDING_RULES,
]);

/** One rule. */
export type FaultRule = z.infer<typeof ruleSchema>;
/** All rules, as a file holds them. */
export type FaultFile = RuleFile<FaultRule>;
/** The name of a fault. */
export type FaultName = FaultRule['fault'];
/** A rule that picks frames. */
export type FrameFaultRule = Extract<FaultRule, { at?: unknown }>;
/** Rules about the connection or the server as a whole. */
export type StandingFaultRule = Exclude<FaultRule, FrameFaultRule>;

/** What this venue's rules are. */
export const FAULT_RULES = createVenueRules(ruleSchema);
