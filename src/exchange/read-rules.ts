/** Reading rules about faults from outside: a file, a program, an HTTP request. */
import { z } from 'zod';
import { ConfigError } from '../model/error.js';
import { findNearestName } from '../model/nearest-name.js';
import { RULES_MAX } from './fault-schema.js';
import {
  findFields,
  findTags,
  type KnownFields,
  type KnownTags,
  type SchemaSubject,
} from './schema-fields.js';

/** The path of a field: `['rules', 0, 'fault']`. */
export type FieldPath = readonly PropertyKey[];

/** What the rules are called in errors: `'faults.json'`, or with the line at which a field is. */
export type RulesName = string | ((field: FieldPath) => string);

/** A rule of any venue. */
export type AnyRule = { readonly fault: string };

/** All rules, as a file holds them. */
export interface RuleFile<Rule> {
  readonly rules: readonly Rule[];
}

/** The rules about faults of one venue, as they come from outside. */
export interface VenueRules<Rule extends AnyRule> {
  /** The names of all faults. */
  readonly names: readonly Rule['fault'][];
  /** The fields of each fault, for those who look for the right one. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Checks one rule, which stands at `path`; throws ConfigError OPTION_INVALID with the field. */
  readonly read: (value: unknown, name?: RulesName, path?: FieldPath) => Rule;
  /** Checks the rules of a file; throws as `read` does. */
  readonly readFile: (value: unknown, name?: RulesName) => RuleFile<Rule>;
}

type FaultSchema<Rule extends AnyRule> = z.ZodObject<{ fault: z.ZodLiteral<Rule['fault']> }>;

/** As much of a union of rules as tells its faults and their fields. */
interface FaultUnion<Rule> extends z.ZodType<Rule> {
  readonly options: readonly unknown[];
}

/** The rules of a venue, from the union of all that one may be. */
export function createVenueRules<Rule extends AnyRule>(union: FaultUnion<Rule>): VenueRules<Rule> {
  const options = union.options as readonly FaultSchema<Rule>[];
  const fields = new Map(
    options.map(({ shape }) => [[...shape.fault.values][0] ?? '', Object.keys(shape)] as const),
  );
  const read: VenueRules<Rule>['read'] = (value, name = 'the fault', path = []) => {
    const result = union.safeParse(value);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    return refuseField(
      name,
      [...path, ...(issue?.path ?? [])],
      sayIssue(issue, { schema: union, value }),
    );
  };
  return {
    names: options.flatMap(({ shape }) => [...shape.fault.values]),
    fields,
    read,
    readFile: (value, name = 'the faults') => ({
      rules: readRuleList(value, name).map((one, index) => read(one, name, ['rules', index])),
    }),
  };
}

const fileSchema = z.strictObject({ rules: z.array(z.unknown()).max(RULES_MAX) });

/** What is said may quote names and values of a file that somebody else wrote. */
const FIELD_CHARACTERS_MAX = 200;
const SAYS_CHARACTERS_MAX = 1_500;
const NAME_CHARACTERS_MAX = 60;

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

/**
 * What a schema says of a field, in words: one that is not there is missing, and for one that is
 * none there is the nearest, and all that there are.
 */
export function sayIssue(issue: z.core.$ZodIssue | undefined, subject: SchemaSubject): string {
  switch (issue?.code) {
    case 'unrecognized_keys':
      return sayFields(issue, findFields(subject, issue.path));
    case 'invalid_union':
      return sayTags(issue, findTags(subject, issue.path));
    case 'invalid_type':
      return sayType(issue);
    default:
      return issue?.message ?? 'unreadable';
  }
}

function sayFields(
  { message, keys }: z.core.$ZodIssueUnrecognizedKeys,
  fields: KnownFields | undefined,
): string {
  if (!fields) return message;
  const of = fields.of === undefined ? '' : ` of ${fields.of}`;
  return `${message}${hintAt(keys[0], fields.names)}; fields${of} are ${fields.names.join(', ')}`;
}

function sayTags({ message }: z.core.$ZodIssueInvalidUnion, tags: KnownTags | undefined): string {
  if (!tags) return message;
  const { field, given, names } = tags;
  const is = given === undefined ? 'it is missing' : `there is no ${field} ${showValue(given)}`;
  return `${is}${hintAt(given, names)}; ${field}s are ${names.join(', ')}`;
}

function sayType({ message, expected }: z.core.$ZodIssueInvalidType): string {
  if (expected === 'string' && message.endsWith('received number')) {
    return `${message}; put quotes around it, which keep its digits`;
  }
  if (!message.endsWith('received undefined')) return message;
  const wanted = expected === 'array' ? 'list' : expected;
  return `it is missing; it must be ${/^[aeiou]/.test(wanted) ? 'an' : 'a'} ${wanted}`;
}

/** Reads `{"rules": [...]}` as far as that; what each rule is remains to be read. */
export function readRuleList(value: unknown, name: RulesName): readonly unknown[] {
  const result = fileSchema.safeParse(value);
  if (result.success) return result.data.rules;
  const [issue] = result.error.issues;
  const says = `${issue?.message ?? 'unreadable'}; it has the form {"rules": [{"fault": "drop"}]}`;
  return refuseField(name, issue?.path ?? [], says);
}

/** The name that a wrong one most likely stands for; '' where none is near. */
function hintAt(wrong: unknown, names: readonly string[]): string {
  // A name that is far too long is none of ours, and slow to compare.
  const isNear = typeof wrong === 'string' && wrong.length <= NAME_CHARACTERS_MAX;
  const nearest = isNear ? findNearestName(wrong, names) : undefined;
  return nearest === undefined ? '' : ` (did you mean ${JSON.stringify(nearest)}?)`;
}
