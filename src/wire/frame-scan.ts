/**
 * Fast readers of frames, from bytes into messages. Each knows exactly one spelling, the one that
 * the venue writes. It takes nothing that the ordinary codec would refuse or read otherwise, and
 * leaves everything else to it; fuzz tests compare the two.
 */
import type { FrameBytes } from '../model/frame-bytes.js';
import type { Trade } from '../model/market.js';
import type { OrdersBookMessage } from '../model/message.js';
import type { BookPool, MutableBook } from './book-pool.js';
import type { Decoding } from './frame.js';
import { pushTrades, type SymbolItem, type UpdateKind } from './market.js';

/** Takes whole frames. */
export interface FrameScanner {
  /** False, and no message, where the frame is not for it. */
  scan(bytes: FrameBytes, decoding: Decoding): boolean;
}

/** For a codec that is to read every frame the ordinary way. */
export const NO_SCANNERS: readonly FrameScanner[] = [];

/** What the frame itself says, beside its data. */
export interface FrameFacts {
  /** NaN where it carries none. */
  number: number;
  /** NaN where the venue does not say. */
  sentAtMs: number;
}

/** Reads frames of one book each. */
export interface BookScanner {
  /** Fills the book and the facts. False where the frame is not for it; they then hold anything. */
  scan(bytes: FrameBytes, book: MutableBook, facts: FrameFacts): boolean;
}

/** Reads frames of trades. */
export interface TradeScanner {
  /** Adds the trades as the wire has them; undefined where the frame is not for it. */
  scan(bytes: FrameBytes, trades: SymbolItem<Trade>[], facts: FrameFacts): UpdateKind | undefined;
}

/** Reads frames of one order-by-order book each. */
export interface OrdersBookScanner {
  /** Undefined where the frame is not for it. */
  scan(bytes: FrameBytes): OrdersBookMessage | undefined;
}

/** Hands a frame to one scanner after the other. Returns whether one of them took it. */
export function scanFrame(
  bytes: FrameBytes,
  scanners: readonly FrameScanner[],
  decoding: Decoding,
): boolean {
  const { frame } = decoding;
  for (let index = 0; index < scanners.length; index += 1) {
    if (scanners[index]?.scan(bytes, decoding) === true) return true;
    frame.number = frame.sentAtMs = NaN;
  }
  return false;
}

/** Books under our name of their channel, into a pool that was started. */
export function scanBooks(channel: string, scanner: BookScanner, pool: BookPool): FrameScanner {
  return {
    scan(bytes, { frame, messages }) {
      const book = pool.take();
      if (!scanner.scan(bytes, book, frame)) {
        pool.startFrame();
        return false;
      }
      frame.channel = channel;
      messages.push(book);
      return true;
    },
  };
}

/** Trades under our name of their channel; `newestFirst` as the wire has them. */
export function scanTrades(
  channel: string,
  scanner: TradeScanner,
  { newestFirst }: { readonly newestFirst: boolean },
): FrameScanner {
  return {
    scan(bytes, { frame, messages }) {
      const trades: SymbolItem<Trade>[] = [];
      const kind = scanner.scan(bytes, trades, frame);
      if (kind === undefined) return false;
      frame.channel = channel;
      pushTrades(messages, kind, newestFirst ? trades.reverse() : trades);
      return true;
    },
  };
}

/** Order-by-order books under our name of their channel. */
export function scanOrdersBooks(channel: string, scanner: OrdersBookScanner): FrameScanner {
  return {
    scan(bytes, { frame, messages }) {
      const message = scanner.scan(bytes);
      if (message === undefined) return false;
      frame.channel = channel;
      messages.push(message);
      return true;
    },
  };
}
