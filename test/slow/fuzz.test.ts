import { expect, it } from 'vitest';
import { asked } from '../fuzz/asked.js';
import { fuzz } from '../fuzz/run.js';
import { SAMPLES_NOTE } from '../fuzz/samples.js';
import { listSubjects } from '../fuzz/subjects.js';

const { only = '', runs = 10_000, seed = 1_000, path } = asked;
const chosen = (await listSubjects()).filter(({ name }) => name.startsWith(only));

it('has parsers to play', () => {
  expect(chosen.length, `There is no parser "${only}".`).toBeGreaterThan(0);
});

it.each(chosen)(`$name answers whatever comes${SAMPLES_NOTE}`, async (subject) => {
  const { read, refused } = await fuzz(subject, { runs, seed, path });
  expect(read + refused).toBeGreaterThan(0);
});
