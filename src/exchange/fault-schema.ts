/** The parts that rules about faults have in common, and the reading of a file of them. */
import { z } from 'zod';
import { ConfigError } from '../model/error.js';
import { CORRUPTIONS, type Corruption } from './delivery.js';

/** Rules in one file. */
export const RULES_MAX = 1_000;

/** How often, or which one; from 1. */
export const countSchema = z.number().int().min(1).max(1e9);

/** A length of time; a day at most. */
export const millisecondsSchema = z.number().min(0).max(86_400_000);

/** Close codes that an endpoint may send. */
export const closeCodeSchema = z
  .number()
  .int()
  .max(4999)
  .refine(
    (code) => [1000, 1001, 1002, 1003, 1008, 1009, 1011, 1012, 1013].includes(code) || code >= 3000,
    {
      error: 'must be a close code that may be sent: 1000 to 1003, 1008 to 1013, 3000 to 4999',
    },
  );

/** Ways to spoil a text. */
export const corruptionSchema = z.enum(Object.keys(CORRUPTIONS) as [Corruption, ...Corruption[]]);

/** An upgrade that is refused, and which attempt it concerns. */
export const refuseUpgradeSchema = z.strictObject({
  fault: z.literal('refuse-upgrade'),
  connection: countSchema.optional(),
  status: z.number().int().min(400).max(599),
  body: z.string().max(10_000).optional(),
});

/** The server's clock is ahead of the real one by this much. */
export const clockSkewSchema = z.strictObject({
  fault: z.literal('clock-skew'),
  skewMs: z.number().min(-1e12).max(1e12),
});

/** Checks rules from outside; throws ConfigError OPTION_INVALID, naming the field. */
export function readFaultFile<File>(schema: z.ZodType<File>, value: unknown, name: string): File {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') || 'the whole';
  const message = `In ${name}, ${place} is wrong: ${issue?.message ?? 'unreadable'}.`;
  throw new ConfigError('OPTION_INVALID', message, { facts: { field: place } });
}
