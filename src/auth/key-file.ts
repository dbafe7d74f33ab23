import { KeyError } from '../model/error.js';
import { Secret } from '../model/secret.js';
import { decodeHmacSecret } from './hmac-secret.js';

/** What is wrong with a file that should hold a key. */
const FILE_DEFECTS = {
  'file-empty': 'The key file is empty.',
  'json-damaged':
    'The key file begins like JSON but cannot be read as such: it is cut off or was edited. ' +
    'Download it again.',
  'json-not-an-object':
    'The key file is JSON, but not one object with the key in it: download it again.',
  'name-missing':
    'The key file has no name of the key: it should hold a field "name" (or "id") with text.',
  'private-key-missing':
    'The key file has no private key: it should hold a field "privateKey" with text. It is only ' +
    'in the file that was offered when the key was made.',
  'key-missing':
    'The key file has no API key: it should hold the fields "key" and "secret", or the key on ' +
    'its first line and the secret on its second.',
  'secret-missing':
    'The key file has no secret: it should hold the fields "key" and "secret", or the key on its ' +
    'first line and the secret on its second.',
} as const;

/** A stable name of what is wrong with a key file; it stands in `facts.defect`. */
export type KeyFileDefect = keyof typeof FILE_DEFECTS;

/** Makes the error for a defect of a key file. */
export function describeFileDefect(defect: KeyFileDefect): KeyError {
  return new KeyError('KEY_INVALID', FILE_DEFECTS[defect], { facts: { defect } });
}

/** Said beside a defect, where a file is whole as one of another form. */
const OF_ANOTHER_FORM =
  ' It looks like the key file of another venue: check which file goes with which venue.';

/** The defect of a file, and whether it is whole in the form that another venue's files have. */
export function describeFormDefect(defect: KeyFileDefect, isOther: boolean): KeyError {
  const error = describeFileDefect(defect);
  if (!isOther) return error;
  return new KeyError('KEY_INVALID', error.message + OF_ANOTHER_FORM, {
    facts: { ...error.facts, looksLike: 'another-venue' },
  });
}

/** Reads a key file that is JSON; the reason of a failure is dropped, since it quotes the text. */
export function parseJsonKeyFile(text: string): Readonly<Record<string, unknown>> {
  const content = text.replace(/^\uFEFF/, '').trim();
  if (content === '') throw describeFileDefect('file-empty');
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw describeFileDefect('json-damaged');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw describeFileDefect('json-not-an-object');
  }
  return value as Readonly<Record<string, unknown>>;
}

/** The first of these fields that holds text, trimmed. */
export function findText(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}

/** An API key and its secret, as a file held them. */
export interface KeyAndSecret {
  readonly key: string;
  readonly secret: Secret;
}

// Field names are compared in lower case without dashes, underscores and spaces; whatever stands
// before, such as the name of a venue in a variable, is no part of the comparison.
const KEY_NAME = /^(?!\w*(secret|private))\w*key(id)?$/;
const SECRET_NAME = /^\w*(secret(key)?|private(key)?|keysecret)$/;

function foldName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^export\s+/, '')
    .replace(/[-_\s"']/g, '');
}

function findFolded(
  fields: Readonly<Record<string, unknown>>,
  pattern: RegExp,
): string | undefined {
  const names = Object.keys(fields).filter((name) => pattern.test(foldName(name)));
  return findText(fields, names);
}

function unquote(text: string): string {
  return text
    .trim()
    .replace(/^["']|["']$/g, '')
    .trim();
}

/** Lines of the form `name = value` or `name: value`; without such, the first two bare lines. */
function readLines(text: string): Readonly<Record<string, unknown>> {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const named: Record<string, string> = {};
  const bare: string[] = [];
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:=]{1,40})[:=](.*)$/.exec(line) ?? [];
    const folded = foldName(name);
    if (KEY_NAME.test(folded) || SECRET_NAME.test(folded)) named[name] = unquote(value);
    else bare.push(unquote(line));
  }
  if (Object.keys(named).length > 0) return named;
  return { key: bare[0] ?? '', secret: bare[1] ?? '' };
}

/**
 * Reads an API key and its secret, base64 as `decodeHmacSecret` takes it, from a file: JSON with
 * the common field names in any spelling, lines of `name=value`, or just the key and the secret on
 * two lines. Throws a KeyError that names what is missing or wrong and holds nothing of the file.
 */
export function parseKeyAndSecret(text: string): KeyAndSecret {
  const content = text.replace(/^\uFEFF/, '').trim();
  if (content === '') throw describeFileDefect('file-empty');
  const fields = /^[{[]/.test(content) ? parseJsonKeyFile(content) : readLines(content);
  const key = findFolded(fields, KEY_NAME);
  if (key === undefined) {
    const isOther = 'privateKey' in fields && ('name' in fields || 'id' in fields);
    throw describeFormDefect('key-missing', isOther);
  }
  const secret = findFolded(fields, SECRET_NAME);
  if (secret === undefined) throw describeFileDefect('secret-missing');
  decodeHmacSecret(secret);
  return { key, secret: new Secret(secret) };
}
