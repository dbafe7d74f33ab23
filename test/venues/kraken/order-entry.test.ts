import { describe, expect, it } from 'vitest';
import { formatJson } from '../../../src/model/json-number.js';
import type { OrderReport } from '../../../src/model/account.js';
import type { TruefeedError } from '../../../src/model/error.js';
import type { Instrument } from '../../../src/model/market.js';
import type {
  NewOrder,
  OrderChange,
  OrderCheckContext,
  OrderCommand,
} from '../../../src/model/order-entry.js';
import type { Venue } from '../../../src/model/venue.js';
import { kraken, krakenV1 } from '../../../src/venues/kraken/index.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';

const ORDER: NewOrder = {
  symbol: 'BTC/USD',
  side: 'buy',
  orderType: 'limit',
  size: '0.10000000',
  limitPrice: '26500.40',
  clientOrderId: 'mine-1',
};
const BTC: Instrument = {
  symbol: 'BTC/USD',
  base: 'BTC',
  quote: 'USD',
  status: 'online',
  priceIncrement: '0.1',
  sizeIncrement: '0.00000001',
  minSize: '0.0001',
  minCost: '0.5',
};
const UUID = '6d1b345e-2821-40e2-ad83-4ecb18a06876';
const DEADLINE_AT_MS = Date.parse('2026-11-26T12:00:05.250Z');

const add = (changes: Partial<NewOrder> = {}, validate = false): OrderCommand => ({
  kind: 'add',
  order: { ...ORDER, ...changes },
  validate,
});
const amend = (change: Partial<OrderChange>): OrderCommand => ({
  kind: 'amend',
  change: { target: { orderId: 'OAAAAA' }, ...change },
});
const edit = (change: Partial<OrderChange>): OrderCommand => ({
  kind: 'edit',
  change: { target: { orderId: 'OAAAAA' }, symbol: 'BTC/USD', ...change },
  validate: false,
});

function knowing(...instruments: readonly Instrument[]): OrderCheckContext {
  return {
    findInstrument: (symbol) => instruments.find((one) => one.symbol === symbol),
    instrumentsAreKnown: instruments.length > 0,
    findOrder: ({ orderId }) =>
      orderId === 'ONAMED' ? ({ clientOrderId: 'mine' } as OrderReport) : undefined,
  };
}

function encode(venue: Venue<never>, command: OrderCommand, deadlineAtMs?: number): string {
  const request = { command, requestId: 7, deadlineAtMs };
  return formatJson(venue.createCodec().encodeOrder?.(request).body);
}

function explain(command: OrderCommand, context = knowing(BTC), venue: Venue<never> = kraken()) {
  try {
    venue.orderEntry?.check(command, context);
    return 'taken';
  } catch (error) {
    const { code, facts, message } = error as TruefeedError;
    expect(code).toBe('ORDER_INVALID');
    return `${String(facts.field)}: ${message}`;
  }
}

describe('an order of v2', () => {
  it('leaves with the digits that were asked for, a deadline and its own id', () => {
    expect(encode(kraken(), add(), DEADLINE_AT_MS)).toBe(
      '{"method":"add_order","params":{"order_type":"limit","side":"buy","order_qty":0.10000000,' +
        '"limit_price":26500.40,"cl_ord_id":"mine-1","symbol":"BTC/USD",' +
        '"deadline":"2026-11-26T12:00:05.250Z"},"req_id":7}',
    );
  });

  it.each<[Partial<NewOrder>, string]>([
    [
      { orderType: 'stop-loss', limitPrice: undefined, stopPrice: '20000.0' },
      '"triggers":{"reference":"last","price":20000.0,"price_type":"static"}',
    ],
    [
      { orderType: 'trailing-stop', limitPrice: undefined, stopPrice: '50.25' },
      '"triggers":{"reference":"last","price":50.25,"price_type":"quote"}',
    ],
    [
      { orderType: 'market', size: undefined, value: '100.00', limitPrice: undefined },
      '"cash_order_qty":100.00',
    ],
    [{ orderType: 'iceberg', displaySize: '0.01' }, '"display_qty":0.01'],
    [
      { timeInForce: 'gtd', expiresAtMs: Date.parse('2026-12-01T00:00:00Z') },
      '"time_in_force":"gtd","expire_time":"2026-12-01T00:00:00Z"',
    ],
    [{ postOnly: true, reduceOnly: true }, '"post_only":true,"reduce_only":true'],
    [{ venueFields: { stp_type: 'cancel_both' } }, '"stp_type":"cancel_both"'],
  ])('of %j is %s', (changes, part) => {
    expect(explain(add(changes))).toBe('taken');
    expect(encode(kraken(), add(changes))).toContain(part);
  });

  it.each<[OrderCommand, string]>([
    [
      amend({ limitPrice: '26500.5' }),
      '"amend_order","params":{"order_id":"OAAAAA","limit_price":26500.5}',
    ],
    [
      edit({ size: '0.2' }),
      '"edit_order","params":{"order_id":"OAAAAA","symbol":"BTC/USD","order_qty":0.2}',
    ],
    [
      { kind: 'cancel', targets: [{ orderId: 'OA' }, { clientOrderId: 'mine' }] },
      '"cancel_order","params":{"order_id":["OA"],"cl_ord_id":["mine"]}',
    ],
    [
      { kind: 'batch-cancel', targets: [{ orderId: 'OA' }, { clientOrderId: 'mine' }] },
      '"batch_cancel","params":{"orders":["OA"],"cl_ord_id":["mine"]}',
    ],
    [{ kind: 'cancel-all' }, '{"method":"cancel_all","params":{},"req_id":7}'],
    [{ kind: 'cancel-all-after', timeoutSeconds: 60 }, '"params":{"timeout":60}'],
    [
      {
        kind: 'batch-add',
        validate: true,
        orders: [ORDER, { ...ORDER, clientOrderId: 'mine-2' }],
      },
      '"batch_add","params":{"symbol":"BTC/USD","orders":[{"order_type":"limit","side":"buy",',
    ],
    [add({}, true), '"validate":true'],
  ])('%j is %s', (command, part) => {
    expect(explain(command)).toBe('taken');
    expect(encode(kraken(), command)).toContain(part);
  });

  it('has a UUID of its own by default, but none beside a user reference', () => {
    const random = createSeededRandom(1);
    const create = (order: NewOrder) => kraken().orderEntry?.createClientOrderId(random, order);
    const id = create(ORDER);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(explain(add({ clientOrderId: id }))).toBe('taken');
    expect(create(ORDER)).not.toBe(id);
    expect(create({ ...ORDER, venueFields: { order_userref: 5 } })).toBeUndefined();
  });
});

describe('before anything is sent', () => {
  it.each<[OrderCommand, string]>([
    [add({ side: 'long' as 'buy' }), 'side: The side is buy or sell'],
    [add({ orderType: 'pegged' }), 'orderType: Kraken takes no pegged'],
    [add({ timeInForce: 'day' }), 'timeInForce: There is no day here'],
    [add({ limitPrice: undefined }), 'limitPrice: A limit order needs a limitPrice'],
    [add({ orderType: 'market' }), 'limitPrice: A market order takes no limitPrice'],
    [add({ stopPrice: '1' }), 'stopPrice: A limit order takes no stopPrice'],
    [add({ size: '0.1e1' }), 'size: The size is a plain decimal above zero'],
    [add({ size: '-1' }), 'size: The size is a plain decimal above zero'],
    [add({ size: undefined }), 'size: An order needs a size'],
    [add({ value: '5' }), 'value: Only a market buy'],
    [add({ displaySize: '0.01' }), 'displaySize: An iceberg order needs'],
    [
      add({ orderType: 'iceberg', displaySize: '0.001' }),
      'displaySize: The displaySize is between',
    ],
    [add({ expiresAtMs: 5_000 }), 'expiresAtMs: An order that is good till'],
    [add({ timeInForce: 'gtd', expiresAtMs: 5_001 }), 'expiresAtMs: The time of expiry'],
    // Microseconds: an order that would hardly ever expire.
    [add({ timeInForce: 'gtd', expiresAtMs: 1.8e15 }), 'expiresAtMs: The time of expiry'],
    [add({ timeInForce: 'gtd', expiresAtMs: 1e21 }), 'expiresAtMs: The time of expiry'],
    [
      add({ orderType: 'iceberg', displaySize: '0.1', timeInForce: 'fok' }),
      'timeInForce: Only limit',
    ],
    [add({ postOnly: true, timeInForce: 'ioc' }), 'postOnly: A post-only order rests'],
    [add({ clientOrderId: 'x'.repeat(19) }), 'clientOrderId: A clientOrderId is a UUID'],
    [add({ venueFields: { token: 'x' } }), 'venueFields: "token" has a word of its own'],
    [add({ symbol: 'XBT/USD' }), 'symbol: Kraken lists no "XBT/USD"'],
    [add({ limitPrice: '26500.45' }), 'limitPrice: The limitPrice of BTC/USD goes in steps of 0.1'],
    [add({ size: '0.100000001' }), 'size: The size of BTC/USD goes in steps of'],
    [add({ size: '0.00009' }), 'size: The smallest order of BTC/USD is 0.0001'],
    [add({ limitPrice: '4.0' }), 'size: An order of BTC/USD costs at least 0.5; this one 0.4'],
    [amend({}), 'change: Nothing is to be changed'],
    [amend({ target: {}, size: '1' }), 'target: An order is named by'],
    [edit({ symbol: undefined, size: '1' }), 'symbol: An edit needs the symbol'],
    [edit({ target: { clientOrderId: 'x' }, size: '1' }), 'target: An edit names the order by'],
    [edit({ target: { orderId: 'ONAMED' }, size: '1' }), 'target: An order with a client order id'],
    [edit({ stopPrice: '1' }), 'stopPrice: A triggered order cannot be edited'],
    [edit({ venueFields: { validate: true } }), 'venueFields: "validate" has a word of its own'],
    [edit({ venueFields: { order_qty: 9 } }), 'venueFields: "order_qty" has a word of its own'],
    [amend({ venueFields: { limit_price: 9 } }), 'venueFields: "limit_price" has a word of its'],
    [amend({ venueFields: { trigger_price: 9 } }), 'venueFields: "trigger_price" has a word of'],
    [{ kind: 'cancel', targets: [] }, 'targets: One message cancels 1 to 50'],
    [{ kind: 'batch-cancel', targets: [{ orderId: 'O' }] }, 'targets: One message cancels 2 to 50'],
    [{ kind: 'batch-add', orders: [ORDER], validate: false }, 'orders: A batch holds 2 to 15'],
    [
      { kind: 'batch-add', orders: [ORDER, ORDER], validate: false },
      'clientOrderId: Orders of a batch have client order ids of their own.',
    ],
    [
      {
        kind: 'batch-add',
        validate: false,
        orders: [UUID, UUID.replaceAll('-', '').toUpperCase()].map((clientOrderId) => {
          return { ...ORDER, clientOrderId };
        }),
      },
      'clientOrderId: Orders of a batch have client order ids of their own.',
    ],
    [
      add({ venueFields: { order_userref: 7 } }),
      'clientOrderId: A clientOrderId and a userref exclude each other at Kraken.',
    ],
    [{ kind: 'cancel-all-after', timeoutSeconds: 86_400 }, 'timeoutSeconds: The timeout'],
    [{ kind: 'cancel-all-after', timeoutSeconds: 1.5 }, 'timeoutSeconds: The timeout'],
  ])('%j is refused: %s', (command, sentence) => {
    expect(explain(command)).toContain(sentence);
  });

  it.each<[string, Partial<NewOrder>, string]>([
    ['cancel_only', {}, 'symbol: BTC/USD is cancel_only'],
    ['post_only', {}, 'symbol: BTC/USD is post_only'],
    ['post_only', { postOnly: true }, 'taken'],
    ['limit_only', { orderType: 'market', limitPrice: undefined }, 'symbol: BTC/USD is limit_only'],
    ['of_tomorrow', {}, 'taken'],
  ])('a pair that is %s takes %j so: %s', (status, changes, sentence) => {
    expect(explain(add(changes), knowing({ ...BTC, status }))).toContain(sentence);
  });

  it('checks the form alone where no instruments are known', () => {
    expect(explain(add({ symbol: 'OF/TOMORROW', limitPrice: '1.23456' }), knowing())).toBe('taken');
  });
});

describe('an order of v1', () => {
  it.each<[OrderCommand, string]>([
    [
      add({ symbol: 'XBT/USD', timeInForce: 'ioc' }),
      '{"event":"addOrder","ordertype":"limit","type":"buy","pair":"XBT/USD","volume":"0.10000000",' +
        '"price":"26500.40","timeinforce":"IOC","cl_ord_id":"mine-1","reqid":7}',
    ],
    [
      add({ orderType: 'stop-loss-limit', stopPrice: '20000', limitPrice: '19999' }),
      '"price":"20000","price2":"19999"',
    ],
    [add({ orderType: 'trailing-stop', stopPrice: '50', limitPrice: undefined }), '"price":"+50"'],
    [
      add({ orderType: 'trailing-stop-limit', stopPrice: '50', limitPrice: '2', side: 'sell' }),
      '"price":"+50","price2":"-2"',
    ],
    [add({ postOnly: true }, true), '"oflags":"post","cl_ord_id":"mine-1","validate":"true"'],
    [amend({ size: '1.0' }), '{"event":"amendOrder","txid":"OAAAAA","volume":"1.0","reqid":7}'],
    [
      edit({ limitPrice: '5' }),
      '{"event":"editOrder","orderid":"OAAAAA","pair":"BTC/USD","price":"5","reqid":7}',
    ],
    [
      { kind: 'cancel', targets: [{ orderId: 'OA' }] },
      '{"event":"cancelOrder","txid":["OA"],"reqid":7}',
    ],
    [{ kind: 'cancel-all' }, '{"event":"cancelAll","reqid":7}'],
    [{ kind: 'cancel-all-after', timeoutSeconds: 0 }, '"cancelAllOrdersAfter","timeout":0'],
  ])('%j is %s', (command, part) => {
    expect(explain(command, knowing(), krakenV1())).toBe('taken');
    expect(encode(krakenV1(), command)).toContain(part);
  });

  it('knows no batches, no icebergs by size and no values', () => {
    const ofV1 = (command: OrderCommand) => explain(command, knowing(), krakenV1());
    expect(ofV1({ kind: 'batch-cancel', targets: [] })).toContain(
      'This protocol has no batch-cancel',
    );
    expect(
      ofV1(add({ orderType: 'market', limitPrice: undefined, size: undefined, value: '1' })),
    ).toContain('value: Kraken documents no field');
    // Nothing would be changed, and the order would lose its place.
    expect(ofV1(edit({ displaySize: '1' }))).toContain('displaySize: Kraken documents no field');
  });

  it.each([
    edit({ venueFields: { event: 'cancelAll' } }),
    edit({ venueFields: { volume: '9' } }),
    edit({ venueFields: { validate: 'false' } }),
    amend({ venueFields: { event: 'cancelAll' } }),
    amend({ venueFields: { limit_price: '9' } }),
  ])('is not changed behind the back of what is checked: %j', (command) => {
    const explained = explain(command, knowing(), krakenV1());
    expect(explained).toContain('has a word of its own');
  });

  it('takes other fields of the venue where it is changed', () => {
    const command = edit({ size: '1', venueFields: { newuserref: '5' } });
    expect(explain(command, knowing(), krakenV1())).toBe('taken');
    expect(encode(krakenV1(), command)).toContain('"newuserref":"5"');
  });

  it.each([
    [
      '{"descr":"buy 1 XBTUSD @ limit 4000","event":"addOrderStatus","status":"ok","txid":"ONPNXH-KMKMU-F4MR5V","reqid":7}',
      { ok: true, orderId: 'ONPNXH-KMKMU-F4MR5V' },
    ],
    [
      '{"errorMessage":"EOrder:Order minimum not met","event":"addOrderStatus",' +
        '"status":"error","reqid":7}',
      { ok: false, code: 'VENUE_REFUSED', venueText: 'EOrder:Order minimum not met' },
    ],
    [
      '{"event":"editOrderStatus","status":"ok","txid":"OB","originaltxid":"OA","reqid":7}',
      { ok: true, orderId: 'OB', originalOrderId: 'OA' },
    ],
    ['{"event":"cancelAllStatus","status":"ok","count":3,"reqid":7}', { ok: true, count: 3 }],
    [
      '{"event":"cancelAllOrdersAfterStatus","status":"ok","currentTime":"2026-01-01T00:00:00Z","triggerTime":"0","reqid":7}',
      { ok: true, triggersAtMs: NaN },
    ],
  ])('is answered by %s', (frame, result) => {
    const { messages } = krakenV1().createCodec().decode(Buffer.from(frame));
    expect(messages).toMatchObject([{ type: 'order.answered', requestId: 7, results: [result] }]);
  });
});
