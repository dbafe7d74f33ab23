import type { FrameFixture } from '../../contract/venue.js';

/** A frame of the user host, which sends a `client_id`. */
export function userEnvelope(channel: string, event: unknown, number = 0): string {
  return JSON.stringify({
    channel,
    client_id: '',
    timestamp: '2026-09-30T02:37:14.089808906Z',
    sequence_num: number,
    events: [event],
  });
}

/** An order with all the fields of 2025. */
export const ORDER = {
  avg_price: '3.394',
  cancel_reason: '',
  client_order_id: 'eb33b532-771a-4432-b443-16bdc35c08c1',
  completion_percentage: '100.00',
  contract_expiry_type: 'UNKNOWN_CONTRACT_EXPIRY_TYPE',
  cumulative_quantity: '0.746',
  filled_value: '2.531924',
  leaves_quantity: '0',
  limit_price: '3.394',
  number_of_fills: '1',
  order_id: '7aafde8c-7cf4-4939-aff2-3fc5f42f4863',
  order_side: 'SELL',
  order_type: 'Limit',
  outstanding_hold_amount: '0',
  post_only: 'false',
  product_id: 'NEAR-USDC',
  product_type: 'SPOT',
  reject_Reason: '',
  retail_portfolio_id: '00000000-0000-0000-0000-000000000000',
  risk_managed_by: 'UNKNOWN_RISK_MANAGEMENT_TYPE',
  status: 'FILLED',
  stop_price: '',
  time_in_force: 'GOOD_UNTIL_CANCELLED',
  total_fees: '0.008861734',
  total_value_after_fees: '2.523062266',
  trigger_status: 'INVALID_ORDER_TYPE',
  creation_time: '2025-02-16T08:28:35.373422Z',
  end_time: '0001-01-01T00:00:00Z',
  start_time: '0001-01-01T00:00:00Z',
};

const PERPETUAL = {
  product_id: 'BTC-PERP-INTX',
  vwap: '63049.9',
  entry_vwap: '0',
  position_side: 'Long',
  net_size: '0.0041',
  unrealized_pnl: '0',
};

const EXPIRING = {
  product_id: 'BIT-28JUN24-CDE',
  side: 'Short',
  number_of_contracts: '1',
  unrealized_pnl: '-21.199999999999932',
  entry_price: '64150',
};

const SUMMARY = {
  futures_buying_power: '100.00',
  total_usd_balance: '200.00',
  intraday_margin_window_measure: {
    margin_level: 'MARGIN_LEVEL_TYPE_BASE',
    total_hold: '-30.00',
    deeper: { left: 'out' },
  },
};

/** Frames of the private channels. */
export const userFrames: readonly FrameFixture[] = [
  {
    name: 'the first frame of an account without orders',
    frame: userEnvelope('user', {
      type: 'snapshot',
      orders: [],
      positions: {
        perpetual_futures_positions: [],
        expiring_futures_positions: [],
        prediction_market_positions: [],
      },
    }),
    channel: 'user',
    number: 0,
    messages: [
      { type: 'orders.snapshot', orders: [], complete: true },
      { type: 'positions.snapshot', positions: [] },
    ],
  },
  {
    name: 'an update of one order',
    frame: userEnvelope('user', { type: 'update', orders: [ORDER] }, 5),
    channel: 'user',
    number: 5,
    messages: [
      {
        type: 'orders.update',
        complete: true,
        orders: [
          {
            orderId: ORDER.order_id,
            clientOrderId: ORDER.client_order_id,
            symbol: 'NEAR-USDC',
            side: 'sell',
            status: 'filled',
            venueStatus: 'FILLED',
            orderType: 'limit',
            timeInForce: 'good-until-cancelled',
            limitPrice: '3.394',
            averagePrice: '3.394',
            filledSize: '0.746',
            filledValue: '2.531924',
            remainingSize: '0',
            fees: '0.008861734',
            postOnly: false,
            createdAtMs: Date.UTC(2025, 1, 16, 8, 28, 35, 373) + 0.422,
            venueFields: ORDER,
          },
        ],
      },
    ],
  },
  {
    name: 'positions',
    frame: userEnvelope('user', {
      type: 'snapshot',
      orders: [],
      positions: {
        perpetual_futures_positions: [PERPETUAL],
        expiring_futures_positions: [EXPIRING],
      },
    }),
    channel: 'user',
    number: 0,
    messages: [
      { type: 'orders.snapshot' },
      {
        type: 'positions.snapshot',
        positions: [
          {
            symbol: 'BTC-PERP-INTX',
            kind: 'perpetual-future',
            side: 'long',
            size: '0.0041',
            entryPrice: '63049.9',
            unrealizedProfit: '0',
            venueFields: PERPETUAL,
          },
          {
            symbol: 'BIT-28JUN24-CDE',
            kind: 'expiring-future',
            side: 'short',
            size: '1',
            entryPrice: '64150',
            unrealizedProfit: '-21.199999999999932',
            venueFields: EXPIRING,
          },
        ],
      },
    ],
  },
  {
    name: 'the futures account',
    frame: userEnvelope('futures_balance_summary', {
      type: 'snapshot',
      fcm_balance_summary: SUMMARY,
    }),
    channel: 'balances',
    number: 0,
    messages: [
      {
        type: 'balances.snapshot',
        balances: [
          {
            asset: 'USD',
            total: '200.00',
            kind: 'futures-summary',
            venueFields: {
              futures_buying_power: '100.00',
              total_usd_balance: '200.00',
              intraday_margin_window_measure: {
                margin_level: 'MARGIN_LEVEL_TYPE_BASE',
                total_hold: '-30.00',
              },
            },
          },
        ],
      },
    ],
  },
];
