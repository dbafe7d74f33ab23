import { isDeepStrictEqual } from 'node:util';
import { decodeAnyBytes } from '../contract/venue-hostile-input.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { damageFrame } from './damage.js';
import type { ScanSubject } from './subjects.js';

/** Throws, with the frame, where the codec with the scanner says other than the one without. */
export function requireAgreement({ scanning, ordinary }: ScanSubject, frame: Uint8Array): void {
  const [fast, plain] = [decodeAnyBytes(scanning, frame), decodeAnyBytes(ordinary, frame)];
  if (isDeepStrictEqual(fast, plain)) return;
  const text = Buffer.from(frame).toString('latin1');
  throw new Error(
    `Read otherwise: ${JSON.stringify(text)}\nscanner: ${JSON.stringify(fast)}\n` +
      `codec: ${JSON.stringify(plain)}`,
  );
}

/** What came of many damaged frames. */
export interface Agreement {
  /** Taken by the scanner, and read as the codec reads it. */
  readonly scanned: number;
  /** Left to the codec, which then did or did not take it. */
  readonly left: number;
}

/** Damages frames, seeded; throws at the first that the scanner reads otherwise. */
export function countAgreement(
  subject: ScanSubject,
  { seed, count }: { readonly seed: number; readonly count: number },
): Agreement {
  const random = createSeededRandom(seed);
  const frames = subject.frames.map((text) => Buffer.from(text));
  let scanned = 0;
  for (let index = 0; index < count; index += 1) {
    const damaged = damageFrame(frames[index % frames.length]!, random);
    if (!subject.isScanned(damaged)) continue;
    scanned += 1;
    requireAgreement(subject, damaged);
  }
  return { scanned, left: count - scanned };
}
