import { findNearestName } from '../model/nearest-name.js';
import { ConfigError } from '../model/error.js';

/** Refuses a name that is none of `known`, with the one that was probably meant. */
export function requireVenue<Name extends string>(name: string, known: readonly Name[]): Name {
  const found = known.find((one) => one === name);
  if (found) return found;
  const nearest = findNearestName(name, known);
  const hint = nearest ? `Did you mean '${nearest}'?` : `This command knows: ${known.join(', ')}.`;
  throw new ConfigError('OPTION_INVALID', `There is no venue '${name}' here. ${hint}`, {
    facts: { venue: name },
  });
}

/** Splits `book,trades`; whether the venue has them is judged where the feed is opened. */
export function splitNames(text: string, option: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length > 0) return [...new Set(names)];
  throw new ConfigError('OPTION_INVALID', `${option} needs at least one name, as in book,trades.`);
}
