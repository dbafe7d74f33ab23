import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../tidy/source-tree.js';

/** The recorded Coinbase session, outside the project. */
export const recordingPath = join(
  rootFolder,
  '../shared/samples/coinbase/advtrade-cryptofeed-2026-08-09-trimmed250.jsonl',
);

/** Tests that need the recording are skipped where it is absent, with this reason. */
export const recordingAbsent = !existsSync(recordingPath);
export const skipReason = recordingAbsent ? ' (skipped: no ../shared/samples here)' : '';

/** Hashes published beside the recording: the best 50 levels a side at its end. */
export const FINAL_HASHES: Readonly<Record<string, string>> = {
  'BTC-USD': '1f3c580f9ef4008ff8b3dde39350f55df0d786ee756f6bfe6c9cb7e90e118715',
  'ETH-USD': 'a8d16811265078a3d20c134106cdb64cba91622e8c94daa7ba4702b238bf1230',
};

interface WireLevel {
  readonly side: string;
  readonly price_level: string;
  readonly new_quantity: string;
  readonly event_time: string;
}

/** As much of a frame as the tests look at. */
export interface WireFrame {
  readonly channel: string;
  readonly events: readonly {
    readonly type: string;
    readonly product_id: string;
    readonly updates: readonly WireLevel[];
  }[];
}

/** Hash of `"<price> <size>"` lines, best bids first, then best asks. */
export function hashLevels(
  bids: readonly { readonly price: string; readonly size: string }[],
  asks: readonly { readonly price: string; readonly size: string }[],
): string {
  const lines = [...bids, ...asks].map(({ price, size }) => `${price} ${size}`);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** A book kept in the plainest way, from strings, to compare the real one with. */
class PlainBook {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();

  apply(levels: readonly WireLevel[]): void {
    for (const level of levels) {
      const side = level.side === 'bid' ? this.bids : this.asks;
      if (level.new_quantity === '0') side.delete(level.price_level);
      else side.set(level.price_level, level.new_quantity);
    }
  }

  hash(depth: number): string {
    const list = (side: Map<string, string>, direction: number) =>
      [...side]
        .map(([price, size]) => ({ price, size }))
        .sort((a, b) => direction * (Number(a.price) - Number(b.price)))
        .slice(0, depth);
    return hashLevels(list(this.bids, -1), list(this.asks, 1));
  }
}

/**
 * Every state that the recorded books went through: product → the exchange's time of the change, as
 * sent → hash of the best levels. The times are unique per product in the recording.
 */
export interface RecordedTruth {
  readonly states: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly frameCount: number;
}

/** The one time that all levels of an event carry. */
export function timeOf(levels: readonly { readonly event_time: string }[]): string {
  return levels[0]?.event_time ?? '';
}

/** Reads the recording with nothing but JSON.parse and maps of strings. */
export function readRecordedTruth(depth: number): RecordedTruth {
  const books = new Map<string, PlainBook>();
  const states = new Map<string, Map<string, string>>();
  let frameCount = 0;
  for (const line of readFileSync(recordingPath, 'utf8').trimEnd().split('\n')) {
    const record = JSON.parse(line) as { dir: string; data: string };
    if (record.dir !== 'recv') continue;
    frameCount += 1;
    const frame = JSON.parse(record.data) as WireFrame;
    if (frame.channel !== 'l2_data') continue;
    for (const event of frame.events) {
      if (event.type === 'snapshot') books.set(event.product_id, new PlainBook());
      const book = books.get(event.product_id);
      if (!book) throw new Error(`The recording updates ${event.product_id} before its snapshot.`);
      book.apply(event.updates);
      const byTime = states.get(event.product_id) ?? new Map<string, string>();
      byTime.set(timeOf(event.updates), book.hash(depth));
      states.set(event.product_id, byTime);
    }
  }
  return { states, frameCount };
}
