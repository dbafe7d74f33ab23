/** What a piece of text means; colours follow from it and only here. */
export type Tone = 'plain' | 'title' | 'dim' | 'good' | 'warning' | 'bad' | 'bid' | 'ask';

const CODES: Readonly<Record<Tone, string>> = {
  plain: '',
  title: '1',
  dim: '2',
  good: '32',
  warning: '33',
  bad: '1;31',
  bid: '32',
  ask: '31',
};

/** A run of text in one tone. A line is a list of them. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}
export type Line = readonly Span[];

/** How lines become text: with colours or without. */
export type Painter = (line: Line) => string;

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

export function widthOf(line: Line): number {
  return line.reduce((sum, part) => sum + part.text.length, 0);
}

/** Exactly `width` columns: cut, or filled with spaces. */
export function fitLine(line: Line, width: number): Line {
  const fitted: Span[] = [];
  let left = width;
  for (const part of line) {
    if (left <= 0) break;
    const text = part.text.slice(0, left);
    fitted.push({ text, tone: part.tone });
    left -= text.length;
  }
  if (left > 0) fitted.push(span(' '.repeat(left)));
  return fitted;
}

export const paintPlain: Painter = (line) =>
  line
    .map((part) => part.text)
    .join('')
    .trimEnd();

export const paintColoured: Painter = (line) =>
  line
    .map(({ text, tone }) => (CODES[tone] ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text))
    .join('')
    .trimEnd();

/** Colours only for a terminal, and not for those who set NO_COLOR (https://no-color.org). */
export function choosePainter(
  isTty: boolean,
  env: Readonly<Record<string, string | undefined>>,
): Painter {
  const wanted = isTty && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return wanted ? paintColoured : paintPlain;
}
