import { createBook } from '../book/book.js';
import { createLevelChanges } from '../book/level-changes.js';
import type { BookView } from '../model/book.js';
import type { LevelChanges, LevelColumns } from '../model/levels.js';
import type { BookMessage } from '../model/message.js';
import { copyBookColumns } from './book-columns.js';
import { BookStream } from './book-stream.js';
import { createBookView } from './book-view.js';
import { createDeltaBuffer } from './delta-buffer.js';
import type { FeedTools } from './feed-tools.js';

/** A book of levels, as the feed keeps it. */
export type LevelBookStream = BookStream<BookMessage, BookView, LevelChanges>;

/** Keeps a book of levels, at the depth that was asked for or the venue's own. */
export function createLevelBookStream(
  tools: FeedTools,
  symbol: string,
  depth: number | undefined,
): LevelBookStream {
  const {
    venue: { id: venueId, book: rule },
    limits,
    runtime,
  } = tools;
  const book = createBook({
    venue: venueId,
    symbol,
    depth: depth ?? rule.depth,
    verifiedDepth: rule.verifiedDepth,
    computeChecksum: rule.computeChecksum,
    sinceAtMs: runtime.clock.nowMs(),
    nowMs: () => runtime.clock.nowMs(),
  });
  /** The codec reuses its columns, so one view of them serves message after message. */
  let known: LevelColumns | undefined;
  let changes: LevelChanges | undefined;
  const asChanges = (columns: LevelColumns): LevelChanges => {
    if (changes === undefined || known !== columns) changes = createLevelChanges(columns);
    known = columns;
    return changes;
  };
  return new BookStream(tools, {
    kind: 'book',
    book,
    buffer: createDeltaBuffer<BookMessage>({
      maxDeltas: limits.maxBufferedDeltas,
      maxLevels: limits.maxBufferedLevels,
    }),
    createView: (name) => createBookView(book, name),
    listChanges: (message) => asChanges(message.columns),
    listWhole: () => createLevelChanges(copyBookColumns(book.levels)),
    // Field by field: spreading takes longer than all else that is done with a message.
    describeChange: (
      { venue, symbol: name, venueAtMs, receivedAtMs },
      view,
      { kind, changes },
    ) => ({
      type: 'book.changed',
      venue,
      symbol: name,
      venueAtMs,
      receivedAtMs,
      kind,
      book: view,
      changes,
    }),
  });
}
