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
import { ConfigError } from '../../../model/error.js';

const RULES_MAX = 1_000;
const count = z.number().int().min(1).max(1e9);
const milliseconds = z.number().min(0).max(86_400_000);

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
const closeCode = z
  .number()
  .int()
  .refine(
    (code) => (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || code >= 3000,
    {
      error: 'must be a close code that may be sent: 1000 to 1003, 1007 to 1014, 3000 to 4999',
    },
  )
  .max(4999);

const ruleSchema = z.discriminatedUnion('fault', [
  // On one frame, before it takes its number.
  z.strictObject({ fault: z.literal('skip-number'), ...pick }),
  z.strictObject({ fault: z.literal('repeat'), ...pick }),
  z.strictObject({ fault: z.literal('hold'), ...pick, delayMs: milliseconds }),
  z.strictObject({ fault: z.literal('withhold'), ...pick }),
  z.strictObject({ fault: z.literal('update-before-snapshot'), ...pick }),
  z.strictObject({ fault: z.literal('wrong-side'), ...pick }),
  z.strictObject({ fault: z.literal('long-digits'), ...pick }),
  z.strictObject({
    fault: z.literal('giant-snapshot'),
    ...pick,
    bytes: count.max(64e6).optional(),
  }),
  // On one frame, after it took its number.
  z.strictObject({ fault: z.literal('drop'), ...pick }),
  z.strictObject({ fault: z.literal('duplicate'), ...pick }),
  z.strictObject({ fault: z.literal('delay'), ...pick, delayMs: milliseconds }),
  z.strictObject({ fault: z.literal('reorder'), ...pick, frames: count.max(1_000).optional() }),
  z.strictObject({
    fault: z.literal('corrupt'),
    ...pick,
    how: z.enum(['cut', 'not-json', 'wrong-type']).optional(),
  }),
  // On the connection, at one frame.
  z.strictObject({
    fault: z.literal('close'),
    ...pick,
    code: closeCode,
    reason: z.string().max(123).optional(),
  }),
  z.strictObject({ fault: z.literal('reset'), ...pick }),
  // On the connection, from one frame on.
  z.strictObject({ fault: z.literal('silence'), ...lasting }),
  z.strictObject({ fault: z.literal('heartbeats-stop'), ...lasting }),
  z.strictObject({ fault: z.literal('heartbeats-only'), ...lasting }),
  z.strictObject({ fault: z.literal('ack-without-data'), ...lasting }),
  z.strictObject({ fault: z.literal('ack-missing'), ...pick }),
  z.strictObject({ fault: z.literal('ack-delayed'), ...pick, delayMs: milliseconds }),
  z.strictObject({ fault: z.literal('user-update-twice'), ...pick }),
  // On the whole connection.
  z.strictObject({
    fault: z.literal('refuse-upgrade'),
    connection: count.optional(),
    status: z.number().int().min(400).max(599),
    body: z.string().max(10_000).optional(),
  }),
  z.strictObject({ fault: z.literal('refuse-tokens'), connection: count.optional() }),
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
  // On the whole server: its clock is ahead of the real one by this much.
  z.strictObject({ fault: z.literal('clock-skew'), skewMs: z.number().min(-1e12).max(1e12) }),
]);

const fileSchema = z.strictObject({ rules: z.array(ruleSchema).max(RULES_MAX) });

/** One rule. */
export type FaultRule = z.infer<typeof ruleSchema>;
/** All rules, as a file holds them. */
export interface FaultFile {
  readonly rules: readonly FaultRule[];
}
/** The name of a fault. */
export type FaultName = FaultRule['fault'];
/** The names of all faults. */
export const FAULT_NAMES: readonly FaultName[] = ruleSchema.options.flatMap((one) => [
  ...one.shape.fault.values,
]);
/** A rule that picks frames. */
export type FrameFaultRule = Extract<FaultRule, { at?: unknown }>;
/** Rules about the connection or the server as a whole. */
export type StandingFaultRule = Exclude<FaultRule, FrameFaultRule>;

/** Checks rules from outside; throws ConfigError OPTION_INVALID, naming the field. */
export function readFaults(value: unknown, name = 'the faults'): FaultFile {
  const result = fileSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') || 'the whole';
  const message = `In ${name}, ${place} is wrong: ${issue?.message ?? 'unreadable'}.`;
  throw new ConfigError('OPTION_INVALID', message, { facts: { field: place } });
}
