/** A file of faults for one exchange or for several: whose each rule is. */
import {
  readRuleList,
  refuseField,
  showValue,
  type FieldPath,
  type RulesName,
} from '../exchange/read-rules.js';

/** A rule that its venue has not read yet, and where it stands. */
export interface GivenRule {
  readonly value: unknown;
  readonly path: FieldPath;
}

/** Takes `venue` off a rule; throws ConfigError OPTION_INVALID where it names none that runs. */
export function takeVenue<Name extends string>(
  { value, path }: GivenRule,
  venues: readonly Name[],
  name: RulesName,
): { readonly venue: Name; readonly rule: GivenRule } {
  const [only] = venues;
  const isObject = typeof value === 'object' && value !== null;
  if (!isObject || !('venue' in value)) {
    if (only !== undefined && venues.length === 1) return { venue: only, rule: { value, path } };
    const says =
      `it is missing; ${venues.length} exchanges run, so a rule names one of ` + venues.join(', ');
    return refuseField(name, [...path, 'venue'], says);
  }
  const { venue, ...rest } = value as { readonly venue: unknown };
  const found = venues.find((one) => one === venue);
  if (found !== undefined) return { venue: found, rule: { value: rest, path } };
  const says = `${showValue(venue)} does not run here; these do: ${venues.join(', ')}`;
  return refuseField(name, [...path, 'venue'], says);
}

/** Gives each venue its rules, in their order. */
export function shareRules<Name extends string>(
  file: unknown,
  venues: readonly Name[],
  name: RulesName,
): ReadonlyMap<Name, readonly GivenRule[]> {
  const shares = new Map<Name, GivenRule[]>(venues.map((one) => [one, []]));
  for (const [index, value] of readRuleList(file, name).entries()) {
    const { venue, rule } = takeVenue({ value, path: ['rules', index] }, venues, name);
    shares.get(venue)?.push(rule);
  }
  return shares;
}
