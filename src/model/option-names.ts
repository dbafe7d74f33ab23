import { ConfigError } from './error.js';
import { findNearestName } from './nearest-name.js';

const MAX_SHOWN_LENGTH = 60;

/** What is said of a name that nobody reads, with the nearest name that there is. */
export function explainUnknownName(
  what: string,
  name: string,
  validNames: readonly string[],
): { readonly text: string; readonly facts: { readonly option: string; nearest?: string } } {
  const option = name.slice(0, MAX_SHOWN_LENGTH);
  const nearest = findNearestName(option, validNames);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  const text = `There is no "${option}" in ${what}.${hint} There are: ${validNames.join(', ')}.`;
  return { text, facts: { option, ...(nearest !== undefined && { nearest }) } };
}

/**
 * A name that nobody reads is a wish that is not heard: `credential` would leave a feed public, and
 * nothing would say so. Throws OPTION_INVALID with the nearest name that there is, and for what is
 * no object: `whenLive(5000)` would wait for ever.
 */
export function checkNames(what: string, given: unknown, valid: object): void {
  const validNames = Object.keys(valid);
  if (typeof given !== 'object' || given === null) {
    const text = `An object is wanted for ${what}. There are: ${validNames.join(', ')}.`;
    throw new ConfigError('OPTION_INVALID', text);
  }
  const unknown = Object.keys(given).find((name) => !validNames.includes(name));
  if (unknown === undefined) return;
  const { text, facts } = explainUnknownName(what, unknown, validNames);
  throw new ConfigError('OPTION_INVALID', text, { facts });
}
