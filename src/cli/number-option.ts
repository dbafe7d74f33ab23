import { ConfigError } from '../model/error.js';

/** What a whole number given as an option may be. */
export interface NumberRange {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

/** Reads a whole number in decimal digits and nothing else. */
export function parseWholeNumber(text: string, range: NumberRange): number {
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text.trim()) : NaN;
  if (value >= range.least && value <= range.most) return value;
  throw new ConfigError(
    'OPTION_INVALID',
    `${range.name} must be a whole number from ${range.least} to ${range.most}, not '${text}'.`,
  );
}

/** `max`, `1`, `10x`, `0.5`: how fast a recording is served. */
export function parseSpeed(text: string): number | 'max' {
  if (text.trim() === 'max') return 'max';
  const match = /^(\d+(?:\.\d+)?)x?$/.exec(text.trim());
  const speed = match ? Number(match[1]) : NaN;
  if (speed > 0 && speed <= 10_000) return speed;
  throw new ConfigError(
    'OPTION_INVALID',
    `--speed must be 'max' or a factor such as 1, 10 or 0.5, not '${text}'.`,
  );
}

/** One of a few words, with the list in the refusal. */
export function parseChoice<Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found) return found;
  throw new ConfigError(
    'OPTION_INVALID',
    `${option} must be one of ${choices.join(', ')}, not '${text}'.`,
  );
}
