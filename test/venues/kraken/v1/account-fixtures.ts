import type { FrameFixture } from '../../../contract/venue.js';

const OPENED = 1_692_851_641_361.371;

/** Frames of the owner's channels of v1, as recorded in 2023-08, and by the documentation. */
export const accountFrames: readonly FrameFixture[] = [
  {
    name: 'open orders, whole, with nulls',
    frame:
      '[[{"OKB55A-UEMMN-YUXM2A":{"avg_price":"0.00000","cost":"0.00000","descr":{"close":null,' +
      '"leverage":null,"order":"buy 0.00010000 XBT/USD","ordertype":"limit","pair":' +
      '"XBT/USD","price":"25000.0","price2":"0.00000","type":"buy"},"expiretm":null,"fee":' +
      '"0.00000",' +
      '"limitprice":"25000.00000","misc":"","oflags":"fciq,post","opentm":"1692851641.361371",' +
      '"refid":null,"starttm":null,"status":"pending","stopprice":"0.00000","timeinforce":"GTC",' +
      '"userref":0,"vol":"0.00010000","vol_exec":"0.00000000"}}],"openOrders",{"sequence":1}]',
    channel: 'orders',
    number: 1,
    messages: [
      {
        type: 'orders.snapshot',
        complete: true,
        orders: [
          {
            orderId: 'OKB55A-UEMMN-YUXM2A',
            symbol: 'XBT/USD',
            side: 'buy',
            status: 'pending',
            venueStatus: 'pending',
            orderType: 'limit',
            postOnly: true,
            timeInForce: 'gtc',
            size: '0.00010000',
            limitPrice: '25000.00000',
            filledSize: '0.00000000',
            createdAtMs: OPENED,
          },
        ],
      },
    ],
  },
  {
    name: 'what changed of an order, without a status',
    frame:
      '[[{"OKB55A-UEMMN-YUXM2A":{"vol_exec":"0.00010000","cost":"2.64252","fee":"0.00687",' +
      '"avg_price":"26425.20000","userref":0}}],"openOrders",{"sequence":3}]',
    channel: 'orders',
    number: 3,
    messages: [
      {
        type: 'orders.update',
        orders: [
          {
            orderId: 'OKB55A-UEMMN-YUXM2A',
            filledSize: '0.00010000',
            filledValue: '2.64252',
            fees: '0.00687',
            averagePrice: '26425.20000',
          },
        ],
      },
    ],
  },
  {
    name: 'an order that is done',
    frame:
      '[[{"OKB55A-UEMMN-YUXM2A":{"lastupdated":"1692851641.361447","status":"closed",' +
      '"vol_exec":"0.00010000","userref":0}}],"openOrders",{"sequence":4}]',
    channel: 'orders',
    number: 4,
    messages: [{ type: 'orders.update', orders: [{ status: 'filled', venueStatus: 'closed' }] }],
  },
  {
    name: 'own trades, the older one first',
    frame:
      '[[{"T2":{"cost":"100.0","fee":"0.26","margin":"0.0","ordertxid":"O1","ordertype":"limit",' +
      '"pair":"XBT/USD","price":"100000.0","time":"1560516024.5","type":"sell","vol":' +
      '"0.00100000"}},{"T1":{"cost":"200.0","fee":"0.52","margin":"0.0","ordertxid":"O1",' +
      '"ordertype":"limit","pair":"XBT/USD","postxid":"P","price":"100000.0","time":' +
      '"1560516023.070651","type":"sell","vol":"0.00200000"}}],"ownTrades",{"sequence":1}]',
    channel: 'executions',
    number: 1,
    messages: [
      {
        type: 'fills.snapshot',
        complete: true,
        fills: [
          {
            fillId: 'T1',
            orderId: 'O1',
            symbol: 'XBT/USD',
            side: 'sell',
            size: '0.00200000',
            price: '100000.0',
            value: '200.0',
            fee: '0.52',
            filledAtMs: 1_560_516_023_070.651,
          },
          { fillId: 'T2' },
        ],
      },
    ],
  },
  {
    name: 'an ack of a channel of the owner',
    frame:
      '{"channelName":"ownTrades","event":"subscriptionStatus","status":"subscribed",' +
      '"subscription":{"name":"ownTrades"}}',
    channel: 'control',
    messages: [{ type: 'subscription.accepted', channel: 'executions', symbol: undefined }],
  },
];
