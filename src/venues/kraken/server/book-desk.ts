/**
 * Books at every depth and in both protocols, made of one whole book for each pair. The checksum
 * covers the ten best levels of what the holder has after the message, which are the same at every
 * depth; its text is what the protocol prints.
 */
import type { MarketBookChange, MarketSource } from '../../../model/exchange.js';
import { BOOK_DEPTHS, CHECKSUM_DEPTH } from '../messages.js';
import type { Audience } from './audience.js';
import { encodeBookSnapshot, encodeBookUpdate, printLevel, type Place } from './encode-v1.js';
import { encodeBook, splitSides } from './encode-v2.js';
import { checksumDigits, checksumText, printDecimal } from './number-text.js';
import type { Pair, PairTable } from './pairs.js';
import type { FrameKind, ServerFrame } from './server-frame.js';
import { topicKey, type Protocol, type Topic } from './topic.js';
import { WindowBook, type BookEntry, type BookLevel } from './window-book.js';

/** What a desk is made of. */
export interface DeskOptions {
  readonly source: MarketSource;
  readonly pairs: PairTable;
  readonly audience: Audience;
}

/** All books of a server. */
export interface BookDesk {
  /** The present book; undefined where the market has none yet, and it will be published. */
  snapshot(topic: Topic): ServerFrame | undefined;
  /** Publishes a change to all holders but those of one topic, who have it already. */
  onChange(change: MarketBookChange, exceptKey?: string): void;
  /** Forgets all books: nobody holds one. */
  forget(): void;
}

interface BookTopic extends Topic {
  readonly depth: number;
  readonly key: string;
}

const PROTOCOLS: readonly Protocol[] = ['v1', 'v2'];

/** Opens the desk of one server. */
export function createBookDesk({ source, pairs, audience }: DeskOptions): BookDesk {
  const books = new Map<string, WindowBook>();

  const open = (symbol: string): WindowBook | undefined => {
    const known = books.get(symbol);
    if (known) return known;
    const present = source.book(symbol);
    if (!present) return undefined;
    const book = new WindowBook(present);
    books.set(symbol, book);
    return book;
  };
  const snapshot = (topic: Topic): ServerFrame | undefined => {
    const pair = pairs.bySymbol(topic.symbol);
    const book = pair && open(pair.symbol);
    return book && frameOf(pair, topic, { kind: 'snapshot', book });
  };

  return {
    snapshot,
    forget: () => books.clear(),
    onChange(change, exceptKey) {
      const pair = pairs.bySymbol(change.symbol);
      const book = books.get(change.symbol);
      if (!pair) return;
      const held = heldTopics(change.symbol, audience).filter(({ key }) => key !== exceptKey);
      if (!book) {
        // Whoever holds it already waits for the first snapshot; the source knows it by now.
        for (const topic of held) {
          const frame = snapshot(topic);
          if (frame) audience.publish(topic.key, frame);
        }
        return;
      }
      const seen = book.apply(change, [...new Set(held.map(({ depth }) => depth))]);
      for (const topic of held) {
        const entries = seen.get(topic.depth) ?? [];
        if (entries.length === 0) continue;
        audience.publish(topic.key, frameOf(pair, topic, { kind: 'update', book, entries }));
      }
    },
  };
}

function heldTopics(symbol: string, audience: Audience): BookTopic[] {
  return PROTOCOLS.flatMap((protocol) =>
    BOOK_DEPTHS.flatMap((depth) => {
      const topic = { protocol, channel: 'book', symbol, option: String(depth) } as const;
      const key = topicKey(topic);
      return audience.isHeld(key) ? [{ ...topic, depth, key }] : [];
    }),
  );
}

type Content =
  | { readonly kind: 'snapshot'; readonly book: WindowBook }
  | { readonly kind: 'update'; readonly book: WindowBook; readonly entries: readonly BookEntry[] };

function frameOf(pair: Pair, topic: Topic, content: Content): ServerFrame {
  const isV1 = topic.protocol === 'v1';
  const kind: FrameKind = content.kind;
  return {
    kind,
    channel: 'book',
    symbol: isV1 ? pair.v1Symbol : pair.symbol,
    isDeep:
      content.kind === 'update' && content.entries.every(({ rank }) => rank >= CHECKSUM_DEPTH),
    text: isV1 ? encodeV1(pair, topic, content) : encodeV2(pair, topic, content),
  };
}

function encodeV1(pair: Pair, { option }: Topic, content: Content): string {
  const optionIndex = BOOK_DEPTHS.findIndex((depth) => String(depth) === option);
  const place: Place = { pair, channel: 'book', option, optionIndex };
  const { book } = content;
  if (content.kind === 'snapshot') {
    const depth = Number(option);
    return encodeBookSnapshot(place, {
      bids: book.best('bid', depth),
      asks: book.best('ask', depth),
    });
  }
  const checksum = checksumOf(book, (level) =>
    printLevel(pair, level).map(checksumDigits).join(''),
  );
  return encodeBookUpdate(place, content.entries, checksum);
}

function encodeV2(pair: Pair, { option }: Topic, content: Content): string {
  const depth = Number(option);
  const { book, kind: type } = content;
  const { bids, asks } =
    content.kind === 'update'
      ? splitSides(content.entries)
      : { bids: book.best('bid', depth), asks: book.best('ask', depth) };
  const checksum = checksumOf(book, ({ price, size }) => {
    const digits = checksumDigits(printDecimal(price, pair.v2.price));
    return digits + checksumDigits(printDecimal(size, pair.v2.size));
  });
  return encodeBook({ pair, type, bids, asks, checksum, time: book.time });
}

/** Asks from the lowest price up, then bids from the highest down; a short side as it is. */
function checksumOf(book: WindowBook, digits: (level: BookLevel) => string): number {
  const levels = [...book.best('ask', CHECKSUM_DEPTH), ...book.best('bid', CHECKSUM_DEPTH)];
  return checksumText(levels.map(digits).join(''));
}
