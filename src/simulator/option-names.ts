import { ConfigError } from '../model/error.js';
import { checkNames } from '../model/option-names.js';
import type { SimulateOptions } from './simulate-options.js';

/** Complete by its type: a new option that is left out here does not compile. */
const OPTION_NAMES: Readonly<Record<keyof SimulateOptions, true>> = {
  venues: true,
  port: true,
  from: true,
  speed: true,
  faults: true,
  faultsName: true,
  tls: true,
  keyType: true,
  seed: true,
  market: true,
  marketName: true,
  control: true,
  clock: true,
  timers: true,
  logger: true,
};

/** Plain JavaScript has no types: throws OPTION_INVALID for a name that nobody reads. */
export function checkOptionNames(options: unknown): void {
  const isObject = typeof options === 'object' && options !== null;
  if (isObject && 'venues' in options) {
    const { venues } = options;
    checkNames('the options of simulate', options, OPTION_NAMES);
    if (typeof venues === 'object' && venues !== null && !Array.isArray(venues)) return;
  }
  throw new ConfigError(
    'OPTION_INVALID',
    'simulate takes an object with one field for each venue: { venues: { name: {} } }.',
    { facts: { option: 'venues' } },
  );
}
