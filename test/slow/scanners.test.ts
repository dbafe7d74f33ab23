import { expect, it } from 'vitest';
import { countAgreement } from '../scan/agreement.js';
import { SCAN_SUBJECTS } from '../scan/subjects.js';

const FRAMES = 1_000_000;

// Seven million frames in all.
it.each(SCAN_SUBJECTS)('a million damaged frames of $name: as the codec', (subject) => {
  const { scanned, left } = countAgreement(subject, { seed: 20_260_809, count: FRAMES });
  expect(scanned).toBeGreaterThan(FRAMES / 10);
  expect(left).toBeGreaterThan(FRAMES / 4);
});
