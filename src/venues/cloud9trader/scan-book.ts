/**
 * How changes of `order-book.<id>` are spelled, in the order of fields of the documented snapshot;
 * the answer to a request comes once, and is the ordinary codec's.
 */
import { ASK, BID, type SideIndex } from '../../model/levels.js';
import type { BookScanner } from '../../wire/frame-scan.js';
import {
  levels,
  symbol,
  text,
  whole,
  type ShapeStep,
  type FrameShape,
} from '../../wire/frame-shape.js';
import { createShapeScanner } from '../../wire/shape-scanner.js';
import { isInstrumentId } from './topics.js';

const levelsOf = (side: SideIndex): ShapeStep =>
  levels({ heads: [[side, '[']], beforeSize: ',', end: ']' });

/** As `npm run kernel` finds it. */
export const SHAPE: FrameShape = {
  name: 'cloud9TraderBook',
  steps: [
    text('["order-book.'),
    symbol,
    text('",{"sequence":'),
    whole('sequence'),
    text(',"bids":['),
    levelsOf(BID),
    text(',"asks":['),
    levelsOf(ASK),
    text('}]'),
  ],
};

/** Makes a scanner. */
export function createBookScanner(): BookScanner {
  return createShapeScanner(SHAPE, { isSymbol: isInstrumentId });
}
