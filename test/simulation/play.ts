import type { SimulatedVenue } from './exchanges.js';
import { run } from './run.js';
import { createScript, type ScriptSize } from './script.js';
import { shrink } from './shrink.js';

/** Which seeds are played, one after the other. */
export interface SeedRange extends ScriptSize {
  readonly from: number;
  readonly count: number;
  /** False where nobody wants to know why. */
  readonly shrinks?: boolean;
}

/** Plays them; throws with the shortest script and the command that plays the first bad one. */
export async function playSeeds(venue: SimulatedVenue, range: SeedRange): Promise<string> {
  const { from, count, orders, shrinks = true } = range;
  const told = new Map<string, number>();
  for (let seed = from; seed < from + count; seed += 1) {
    const script = createScript(venue, seed, { orders });
    const outcome = await run(script);
    if (outcome.violation) {
      const found = { script, outcome };
      const least = shrinks ? await shrink(found) : found;
      const command = `npm run test:simulation -- --venue ${venue} --seed ${seed}`;
      throw new Error(
        `${String(least.outcome.violation)}\n` +
          `Again: ${command}${orders > 0 ? ` --orders ${orders}` : ''}\n` +
          `The shortest script: ${JSON.stringify(least.script)}`,
      );
    }
    for (const [type, times] of outcome.counts) told.set(type, (told.get(type) ?? 0) + times);
  }
  return [...told].map(([type, times]) => `${times} ${type}`).join(', ');
}
