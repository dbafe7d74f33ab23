/** The rules about faults of one exchange: they may come and go while it runs. */
import { ConfigError } from '../model/error.js';
import { RULES_MAX } from './fault-schema.js';

/** A rule that is in force, and how often it struck. */
export interface KeptRule<Rule> {
  /** From 1; never given twice. */
  readonly id: number;
  readonly rule: Rule;
  /** Frames, requests, attempts to connect and the like. */
  readonly strikes: number;
}

/** Who is told of rules. */
export interface RuleWatcher<Rule> {
  onAdded?(rule: Rule): void;
  onRemoved?(rule: Rule): void;
}

/** The rules in force. */
export interface FaultRules<Rule> {
  readonly rules: readonly Rule[];
  /** Returns the rule's id; throws ConfigError OPTION_INVALID where there are too many. */
  add(rule: Rule): number;
  /** Whether there was such a rule. */
  remove(id: number): boolean;
  clear(): void;
  list(): KeptRule<Rule>[];
  /** To be called where a rule strikes. */
  countStrike(rule: Rule): void;
  watch(watcher: RuleWatcher<Rule>): void;
}

/** With these in force from the beginning. */
export function createFaultRules<Rule>(initial: readonly Rule[]): FaultRules<Rule> {
  return new KeptRules(initial);
}

interface Entry {
  readonly id: number;
  strikes: number;
}

class KeptRules<Rule> implements FaultRules<Rule> {
  readonly #entries = new Map<Rule, Entry>();
  readonly #watchers: RuleWatcher<Rule>[] = [];
  #rules: readonly Rule[] = [];
  #lastId = 0;

  constructor(initial: readonly Rule[]) {
    for (const rule of initial) this.add(rule);
  }

  get rules(): readonly Rule[] {
    return this.#rules;
  }

  add(given: Rule): number {
    if (this.#entries.size >= RULES_MAX) {
      const message = `There are ${RULES_MAX} rules about faults; clear some of them first.`;
      throw new ConfigError('OPTION_INVALID', message);
    }
    // The same object twice is two rules, each with counts of its own.
    const rule = this.#entries.has(given) ? { ...given } : given;
    this.#lastId += 1;
    this.#entries.set(rule, { id: this.#lastId, strikes: 0 });
    this.#rules = [...this.#entries.keys()];
    for (const watcher of this.#watchers) watcher.onAdded?.(rule);
    return this.#lastId;
  }

  remove(id: number): boolean {
    for (const [rule, entry] of this.#entries) {
      if (entry.id !== id) continue;
      this.#entries.delete(rule);
      this.#rules = [...this.#entries.keys()];
      for (const watcher of this.#watchers) watcher.onRemoved?.(rule);
      return true;
    }
    return false;
  }

  clear(): void {
    for (const { id } of [...this.#entries.values()]) this.remove(id);
  }

  list(): KeptRule<Rule>[] {
    return [...this.#entries].map(([rule, { id, strikes }]) => ({ id, rule, strikes }));
  }

  countStrike(rule: Rule): void {
    const entry = this.#entries.get(rule);
    if (entry) entry.strikes += 1;
  }

  watch(watcher: RuleWatcher<Rule>): void {
    this.#watchers.push(watcher);
  }
}
