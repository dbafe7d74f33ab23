/**
 * How the updates of `book-N` in protocol v1 are spelled: asks, bids, or first the one and then the
 * other in a payload of its own, with the checksum in the last, as in every recorded frame.
 */
import { ASK, BID, type SideIndex } from '../../../model/levels.js';
import type { BookScanner } from '../../../wire/frame-scan.js';
import {
  either,
  levels,
  optional,
  symbol,
  text,
  whole,
  type ShapeStep,
  type FrameShape,
} from '../../../wire/frame-shape.js';
import { createShapeScanner } from '../../../wire/shape-scanner.js';
import { CHECKSUM_MAX } from '../decode-book.js';

/** As many digits as the depth of a book may have. */
const DEPTH_DIGITS_MAX = 9;

/** The mark of a level that comes back, `"r"`, changes nothing. */
const levelsOf = (side: SideIndex): ShapeStep =>
  levels({
    heads: [[side, '["']],
    beforeSize: '","',
    seconds: { fact: 'venueAtMs', text: '","' },
    end: '"]',
    otherEnd: '","r"]',
  });

/** As `npm run kernel` finds it. */
export const SHAPE: FrameShape = {
  name: 'krakenV1Book',
  steps: [
    text('['),
    whole('unused'),
    either(
      [',{"b":[', levelsOf(BID)],
      [',{"a":[', levelsOf(ASK), optional('},{"b":[', levelsOf(BID))],
    ),
    text(',"c":"'),
    whole('checksum'),
    text('"},"book-'),
    whole('unused', DEPTH_DIGITS_MAX),
    text('","'),
    symbol,
    text('"]'),
  ],
};

/** Makes a scanner. */
export function createV1BookScanner(): BookScanner {
  return createShapeScanner(SHAPE, { checksumMax: CHECKSUM_MAX });
}
