import { Script } from 'node:vm';
import fc, { type RunDetails } from 'fast-check';
import { mutate, STEP_KINDS, type Step } from './mutation.js';
import {
  playCase,
  playCaseLater,
  type AnyFuzzSubject,
  type CaseResult,
  type FuzzSubject,
} from './subject.js';

/** How often, and from which seed. `path` plays one case of that seed again. */
export interface FuzzPlan {
  readonly runs: number;
  readonly seed: number;
  readonly path?: string | undefined;
}

/** How many cases were read, and how many refused. */
export type FuzzCounts = Readonly<Record<CaseResult, number>>;

/** A parser that takes longer than this for so many cases hangs; they take a second at most. */
const HANG_MS = 60_000;
const RUNS_PER_CHUNK = 1_000;
const STEPS_MAX = 5;
const SHOWN_CHARACTERS_MAX = 2_000;

interface FuzzCase {
  readonly which: number;
  readonly lender: number;
  readonly steps: readonly Step[];
}

const NUMBER = fc.nat(2 ** 31 - 1);
const CASE: fc.Arbitrary<FuzzCase> = fc.record({
  which: NUMBER,
  lender: NUMBER,
  steps: fc.array(fc.tuple(fc.nat(STEP_KINDS - 1), NUMBER, NUMBER), { maxLength: STEPS_MAX }),
});

function makeBytes({ corpus }: AnyFuzzSubject, { which, lender, steps }: FuzzCase): Buffer {
  const text = corpus[which % corpus.length]!;
  return mutate(text, steps, corpus[lender % corpus.length]!);
}

function describeFailure(
  subject: AnyFuzzSubject,
  details: RunDetails<[FuzzCase]>,
  plan: FuzzPlan,
): Error {
  const [failing] = details.counterexample ?? [];
  const bytes = failing && makeBytes(subject, failing);
  const shown = JSON.stringify(bytes?.toString('latin1') ?? '').slice(0, SHOWN_CHARACTERS_MAX);
  const cause = details.errorInstance;
  const path = details.counterexamplePath ?? '';
  return new Error(
    `${subject.name}, after ${details.numRuns} cases and ${details.numShrinks} times smaller:\n` +
      `${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n` +
      `The input (latin1): ${shown}\nAgain: npm run test:fuzz -- --only ${subject.name} ` +
      `--seed ${plan.seed} --path ${path}`,
    { cause },
  );
}

/** Runs work that a timer of this thread could not end, since a hanging parser lets none fire. */
function runBounded<Result>(work: () => Result, describeHang: () => string): Result {
  const held = globalThis as { truefeedFuzzWork?: () => Result };
  held.truefeedFuzzWork = work;
  try {
    const script = new Script('globalThis.truefeedFuzzWork()');
    return script.runInThisContext({ timeout: HANG_MS }) as Result;
  } catch (error) {
    const isHang = (error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    throw isHang ? new Error(describeHang(), { cause: error }) : error;
  } finally {
    delete held.truefeedFuzzWork;
  }
}

function playChunk(subject: FuzzSubject, plan: FuzzPlan, count: (how: CaseResult) => void): void {
  let last: Buffer = Buffer.alloc(0);
  const property = fc.property(CASE, (one) => {
    last = makeBytes(subject, one);
    count(playCase(subject, last));
  });
  const options = { seed: plan.seed, numRuns: plan.runs, path: plan.path ?? '' };
  const details = runBounded(
    () => fc.check(property, options),
    () =>
      `${subject.name} hangs, with seed ${plan.seed}, on this input (base64): ` +
      last.toString('base64'),
  );
  if (details.failed) throw describeFailure(subject, details, plan);
}

/**
 * Plays cases, in chunks each of which has the seed after the last one's, so that one is played
 * again by itself. Throws at the first property that does not hold, with the command for it.
 */
export async function fuzz(subject: AnyFuzzSubject, plan: FuzzPlan): Promise<FuzzCounts> {
  const counts = { read: 0, refused: 0 };
  const count = (how: CaseResult): void => void (counts[how] += 1);
  // A path leads to one case of one seed.
  const runs = plan.path === undefined ? plan.runs : 1;
  for (let left = runs, { seed } = plan; left > 0; left -= RUNS_PER_CHUNK, seed += 1) {
    const chunk = { ...plan, seed, runs: Math.min(left, RUNS_PER_CHUNK) };
    if ('read' in subject) playChunk(subject, chunk, count);
    else {
      const property = fc.asyncProperty(CASE, async (one) => {
        count(await playCaseLater(subject, makeBytes(subject, one)));
      });
      const options = { seed, numRuns: chunk.runs, path: plan.path ?? '' };
      const details = await fc.check(property, options);
      if (details.failed) throw describeFailure(subject, details, chunk);
    }
  }
  return counts;
}
