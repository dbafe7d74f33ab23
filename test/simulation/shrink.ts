import { run, type Outcome } from './run.js';
import type { Script } from './script.js';

/** A script that goes wrong, and what is left of it when all is gone that does not matter. */
export interface Finding {
  readonly script: Script;
  readonly outcome: Outcome;
}

/** Runs that shrinking may cost. */
const RUNS_MAX = 60;

/** Leaves out one act after the other, as long as the same invariant is broken. */
export async function shrink(found: Finding): Promise<Finding> {
  const invariant = found.outcome.violation?.invariant;
  let best = found;
  let runs = 0;
  for (let index = found.script.acts.length - 1; index >= 0 && runs < RUNS_MAX; index -= 1) {
    const acts = best.script.acts.filter((_, at) => at !== index);
    const script = { ...best.script, acts };
    const outcome = await run(script);
    runs += 1;
    if (outcome.violation?.invariant === invariant) best = { script, outcome };
  }
  return best;
}
