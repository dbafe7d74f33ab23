/** What an object may hold, for those who misspelt it. */
import { z } from 'zod';

/** A schema, and the value that it was to read. */
export interface SchemaSubject {
  readonly schema: unknown;
  readonly value: unknown;
}

/** The names of the fields of one object. */
export interface KnownFields {
  /** What the object is called, where it has a name. */
  readonly of: string | undefined;
  readonly names: readonly string[];
}

/** The field that says which of several objects one is, and what it may say. */
export interface KnownTags {
  readonly field: string;
  readonly given: unknown;
  readonly names: readonly string[];
}

function readField(value: unknown, key: PropertyKey): unknown {
  return (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];
}

/** What may be left out is looked at as if it may not. */
function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}

/** An object as the schema has it; of several that there may be, the one that its tag names. */
function findObject({ schema, value }: SchemaSubject) {
  if (schema instanceof z.ZodObject) return { tag: undefined, object: schema };
  const choice = listChoices({ schema, value });
  const chosen = choice?.options.find(({ tag }) => tag === choice.given);
  return chosen && { tag: chosen.tag, object: chosen.object };
}

function listChoices({ schema, value }: SchemaSubject) {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return undefined;
  const { discriminator: field } = schema.def;
  const options = schema.options.flatMap((object) => {
    const literal: unknown = object instanceof z.ZodObject ? object.shape[field] : undefined;
    if (!(object instanceof z.ZodObject) || !(literal instanceof z.ZodLiteral)) return [];
    return [...literal.values].map((tag) => ({ tag: String(tag), object }));
  });
  return { field, options, given: readField(value, field) };
}

/** One step down, into a field or a place of a list. */
function descend(subject: SchemaSubject, key: PropertyKey): SchemaSubject {
  const { schema } = subject;
  const below: unknown =
    schema instanceof z.ZodArray ? schema.element : findObject(subject)?.object.shape[String(key)];
  return { schema: unwrap(below), value: readField(subject.value, key) };
}

function find({ schema, value }: SchemaSubject, path: readonly PropertyKey[]): SchemaSubject {
  return path.reduce(descend, { schema: unwrap(schema), value });
}

/** The fields of the object at `path`; undefined where the schema has none there. */
export function findFields(
  subject: SchemaSubject,
  path: readonly PropertyKey[],
): KnownFields | undefined {
  const found = findObject(find(subject, path));
  if (!found) return undefined;
  const field = path.findLast((key) => typeof key === 'string');
  return { of: found.tag ?? field, names: Object.keys(found.object.shape) };
}

/** What the tag at `path` may say; undefined where the schema has none there. */
export function findTags(
  subject: SchemaSubject,
  path: readonly PropertyKey[],
): KnownTags | undefined {
  const choice = listChoices(find(subject, path.slice(0, -1)));
  if (!choice || choice.field !== path.at(-1)) return undefined;
  return { ...choice, names: choice.options.map(({ tag }) => tag) };
}
