/**
 * How `book` frames of protocol v2 are spelled: this field order, no space, one book, as in every
 * recorded frame. Snapshots recorded in 2024 have no time.
 */
import { ASK, BID, type SideIndex } from '../../model/levels.js';
import type { BookScanner } from '../../wire/frame-scan.js';
import {
  either,
  levels,
  note,
  optional,
  symbol,
  text,
  time,
  whole,
  type ShapeStep,
  type FrameShape,
} from '../../wire/frame-shape.js';
import { createShapeScanner } from '../../wire/shape-scanner.js';
import { CHECKSUM_MAX } from './decode-book.js';

const levelsOf = (side: SideIndex): ShapeStep =>
  levels({ heads: [[side, '{"price":']], beforeSize: ',"qty":', end: '}' });

/** As `npm run kernel` finds it. */
export const SHAPE: FrameShape = {
  name: 'krakenBook',
  steps: [
    text('{"channel":"book","type":"'),
    either(
      ['update","data":[{"symbol":"', note('type', 0)],
      ['snapshot","data":[{"symbol":"', note('type', 1)],
    ),
    symbol,
    text('","bids":['),
    levelsOf(BID),
    text(',"asks":['),
    levelsOf(ASK),
    text(',"checksum":'),
    whole('checksum'),
    optional(',"timestamp":"', time('venueAtMs'), text('"')),
    text('}]}'),
  ],
};

/** Makes a scanner. */
export function createBookScanner(): BookScanner {
  return createShapeScanner(SHAPE, {
    types: ['book.delta', 'book.snapshot'],
    checksumMax: CHECKSUM_MAX,
  });
}
