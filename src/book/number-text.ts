/**
 * A pass over a JSON text before it is parsed. Where a venue writes prices and sizes as JSON
 * numbers, their digits count: `1.10` may be the input of a checksum, and sixteen digits may not
 * fit a double. `JSON.parse` keeps neither. So every number is put into quotes first: all and not
 * only known fields, because a rule without names cannot miss one. Afterwards a number and a text
 * of the same characters are one, and decoders take both.
 *
 * It accepts nothing that `JSON.parse` would reject. A string may stand wherever a number may, and
 * at one place more: before a colon, as a name. There a number stays as it is, and `JSON.parse`
 * rejects it.
 */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** Puts each JSON number outside of strings into quotes and changes nothing else. */
export function quoteNumbers(text: string): string {
  let quoted = '';
  let copiedUntil = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = findStringEnd(text, at);
      continue;
    }
    const isStart = (code >= ZERO && code <= NINE) || code === MINUS;
    const end = isStart ? findNumberEnd(text, at) : at;
    if (end === at) {
      at += 1;
      continue;
    }
    if (!isBeforeColon(text, end)) {
      quoted += `${text.slice(copiedUntil, at)}"${text.slice(at, end)}"`;
      copiedUntil = end;
    }
    at = end;
  }
  return copiedUntil === 0 ? text : quoted + text.slice(copiedUntil);
}

/** Where the number that begins at `start` ends; `start` itself where none begins there. */
function findNumberEnd(text: string, start: number): number {
  NUMBER.lastIndex = start;
  return NUMBER.test(text) ? NUMBER.lastIndex : start;
}

/** The index after the closing quote; the end of the text where there is none. */
function findStringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    // An even run of backslashes escapes itself and leaves the quote alone.
    if (slashes % 2 === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** Whether the next character, white space of JSON aside, is a colon. */
function isBeforeColon(text: string, from: number): boolean {
  let at = from;
  let code = text.charCodeAt(at);
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
    at += 1;
    code = text.charCodeAt(at);
  }
  return code === COLON;
}
