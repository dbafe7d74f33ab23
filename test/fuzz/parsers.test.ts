import { expect, it } from 'vitest';
import { fuzz } from './run.js';
import { listSubjects } from './subjects.js';
import { SAMPLES_NOTE } from './samples.js';

const RUNS = 60;

it.each(await listSubjects())(`$name answers whatever comes${SAMPLES_NOTE}`, async (subject) => {
  const { read, refused } = await fuzz(subject, { runs: RUNS, seed: 1 });
  expect(read + refused).toBe(RUNS);
});
