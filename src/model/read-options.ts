import type { BookReadOptions } from './book.js';
import { ConfigError } from './error.js';
import { checkNames } from './option-names.js';

const READ_OPTION_NAMES: Readonly<Record<keyof BookReadOptions, true>> = { evenIfStale: true };

/**
 * Whether a reader asks by name for what may be stale. Throws OPTION_INVALID for what nobody would
 * read, also while all is live: a mistake is not to show in the first bad hour only.
 */
export function asksForStale(read: BookReadOptions | undefined): boolean {
  if (read === undefined) return false;
  checkNames('the options of a reading', read, READ_OPTION_NAMES);
  const { evenIfStale = false } = read;
  if (typeof evenIfStale === 'boolean') return evenIfStale;
  throw new ConfigError('OPTION_INVALID', 'The option evenIfStale must be true or false.', {
    facts: { option: 'evenIfStale' },
  });
}
