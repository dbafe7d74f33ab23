import { isDeepStrictEqual } from 'node:util';
import { fitsScale } from '../../src/book/column-units.js';
import { copyColumns, fitByDigits } from '../../src/book/level-columns.js';
import type { LevelColumns } from '../../src/model/levels.js';
import type { VenueMessage } from '../../src/model/message.js';
import type { Codec } from '../../src/model/venue.js';
import { decodeAnyBytes } from '../contract/venue-hostile-input.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { damageFrame } from './damage.js';
import type { ScanSubject } from './subjects.js';

const SCALES = [0, 1, 2, 5, 8, 12].flatMap((priceDecimals) =>
  [0, 3, 8, 15].map((sizeDecimals) => ({ priceDecimals, sizeDecimals })),
);

/** The columns of the books of a frame; none where it is no frame. */
export function listColumns(codec: Codec, frame: Uint8Array): LevelColumns[] {
  let messages: readonly VenueMessage[] = [];
  try {
    ({ messages } = codec.decode(frame));
  } catch {
    return [];
  }
  return messages.flatMap((message) => ('columns' in message ? [message.columns] : []));
}

/** Throws where the digits that a scanner counted promise what the numbers do not hold. */
function requireDigits({ scanning }: ScanSubject, frame: Uint8Array): void {
  for (const columns of listColumns(scanning, frame)) {
    const looked = copyColumns(columns);
    const wrong = SCALES.find((scale) => fitByDigits(columns, scale) && !fitsScale(looked, scale));
    if (!wrong) continue;
    const text = Buffer.from(frame).toString('latin1');
    throw new Error(`By its digits it fits ${JSON.stringify(wrong)}: ${JSON.stringify(text)}`);
  }
}

/** Throws, with the frame, where the codec with the scanner says other than the one without. */
export function requireAgreement(subject: ScanSubject, frame: Uint8Array): void {
  const { scanning, ordinary } = subject;
  const [fast, plain] = [decodeAnyBytes(scanning, frame), decodeAnyBytes(ordinary, frame)];
  requireDigits(subject, frame);
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
