import { describe, expect, it } from 'vitest';
import { ConfigError, type TruefeedError } from '../../../src/model/error.js';
import type { VenueMessage } from '../../../src/model/message.js';
import type { NewOrder, OrderCommand } from '../../../src/model/order-entry.js';
import { cloud9trader } from '../../../src/venues/cloud9trader/index.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';

const ORDER: NewOrder = {
  symbol: 'BTCUSDT:Binance',
  side: 'buy',
  orderType: 'limit',
  size: '0.50',
  limitPrice: '99.5',
  clientOrderId: 'mine-1',
};
const NO_INSTRUMENTS = {
  findInstrument: () => undefined,
  instrumentsAreKnown: false,
  findOrder: () => undefined,
};

const add = (changes: Partial<NewOrder> = {}): OrderCommand => ({
  kind: 'add',
  order: { ...ORDER, ...changes },
  validate: false,
});

function encode(command: OrderCommand): string {
  const message = cloud9trader().createCodec().encodeOrder?.({ command, requestId: 7 });
  return JSON.stringify(message?.body);
}

function decode(frame: string): readonly VenueMessage[] {
  return cloud9trader().createCodec().decode(Buffer.from(frame)).messages;
}

function ruleOf(extensions: boolean) {
  const { orderEntry } = cloud9trader({ extensions });
  if (!orderEntry) throw new Error('The venue takes orders.');
  return orderEntry;
}

function explain(command: OrderCommand, extensions = false): string {
  try {
    ruleOf(extensions).check(command, NO_INSTRUMENTS);
    return 'taken';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { code, facts, message } = error as TruefeedError;
    expect(code).toBe('ORDER_INVALID');
    return `${String(facts.field)}: ${message}`;
  }
}

describe('a submission', () => {
  it("names the broker and the exchange's own symbol, split at the last colon", () => {
    expect(encode(add())).toBe(
      '["submit","order",{"broker":"Binance","symbol":"BTCUSDT","side":"BUY","type":"LIMIT",' +
        '"quantity":0.5,"limitPrice":99.5,"clientOrderId":"mine-1"},"7#submit.order"]',
    );
    expect(encode(add({ symbol: 'A.B:C/D:FXCM' }))).toContain('"broker":"FXCM","symbol":"A.B:C/D"');
  });

  it.each([
    [
      { orderType: 'stop-limit', stopPrice: '100', side: 'sell', timeInForce: 'day' },
      '"side":"SELL","type":"STOP_LIMIT","quantity":0.5,"limitPrice":99.5,"stopPrice":100,"timeInForce":"DAY"',
    ],
    [
      { orderType: 'market', limitPrice: undefined },
      '"type":"MARKET","quantity":0.5,"clientOrderId"',
    ],
    [{ orderType: 'pegged' }, '"type":"PEGGED"'],
    [{ size: '0.0000001' }, '"quantity":1e-7'],
    [{ size: '123456789012345' }, '"quantity":123456789012345'],
    [{ venueFields: { leverage: 5 } }, '{"leverage":5,"broker"'],
  ] as const)('of %j is %s', (changes, part) => {
    expect(explain(add(changes))).toBe('taken');
    expect(encode(add(changes))).toContain(part);
  });

  it('has an id of the client by default, another one each time', () => {
    const random = createSeededRandom(1);
    const ids = [1, 2].map(() => ruleOf(false).createClientOrderId(random, ORDER));
    for (const id of ids) expect(id).toMatch(/^tf-[0-9a-f]{32}$/);
    expect(ids[0]).not.toBe(ids[1]);
    expect(explain(add({ clientOrderId: ids[0] }))).toBe('taken');
  });
});

describe('before anything is sent', () => {
  it.each<[Partial<NewOrder>, string]>([
    [{ symbol: 'BTCUSDT' }, 'symbol: "BTCUSDT" names no broker'],
    [{ symbol: 'BTCUSDT:binance' }, 'symbol: Write "BTCUSDT:Binance"'],
    [
      { orderType: 'iceberg' },
      'orderType: Cloud9Trader takes no iceberg orders; it takes: market,',
    ],
    [
      { timeInForce: 'gtd' },
      'timeInForce: Cloud9Trader has no gtd; it has: gtc, day, ioc, fok, opg',
    ],
    [{ size: undefined }, 'size: An order needs a size'],
    [{ size: undefined, value: '100' }, 'value: Cloud9Trader documents no field for value'],
    [{ size: '0' }, 'size: The size is a plain decimal above zero'],
    [{ size: '-1' }, 'size: The size is a plain decimal above zero'],
    [{ size: '1e3' }, 'size: The size is a plain decimal above zero'],
    [{ size: '0.12345678901234567890' }, 'size: The size has more digits than a JSON number keeps'],
    [{ limitPrice: '9007199254740993' }, 'limitPrice: The limitPrice has more digits'],
    [{ limitPrice: undefined }, 'limitPrice: A limit order needs a limitPrice'],
    [{ orderType: 'stop', limitPrice: undefined }, 'stopPrice: A stop order needs a stopPrice'],
    [{ orderType: 'stop-limit' }, 'stopPrice: A stop-limit order needs a stopPrice'],
    [{ orderType: 'market' }, 'limitPrice: A market order takes no limitPrice'],
    [{ stopPrice: '90' }, 'stopPrice: A limit order takes no stopPrice'],
    [{ postOnly: true }, 'postOnly: Cloud9Trader documents no field for postOnly'],
    [{ reduceOnly: true }, 'reduceOnly: '],
    [{ displaySize: '0.1' }, 'displaySize: '],
    [{ expiresAtMs: 1 }, 'expiresAtMs: '],
    [{ clientOrderId: '' }, 'clientOrderId: '],
    [{ clientOrderId: 'a b' }, 'clientOrderId: '],
    [{ venueFields: { quantity: 5 } }, 'venueFields: "quantity" has a word of its own here'],
  ])('%j is refused', (changes, sentence) => {
    expect(explain(add(changes))).toMatch(new RegExp(`^${sentence.replace(/[?.]/g, '\\$&')}`));
  });

  it('a flag that is off says nothing', () => {
    expect(explain(add({ postOnly: false, reduceOnly: false }))).toBe('taken');
  });

  it('a trial, and whatever the venue has no message for, are refused', () => {
    expect(explain({ kind: 'add', order: ORDER, validate: true })).toContain('validate: ');
    expect(explain({ kind: 'cancel-all' })).toContain('no way to cancel-all');
    const change = { target: { orderId: '1' }, size: '1' };
    expect(explain({ kind: 'amend', change }, true)).toContain('no way to amend');
    expect(() => encode({ kind: 'amend', change })).toThrow(RangeError);
  });
});

describe('a cancel', () => {
  const one: OrderCommand = { kind: 'cancel', targets: [{ orderId: 'o1' }] };

  it('is ours, and there only for servers that take it', () => {
    expect(explain(one)).toContain('documents no way to cancel');
    expect(explain(one, true)).toBe('taken');
    expect(ruleOf(false).commands).toEqual(['add']);
    expect(ruleOf(true).commands).toEqual(['add', 'cancel']);
  });

  it('names one order by one of its ids', () => {
    expect(encode(one)).toBe('["submit","cancel",{"id":"o1"},"7#submit.cancel"]');
    const byClient: OrderCommand = { kind: 'cancel', targets: [{ clientOrderId: 'mine' }] };
    expect(encode(byClient)).toContain('{"clientOrderId":"mine"}');
    const both = { orderId: '1', clientOrderId: '2' };
    for (const targets of [[], [{}], [both], [{ orderId: '1' }, { orderId: '2' }]]) {
      expect(explain({ kind: 'cancel', targets }, true)).toMatch(/^targets?: /);
    }
  });
});

describe('an answer', () => {
  it.each([
    [
      '["7#submit.order",null,{"clientOrderId":"mine-1","quantity":0.5}]',
      { clientOrderId: 'mine-1' },
    ],
    ['["7#submit.order",null]', {}],
    ['["7#submit.order",""]', {}],
    ['["7#submit.cancel",null,{"id":"o1"}]', { orderId: 'o1' }],
  ])('%s says that it was forwarded', (frame, ids) => {
    expect(decode(frame)).toEqual([
      { type: 'order.answered', requestId: 7, results: [{ ok: true, ...ids }] },
    ]);
  });

  it.each([
    ['Missing field: limitPrice', 'VENUE_REFUSED'],
    ['This key has no permission to trade', 'AUTH_PERMISSION_DENIED'],
    ['Too many messages', 'RATE_LIMITED'],
    ['The broker timed out', 'ORDER_UNKNOWN'],
    ['Internal error', 'ORDER_UNKNOWN'],
  ])('"%s" is %s', (text, code) => {
    expect(decode(JSON.stringify(['7#submit.order', text]))).toMatchObject([
      { type: 'order.answered', requestId: 7, results: [{ ok: false, code, venueText: text }] },
    ]);
  });

  it('whose error is no text, or whose ids are none, is no frame of the venue', () => {
    for (const frame of ['["7#submit.order",{}]', '["7#submit.order",null,{"id":[]}]']) {
      expect(() => decode(frame)).toThrow(expect.objectContaining({ code: 'FRAME_INVALID' }));
    }
  });
});
