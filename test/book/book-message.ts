import { ASK, BID, createLevelColumns, type BookMessage } from '../../src/book/index.js';

/** Price and size as a wire spells them. */
export type LevelText = readonly [price: string, size: string];

/** What a message may say beside its levels. */
export interface MessageParts {
  readonly bids?: readonly LevelText[];
  readonly asks?: readonly LevelText[];
  readonly checksum?: number;
  readonly venueAtMs?: number;
}

function createMessage(type: BookMessage['type'], parts: MessageParts): BookMessage {
  const columns = createLevelColumns();
  for (const [side, levels] of [
    [BID, parts.bids ?? []],
    [ASK, parts.asks ?? []],
  ] as const) {
    for (const [price, size] of levels) {
      if (!columns.pushText(side, price, size)) throw new Error(`${price} ${size} is no level.`);
    }
  }
  return {
    type,
    symbol: 'BTC-USD',
    venueAtMs: parts.venueAtMs ?? NaN,
    columns,
    firstNumber: NaN,
    lastNumber: NaN,
    checksum: parts.checksum ?? NaN,
  };
}

/** A whole book. */
export function snapshot(parts: MessageParts): BookMessage {
  return createMessage('book.snapshot', parts);
}

/** Changes of a book. */
export function delta(parts: MessageParts): BookMessage {
  return createMessage('book.delta', parts);
}
