import { SECRET_MARK } from '../../model/secret.js';

/** At most this much of a frame goes into an error (the rest may be megabytes). */
const EXCERPT_CHARACTERS_MAX = 200;

/** Masking looks no further than this; what is cut away after it cannot leak. */
const SEARCHED_CHARACTERS_MAX = 4_000;

/**
 * A field with a secret in it, whether or not its value ends, and the header in which a proxy may
 * echo one. Escaped quotes count too, since a proxy may wrap one text into another.
 */
const SECRET_NAME = String.raw`secret|signature|token|password|api_?secret|x-c9t-signature`;
const SECRET_FIELD = new RegExp(
  String.raw`((?:\\*"(?:${SECRET_NAME})\\*"|\bx-c9t-signature)\s*:\s*(?:\\*")?)[^"\\\s]*`,
  'gi',
);

/** A signature or a secret wherever it stands: nothing else here is a run of 40 such characters. */
const BARE_SECRET = /[A-Za-z0-9+/]{40,}={0,2}/g;

/** Masks what may be secret, and whatever could drive a terminal. */
export function redactText(text: string): string {
  return text
    .slice(0, SEARCHED_CHARACTERS_MAX)
    .replace(SECRET_FIELD, `$1${SECRET_MARK}`)
    .replace(BARE_SECRET, SECRET_MARK)
    .replace(/[^\x20-\x7e]/g, ' ');
}

/** The beginning of a text, masked and cut: safe to print and to log. */
export function excerptText(text: string, charactersMax: number = EXCERPT_CHARACTERS_MAX): string {
  const redacted = redactText(text);
  if (redacted.length <= charactersMax) return redacted;
  return `${redacted.slice(0, charactersMax - 1)}…`;
}

/** A name from the wire as one short printable word, for the kind of a skipped frame. */
export function excerptName(name: string): string {
  return excerptText(name, 40).replace(/[^\w./:-]/g, '_') || 'empty';
}

/** A value from the wire in a few words, never its whole: it may be deep or huge. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return `"${excerptText(value, 60)}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return 'an object';
}
