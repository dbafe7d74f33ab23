import { describe, expect, it } from 'vitest';
import { followWithLosses } from '../end-to-end/recorded-follower.js';
import { readRecordedTruth, recordingAbsent, skipReason } from '../end-to-end/recorded-truth.js';

describe.skipIf(recordingAbsent)(`every single lost frame of a session${skipReason}`, () => {
  it('is reported once, and both books heal and are never live and wrong', async () => {
    const truth = readRecordedTruth(50);
    // The loss of the very last frame shows only with the next one, which is a live heartbeat.
    const positions = Array.from({ length: truth.frameCount }, (_, index) => index);
    expect(await followWithLosses(truth, positions)).toEqual([]);
  });
});
