/** Reading rules about faults from outside: a file, a program, an HTTP request. */
import { z } from 'zod';
import { ConfigError } from '../model/error.js';
import { RULES_MAX } from './fault-schema.js';

/** The path of a field: `['rules', 0, 'fault']`. */
export type FieldPath = readonly PropertyKey[];

/** What the rules are called in errors: `'faults.json'`, or with the line at which a field is. */
export type RulesName = string | ((field: FieldPath) => string);

/** What is said about each fault of one venue. */
export interface RuleSchema<Rule> {
  readonly type: z.ZodType<Rule>;
  /** The fields of each fault, for those who look for the right one. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

type FaultSchema = z.ZodObject<{ fault: z.ZodLiteral<string> }>;

/** As much of a union of rules as tells its faults and their fields. */
interface FaultUnion<Rule> extends z.ZodType<Rule> {
  readonly options: readonly unknown[];
}

/** Keeps what is needed to read a venue's rules, and to explain what cannot be read. */
export function describeRules<Rule>(union: FaultUnion<Rule>): RuleSchema<Rule> {
  const options = union.options as readonly FaultSchema[];
  const fields = options.map(
    ({ shape }) => [[...shape.fault.values][0] ?? '', Object.keys(shape)] as const,
  );
  return { type: union, fields: new Map(fields) };
}

const fileSchema = z.strictObject({ rules: z.array(z.unknown()).max(RULES_MAX) });

/** What is said may quote names and values of a file that somebody else wrote. */
const FIELD_CHARACTERS_MAX = 200;
const SAYS_CHARACTERS_MAX = 1_500;

/** One line to print, whatever it quotes. */
function toLine(text: string, charactersMax: number): string {
  const line = text.replace(/\p{Cc}+/gu, ' ');
  return line.length > charactersMax ? `${line.slice(0, charactersMax - 1)}…` : line;
}

/** A value in an error: a text in quotes, of anything else no more than what it is. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Refuses a field; `says` is the rest of a sentence. */
export function refuseField(name: RulesName, path: FieldPath, says: string): never {
  const field = toLine(path.map(String).join('.'), FIELD_CHARACTERS_MAX) || 'the whole';
  const place = typeof name === 'string' ? name : name(path);
  throw new ConfigError(
    'OPTION_INVALID',
    `In ${place}, ${field} is wrong: ${toLine(says, SAYS_CHARACTERS_MAX)}.`,
    {
      facts: { field },
    },
  );
}

/** Reads one rule; `path` is where it stands. Throws ConfigError OPTION_INVALID. */
export function readRule<Rule>(
  schema: RuleSchema<Rule>,
  value: unknown,
  place: { readonly name: RulesName; readonly path: FieldPath },
): Rule {
  const result = schema.type.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [...place.path, ...(issue?.path ?? [])];
  return refuseField(place.name, path, explain(schema, value, issue));
}

/** Reads `{"rules": [...]}` as far as that; what each rule is remains to be read. */
export function readRuleList(value: unknown, name: RulesName): readonly unknown[] {
  const result = fileSchema.safeParse(value);
  if (result.success) return result.data.rules;
  const [issue] = result.error.issues;
  const says = `${issue?.message ?? 'unreadable'}; it has the form {"rules": [{"fault": "drop"}]}`;
  return refuseField(name, issue?.path ?? [], says);
}

/** Reads all rules of a file; throws ConfigError OPTION_INVALID, naming the field. */
export function readRules<Rule>(
  schema: RuleSchema<Rule>,
  value: unknown,
  name: RulesName,
): { readonly rules: readonly Rule[] } {
  const rules = readRuleList(value, name).map((one, index) =>
    readRule(schema, one, { name, path: ['rules', index] }),
  );
  return { rules };
}

/** What is wrong, and what would be right. */
function explain(
  { fields }: RuleSchema<unknown>,
  value: unknown,
  issue: z.core.$ZodIssue | undefined,
): string {
  const said = issue?.message ?? 'unreadable';
  const fault = (value as { fault?: unknown } | null)?.fault;
  const known = typeof fault === 'string' ? fields.get(fault) : undefined;
  if (issue?.code === 'invalid_union' && issue.path.includes('fault')) {
    const is = fault === undefined ? 'it is missing' : `there is no fault ${showValue(fault)}`;
    return `${is}; faults are ${[...fields.keys()].join(', ')}`;
  }
  if (issue?.code === 'unrecognized_keys' && known && issue.path.length === 0) {
    return `${said}; fields of ${String(fault)} are ${known.join(', ')}`;
  }
  if (issue?.code === 'invalid_type' && said.endsWith('received undefined')) {
    return `it is missing; it must be a ${issue.expected}`;
  }
  return said;
}
