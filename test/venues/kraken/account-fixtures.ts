import type { VenueFixtures } from '../../contract/venue.js';

/** Frames of the private channels, as recorded with ids that were randomised. */
export const accountFrames: VenueFixtures['frames'] = [
  {
    name: 'a new order, whole',
    frame:
      '{"channel":"executions","type":"update","data":[{"order_id":"OF6QIS-MYM6V-XTHHZF","symbol":' +
      '"BTC/USD","order_qty":0.00009073,"cum_cost":0.00000,"time_in_force":"GTC","exec_type":' +
      '"pending_new","side":"buy","order_type":"limit","order_userref":0,"limit_price_type":' +
      '"static","limit_price":95771.3,"stop_price":0.0,"post_only":true,"order_status":' +
      '"pending_new","fee_usd_equiv":0.00000,"fee_ccy_pref":"fciq","timestamp":' +
      '"2025-02-10T02:55:15.922831Z"}],"sequence":2}',
    channel: 'executions',
    number: 2,
    messages: [
      {
        type: 'orders.update',
        complete: true,
        orders: [
          {
            orderId: 'OF6QIS-MYM6V-XTHHZF',
            symbol: 'BTC/USD',
            side: 'buy',
            status: 'pending',
            venueStatus: 'pending_new',
            orderType: 'limit',
            timeInForce: 'gtc',
            size: '0.00009073',
            limitPrice: '95771.3',
            postOnly: true,
            createdAtMs: Date.UTC(2025, 1, 10, 2, 55, 15) + 922.831,
          },
        ],
      },
    ],
  },
  {
    name: 'a delta of an order, without symbol and side',
    frame:
      '{"channel":"executions","type":"update","data":[{"timestamp":"2024-05-18T12:58:40.165132Z",' +
      '"order_status":"canceled","exec_type":"canceled","cum_qty":0.00000000,"cum_cost":0.000000,' +
      '"fee_usd_equiv":0.000000,"avg_price":0.00000,"order_userref":0,"cancel_reason":' +
      '"User requested","reason":"User requested","order_id":"KIUEL4-G3PWU-HOJTYU"}],' +
      '"sequence":143}',
    channel: 'executions',
    number: 143,
    messages: [
      {
        type: 'orders.update',
        orders: [
          {
            orderId: 'KIUEL4-G3PWU-HOJTYU',
            status: 'canceled',
            venueStatus: 'canceled',
            filledSize: '0.00000000',
            filledValue: '0.000000',
            reason: 'User requested',
          },
        ],
      },
    ],
  },
  {
    name: 'a snapshot that holds nothing but fills of the past',
    frame:
      '{"channel":"executions","type":"snapshot","data":[{"order_id":"NG6PUE-C7MXN-CFCAMC",' +
      '"order_userref":0,"exec_id":"B1Y0D9-6JIJG-W1IB7L","exec_type":"trade","trade_id":37496584,' +
      '"symbol":"BTC/USD","side":"sell","last_qty":0.00016000,"last_price":63377.2,' +
      '"liquidity_ind":"t","cost":10.12445,"order_status":"filled","order_type":"limit",' +
      '"timestamp":"2024-04-16T10:54:38.243302Z","fee_usd_equiv":0.04050,"fees":[{"asset":"USD",' +
      '"qty":0.04051}]}],"sequence":1}',
    channel: 'executions',
    number: 1,
    messages: [
      { type: 'orders.snapshot', orders: [], complete: true },
      {
        type: 'fills.snapshot',
        complete: true,
        fills: [
          {
            fillId: 'B1Y0D9-6JIJG-W1IB7L',
            orderId: 'NG6PUE-C7MXN-CFCAMC',
            symbol: 'BTC/USD',
            side: 'sell',
            size: '0.00016000',
            price: '63377.2',
            value: '10.12445',
            fee: '0.04051',
            feeAsset: 'USD',
            liquidity: 'taker',
            tradeId: '37496584',
            filledAtMs: Date.UTC(2024, 3, 16, 10, 54, 38) + 243.302,
          },
        ],
      },
    ],
  },
  {
    name: 'balances, wallet by wallet',
    frame:
      '{"channel":"balances","type":"snapshot","data":[{"asset":"BRICK","asset_class":"currency",' +
      '"balance":439.9736,"wallets":[]},{"asset":"USD","asset_class":"currency","balance":160.2405,' +
      '"wallets":[{"type":"spot","id":"main","balance":1.34}]}],"sequence":1}',
    channel: 'balances',
    number: 1,
    messages: [
      {
        type: 'balances.snapshot',
        complete: true,
        balances: [
          { asset: 'BRICK', total: '439.9736', kind: 'currency' },
          { asset: 'USD', total: '1.34', kind: 'currency' },
        ],
      },
    ],
  },
  {
    name: 'an entry of the ledger, with a negative amount',
    frame:
      '{"channel":"balances","type":"update","data":[{"ledger_id":"DATKX6-PEHL1-HZKND8","ref_id":' +
      '"LKAKN2-N0N12-VKQNLN","timestamp":"2024-05-24T14:01:53.526524Z","type":"trade","asset":"USD"' +
      ',"asset_class":"currency","category":"trade","wallet_type":"spot","wallet_id":"main",' +
      '"amount":-19.9743,"fee":0.0499,"balance":118.0677}],"sequence":4}',
    channel: 'balances',
    number: 4,
    messages: [
      {
        type: 'balances.update',
        balances: [{ asset: 'USD', total: '118.0677', venueFields: { amount: '-19.9743' } }],
      },
    ],
  },
];
