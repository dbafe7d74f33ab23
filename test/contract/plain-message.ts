import type { DecodedFrame, VenueMessage } from '../../src/model/message.js';
import type { LevelColumns } from '../../src/model/levels.js';

/** A level as a fixture writes it: side, price and size with the digits of the wire. */
export type PlainLevel = readonly ['bid' | 'ask', string, string];

/** A message without reused parts: book columns become lists of levels. */
export type PlainMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/** A decoded frame that stays as it is when the codec goes on. */
export interface PlainFrame {
  readonly channel: string;
  readonly number: number;
  readonly sentAtMs: number;
  readonly messages: readonly PlainMessage[];
}

/** Copies a decoded frame, so that it can be compared after the next `decode`. */
export function toPlainFrame(frame: DecodedFrame): PlainFrame {
  const { channel, number, sentAtMs, messages } = frame;
  return { channel, number, sentAtMs, messages: messages.map(toPlainMessage) };
}

/** Copies a message; maps become lists of entries, columns become lists of levels. */
export function toPlainMessage(message: VenueMessage): PlainMessage {
  if (message.type === 'book.snapshot' || message.type === 'book.delta') {
    const { columns, ...rest } = message;
    return { ...rest, levels: listLevels(columns) };
  }
  if (message.type === 'subscriptions.held') {
    return { type: message.type, held: Object.fromEntries(message.held) };
  }
  return structuredClone<object>(message) as PlainMessage;
}

/** The levels of columns, as texts. Written apart from the project's own formatting on purpose. */
export function listLevels(columns: LevelColumns): PlainLevel[] {
  return Array.from({ length: columns.count }, (_, index): PlainLevel => [
    columns.sides[index] === 0 ? 'bid' : 'ask',
    toText(
      columns.exactUnits.get(2 * index) ?? BigInt(columns.priceUnits[index]!),
      columns.priceDecimals[index]!,
    ),
    toText(
      columns.exactUnits.get(2 * index + 1) ?? BigInt(columns.sizeUnits[index]!),
      columns.sizeDecimals[index]!,
    ),
  ]);
}

function toText(units: bigint, decimals: number): string {
  if (decimals === 0) return String(units);
  const digits = String(units).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
