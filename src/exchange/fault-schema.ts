/** What rules about faults are made of, and the rules that all venues share. */
import { z } from 'zod';
import { CORRUPTIONS, type Corruption } from './delivery.js';

/** Rules in force at one time. */
export const RULES_MAX = 1_000;

/** How often, or which one; from 1. */
export const countSchema = z.number().int().min(1).max(1e9);

/** A length of time; a day at most. */
export const millisecondsSchema = z.number().min(0).max(86_400_000);

const SENDABLE = [1000, 1001, 1002, 1003, 1005, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];

/** Close codes that an endpoint may send; 1005 stands for a close frame without a code. */
export const closeCodeSchema = z
  .number()
  .int()
  .max(4999)
  .refine((code) => SENDABLE.includes(code) || code >= 3000, {
    error:
      'must be a close code that may be sent: 1000 to 1003, 1005 (none), 1007 to 1014, ' +
      '3000 to 4999; for 1006 use the fault reset or close-mid-frame',
  });

/** Ways to spoil a text. */
const corruptionSchema = z.enum(Object.keys(CORRUPTIONS) as [Corruption, ...Corruption[]]);

/** What a close frame says in words. */
export const closeReasonSchema = z.string().max(123);

/** Why a credential does not count, where it would. */
export const CREDENTIAL_DEFECTS = ['expired', 'revoked', 'replayed', 'not-yet-valid'] as const;

/** Why a credential does not count. */
export type CredentialDefect = (typeof CREDENTIAL_DEFECTS)[number];

const status = z.number().int().min(400).max(599);
const body = z.string().max(10_000);
const retryAfterS = z.number().int().min(0).max(86_400);

const GIANT_BYTES_MAX = 64e6;
const OVERTAKEN_MAX = 1_000;
const DRIP_MAX = 1e9;

/** Faults that a frame of every venue can meet; `pick` says how the venue's frames are picked. */
export function createFrameRules<Pick extends z.core.$ZodLooseShape>(pick: Pick) {
  const rule = <Name extends string>(fault: Name) => ({ fault: z.literal(fault), ...pick });
  return [
    z.strictObject({ ...rule('drop') }),
    z.strictObject({ ...rule('duplicate') }),
    z.strictObject({ ...rule('delay'), delayMs: millisecondsSchema }),
    z.strictObject({ ...rule('reorder'), frames: countSchema.max(OVERTAKEN_MAX).optional() }),
    z.strictObject({ ...rule('corrupt'), how: corruptionSchema.optional() }),
    z.strictObject({ ...rule('update-before-snapshot') }),
    z.strictObject({ ...rule('partial-snapshot') }),
    z.strictObject({
      ...rule('giant-snapshot'),
      bytes: countSchema.max(GIANT_BYTES_MAX).optional(),
    }),
    // On the connection, at one frame.
    z.strictObject({ ...rule('reset') }),
    z.strictObject({ ...rule('close-mid-frame') }),
    z.strictObject({ ...rule('half-open') }),
    // On the connection, from one frame on.
    z.strictObject({ ...rule('silence'), forMs: millisecondsSchema.optional() }),
    z.strictObject({
      ...rule('drip'),
      bytesPerSecond: z.number().min(1).max(DRIP_MAX),
      forMs: millisecondsSchema.optional(),
    }),
  ] as const;
}

/**
 * What the whole server does: at a frame that is picked, or, where none is, as soon as the rule is
 * in force, `afterMs` later.
 */
export function createActionRules<Pick extends z.core.$ZodLooseShape>(pick: Pick) {
  const rule = <Name extends string>(fault: Name) => ({
    fault: z.literal(fault),
    ...pick,
    afterMs: millisecondsSchema.optional(),
  });
  return [
    z.strictObject({
      ...rule('ban'),
      forMs: millisecondsSchema.optional(),
      status: status.optional(),
      body: body.optional(),
    }),
    z.strictObject({
      ...rule('maintenance'),
      forMs: millisecondsSchema.optional(),
      status: status.optional(),
      code: closeCodeSchema.optional(),
      reason: closeReasonSchema.optional(),
    }),
    z.strictObject({ ...rule('clock-jump'), byMs: z.number().min(-1e12).max(1e12) }),
    z.strictObject({ ...rule('revoke-tokens') }),
  ] as const;
}

/** Of venues whose engine has states: down to maintenance, and back in steps. */
export function createStatusWalkRule<Pick extends z.core.$ZodLooseShape>(pick: Pick) {
  return z.strictObject({
    fault: z.literal('status-walk'),
    ...pick,
    afterMs: millisecondsSchema.optional(),
    stepMs: millisecondsSchema.optional(),
  });
}

const limit = {
  count: countSchema,
  windowMs: millisecondsSchema.min(1),
};

/** Faults of the server that pick no frame. */
export const STANDING_RULES = [
  z.strictObject({
    fault: z.literal('refuse-upgrade'),
    connection: countSchema.optional(),
    status,
    body: body.optional(),
    retryAfterS: retryAfterS.optional(),
  }),
  z.strictObject({
    fault: z.literal('refuse-http'),
    /** The whole path, without the query. */
    path: z.string().startsWith('/').max(200).optional(),
    /** Only so many requests, the first ones. */
    count: countSchema.optional(),
    status,
    body: body.optional(),
    retryAfterS: retryAfterS.optional(),
  }),
  z.strictObject({
    fault: z.literal('limit-connects'),
    ...limit,
    forMs: millisecondsSchema.optional(),
    status: status.optional(),
  }),
  z.strictObject({ fault: z.literal('limit-requests'), ...limit, status: status.optional() }),
  z.strictObject({
    fault: z.literal('limit-messages'),
    ...limit,
    connection: countSchema.optional(),
  }),
  z.strictObject({
    fault: z.literal('clock-skew'),
    skewMs: z.number().min(-1e12).max(1e12),
  }),
  z.strictObject({
    fault: z.literal('tls-certificate'),
    how: z.enum(['expired', 'not-yet-valid', 'wrong-host', 'self-signed']),
  }),
] as const;

/** What a certificate may be but right. */
export type CertificateDefect = Extract<StandingRule, { fault: 'tls-certificate' }>['how'];

/** Credentials that would be good are refused, each as if it had one of these defects. */
export function createCredentialRule<Defect extends CredentialDefect>(
  defects: readonly [Defect, ...Defect[]],
) {
  return z.strictObject({
    fault: z.literal('refuse-credentials'),
    as: z.enum(defects),
    connection: countSchema.optional(),
  });
}

/** One rule about the server that picks no frame. */
export type StandingRule = z.infer<(typeof STANDING_RULES)[number]>;

/** Every rule about the whole server, without the part by which a venue picks frames. */
const ACTION_RULES = [...createActionRules({}), createStatusWalkRule({})] as const;

/** A rule about what the whole server does; how frames are picked is the venue's. */
export type ActionRule = z.infer<(typeof ACTION_RULES)[number]>;

/** Names of faults that the whole server has, at a frame or not. */
export const ACTION_NAMES: readonly string[] = ACTION_RULES.flatMap((one) => [
  ...one.shape.fault.values,
]);

/** Names of faults that pick no frame. */
export const STANDING_NAMES: readonly string[] = [
  ...STANDING_RULES.flatMap((one) => [...one.shape.fault.values]),
  'refuse-credentials',
];
