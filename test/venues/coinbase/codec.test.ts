import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coinbase } from '../../../src/venues/coinbase/index.js';
import { listLevels } from '../../contract/plain-message.js';
import { decodeText, refuseFrame } from '../../contract/venue-decode.js';
import { envelope, rawLevel } from './market-fixtures.js';
import { ORDER, userEnvelope } from './user-fixtures.js';

const codec = coinbase().createCodec();

function decodeUser(event: unknown): readonly Record<string, unknown>[] {
  return decodeText(codec, userEnvelope('user', event)).messages;
}

function decodeOrder(change: object): Record<string, unknown> {
  const [message] = decodeUser({ type: 'update', orders: [{ ...ORDER, ...change }] });
  return (message?.['orders'] as Record<string, unknown>[])[0]!;
}

describe('books', () => {
  it('reads any decimal that the venue may send, digit by digit', () => {
    const digits = (min: number, max: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });
    const decimals = fc
      .tuple(fc.constantFrom('0', '1', '7', '9'), digits(0, 29), digits(0, 20))
      .map(([first, rest, fraction]) => {
        const whole = first === '0' ? '0' : first + rest;
        return fraction === '' ? whole : `${whole}.${fraction}`;
      });
    const level = fc.tuple(fc.constantFrom('bid', 'offer'), decimals, decimals);
    fc.assert(
      fc.property(fc.array(level, { maxLength: 200 }), (levels) => {
        const updates = levels.map(([side, price, size]) => rawLevel(side, price, size));
        const event = { type: 'update', product_id: 'BTC-USD', updates };
        const [message] = codec.decode(Buffer.from(envelope('l2_data', event))).messages;
        if (message?.type !== 'book.delta') throw new Error('No delta.');
        expect(listLevels(message.columns)).toEqual(
          levels.map(([side, price, size]) => [side === 'bid' ? side : 'ask', price, size]),
        );
      }),
    );
  });

  it('takes the latest time of a message for the time of its state', () => {
    const times = ['2026-01-01T00:00:01Z', '2026-01-01T00:00:03Z', '2026-01-01T00:00:02Z', ''];
    const updates = times.map((event_time) => ({ ...rawLevel('bid', '1', '1'), event_time }));
    const event = { type: 'update', product_id: 'BTC-USD', updates };
    const [message] = decodeText(codec, envelope('l2_data', event)).messages;
    expect(message?.['venueAtMs']).toBe(Date.UTC(2026, 0, 1, 0, 0, 3));
  });

  it('says no time for a message without levels', () => {
    const event = { type: 'snapshot', product_id: 'BTC-USD', updates: [] };
    const [message] = decodeText(codec, envelope('l2_data', event)).messages;
    expect(message).toMatchObject({ type: 'book.snapshot', venueAtMs: NaN, levels: [] });
  });

  it('refuses a frame as a whole where one level of it is wrong', () => {
    const updates = [rawLevel('bid', '1', '1'), rawLevel('bid', 'x', '1')];
    const event = { type: 'update', product_id: 'BTC-USD', updates };
    const error = refuseFrame(codec, Buffer.from(envelope('l2_data', event)));
    expect(error.message).toContain('events[0].updates[1].price_level');
    expect(error.message).toContain('"x"');
  });

  it('refuses more events than a frame ever holds', () => {
    const event = JSON.stringify({ type: 'update', trades: [] });
    const frame = `{"channel":"market_trades","sequence_num":1,"events":[${`${event},`.repeat(1_000)}${event}]}`;
    expect(refuseFrame(codec, Buffer.from(frame)).facts['path']).toBe('events');
  });
});

describe('user orders', () => {
  it.each([
    ['PENDING', 'pending'],
    ['OPEN', 'open'],
    ['FILLED', 'filled'],
    ['CANCEL_QUEUED', 'cancel-queued'],
    ['CANCELLED', 'canceled'],
    ['EXPIRED', 'expired'],
    ['FAILED', 'rejected'],
  ])('reads the status %s as %s', (venueStatus, status) => {
    expect(decodeOrder({ status: venueStatus })).toMatchObject({ status, venueStatus });
  });

  it('reports an order in an unknown state, and reads the others of the batch', () => {
    const orders = [{ ...ORDER, status: 'HALF_OPEN' }, ORDER];
    const messages = decodeUser({ type: 'update', orders });
    expect(messages).toMatchObject([
      { type: 'frame.skipped', kind: 'user/status:HALF_OPEN' },
      { type: 'orders.update', orders: [{ status: 'filled' }] },
    ]);
  });

  it.each([
    ['Limit', 'limit'],
    ['LIMIT', 'limit'],
    ['STOP_LIMIT', 'stop-limit'],
    ['StopLimit', 'stop-limit'],
    ['Stop Limit', 'stop-limit'],
    ['MARKET_ORDER_TYPE', 'market'],
    ['UNKNOWN_ORDER_TYPE', undefined],
    ['', undefined],
  ])('reads the order type %j as %j', (order_type, expected) => {
    expect(decodeOrder({ order_type })['orderType']).toBe(expected);
  });

  it.each([
    [{ reject_Reason: 'wire' }, 'wire'],
    [{ reject_Reason: undefined, reject_reason: 'documentation' }, 'documentation'],
    [{ reject_Reason: '', cancel_reason: 'User requested cancel' }, 'User requested cancel'],
    [{}, undefined],
  ])('finds the reason in %j', (change, expected) => {
    expect(decodeOrder(change)['reason']).toBe(expected);
  });

  it.each([
    [{ limit_price: '0', stop_price: '', avg_price: '0.00' }, ['limitPrice', 'stopPrice']],
    [{ avg_price: '0' }, ['averagePrice']],
    [{ creation_time: '0001-01-01T00:00:00Z' }, ['createdAtMs']],
    [{ post_only: '' }, ['postOnly']],
    [{ time_in_force: 'UNKNOWN_TIME_IN_FORCE' }, ['timeInForce']],
  ])('leaves out what does not apply: %j', (change, absent) => {
    const order = decodeOrder(change);
    for (const name of absent) expect(order).not.toHaveProperty(name);
  });

  it.each([
    [0, true],
    [49, true],
    [50, false],
  ])('says of a snapshot batch of %i whether it is the last: %s', (count, complete) => {
    for (const type of ['snapshot', 'patch']) {
      const [message] = decodeUser({ type, orders: Array.from({ length: count }, () => ORDER) });
      expect(message).toMatchObject({ type: 'orders.snapshot', complete });
    }
  });

  it('makes nothing of an update without orders and positions', () => {
    expect(decodeUser({ type: 'update', orders: [] })).toEqual([]);
    expect(decodeUser({ type: 'update', positions: {} })).toEqual([]);
  });

  it('reports positions of an unknown kind', () => {
    const positions = { prediction_market_positions: [{ anything: 1 }] };
    expect(decodeUser({ type: 'snapshot', orders: [], positions })).toMatchObject([
      { type: 'orders.snapshot' },
      { type: 'frame.skipped', kind: 'user/prediction_market_positions' },
      { type: 'positions.snapshot', positions: [] },
    ]);
  });

  it.each([
    [{ orders: [{ ...ORDER, order_side: 'HOLD' }] }, 'events[0].orders[0].order_side'],
    [{ orders: [{ ...ORDER, order_id: '' }] }, 'events[0].orders[0].order_id'],
    [{ orders: [{ ...ORDER, limit_price: 3.394 }] }, 'events[0].orders[0].limit_price'],
    [{ orders: [{ ...ORDER, post_only: 'maybe' }] }, 'events[0].orders[0].post_only'],
    [{ orders: {} }, 'events[0].orders'],
    [{ positions: [] }, 'events[0].positions'],
    [
      { positions: { expiring_futures_positions: [{ product_id: 5 }] } },
      'events[0].positions.expiring_futures_positions[0].product_id',
    ],
    [
      { positions: { expiring_futures_positions: 'none' } },
      'events[0].positions.expiring_futures_positions',
    ],
  ])('names the field that is wrong in %j', (part, path) => {
    const frame = userEnvelope('user', { type: 'update', ...part });
    expect(refuseFrame(codec, Buffer.from(frame)).facts['path']).toBe(path);
  });
});
