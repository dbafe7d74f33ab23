import { describe, expect, it } from 'vitest';
import { OrderDesk } from '../../../src/feed/orders/order-desk.js';
import { ConfigError } from '../../../src/model/error.js';
import type { OrderEntry, OrderOutcome } from '../../../src/model/order-calls.js';
import type { NewOrder, OrderEntryRule } from '../../../src/model/order-entry.js';
import type { Runtime } from '../../../src/model/runtime.js';
import type { SessionCommand } from '../../../src/model/session.js';
import { FAKE_ORDER_ENTRY } from '../../doubles/fake-venue.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

const ORDER: NewOrder = {
  symbol: 'A',
  side: 'buy',
  orderType: 'limit',
  size: '1',
  limitPrice: '99',
};

function open(rule: Partial<OrderEntryRule> = {}) {
  const { clock, timers } = createVirtualTime();
  const sent: SessionCommand[] = [];
  const logged: string[] = [];
  const write = (text: string): void => void logged.push(text);
  const findOrder = () => undefined;
  const desk = new OrderDesk({
    rule: { ...FAKE_ORDER_ENTRY, ...rule },
    runtime: {
      clock,
      timers,
      random: createSeededRandom(1),
      logger: { debug: write, info: write, warn: write, error: write },
    } as Runtime,
    limiter: undefined,
    check: { findInstrument: findOrder, instrumentsAreKnown: false, findOrder },
    limits: { findOrder, countOpenOrders: () => 0 },
    evidence: {
      isLive: true,
      askAnew: () => undefined,
      findOrders: () => [],
      findFills: () => [],
      listOrders: () => [],
    },
    findSocket: () => ({ command: (command) => void sent.push(command) }),
    onSwitchChanged: () => undefined,
  });
  return { desk, sent, logged };
}

/** A program without types gives whatever it likes. */
function call(desk: OrderDesk, name: keyof OrderEntry, ...given: readonly unknown[]) {
  const calls = desk as unknown as Record<string, (...given: readonly unknown[]) => unknown>;
  return calls[name]?.(...given) as Promise<OrderOutcome | readonly OrderOutcome[]>;
}

function list(...values: readonly unknown[]): readonly unknown[] {
  return values;
}

function selfContaining(): object {
  const fields: Record<string, unknown> = {};
  fields.own = fields;
  return fields;
}

const target = { orderId: 'O1' };

const WRONG_FORMS: readonly [name: keyof OrderEntry, given: readonly unknown[], field: string][] = [
  ['addOrder', list(), 'an order'],
  ['addOrder', list(null), 'an order'],
  ['addOrder', list([ORDER]), 'an order'],
  ['addOrder', list('BTC/USD'), 'an order'],
  ['addOrder', list({}), 'symbol'],
  ['addOrder', list({ ...ORDER, side: undefined }), 'side'],
  ['addOrder', list({ ...ORDER, size: 1 }), 'size'],
  ['addOrder', list({ ...ORDER, limitPrice: null }), 'limitPrice'],
  ['addOrder', list({ ...ORDER, postOnly: 'no' }), 'postOnly'],
  ['addOrder', list({ ...ORDER, expiresAtMs: NaN }), 'expiresAtMs'],
  ['addOrder', list({ ...ORDER, postOnyl: true }), 'postOnyl'],
  ['addOrder', list({ ...ORDER, constructor: 1 }), 'constructor'],
  ['addOrder', list({ ...ORDER, venueFields: [] }), 'venueFields'],
  ['addOrder', list({ ...ORDER, venueFields: { a: 5n } }), 'venueFields'],
  ['addOrder', list({ ...ORDER, venueFields: { a: NaN } }), 'venueFields'],
  ['addOrder', list({ ...ORDER, venueFields: { a: new Date(0) } }), 'venueFields'],
  ['addOrder', list({ ...ORDER, venueFields: { a: [() => 1] } }), 'venueFields'],
  ['addOrder', list({ ...ORDER, venueFields: selfContaining() }), 'venueFields'],
  ['addOrder', list(ORDER, null), 'the options of this call'],
  ['addOrder', list(ORDER, { valdate: true }), 'valdate'],
  ['addOrder', list(ORDER, { validate: 0 }), 'validate'],
  ['addOrder', list(ORDER, { deadlineMs: '500' }), 'deadlineMs'],
  ['addOrders', list(ORDER), 'orders'],
  ['addOrders', list([ORDER, null]), 'an order'],
  ['amendOrder', list(null), 'a change of an order'],
  ['amendOrder', list({ size: '2' }), 'target'],
  ['amendOrder', list({ target: 'O1', size: '2' }), 'the name of an order'],
  ['amendOrder', list({ target, size: '2' }, { validate: true }), 'validate'],
  ['editOrder', list({ target, sise: '2' }), 'sise'],
  ['cancelOrder', list(undefined), 'the name of an order'],
  ['cancelOrder', list('O1'), 'the name of an order'],
  ['cancelOrder', list({ orderID: 'O1' }), 'orderID'],
  ['cancelOrder', list({ orderId: 1 }), 'orderId'],
  ['cancelOrders', list(target), 'targets'],
  ['cancelOrders', list([target, 5]), 'the name of an order'],
  ['cancelOrders', list(Array.from({ length: 1_001 }, () => target)), 'targets'],
];

describe('an order call', () => {
  it.each(WRONG_FORMS)('%s is refused with the field, and sends nothing (%#)', async (...one) => {
    const [name, given, field] = one;
    const { desk, sent } = open();
    const outcomes = [await call(desk, name, ...given)].flat();
    expect(outcomes).not.toEqual([]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        kind: 'refused',
        wasSent: false,
        error: { code: 'ORDER_INVALID', facts: { field } },
      });
    }
    expect(sent).toEqual([]);
  });

  it('says which name a misspelt one may stand for', async () => {
    const { desk } = open();
    const outcome = await call(desk, 'addOrder', { ...ORDER, postOnyl: true });
    expect(outcome).toMatchObject({ error: { facts: { nearest: 'postOnly' } } });
  });

  it('with several orders says the same of each where one of them is wrong', async () => {
    const { desk } = open();
    expect(await call(desk, 'addOrders', [ORDER, 7, ORDER])).toHaveLength(3);
    expect(await call(desk, 'addOrders', [])).toMatchObject([{ kind: 'refused' }]);
  });

  it('is never rejected, not even by a getter or a check that throws', async () => {
    const { desk } = open();
    const size = (): never => {
      throw new Error('Not now.');
    };
    const given = Object.defineProperty({ ...ORDER }, 'size', { get: size });
    expect(await call(desk, 'addOrder', given)).toMatchObject({
      kind: 'refused',
      wasSent: false,
      error: { code: 'ORDER_INVALID' },
    });
    const check = (): never => {
      throw new TypeError('A fault of ours.');
    };
    const flawed = open({ check });
    expect(await flawed.desk.addOrder(ORDER)).toMatchObject({ kind: 'refused', wasSent: false });
    expect(flawed.logged).not.toEqual([]);
  });

  it('sends what it was given, whatever is done to it afterwards', () => {
    const { desk, sent } = open();
    const leg = { price: '1' };
    const order = { ...ORDER, venueFields: { leg } };
    void desk.addOrder(order);
    leg.price = '1000';
    (order as { size: string }).size = '1000';
    expect(sent).toMatchObject([
      { command: { order: { size: '1', venueFields: { leg: { price: '1' } } } } },
    ]);
  });

  it('keeps a field of that name in venueFields, and changes no prototype', () => {
    const { desk, sent } = open();
    const venueFields = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
    void desk.addOrder({ ...ORDER, venueFields });
    const [command] = sent;
    const order = command?.command.kind === 'add' ? command.command.order : undefined;
    expect(Object.keys(order?.venueFields ?? {})).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("the options of a dead-man's switch", () => {
  it.each([
    ['null', null],
    ['a misspelt name', { timeoutSecond: 5 }],
    ['an answer in the place of a question', { isHealthy: true }],
  ])('%s is refused', (_, options) => {
    const { desk } = open();
    expect(() => desk.holdDeadMansSwitch(options as object)).toThrow(ConfigError);
  });
});
