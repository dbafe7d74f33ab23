import { describe, expect, it } from 'vitest';
import { coinbase } from '../../../src/venues/coinbase/index.js';
import { SEQUENCE_SCOPE, sequenceRule } from '../../../src/venues/coinbase/sequence.js';
import { toPlainFrame } from '../../contract/plain-message.js';
import { envelope, rawLevel } from './market-fixtures.js';

const UPDATE = { type: 'update', product_id: 'BTC-USD', updates: [rawLevel('bid', '1', '1')] };

describe('the scope of the numbers', () => {
  it('is the connection, from 0', () => {
    expect(SEQUENCE_SCOPE).toBe('connection');
    expect(coinbase().sequence).toMatchObject({
      scope: 'connection',
      lastBeforeFirst: -1,
      tradeIdsContiguous: true,
    });
  });

  it('shows the loss of the very first frame of a connection', () => {
    const rule = sequenceRule();
    const tracker = rule.createTracker();
    tracker.reset(rule.lastBeforeFirst);
    expect(tracker.check({ first: 1, last: 1 })).toEqual({ kind: 'gap', expected: 0, received: 1 });
  });

  it('can be the symbol by option; a row then starts anywhere', () => {
    const rule = coinbase({ sequenceScope: 'symbol' }).sequence;
    expect(rule.scope).toBe('symbol');
    expect(rule.lastBeforeFirst).toBeUndefined();
    const tracker = rule.createTracker();
    expect(tracker.check({ first: 40, last: 40 })).toEqual({ kind: 'accept' });
    expect(tracker.check({ first: 42, last: 42 }).kind).toBe('gap');
  });

  it.each([
    ['connection', NaN],
    ['symbol', 12],
  ] as const)('puts the number into books where the scope is the %s', (scope, expected) => {
    const codec = coinbase({ sequenceScope: scope }).createCodec();
    const frame = toPlainFrame(codec.decode(Buffer.from(envelope('l2_data', UPDATE, 12))));
    expect(frame.number).toBe(12);
    expect(frame.messages).toMatchObject([{ firstNumber: expected, lastNumber: expected }]);
  });

  it('counts frames that are passed over', () => {
    const codec = coinbase().createCodec();
    expect(codec.decode(Buffer.from(envelope('news', {}, 7))).number).toBe(7);
    expect(codec.decode(Buffer.from(envelope('status', { type: 'new' }, 8))).number).toBe(8);
    expect(codec.decode(Buffer.from('{"type":"error","message":"no"}')).number).toBeNaN();
  });
});
