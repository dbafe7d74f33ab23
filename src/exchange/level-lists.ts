/** Changing lists of levels in a text that is JSON, without touching a digit of what stays. */

/** How large a snapshot is that is said to be giant, where nothing else is said. */
export const GIANT_BYTES = 6_000_000;

const OPENING = '[{';
const CLOSING = ']}';

/** The items of the list that begins at `start`, and where it ends; undefined: it has no end. */
function readList(text: string, start: number) {
  const items: string[] = [];
  let depth = 0;
  let begin = start;
  let isInText = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (isInText && character === '\\') index += 1;
    else if (character === '"') isInText = !isInText;
    else if (isInText) continue;
    else if (OPENING.includes(character)) depth += 1;
    else if (CLOSING.includes(character) && depth > 0) depth -= 1;
    else if (character === ',' || character === ']') {
      if (depth > 0) continue;
      if (index > begin) items.push(text.slice(begin, index));
      begin = index + 1;
      if (character === ']') return { items, end: index };
    }
  }
  return undefined;
}

/** Changes every list that is a field of one of these names. */
export function changeLists(
  text: string,
  names: readonly string[],
  change: (items: readonly string[], name: string) => readonly string[],
): string {
  const pattern = new RegExp(`"(${names.join('|')})":\\[`, 'g');
  let result = '';
  let done = 0;
  for (const found of text.matchAll(pattern)) {
    const start = found.index + found[0].length;
    const list = start < done ? undefined : readList(text, start);
    if (!list) continue;
    result += text.slice(done, start) + change(list.items, found[1] ?? '').join(',');
    done = list.end;
  }
  return result + text.slice(done);
}

/** Leaves every other level out: a snapshot with holes that looks like a whole one. */
export function halveLists(text: string, names: readonly string[]): string {
  return changeLists(text, names, (items) => items.filter((_, index) => index % 2 === 0));
}

/** Appends levels to the list until the text has so many bytes. */
export function fillList(
  text: string,
  name: string,
  fill: { readonly bytes: number; readonly item: (step: number) => string },
): string {
  let missing = fill.bytes - text.length;
  return changeLists(text, [name], (items) => {
    const more: string[] = [];
    for (let step = 0; missing > 0; step += 1) {
      const item = fill.item(step);
      more.push(item);
      missing -= item.length + 1;
    }
    return [...items, ...more];
  });
}
