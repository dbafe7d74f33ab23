/**
 * How `l2_data` frames are spelled: this field order, no space, one event, one time for all levels,
 * as in every recorded frame.
 */
import { ASK, BID } from '../../model/levels.js';
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
  type FrameShape,
} from '../../wire/frame-shape.js';
import { createShapeScanner } from '../../wire/shape-scanner.js';

/** As `npm run kernel` finds it. */
export const SHAPE: FrameShape = {
  name: 'coinbaseBook',
  steps: [
    text('{"channel":"l2_data",'),
    optional('"client_id":"",'),
    text('"timestamp":"'),
    time('sentAtMs'),
    text('","sequence_num":'),
    whole('number'),
    text(',"events":[{"type":"'),
    either(
      ['update","product_id":"', note('type', 0)],
      ['snapshot","product_id":"', note('type', 1)],
    ),
    symbol,
    text('","updates":['),
    levels({
      heads: [
        [BID, '{"side":"bid","event_time":"'],
        [ASK, '{"side":"offer","event_time":"'],
      ],
      time: { fact: 'venueAtMs', beforePrice: '","price_level":"' },
      beforeSize: '","new_quantity":"',
      end: '"}',
    }),
    text('}]}'),
  ],
};

/** Makes a scanner; `numbered` says whether `sequence_num` counts per symbol. */
export function createBookScanner({ numbered }: { readonly numbered: boolean }): BookScanner {
  return createShapeScanner(SHAPE, {
    types: ['book.delta', 'book.snapshot'],
    isBookNumbered: numbered,
  });
}
