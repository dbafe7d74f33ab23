import type { FrameFixture } from '../../contract/venue.js';

const TIME = '2020-03-04T10:00:00.250Z';
const TIME_MS = Date.UTC(2020, 2, 4, 10, 0, 0, 250);
/** Rows of the present have no such mark. */
const LIVE = { snapshot: undefined };

function order(changes: object = {}): object {
  return {
    broker: 'BitMEX',
    id: 'o1',
    accountNo: '7',
    instrumentId: 'XBTUSD:BitMEX',
    symbol: 'XBTUSD',
    side: 'SELL',
    quantity: 100,
    quantityFilled: 0,
    quantityRemaining: 100,
    type: 'STOP_LIMIT',
    status: 'NEW',
    price: 20000.5,
    time: TIME,
    ...changes,
  };
}

const execution = (id: string, changes: object): object => ({
  broker: 'BitMEX',
  accountNo: 7,
  id,
  instrumentId: 'XBTUSD:BitMEX',
  symbol: 'XBTUSD',
  orderId: 'o1',
  side: 'SELL',
  quantity: '100.50',
  price: 20000.5,
  time: TIME,
  maker: true,
  fee: -0.02,
  feeCurrency: 'XBT',
  snapshot: true,
  ...changes,
});

/** Frames of the owner's own topics. */
export const accountFrames: readonly FrameFixture[] = [
  {
    name: 'all orders, as an answer',
    frame: JSON.stringify(['7#orders', null, [order({ snapshot: true })]]),
    channel: 'orders',
    messages: [
      {
        type: 'orders.snapshot',
        complete: true,
        orders: [
          {
            orderId: 'o1',
            symbol: 'XBTUSD:BitMEX',
            side: 'sell',
            status: 'open',
            venueStatus: 'NEW',
            orderType: 'stop-limit',
            limitPrice: '20000.5',
            filledSize: '0',
            remainingSize: '100',
            createdAtMs: TIME_MS,
            venueFields: { accountNo: '7', snapshot: 'true', quantity: '100' },
          },
        ],
      },
    ],
  },
  {
    name: 'past and live orders in one message',
    frame: JSON.stringify([
      'orders',
      [order({ snapshot: true }), order({ status: 'FILLED' }), order({ status: 'AMENDED' })],
    ]),
    channel: 'orders',
    messages: [
      { type: 'orders.snapshot', complete: false, orders: [{ status: 'open' }] },
      { type: 'frame.skipped', kind: 'orders/status:AMENDED' },
      { type: 'orders.update', complete: true, orders: [{ status: 'filled' }] },
    ],
  },
  {
    name: 'positions',
    frame:
      '["positions",[{"broker":"FXCM","instrumentId":"EUR/USD:FXCM","direction":"SHORT",' +
      '"profit":-1.5,"quantity":1000,"accountNo":7,"value":1113}]]',
    channel: 'positions',
    messages: [
      {
        type: 'positions.update',
        positions: [
          {
            symbol: 'EUR/USD:FXCM',
            kind: 'position',
            side: 'short',
            size: '1000',
            unrealizedProfit: '-1.5',
            venueFields: { accountNo: '7' },
          },
        ],
      },
    ],
  },
  {
    name: 'executions of the past that answer a request, oldest first',
    frame: JSON.stringify([
      '5#executions',
      null,
      [execution('e2', { time: '2020-03-04T10:00:02.000Z', quantity: 1.5 }), execution('e1', {})],
    ]),
    channel: 'executions',
    messages: [
      {
        type: 'fills.snapshot',
        complete: true,
        fills: [
          {
            fillId: 'e1',
            orderId: 'o1',
            symbol: 'XBTUSD:BitMEX',
            side: 'sell',
            size: '100.50',
            price: '20000.5',
            fee: '-0.02',
            feeAsset: 'XBT',
            liquidity: 'maker',
            filledAtMs: TIME_MS,
          },
          { fillId: 'e2', size: '1.5' },
        ],
      },
    ],
  },
  {
    name: 'a live execution, and one that says no side',
    frame: JSON.stringify([
      'executions',
      [execution('e3', LIVE), execution('e4', { ...LIVE, side: null })],
    ]),
    channel: 'executions',
    messages: [
      { type: 'frame.skipped', kind: 'executions/side' },
      { type: 'fills.update', complete: true, fills: [{ fillId: 'e3' }] },
    ],
  },
  {
    name: 'a line for the owner',
    frame: '["messages","Welcome"]',
    channel: 'notices',
    messages: [{ type: 'notice', kind: 'message', text: 'Welcome' }],
  },
  {
    name: 'a line of a log',
    frame: '["logs","The broker is connected"]',
    channel: 'notices',
    messages: [{ type: 'notice', kind: 'log', text: 'The broker is connected' }],
  },
  {
    name: 'balances',
    frame: '["4#balances",null,[{"broker":"BitMEX","currency":"XBT","balance":1.50,"equity":2}]]',
    channel: 'balances',
    messages: [
      {
        type: 'balances.snapshot',
        balances: [{ asset: 'XBT', total: '1.50', kind: 'account', venueFields: { equity: '2' } }],
      },
    ],
  },
];
