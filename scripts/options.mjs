// Options of a script: wrong ones end it with the help text, and `--help` with that alone.
import { parseArgs } from 'node:util';

/** An option with a value. */
export const text = { type: 'string' };
/** An option without one. */
export const flag = { type: 'boolean', default: false };

/** Says what is wrong, and ends. */
export function fail(message, help) {
  process.stderr.write(`${message}\n\n${help}`);
  process.exit(2);
}

/** The options that were given, by name. */
export function readOptions(options, help) {
  let values;
  try {
    ({ values } = parseArgs({ options: { ...options, help: flag } }));
  } catch (error) {
    return fail(error.message, help);
  }
  if (!values.help) return values;
  process.stdout.write(help);
  process.exit(0);
}

/** A whole number from 0; undefined where the option was not given. */
export function readCount(name, value, help) {
  if (value === undefined) return undefined;
  const count = Number(value);
  return Number.isSafeInteger(count) && count >= 0 && value.trim() !== ''
    ? count
    : fail(`--${name} must be a whole number.`, help);
}
