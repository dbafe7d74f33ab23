import { createSeededRandom } from '../doubles/seeded-random.js';
import { damageFrame } from '../scan/damage.js';
import { HOSTILE_NAMES, HOSTILE_TEXTS, HOSTILE_VALUES } from './hostile.js';
import {
  copyTree,
  listPlaces,
  parseTree,
  raw,
  readPlace,
  writePlace,
  writeTree,
  type JsonTree,
  type TreePlace,
} from './json-tree.js';

/** One change; the numbers pick the kind of it, the place, and what comes there. */
export type Step = readonly [kind: number, at: number, what: number];

interface Change {
  readonly place: TreePlace;
  /** All places of the same tree. */
  readonly places: readonly TreePlace[];
  readonly what: number;
  /** A tree of another text of the corpus. */
  readonly other: JsonTree | undefined;
}

function pick<One>(list: readonly One[], index: number): One {
  return list[index % list.length]!;
}

function insertEntry({ holder, index }: TreePlace, name: string, value: JsonTree): void {
  if (holder.kind === 'list') holder.items.splice(index, 0, value);
  else holder.entries.splice(index, 0, [name, value]);
}

function nameAt({ holder, index }: TreePlace): string {
  return holder.kind === 'object' ? holder.entries[index]![0] : '';
}

function changeDigits(text: string, what: number): string {
  const changes = [
    `-${text}`,
    `${text}0`,
    `${text}.0`,
    `${text}e1`,
    `0${text}`,
    `${text}${'0'.repeat(30)}`,
    text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
    text.replace('.', ''),
  ];
  return pick(changes, what);
}

/** From a number to a text and back, or the text of a JSON text changed inside. */
function changeLeaf(text: string, what: number): string {
  if (!text.startsWith('"')) return what % 2 === 0 ? `"${text}"` : changeDigits(text, what >>> 1);
  const inner = JSON.parse(text) as string;
  const tree = parseTree(inner);
  if (tree) return JSON.stringify(mutateText(inner, [[what >>> 4, what >>> 2, what]], ''));
  const changes = [
    inner,
    JSON.stringify(changeDigits(inner, what >>> 3)),
    JSON.stringify(inner + pick(HOSTILE_TEXTS, what >>> 3)),
    JSON.stringify(pick(HOSTILE_TEXTS, what >>> 3) + inner),
    JSON.stringify(inner.slice(0, (what >>> 3) % (inner.length + 1))),
    JSON.stringify(inner.toUpperCase()),
  ];
  return pick(changes, what);
}

const TREE_CHANGES: readonly ((change: Change) => void)[] = [
  // Gone.
  ({ place: { holder, index } }) =>
    void (holder.kind === 'list' ? holder.items : holder.entries).splice(index, 1),
  // Another value.
  ({ place, what }) => writePlace(place, raw(pick(HOSTILE_VALUES, what))),
  ({ place, what }) => writePlace(place, raw(pick(HOSTILE_VALUES, what))),
  // One more of a name that is a trap, or of a name that is there.
  ({ place, what }) =>
    insertEntry(place, pick(HOSTILE_NAMES, what), raw(pick(HOSTILE_VALUES, Math.floor(what / 16)))),
  ({ place, what }) => insertEntry(place, nameAt(place), raw(pick(HOSTILE_VALUES, what))),
  // Another name.
  ({ place: { holder, index }, places, what }) => {
    if (holder.kind !== 'object') return;
    const names = [...places.map(nameAt), ...HOSTILE_NAMES];
    holder.entries[index]![0] = pick(names, what);
  },
  // Deeper, or less deep.
  ({ place, what }) => {
    const value = readPlace(place);
    if (what % 2 === 0) writePlace(place, { kind: 'list', items: [value] });
    else writePlace(place, { kind: 'object', entries: [[nameAt(place), value]] });
  },
  ({ place }) => {
    const value = readPlace(place);
    if (value.kind === 'list') writePlace(place, value.items[0] ?? raw('null'));
    if (value.kind === 'object') writePlace(place, value.entries[0]?.[1] ?? raw('null'));
  },
  // What stands elsewhere, here or in another text.
  ({ place, places, what }) => writePlace(place, copyTree(readPlace(pick(places, what)))),
  ({ place, other, what }) => {
    const found = other && listPlaces(other);
    if (found && found.length > 0) writePlace(place, copyTree(readPlace(pick(found, what))));
  },
  // Many of it.
  ({ place: { holder, index }, what }) => {
    if (holder.kind !== 'list') return;
    const times = pick([1, 2, 50, 1_100], what);
    const copies = Array.from({ length: times }, () => copyTree(holder.items[index]!));
    if (holder.items.length + times < 3_000) holder.items.splice(index, 0, ...copies);
  },
  // A little other.
  ({ place, what }) => {
    const value = readPlace(place);
    if (value.kind === 'raw') writePlace(place, raw(spellLeaf(value.text, what)));
  },
  ({ place, what }) => {
    const value = readPlace(place);
    if (value.kind === 'raw') writePlace(place, raw(spellLeaf(value.text, what)));
  },
];

function spellLeaf(text: string, what: number): string {
  try {
    return changeLeaf(text, what);
  } catch {
    // A leaf that an earlier change made to no JSON stays as it is.
    return text;
  }
}

const LINE_CHANGES: readonly ((lines: string[], at: number, what: number) => void)[] = [
  (lines, at) => void lines.splice(at, 1),
  (lines, at) => void lines.splice(at, 0, lines[at]!),
  (lines, at, what) => {
    [lines[at], lines[what % lines.length]] = [lines[what % lines.length]!, lines[at]!];
  },
  (lines, at) => void lines.splice(at, 2, lines.slice(at, at + 2).join('')),
  (lines, at, what) => {
    const cut = what % (lines[at]!.length + 1);
    lines.splice(at, 1, lines[at]!.slice(0, cut), lines[at]!.slice(cut));
  },
  (lines, at, what) => void (lines[at] += pick(HOSTILE_TEXTS, what)),
  (lines, at, what) => void (lines[at] = pick(HOSTILE_TEXTS, what) + lines[at]!),
  (lines, at, what) => void lines.splice(at, 0, pick(HOSTILE_TEXTS, what)),
  (lines, at, what) => {
    lines[at] = lines[at]!.replace(/([=:]\s*).*$/, `$1${pick(HOSTILE_TEXTS, what)}`);
  },
];

/** What share of the kinds of steps is about what; the rest damages bytes. */
const KINDS = 40;
const TREE_KINDS = 30;
const LINE_KINDS = 35;

/** How many kinds of steps there are. */
export const STEP_KINDS = KINDS;

function changeTree(line: string, [kind, at, what]: Step, other: string): string | undefined {
  const tree = parseTree(line);
  if (!tree) return undefined;
  const places = listPlaces(tree);
  if (places.length === 0) return undefined;
  const change = pick(TREE_CHANGES, kind);
  change({ place: pick(places, at), places, what, other: parseTree(other) });
  return writeTree(tree);
}

function changeLines(lines: string[], [kind, at, what]: Step): void {
  pick(LINE_CHANGES, kind)(lines, at % lines.length, what);
  if (lines.length === 0) lines.push('');
}

/** Applies those changes that leave a text a text: in the JSON of its lines, or to its lines. */
function mutateText(text: string, steps: readonly Step[], other: string): string {
  const lines = text.split('\n');
  for (const step of steps) {
    const [kind, at, what] = step;
    const share = kind % KINDS;
    const index = at % lines.length;
    const inTree =
      share < TREE_KINDS
        ? changeTree(lines[index]!, [share, Math.floor(at / lines.length), what], other)
        : undefined;
    if (inTree === undefined) changeLines(lines, step);
    else lines[index] = inTree;
  }
  return lines.join('\n');
}

/**
 * Applies changes to a text, those of single bytes last: what comes of them need not be UTF-8.
 * `other` lends pieces of itself.
 */
export function mutate(text: string, steps: readonly Step[], other: string): Buffer {
  const isOfBytes = ([kind]: Step): boolean => kind % KINDS >= LINE_KINDS;
  const textSteps = steps.filter((step) => !isOfBytes(step));
  let bytes: Buffer = Buffer.from(mutateText(text, textSteps, other), 'utf8');
  for (const [, at, what] of steps.filter(isOfBytes)) {
    if (bytes.length > 0) bytes = damageFrame(bytes, createSeededRandom(what ^ at));
  }
  return bytes;
}
