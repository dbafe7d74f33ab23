import { describe, expect, it } from 'vitest';
import { kraken } from '../../../src/venues/kraken/index.js';
import { toPlainFrame } from '../../contract/plain-message.js';
import { hasSamples, readFrames, readSample, SKIP_NOTE } from './samples.js';

const decodeAll = (frames: readonly string[]) => {
  const codec = kraken().createCodec();
  return frames.map((frame) => toPlainFrame(codec.decode(Buffer.from(frame))));
};

const countBy = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

describe.skipIf(!hasSamples)(`recorded frames of 2024 and 2025${SKIP_NOTE}`, () => {
  const frames = hasSamples ? readFrames('v2-kraken-async-rs-captures-2024.jsonl') : [];

  it('are all decoded', () => {
    const messages = decodeAll(frames).flatMap((frame) => frame.messages);
    expect(frames).toHaveLength(52);
    expect(countBy(messages.map((message) => message.type))).toEqual({
      heartbeat: 1,
      'venue.status': 3,
      'request.refused': 4,
      'ticker.update': 2,
      'book.snapshot': 1,
      'book.delta': 2,
      'orders-book.snapshot': 1,
      'orders-book.delta': 1,
      'candles.snapshot': 1,
      'trades.snapshot': 1,
      'trades.update': 1,
      'instruments.snapshot': 1,
      'subscription.accepted': 8,
      'orders.snapshot': 1,
      'orders.update': 5,
      'fills.snapshot': 1,
      'balances.snapshot': 1,
      'balances.update': 2,
      'frame.skipped': 1,
      'order.answered': 14,
      'order-limits.told': 1,
    });
  });

  it('name every kind that is passed over', () => {
    const skipped = decodeAll(frames)
      .flatMap((frame) => frame.messages)
      .filter((message) => message.type === 'frame.skipped');
    expect([...new Set(skipped.map((message) => message['kind']))].sort()).toEqual([
      'request/amend_order',
    ]);
  });

  it('keep the digits of the wire, zeros at the end included', () => {
    const messages = decodeAll(frames).flatMap((frame) => frame.messages);
    const shown = JSON.stringify(messages);
    for (const digits of ['0.10000000', '64275.2', '3027.80', '0.01044926', '0.22540000']) {
      expect(shown).toContain(`"${digits}"`);
    }
  });

  it('tell the life of an order, number by number', () => {
    const orders = readFrames('v2-executions-limit-lifecycle-2025-02-10.jsonl');
    const steps = decodeAll(orders).map(({ number, messages }) => [
      number,
      messages[0]?.['orders'],
    ]);
    expect(steps).toMatchObject([
      [2, [{ orderId: 'OF6QIS-MYM6V-XTHHZF', status: 'pending', size: '0.00009073' }]],
      [3, [{ orderId: 'OF6QIS-MYM6V-XTHHZF', status: 'open', postOnly: true }]],
      [2, [{ orderId: 'OXFRRV-RHDOI-SBQOPK', status: 'canceled', reason: 'User requested' }]],
    ]);
  });
});

describe.skipIf(!hasSamples)(`the recorded instruments of 2024-04${SKIP_NOTE}`, () => {
  it('are decoded whole, with increments written out', () => {
    const text = hasSamples ? readSample('v2-instrument-snapshot-2024-04.json') : '';
    const [frame] = decodeAll([text]);
    const [message] = frame!.messages;
    expect(message?.type).toBe('instruments.snapshot');
    const instruments = message?.['instruments'] as Record<string, string>[];
    expect(instruments).toHaveLength(683);
    for (const { symbol, priceIncrement, sizeIncrement, minSize, minCost } of instruments) {
      for (const number of [priceIncrement, sizeIncrement, minSize, minCost]) {
        expect(number, symbol).toMatch(/^(0|[1-9]\d*)(\.\d+)?$/);
      }
      expect(kraken().symbols.explainInvalid(symbol!), symbol).toBeUndefined();
    }
    expect(instruments.find(({ symbol }) => symbol === 'BTC/USD')).toEqual({
      symbol: 'BTC/USD',
      base: 'BTC',
      quote: 'USD',
      status: 'online',
      priceIncrement: '0.1',
      sizeIncrement: '0.00000001',
      minSize: '0.00010000',
      minCost: '0.50',
    });
  });
});
