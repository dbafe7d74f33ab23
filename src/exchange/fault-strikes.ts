/** Which frames of one connection a rule strikes: by count, by pattern, once or from then on. */
import type { Clock } from '../model/runtime.js';

/** As much of a rule as decides whom it strikes. */
export interface PickingRule<Pattern> {
  /** One frame: the `count`-th, the first by default, that fits. */
  readonly at?: (Pattern & { readonly count?: number | undefined }) | undefined;
  /** Each n-th frame that fits. */
  readonly every?: (Pattern & { readonly frames: number }) | undefined;
  /** How long a lasting fault lasts; for ever by default. */
  readonly forMs?: number | undefined;
}

/** What is known of a venue's frames and faults. */
export interface StrikeKnowledge<Rule, Pattern, Frame> {
  /** Whether a frame is one that the pattern means; undefined means all. */
  fits(pattern: Pattern | undefined, frame: Frame, rule: Rule): boolean;
  /** Of a fault that lasts from its first strike on: which frames it takes then. */
  lasts(rule: Rule): ((frame: Frame) => boolean) | undefined;
}

/** Counts, for one connection, what every rule has seen so far. */
export interface Strikes<Rule, Frame> {
  /** To be asked once for each frame. */
  hits(rule: Rule, frame: Frame): boolean;
  /**
   * Whether a lasting rule has struck and still lasts. One that picks no frame holds from when it
   * is first asked about.
   */
  isActive(rule: Rule): boolean;
}

/** Begins to count for a new connection. */
export function createStrikes<Pattern, Rule extends PickingRule<Pattern>, Frame>(
  knowledge: StrikeKnowledge<Rule, Pattern, Frame>,
  clock: Clock,
): Strikes<Rule, Frame> {
  const seen = new Map<Rule, number>();
  const startedAtMs = new Map<Rule, number>();

  const isPicked = (rule: Rule, frame: Frame): boolean => {
    const { at, every } = rule;
    if (!knowledge.fits(at ?? every, frame, rule)) return false;
    const count = (seen.get(rule) ?? 0) + 1;
    seen.set(rule, count);
    if (at) return count === (at.count ?? 1);
    return every ? count % every.frames === 0 : true;
  };

  const start = (rule: Rule): void => {
    if (!startedAtMs.has(rule)) startedAtMs.set(rule, clock.monotonicMs());
  };

  const isActive = (rule: Rule): boolean => {
    if (!rule.at && !rule.every) start(rule);
    const startMs = startedAtMs.get(rule);
    return startMs !== undefined && clock.monotonicMs() - startMs < (rule.forMs ?? Infinity);
  };

  return {
    isActive,
    hits(rule, frame) {
      const picked = isPicked(rule, frame);
      const takes = knowledge.lasts(rule);
      if (!takes) return picked;
      if (picked) start(rule);
      return isActive(rule) && takes(frame);
    },
  };
}
