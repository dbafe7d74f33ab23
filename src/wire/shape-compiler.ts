/** Writes shapes of frames as the words that the module of `assembly/` reads. */
import type { FactName, LevelsShape, ShapeStep } from './frame-shape.js';

/** Where a fact is among the facts of a frame. */
export const FACT_AT: Readonly<Record<FactName, number>> = {
  type: 0,
  number: 1,
  sequence: 2,
  sentAtMs: 3,
  venueAtMs: 4,
  checksum: 5,
  unused: 6,
};
const NO_FACT = -1;

/** The module's own names of its steps, each of which is a number: see `assembly/index.ts`. */
export const STEP_NAMES = [
  'STEP_END',
  'STEP_TEXT',
  'STEP_IF',
  'STEP_GO',
  'STEP_NOTE',
  'STEP_TIME',
  'STEP_WHOLE',
  'STEP_SYMBOL',
  'STEP_LIST',
] as const;

/** What the module has for a shape. */
interface ShapeTarget {
  readonly steps: Readonly<Record<(typeof STEP_NAMES)[number], number>>;
  /** Puts a text into the memory; returns where. */
  placeText(text: string): number;
}

/** A step by the index of its first word, known once all before it are written. */
interface StepLabel {
  index: number;
}

/** A number, or a step to go on with. */
type ShapeWord = number | StepLabel;

/** The words of a whole frame. */
export function compileShape(steps: readonly ShapeStep[], target: ShapeTarget): ShapeWord[] {
  const words: ShapeWord[] = [];
  for (const step of steps) compileStep(step, target, words);
  words.push(target.steps.STEP_END);
  return words;
}

function compileStep(step: ShapeStep, target: ShapeTarget, words: ShapeWord[]): void {
  const { steps } = target;
  switch (step.kind) {
    case 'text':
      words.push(steps.STEP_TEXT, ...toText(step.text, target));
      break;
    case 'note':
      words.push(steps.STEP_NOTE, FACT_AT[step.fact], step.value);
      break;
    case 'time':
      words.push(steps.STEP_TIME, FACT_AT[step.fact]);
      break;
    case 'whole':
      words.push(steps.STEP_WHOLE, FACT_AT[step.fact], step.digitsMax);
      break;
    case 'symbol':
      words.push(steps.STEP_SYMBOL);
      break;
    case 'levels':
      words.push(steps.STEP_LIST, ...toListWords(step.shape, target));
      break;
    case 'if': {
      const otherwise: StepLabel = { index: 0 };
      const end: StepLabel = { index: 0 };
      words.push(steps.STEP_IF, ...toText(step.text, target), otherwise);
      for (const one of step.then) compileStep(one, target, words);
      if (step.otherwise.length > 0) words.push(steps.STEP_GO, end);
      otherwise.index = words.length;
      for (const one of step.otherwise) compileStep(one, target, words);
      end.index = words.length;
    }
  }
}

/** In the order of `ListShape` in `assembly/levels.ts`. */
function toListWords(shape: LevelsShape, target: ShapeTarget): number[] {
  const { heads, time, beforeSize, seconds, end, otherEnd = '' } = shape;
  const [[side, first], [, other] = [side, '']] = heads;
  let pickAt = 0;
  while (other !== '' && first[pickAt] === other[pickAt]) pickAt += 1;
  const timeFact = time === undefined ? NO_FACT : FACT_AT[time.fact];
  const secondsFact = seconds === undefined ? NO_FACT : FACT_AT[seconds.fact];
  return [
    side,
    Number(other !== ''),
    pickAt,
    first.charCodeAt(pickAt),
    ...toText(first, target),
    ...toText(other, target),
    timeFact,
    ...toText(time?.beforePrice ?? '', target),
    ...toText(beforeSize, target),
    secondsFact,
    ...toText(seconds?.text ?? '', target),
    ...toText(end, target),
    ...toText(otherEnd, target),
  ];
}

/** The place and the length of a text. */
function toText(text: string, target: ShapeTarget): [number, number] {
  return [target.placeText(text), text.length];
}
