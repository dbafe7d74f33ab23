import { describe, expect, it } from 'vitest';
import { formatEventLine, toQueuedLine } from '../../src/cli/event-line.js';
import { createLineQueue } from '../../src/cli/line-queue.js';
import { ConnectionError, ProtocolError } from '../../src/model/error.js';
import type { BookChanged, FeedEvent } from '../../src/model/event.js';

const base = { venue: 'coinbase', symbol: 'BTC-USD', venueAtMs: 1.5, receivedAtMs: 2 };
const parse = (event: FeedEvent, depth = 1): unknown => JSON.parse(formatEventLine(event, depth));

describe('events as lines', () => {
  it('show a book as its top levels in exact digits', () => {
    const levels = (price: string, size: string) => [
      { price, size, priceNumber: Number(price), sizeNumber: Number(size) },
    ];
    const depths: number[] = [];
    const book = {
      state: { status: 'live', sinceAtMs: 0 },
      top(depth: number) {
        depths.push(depth);
        return { bids: levels('65083.66', '0.20'), asks: levels('138991023.41000001', '1') };
      },
    } as unknown as BookChanged['book'];
    const changes = {} as BookChanged['changes'];
    expect(parse({ ...base, type: 'book.changed', kind: 'delta', book, changes }, 7)).toEqual({
      ...base,
      type: 'book.changed',
      kind: 'delta',
      status: 'live',
      bids: [['65083.66', '0.20']],
      asks: [['138991023.41000001', '1']],
    });
    expect(depths).toEqual([7]);
  });

  it('show an error as code, message and whether to try again', () => {
    const error = new ConnectionError('CONNECTION_CLOSED', 'It ended.', { cause: new Error('x') });
    const event = { ...base, type: 'session.closed', session: 's', error } as const;
    expect(parse({ ...event, symbol: '', venueAtMs: NaN })).toEqual({
      ...base,
      type: 'session.closed',
      symbol: '',
      venueAtMs: null,
      session: 's',
      error: { code: 'CONNECTION_CLOSED', message: 'It ended.', retryable: true },
    });
  });

  it('begin with the type and leave doubles out', () => {
    const trade = {
      tradeId: '7',
      price: '1.10',
      size: '2',
      priceNumber: 1.1,
      sizeNumber: 2,
      side: 'buy',
      tradedAtMs: 3,
    } as const;
    const line = formatEventLine({ ...base, type: 'trade.printed', recovered: false, ...trade }, 1);
    expect(line).toMatch(/^\{"type":"trade\.printed",/);
    expect(line).toContain('"price":"1.10"');
    expect(line).not.toContain('Number');
    expect(line).not.toContain('\n');
  });
});

describe('events as lines that wait', () => {
  const ticker = { ...base, type: 'ticker.changed', channel: 'ticker', ticker: {} } as const;

  it('let the newest state stand for older ones of the same channel and symbol', () => {
    const first = toQueuedLine(ticker, 1);
    expect(toQueuedLine({ ...ticker, ticker: { last: '2' } }, 1).conflateAs).toBe(first.conflateAs);
    const other = toQueuedLine({ ...ticker, channel: 'ticker-batch' }, 1);
    expect(other.conflateAs).not.toBe(first.conflateAs);
  });

  it('never leave out what says that data is wrong', () => {
    const staled = { ...base, type: 'book.staled', reason: 'gap', detail: '' };
    const line = toQueuedLine(staled as unknown as FeedEvent, 1);
    expect(line).toMatchObject({ droppable: false });
    expect(line).not.toHaveProperty('conflateAs');
  });

  it('do not end a run for a flood of frames that cannot be read', () => {
    const overflows: unknown[] = [];
    const output = { isBroken: false, write: () => false, onDrain: () => undefined };
    const queue = createLineQueue({
      output: { ...output, isTty: false, columns: 80, rows: 24, onBroken: () => undefined },
      maxLines: 3,
      describeDropped: (dropped) => `dropped ${dropped}`,
      onOverflow: (error) => overflows.push(error),
    });
    const error = new ProtocolError('FRAME_INVALID', 'It cannot be read.');
    const refused = { ...base, type: 'frame.refused', session: 's', error };
    for (let count = 0; count < 10; count += 1) {
      queue.push(toQueuedLine(refused as FeedEvent, 1));
    }
    expect(overflows).toEqual([]);
    expect(queue.dropped).toBe(6);
  });
});
