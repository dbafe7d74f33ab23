import { SECRET_MARK } from '../model/secret.js';

/** At most this much of a frame goes into an error (the rest may be megabytes). */
const EXCERPT_CHARACTERS_MAX = 200;

/** Masking looks no further than this; what is cut away after it cannot leak. */
const SEARCHED_CHARACTERS_MAX = 4_000;

/** How fields and headers end that hold something secret, whatever stands before it. */
const SECRET_ENDS = [
  'signature',
  'secret',
  'token',
  'password',
  'passphrase',
  'private_?key',
  'api[-_]?key',
  'key[-_]?(?:id|name)',
  '(?:api|access)[-_]?sign',
  'jwt',
  'otp',
].join('|');

/** Headers whose value is many words, of which any may be the secret. */
const SECRET_LINES = 'authorization|cookie';

/**
 * The name of a field with a secret in it, and what opens its value: a quote behind as many
 * backslashes as the name's, since a proxy may wrap one text into another, or a digit.
 */
const SECRET_FIELD = new RegExp(
  String.raw`(?<!\\)(?<quote>\\*["'])(?:[\w-]{0,40}(?:${SECRET_ENDS}|${SECRET_LINES})|key|sign)` +
    String.raw`\k<quote>\s*:\s*(?:\[\s*)?(?:\k<quote>|(?=\d))`,
  'gi',
);

/** A header or a parameter in which a proxy may echo a secret: it has no quotes. */
const SECRET_HEADER = new RegExp(
  String.raw`((?<![\w-])[\w-]{0,40}(?:${SECRET_ENDS})\s*[:=]\s*)[^\s"\\&]+`,
  'gi',
);
const SECRET_LINE = new RegExp(
  String.raw`((?<![\w-])[\w-]{0,40}(?:${SECRET_LINES})\s*:\s*)[^\n\r"\\]+`,
  'gi',
);

/** A token wherever it stands: every JWT header begins with `{"`, which is `eyJ` in base64url. */
const BARE_TOKEN = /eyJ[\w-]*(?:\.[\w-]*)*/g;

/**
 * A key, a token or a signature wherever it stands: they are at least 40 characters of base64 or
 * base64url, and nothing else on a wire is but a number.
 */
const BARE_SECRET = /(?<![\w+/\\-])(?=[\d-]*[A-Za-z+/\\_])[\w+/\\-]{40,}={0,2}/g;

/**
 * A shorter one: words, symbols, dates and the ids of orders are longer pieces of one kind, or
 * shorter. A UUID names an order or a request; what is secret as one stands in a field that says
 * so.
 */
const SHORT_SECRET = /(?<![\w+/\\-])[\w+/\\-]{20,39}={0,2}(?![\w+/\\-])/g;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Between a digit and a letter, as often as it is by chance. */
const DIGIT_CHANGE = /\d(?=[A-Za-z])|[A-Za-z](?=\d)/g;
const DIGIT_CHANGES_LEAST = 3;
/** Between a small and a capital letter, in a text that has few digits or none. */
const CASE_CHANGE = /[a-z](?=[A-Z])|[A-Z](?=[a-z])/g;
/** Names in camel case come to a third, random letters to a half. */
const CASE_CHANGES_LEAST_SHARE = 0.36;

/** Symbols, intervals and names of many parts: cut often, and in letters of one case. */
const PART_SEPARATOR = /[-/_]/;
const PARTS_LEAST = 3;
const PART_CHARACTERS_MAX = 9;

function looksRandom(run: string): boolean {
  if (UUID.test(run)) return false;
  const parts = run.split(PART_SEPARATOR);
  const areShort = parts.every((part) => part.length <= PART_CHARACTERS_MAX);
  const isOfOneCase = !/[a-z]/.test(run) || !/[A-Z]/.test(run);
  if (parts.length >= PARTS_LEAST && areShort && isOfOneCase) return false;
  const count = (change: RegExp) => run.match(change)?.length ?? 0;
  const ofDigits = count(DIGIT_CHANGE);
  if (ofDigits >= DIGIT_CHANGES_LEAST) return true;
  return ofDigits + count(CASE_CHANGE) >= run.length * CASE_CHANGES_LEAST_SHARE;
}

/**
 * Where a text in quotes ends: at a quote that is not escaped once more than its first one, or that
 * is escaped less. Before that one stand no backslash in JSON, and one in JSON within JSON.
 */
function findValueEnd(text: string, from: number, quote: string): number {
  const depth = quote.length - 1;
  let backslashes = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') {
      backslashes += 1;
    } else {
      const isSame = text[at] === quote.at(-1);
      const ends = backslashes < depth || backslashes % (2 * depth + 2) === depth;
      if (isSame && ends) return at - Math.min(backslashes, depth);
      backslashes = 0;
    }
  }
  return text.length;
}

/** Whether or not a value ends: an echo of a request may be cut off. */
function maskFields(text: string): string {
  let masked = '';
  let doneTo = 0;
  for (const match of text.matchAll(SECRET_FIELD)) {
    const valueAt = match.index + match[0].length;
    if (valueAt < doneTo) continue;
    const quote = match.groups?.['quote'] ?? '';
    const isQuoted = match[0].endsWith(quote);
    const number = /^[\d.]*/.exec(text.slice(valueAt)) ?? [''];
    const end = isQuoted ? findValueEnd(text, valueAt, quote) : valueAt + number[0].length;
    masked += text.slice(doneTo, valueAt) + SECRET_MARK;
    doneTo = end;
  }
  return masked + text.slice(doneTo);
}

/** Masks what may be secret, and whatever could drive a terminal. */
export function redactText(text: string): string {
  return maskFields(text.slice(0, SEARCHED_CHARACTERS_MAX))
    .replace(SECRET_LINE, `$1${SECRET_MARK}`)
    .replace(SECRET_HEADER, `$1${SECRET_MARK}`)
    .replace(BARE_TOKEN, SECRET_MARK)
    .replace(BARE_SECRET, SECRET_MARK)
    .replace(SHORT_SECRET, (run) => (looksRandom(run) ? SECRET_MARK : run))
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
