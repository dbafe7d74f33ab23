import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { coinbase } from '../../../src/venues/coinbase/index.js';
import { listLevels, toPlainFrame, type PlainLevel } from '../../contract/plain-message.js';
import { decodeText, refuseFrame } from '../../contract/venue-decode.js';
import { readDialogues, readSample, readSampleLines, samplesAbsent } from './samples.js';
import { userEnvelope } from './user-fixtures.js';

const SESSION = 'advtrade-cryptofeed-2026-08-09-trimmed250.jsonl';

interface RawBookEvent {
  readonly updates: readonly Readonly<Record<string, string>>[];
}

/** The levels of a raw frame, read without the code under test. */
function rawLevels(text: string): PlainLevel[] {
  const { events } = JSON.parse(text) as { events: RawBookEvent[] };
  return events.flatMap(({ updates }) =>
    updates.map((level): PlainLevel => [
      level['side'] === 'bid' ? 'bid' : 'ask',
      level['price_level']!,
      level['new_quantity']!,
    ]),
  );
}

/** The best 50 a side of a naive book, as the check values are made of it. */
function hashTop(levels: ReadonlyMap<string, string>): string {
  const side = (name: string, sign: number): string[] =>
    [...levels]
      .filter(([key]) => key.startsWith(name))
      .map(([key, size]) => [key.slice(name.length + 1), size] as const)
      .sort((a, b) => sign * (Number(a[0]) - Number(b[0])))
      .slice(0, 50)
      .map(([price, size]) => `${price} ${size}`);
  const lines = [...side('bid', -1), ...side('ask', 1)];
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

describe.skipIf(samplesAbsent)(
  'recorded traffic (left out where the recordings are absent)',
  () => {
    const codec = coinbase().createCodec();

    it('decodes all frames of the session, skips none and counts every one', () => {
      const frames = readSampleLines(SESSION).filter((line) => line.dir === 'recv');
      const counts = new Map<string, number>();
      for (const [index, { data }] of frames.entries()) {
        const decoded = codec.decode(Buffer.from(data as string));
        expect(decoded.number).toBe(index);
        expect(decoded.sentAtMs).toBeGreaterThan(Date.UTC(2026, 7, 9, 21, 5, 48));
        for (const { type } of decoded.messages) counts.set(type, (counts.get(type) ?? 0) + 1);
      }
      expect(frames).toHaveLength(1_030);
      expect(Object.fromEntries(counts)).toEqual({
        'trades.snapshot': 2,
        'trades.update': 57,
        'candles.snapshot': 2,
        'candles.update': 4,
        'ticker.update': 160,
        'book.snapshot': 2,
        'book.delta': 773,
        'subscriptions.held': 5,
        heartbeat: 25,
      });
    });

    it('reads the digits of every level as they were sent, and ends at the check values', () => {
      const books = new Map<string, Map<string, string>>();
      for (const { dir, data } of readSampleLines(SESSION)) {
        if (dir !== 'recv') continue;
        for (const message of codec.decode(Buffer.from(data as string)).messages) {
          if (message.type !== 'book.snapshot' && message.type !== 'book.delta') continue;
          const levels = listLevels(message.columns);
          expect(levels).toEqual(rawLevels(data as string));
          const book = books.get(message.symbol) ?? new Map<string, string>();
          books.set(message.symbol, book);
          for (const [side, price, size] of levels) {
            if (size === '0') book.delete(`${side} ${price}`);
            else book.set(`${side} ${price}`, size);
          }
        }
      }
      expect(hashTop(books.get('BTC-USD')!)).toBe(
        '1f3c580f9ef4008ff8b3dde39350f55df0d786ee756f6bfe6c9cb7e90e118715',
      );
      expect(hashTop(books.get('ETH-USD')!)).toBe(
        'a8d16811265078a3d20c134106cdb64cba91622e8c94daa7ba4702b238bf1230',
      );
    });

    it('lists trades oldest first, with ids that have no holes', () => {
      const lastIds = new Map<string, bigint>();
      for (const { dir, data } of readSampleLines(SESSION)) {
        if (dir !== 'recv') continue;
        for (const message of codec.decode(Buffer.from(data as string)).messages) {
          if (message.type !== 'trades.snapshot' && message.type !== 'trades.update') continue;
          for (const { tradeId } of message.trades) {
            const last = lastIds.get(message.symbol);
            if (last !== undefined) expect(BigInt(tradeId)).toBe(last + 1n);
            lastIds.set(message.symbol, BigInt(tradeId));
          }
        }
      }
      expect(lastIds.size).toBe(2);
    });

    it('takes the side of a trade from the taker: most print at the side that they took', () => {
      let atTouch = 0;
      let printed = 0;
      const bests = new Map<string, { bid: string | undefined; ask: string | undefined }>();
      for (const { dir, data } of readSampleLines(SESSION)) {
        if (dir !== 'recv') continue;
        for (const message of codec.decode(Buffer.from(data as string)).messages) {
          if (message.type === 'ticker.update') {
            bests.set(message.symbol, { bid: message.ticker.bid, ask: message.ticker.ask });
          }
          if (message.type !== 'trades.update') continue;
          for (const trade of message.trades) {
            const best = bests.get(message.symbol);
            if (best === undefined || (trade.price !== best.bid && trade.price !== best.ask))
              continue;
            printed += 1;
            if (trade.price === (trade.side === 'buy' ? best.ask : best.bid)) atTouch += 1;
          }
        }
      }
      expect(printed).toBeGreaterThan(20);
      expect(atTouch / printed).toBeGreaterThan(0.8);
    });

    it('decodes a whole snapshot of 2.5 MB, digit by digit', () => {
      const text = readSample('advtrade-l2-snapshot-ETH-USD-untrimmed.json');
      const [message] = codec.decode(Buffer.from(text)).messages;
      if (message?.type !== 'book.snapshot') throw new Error('No snapshot.');
      const levels = listLevels(message.columns);
      expect(levels.filter(([side]) => side === 'bid')).toHaveLength(6_935);
      expect(levels.filter(([side]) => side === 'ask')).toHaveLength(16_399);
      expect(levels).toEqual(rawLevels(text));
    });

    it('refuses that snapshot cut off anywhere, and reads the next frame as ever', () => {
      const bytes = Buffer.from(readSample('advtrade-l2-snapshot-ETH-USD-untrimmed.json').trim());
      for (let cut = 1; cut <= 10; cut += 1) {
        const error = refuseFrame(codec, bytes.subarray(0, Math.floor((bytes.length * cut) / 11)));
        expect(error.code).toBe('FRAME_INVALID');
        expect(JSON.stringify(error.facts).length).toBeLessThan(600);
      }
      expect(codec.decode(bytes).messages).toHaveLength(1);
    });

    it('decodes the frames of 2026-09, those of the user host included', () => {
      const frames = readSampleLines('advtrade-frames-2026-09-transcribed.jsonl');
      const types = frames.map(({ data }) =>
        decodeText(codec, data as string).messages.map((message) => message.type),
      );
      expect(types).toEqual([
        ['book.delta'],
        ['trades.update'],
        ['orders.snapshot', 'positions.snapshot'],
        ['subscriptions.held'],
        ['heartbeat'],
        ['subscriptions.held'],
      ]);
    });

    it('decodes the observed orders, the one with few fields included', () => {
      const objects = readSampleLines('advtrade-user-orders-observed.jsonl').map(
        ({ data }) => data,
      );
      const frame = userEnvelope('user', { type: 'update', orders: objects });
      const [message] = toPlainFrame(codec.decode(Buffer.from(frame))).messages;
      expect(message).toMatchObject({
        type: 'orders.update',
        orders: [
          { status: 'filled', symbol: 'NEAR-USDC', venueFields: { outstanding_hold_amount: '0' } },
          { status: 'filled', venueFields: { outstanding_hold_amount: '0.746' } },
          { status: 'open', symbol: 'ADA-USDT', filledSize: '0', remainingSize: '5', side: 'buy' },
        ],
      });
    });

    it('reads every error frame as a refusal, those of the older feed included', () => {
      for (const { data, feed } of readSampleLines('error-frames.jsonl')) {
        const [refusal, ...more] = decodeText(codec, data as string).messages;
        expect(more).toEqual([]);
        expect(refusal?.type).toBe('request.refused');
        expect(refusal?.['code']).not.toBe('VENUE_REFUSED');
        if (feed === 'exchange') expect(refusal?.['likelyCause']).toContain('older Exchange feed');
      }
    });

    describe.each(samplesAbsent ? [] : readDialogues())(
      'the dialogue $name',
      ({ name, frames }) => {
        it.each(frames)('reads %s', (frame) => {
          // Two pushes of this dialogue are stubs: candles without any value.
          if (name === 'Concurrent.txt' && frame.includes('"candles": [')) {
            const error = refuseFrame(codec, Buffer.from(frame));
            expect(error.facts['path']).toBe('events[0].candles[0].start');
            return;
          }
          const { messages } = decodeText(codec, frame);
          expect(messages.length).toBeGreaterThan(0);
          for (const message of messages) expect(message.type).not.toBe('frame.skipped');
        });
      },
    );
  },
);
