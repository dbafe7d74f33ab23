/** YAML that a person wrote: what is wrong is said with the line where it is. */
import type * as YamlModule from 'yaml';
import type { Document, LineCounter, Node, Scalar, YAMLError } from 'yaml';
import { ConfigError } from '../model/error.js';
import type { JsonText } from './json-text.js';

/** One thing may be named and used again, but not so often that little text makes much. */
const ALIASES_MAX = 100;
/** A double has so many for sure. */
const DIGITS_MAX = 15;
const TOO_DEEP = 'it is nested too deeply';

type Yaml = typeof YamlModule;

/**
 * Reads a text of YAML 1.2, core schema, one document; the values are those that JSON has. Throws
 * ConfigError OPTION_INVALID, naming `name`, line and column. The reader is loaded with the first
 * such text.
 */
export async function readYamlText(text: string, name: string): Promise<JsonText> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const refuse = (offset: number, says: string, cause?: unknown): never => {
    const { line, col: column } = lines.linePos(offset);
    const place = `line ${line}, column ${column}`;
    const message = `${name} is not YAML as it is read here: ${place}, ${says}.`;
    throw new ConfigError('OPTION_INVALID', message, { facts: { line, column }, cause });
  };
  const document = parse(yaml, text, { lines, refuse });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    refuse(0, 'what is named with & is used with * too often', cause);
  }
  return { value, lineOf: (path) => lines.linePos(findOffset(yaml, document, path)).line };
}

interface ParseTools {
  readonly lines: LineCounter;
  readonly refuse: (offset: number, says: string, cause?: unknown) => never;
}

function parse(yaml: Yaml, text: string, { lines, refuse }: ParseTools): Document {
  let document: Document;
  try {
    const options = { version: '1.2', schema: 'core', uniqueKeys: true, strict: true } as const;
    // Tags of other schemas would make what JSON has not: sets, bytes, dates.
    const reading = { ...options, resolveKnownTags: false, prettyErrors: false };
    document = yaml.parseDocument(text, { ...reading, lineCounter: lines });
  } catch (cause) {
    // The reader calls itself for what is nested, and only the stack ends it.
    if (!(cause instanceof RangeError)) throw cause;
    return refuse(0, TOO_DEEP, cause);
  }
  const [defect] = [...document.errors, ...document.warnings];
  if (defect) refuse(defect.pos[0], describe(defect), defect);
  yaml.visit(document, {
    Pair: (_key, { key }) => checkKey(yaml, key, refuse),
    Scalar: (_key, scalar) => checkNumber(scalar, refuse),
    Alias: (_key, alias, around) => {
      const meant = alias.resolve(document);
      if (!meant) refuse(alias.range?.[0] ?? 0, `nothing is named &${alias.source} before it`);
      const isWithin = around.some((one) => one === meant);
      if (isWithin) refuse(alias.range?.[0] ?? 0, `*${alias.source} stands in itself`);
    },
  });
  return document;
}

function describe({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins';
  const [first = ''] = message.split('\n');
  if (first.includes('call stack')) return TOO_DEEP;
  const words = first.replace(/\p{Cc}/gu, ' ').slice(0, 160);
  return words.charAt(0).toLowerCase() + words.slice(1).replace(/[.:]$/, '');
}

function checkKey(yaml: Yaml, key: unknown, refuse: ParseTools['refuse']): void {
  if (yaml.isScalar(key) && typeof key.value === 'string') return;
  const [offset = 0] = (yaml.isNode(key) && key.range) || [];
  refuse(offset, 'a name is no text; put quotes around it');
}

/** Where more digits are written some would be lost without a word. */
function checkNumber({ value, source, range }: Scalar, refuse: ParseTools['refuse']): void {
  if (typeof value !== 'number') return;
  const written = source ?? String(value);
  if (isKept(value, written)) return;
  const shown = written.slice(0, 40);
  refuse(range?.[0] ?? 0, `${shown} is not kept as a number; put quotes around it for a text`);
}

function isKept(value: number, written: string): boolean {
  if (/^0[ox]/.test(written)) return Number.isSafeInteger(value);
  const digits = written.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '');
  const isLost = value === 0 && digits !== '';
  return Number.isFinite(value) && digits.length <= DIGITS_MAX && !isLost;
}

/** Where the name of what stands at a path is, or the nearest thing around it. */
function findOffset(yaml: Yaml, document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = yaml.isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of path) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    const found = findMember(yaml, node, key);
    if (!found) break;
    offset = found.at.range?.[0] ?? offset;
    node = found.value;
  }
  return offset;
}

function findMember(
  yaml: Yaml,
  node: unknown,
  key: PropertyKey,
): { readonly at: Node; readonly value: unknown } | undefined {
  if (yaml.isSeq(node)) {
    const item = node.items[Number(key)];
    return yaml.isNode(item) ? { at: item, value: item } : undefined;
  }
  if (!yaml.isMap(node)) return undefined;
  const pair = node.items.find((one) => yaml.isScalar(one.key) && one.key.value === String(key));
  return pair && yaml.isNode(pair.key) ? { at: pair.key, value: pair.value } : undefined;
}
