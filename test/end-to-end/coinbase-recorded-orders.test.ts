import { describe, expect, it } from 'vitest';
import { openFeed } from '../../src/feed/feed.js';
import type { FeedEvent } from '../../src/model/event.js';
import type { VenueFields } from '../../src/model/exchange.js';
import { simulate } from '../../src/simulator/index.js';
import { coinbase } from '../../src/venues/coinbase/index.js';
import { decodeText } from '../contract/venue-decode.js';
import { readDialogues, readSampleLines, samplesAbsent } from '../venues/coinbase/samples.js';

const PATIENCE_MS = 8_000;

/** What becomes of these orders in a feed, each in an update of its own. */
async function follow(orders: readonly VenueFields[]): Promise<readonly FeedEvent[]> {
  await using exchange = await simulate({ venues: { coinbase: {} } });
  const { wsUrl, userWsUrl, keyName, privateKey, control } = exchange.venues.coinbase;
  const events: FeedEvent[] = [];
  const feed = openFeed({
    venue: coinbase({ marketUrl: wsUrl, userUrl: userWsUrl }),
    credentials: { keyName, privateKey },
    subscriptions: [{ channel: 'user' }],
    onEvent: (event) => void events.push(event),
  });
  try {
    await feed.whenLive({ timeoutMs: PATIENCE_MS });
    const all = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The orders did not come.')), PATIENCE_MS);
      let changes = 0;
      feed.on('order.changed', () => {
        changes += 1;
        if (changes < orders.length) return;
        clearTimeout(timer);
        resolve();
      });
    });
    for (const order of orders) control.changeOrders([order]);
    await all;
    return [...events];
  } finally {
    await feed.close();
  }
}

describe.skipIf(samplesAbsent)(
  'orders that were recorded (left out where the recordings are absent)',
  () => {
    it('merge: a state that came twice is one fill, with its exact value', async () => {
      const observed = readSampleLines('advtrade-user-orders-observed.jsonl');
      const orders = observed.map(({ data }) => data as VenueFields);
      const events = await follow(orders);
      const changed = events.flatMap((event) => (event.type === 'order.changed' ? [event] : []));
      expect(changed.map(({ order }) => `${order.symbol} ${order.status}`)).toEqual([
        'NEAR-USDC filled',
        'NEAR-USDC filled',
        'ADA-USDT open',
      ]);
      const fills = events.flatMap((event) => (event.type === 'fill.printed' ? [event.fill] : []));
      expect(fills).toMatchObject([
        {
          orderId: '7aafde8c-7cf4-4939-aff2-3fc5f42f4863',
          symbol: 'NEAR-USDC',
          side: 'sell',
          size: '0.746',
          value: '2.531924',
          fee: '0.008861734',
          derived: true,
        },
      ]);
    });

    it('of the scripted dialogue are a whole snapshot, with both kinds of positions', () => {
      const dialogue = readDialogues().find(({ name }) => name === 'User.txt');
      const codec = coinbase().createCodec();
      const frame = dialogue?.frames.find((one) => one.includes('"orders"')) ?? '';
      expect(decodeText(codec, frame).messages).toMatchObject([
        {
          type: 'orders.snapshot',
          complete: true,
          orders: [{ orderId: 'YYY', status: 'filled', filledValue: '500', fees: '2' }],
        },
        {
          type: 'positions.snapshot',
          complete: true,
          positions: [
            { symbol: 'BTC-PERP-INTX', side: 'long', size: '0.0041', entryPrice: '63049.9' },
            { symbol: 'BIT-28JUN24-CDE', side: 'long' },
          ],
        },
      ]);
    });
  },
);
