import { Secret } from '../model/secret.js';
import { looksLikeBase64 } from './base64.js';

/** How a key was spelled, once everything that copying does to a text is undone. */
export interface KeyText {
  readonly text: string;
  readonly wasQuoted: boolean;
  readonly lineEnds: 'literal' | 'carriage-return' | 'plain';
}

/** What may be wrapped as a secret, as it is. */
export function revealText<Value>(value: Value | Secret<Value>): Value {
  return value instanceof Secret ? value.reveal() : value;
}

const INVISIBLE = /[\uFEFF\u200B\u200C\u200D\u2060]/g;
const EDGE = /[\s"'`\u2018\u2019\u201C\u201D,;]/;
const QUOTE = /["'`\u2018\u2019\u201C\u201D]/;
// Several backslashes: text that went through JSON or a shell twice has two or four. Bounded, since
// a pattern without an end would look at each backslash of a long run from every one before it.
const LITERAL_LINE_END = /\\{1,8}[rn]/g;
const ESCAPED_QUOTE = /\\{1,8}(["'])/g;
const ESCAPED_SLASH = /\\{1,8}\//g;

function trimEdges(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && EDGE.test(text[start] ?? '')) start += 1;
  while (end > start && EDGE.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}

/**
 * Undoes what editors, shells, JSON and environment files do to a key: byte order marks, quotes
 * around it, line ends spelled as a backslash and a letter, carriage returns, escaped slashes.
 */
export function cleanKeyText(raw: string): KeyText {
  const visible = raw
    .replace(INVISIBLE, '')
    .replace(/\u00A0/g, ' ')
    .trim();
  const hasLiteral = visible.search(LITERAL_LINE_END) >= 0;
  const hasReturn = visible.includes('\r');
  const plain = visible
    .replace(ESCAPED_QUOTE, '$1')
    .replace(LITERAL_LINE_END, '\n')
    .replace(ESCAPED_SLASH, '/')
    .replace(/\\\n/g, '\n')
    .replace(/\r\n?/g, '\n');
  const text = trimEdges(plain);
  return {
    text,
    wasQuoted: QUOTE.test(visible[0] ?? '') || QUOTE.test(visible.at(-1) ?? ''),
    lineEnds: hasLiteral ? 'literal' : hasReturn ? 'carriage-return' : 'plain',
  };
}

/** Whether it is base64 that begins with a slash: a longer run of random digits than a name has. */
function looksRandom(text: string): boolean {
  const runs = looksLikeBase64(text) ? text.split('/') : [];
  return runs.some(
    (run) => run.length >= 24 && [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(run)),
  );
}

/** Words with slashes between them: what is random has capitals and digits within its pieces. */
const WORD_PATH = /^(?=.*\/)(?:~?\/)?[A-Za-z][a-z]*\d{0,4}(?:[-_./][A-Za-z][a-z]*\d{0,4})+$/;

/**
 * Whether a text that should be a key is rather where one is kept. Where it `mayBeKey`, being
 * base64 of as many bytes as one has, nothing but plain words makes a path of it.
 */
export function looksLikePath(text: string, mayBeKey: boolean): boolean {
  if (WORD_PATH.test(text)) return true;
  if (mayBeKey) return false;
  const isPath = /^(~?\/|\.{1,2}\/|[A-Za-z]:\\)\S*$|\.(pem|json|key|txt)$/i.test(text);
  return isPath && !text.endsWith('=') && !looksRandom(text);
}
