/** Reads rules about faults that were given from outside, for an exchange of the simulator. */
import {
  refuseField,
  type AnyRule,
  type RulesName,
  type VenueRules,
} from '../exchange/read-rules.js';
import type { ExchangeParts } from './exchange-parts.js';
import type { GivenRule } from './fault-file.js';

/** A rule as its venue has it; throws ConfigError OPTION_INVALID, naming what `name` calls it. */
export type RuleReader<Rule extends AnyRule> = (given: GivenRule, name: RulesName) => Rule;

/** Reads rules of one venue that were given from outside. */
export function readGivenRules<Rule extends AnyRule>(
  parts: ExchangeParts,
  rules: VenueRules<Rule>,
): Rule[] {
  const { faults = [], faultsName } = parts;
  return faults.map((given) => createRuleReader(rules, parts)(given, faultsName));
}

/** Reads a rule as its venue does, and refuses what cannot be done here. */
export function createRuleReader<Rule extends AnyRule>(
  { read }: VenueRules<Rule>,
  { isSecure = false }: Pick<ExchangeParts, 'isSecure'>,
): RuleReader<Rule> {
  return ({ value, path }, name) => {
    const rule = read(value, name, path);
    if (rule.fault !== 'tls-certificate' || isSecure) return rule;
    const says = 'tls-certificate needs TLS; start the simulator with it (--tls)';
    return refuseField(name, [...path, 'fault'], says);
  };
}
