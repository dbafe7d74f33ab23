/**
 * JSON as a tree that can hold what no parsed value can: a key twice, digits that no double has,
 * text that is not JSON at all.
 */
export type JsonTree =
  | { kind: 'raw'; text: string }
  | { kind: 'list'; items: JsonTree[] }
  | { kind: 'object'; entries: [name: string, value: JsonTree][] };

/** A leaf with exactly this text. */
export function raw(text: string): JsonTree {
  return { kind: 'raw', text };
}

/** Walking a tree of more levels would end the test, not the parser. */
const LEVELS_MAX = 100;

/** No less than the levels of a text, brackets within its strings included. */
function countLevels(text: string): number {
  let levels = 0;
  let most = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    levels += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, levels);
  }
  return most;
}

/** The tree of a text; undefined where it is not JSON with something in it, or too deep. */
export function parseTree(text: string): JsonTree | undefined {
  if (!/^\s*[[{]/.test(text) || countLevels(text) > LEVELS_MAX) return undefined;
  try {
    return toTree(JSON.parse(text));
  } catch {
    // Not JSON: mutations of its text remain.
    return undefined;
  }
}

function toTree(value: unknown): JsonTree {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(toTree) };
  if (typeof value !== 'object' || value === null) return raw(JSON.stringify(value));
  return {
    kind: 'object',
    entries: Object.entries(value).map(([name, one]) => [name, toTree(one)]),
  };
}

/** The text of a tree. */
export function writeTree(tree: JsonTree): string {
  if (tree.kind === 'raw') return tree.text;
  if (tree.kind === 'list') return `[${tree.items.map(writeTree).join(',')}]`;
  const fields = tree.entries.map(([name, one]) => `${JSON.stringify(name)}:${writeTree(one)}`);
  return `{${fields.join(',')}}`;
}

/** A copy that shares nothing. */
export function copyTree(tree: JsonTree): JsonTree {
  if (tree.kind === 'raw') return { ...tree };
  if (tree.kind === 'list') return { kind: 'list', items: tree.items.map(copyTree) };
  return { kind: 'object', entries: tree.entries.map(([name, one]) => [name, copyTree(one)]) };
}

/** A place in a tree whose value can be another. */
export interface TreePlace {
  readonly holder: Exclude<JsonTree, { kind: 'raw' }>;
  readonly index: number;
}

/** Every place below the root, in the order of the text. */
export function listPlaces(tree: JsonTree): TreePlace[] {
  const places: TreePlace[] = [];
  const visit = (holder: JsonTree): void => {
    if (holder.kind === 'raw') return;
    const count = holder.kind === 'list' ? holder.items.length : holder.entries.length;
    for (let index = 0; index < count; index += 1) {
      places.push({ holder, index });
      visit(readPlace({ holder, index }));
    }
  };
  visit(tree);
  return places;
}

/** What stands at a place. */
export function readPlace({ holder, index }: TreePlace): JsonTree {
  const found = holder.kind === 'list' ? holder.items[index] : holder.entries[index]?.[1];
  if (!found) throw new Error('There is no such place in the tree.');
  return found;
}

/** Puts another value there. */
export function writePlace({ holder, index }: TreePlace, value: JsonTree): void {
  if (holder.kind === 'list') holder.items[index] = value;
  else holder.entries[index]![1] = value;
}
