import { formatExitCodes } from './exit-code.js';

const NOTE_COLUMNS = 78;

function wrapText(text: string, columns: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/** What stands below the options in each command's help: examples first, then a note. */
export function formatHelpTail(examples: readonly string[], ...note: readonly string[]): string {
  const lines = examples.map((example) => `  ${example}`).join('\n');
  const text = note.length === 0 ? '' : `\n${wrapText(note.join(' '), NOTE_COLUMNS)}\n`;
  return `\nExamples:\n${lines}\n${text}\n${formatExitCodes()}`;
}
