import type { BookPool, MutableBook } from './book-pool.js';
import type { Decoding } from './frame.js';

/** What the frame itself says, beside its book. */
export interface FrameFacts {
  /** NaN where it carries none. */
  number: number;
  /** NaN where the venue does not say. */
  sentAtMs: number;
}

/**
 * A fast reader of frames of one book each, from bytes into columns. It knows exactly one spelling,
 * the one that the venue writes. It takes nothing that the ordinary codec would refuse or read
 * otherwise, and leaves everything else to it; fuzz tests compare the two.
 */
export interface BookScanner {
  /**
   * Fills the book and the facts, all of their fields. False where the frame is not for it; they
   * then hold anything.
   */
  scan(frame: Uint8Array, book: MutableBook, facts: FrameFacts): boolean;
}

/**
 * Decodes a frame the fast way, into an assembly and a pool that were started; false, and nothing
 * is changed, where that is not for it.
 */
export function scanBook(
  bytes: Uint8Array,
  { scanner, pool }: { readonly scanner: BookScanner; readonly pool: BookPool },
  { frame, messages }: Decoding,
): boolean {
  const book = pool.take();
  if (!scanner.scan(bytes, book, frame)) {
    frame.number = frame.sentAtMs = NaN;
    pool.startFrame();
    return false;
  }
  messages.push(book);
  return true;
}
