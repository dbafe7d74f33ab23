import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FINAL_HASHES,
  readRecordedTruth,
  recordingAbsent,
  skipReason,
  type RecordedTruth,
} from './recorded-truth.js';
import { followRecording, followWithLosses } from './recorded-follower.js';

const PRODUCTS = Object.keys(FINAL_HASHES);
const SAMPLE_COUNT = 210;

/** Positions spread over the whole session, the first and the last frames among them. */
function samplePositions(frameCount: number): number[] {
  const step = (frameCount - 2) / (SAMPLE_COUNT - 1);
  const positions = Array.from({ length: SAMPLE_COUNT }, (_, index) => Math.round(index * step));
  return [...new Set(positions)];
}

describe.skipIf(recordingAbsent)(`a recorded session over a real socket${skipReason}`, () => {
  let truth: RecordedTruth;
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);

  beforeAll(() => {
    process.on('unhandledRejection', note);
    truth = readRecordedTruth(50);
  });
  afterAll(() => void process.off('unhandledRejection', note));

  it('has the published hashes at its end, by the plainest reading', () => {
    for (const product of PRODUCTS) {
      const hashes = [...(truth.states.get(product)?.values() ?? [])];
      expect(hashes.at(-1)).toBe(FINAL_HASHES[product]);
    }
    expect(truth.frameCount).toBe(1030);
  });

  it('arrives whole: 1,030 frames, no gap, both books equal to the last digit', async () => {
    const run = await followRecording({ truth, withhold: undefined });
    expect(run.frames).toBe(1030);
    expect(run.gaps).toBe(0);
    expect(run.wrongWhileLive).toEqual([]);
    expect(run.finalHashes).toEqual(FINAL_HASHES);
    expect(run.liveChecks).toBeGreaterThan(700);
  });

  it(
    `heals from each of ${SAMPLE_COUNT} single lost frames and is never live and wrong`,
    { timeout: 240_000 },
    async () => {
      const positions = samplePositions(truth.frameCount);
      expect(positions.length).toBeGreaterThanOrEqual(200);
      expect(await followWithLosses(truth, positions)).toEqual([]);
      expect(unhandled).toEqual([]);
    },
  );
});
