/** JSON that a person wrote: what is wrong is said with the line where it is. */
import { ConfigError } from '../model/error.js';

/** What a text holds, and where. */
export interface JsonText {
  readonly value: unknown;
  /** The line, from 1, of what stands at a path, or of the nearest thing around it. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

type Spot = { readonly at: number; readonly inside?: ReadonlyMap<string, Spot> };

/** Reads a text; throws ConfigError OPTION_INVALID, naming `name`, line and column. */
export function readJsonText(text: string, name: string): JsonText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const spot = findDefect(text);
    const { line, column } = placeOf(text, spot);
    const found = spot < text.length ? `near ${quote(text.slice(spot, spot + 12))}` : 'at its end';
    const message =
      `${name} is not JSON: line ${line}, column ${column}, ${found}. ` +
      'Look for a missing comma, quote or bracket, a comma too many, or a comment.';
    throw new ConfigError('OPTION_INVALID', message, { facts: { line, column }, cause });
  }
  let root: Spot | undefined;
  return {
    value,
    lineOf(path) {
      root ??= locate(text);
      let spot = root;
      for (const key of path) {
        const next = spot.inside?.get(String(key));
        if (!next) break;
        spot = next;
      }
      return placeOf(text, spot.at).line;
    },
  };
}

function placeOf(text: string, index: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** JSON leaves some control characters as they are. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/\p{Cc}/gu, ' ');
}

/** Where everything begins; of what is nested too deeply to be walked through, the beginning. */
function locate(text: string): Spot {
  try {
    return new Locator(text).read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { at: 0 };
  }
}

/** Where the text stops being JSON. Engines word it differently, so it is looked for here. */
function findDefect(text: string): number {
  const locator = new Locator(text);
  try {
    locator.read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return locator.index;
}

class Unreadable extends Error {}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const ATOM = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
const SPACE = /[ \t\r\n]*/y;
/** No rule or scenario is nested as deeply. */
const DEPTH_MAX = 200;

/** Walks over JSON and keeps where things begin. */
class Locator {
  readonly #text: string;
  index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Spot {
    const spot = this.#readValue(0);
    this.#skip(SPACE);
    if (this.index < this.#text.length) throw new Unreadable();
    return spot;
  }

  #readValue(depth: number): Spot {
    if (depth > DEPTH_MAX) throw new Unreadable();
    this.#skip(SPACE);
    const at = this.index;
    const first = this.#text.charAt(at);
    if (first === '{') return { at, inside: this.#readMembers('}', depth) };
    if (first === '[') return { at, inside: this.#readMembers(']', depth) };
    if (!this.#skip(first === '"' ? STRING : ATOM)) throw new Unreadable();
    return { at };
  }

  #readMembers(end: '}' | ']', depth: number): ReadonlyMap<string, Spot> {
    const members = new Map<string, Spot>();
    this.index += 1;
    if (this.#take(end)) return members;
    for (;;) {
      const key = end === '}' ? this.#readKey() : String(members.size);
      members.set(key, this.#readValue(depth + 1));
      if (this.#take(end)) return members;
      this.#expect(',');
    }
  }

  #readKey(): string {
    this.#skip(SPACE);
    const start = this.index;
    if (!this.#skip(STRING)) throw new Unreadable();
    const key = JSON.parse(this.#text.slice(start, this.index)) as string;
    this.#expect(':');
    return key;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw new Unreadable();
  }

  #take(character: string): boolean {
    this.#skip(SPACE);
    if (this.#text.charAt(this.index) !== character) return false;
    this.index += 1;
    return true;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.index;
    const found = pattern.exec(this.#text);
    if (found) this.index = pattern.lastIndex;
    return found !== null;
  }
}
