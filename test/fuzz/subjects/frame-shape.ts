/** The documented shape of what codecs make of frames, apart from the types that they keep to. */
import { z } from 'zod';
import { ERROR_RULES, type ErrorCode } from '../../../src/model/error.js';
import type { PlainFrame } from '../../contract/plain-message.js';

const orNaN = z.union([z.number(), z.nan()]);
const text = z.string();
/** What the owner of an account reads there is whatever was entered elsewhere. */
const id = z.string().min(1);
/** Symbols are printed, so that nothing in them may drive a terminal. */
const name = z.string().regex(/^[\x21-\x7e]{1,200}$/);
/** Masked and cut as an excerpt is: what was acknowledged is only compared. */
const held = z.string().regex(/^[\x20-\x7e…]{0,64}$/);
const decimal = z.string().regex(/^(?:0|[1-9]\d*)(?:\.\d+)?$/);
const signed = z.string().regex(/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/);
const side = z.enum(['buy', 'sell']);
const fields = z.record(text, text);
const code = z.enum(Object.keys(ERROR_RULES) as [ErrorCode, ...ErrorCode[]]);
const count = z.number().int().min(0);
/** A number that could only be a number: never NaN or endless where a price is meant. */
const finite = z.number();

const trade = z.strictObject({
  tradeId: text,
  price: decimal,
  size: decimal,
  priceNumber: finite,
  sizeNumber: finite,
  side,
  tradedAtMs: orNaN,
});
const ticker = z.strictObject(
  Object.fromEntries(
    [
      'last',
      'bid',
      'ask',
      'bidSize',
      'askSize',
      'open24h',
      'high24h',
      'low24h',
      'volume24h',
      'vwap24h',
      'change24h',
      'changePercent24h',
      'high52w',
      'low52w',
    ].map((field) => [field, signed.optional()]),
  ),
);
const candle = z.strictObject({
  openedAtMs: finite,
  intervalMs: finite,
  open: signed,
  high: signed,
  low: signed,
  close: signed,
  volume: signed,
  vwap: signed.optional(),
  tradeCount: count.optional(),
});
const instrument = z.strictObject({
  symbol: name,
  base: text,
  quote: text,
  status: text,
  statusMessage: text.optional(),
  kind: text.optional(),
  displayName: text.optional(),
  priceIncrement: decimal.optional(),
  sizeIncrement: decimal.optional(),
  minSize: signed.optional(),
  minCost: signed.optional(),
});
const order = z.strictObject({
  orderId: id,
  clientOrderId: text.optional(),
  symbol: id.optional(),
  side: side.optional(),
  status: z
    .enum(['pending', 'open', 'filled', 'cancel-queued', 'canceled', 'expired', 'rejected'])
    .optional(),
  venueStatus: text.optional(),
  orderType: text.optional(),
  timeInForce: text.optional(),
  size: signed.optional(),
  limitPrice: signed.optional(),
  stopPrice: signed.optional(),
  averagePrice: signed.optional(),
  filledSize: signed.optional(),
  filledValue: signed.optional(),
  remainingSize: signed.optional(),
  fees: signed.optional(),
  postOnly: z.boolean().optional(),
  reduceOnly: z.boolean().optional(),
  reason: text.optional(),
  createdAtMs: orNaN.optional(),
  expiresAtMs: orNaN.optional(),
  venueFields: fields,
});
const fill = z.strictObject({
  fillId: id,
  orderId: text,
  clientOrderId: text.optional(),
  symbol: id.optional(),
  side: side.optional(),
  size: signed,
  price: signed.optional(),
  value: signed.optional(),
  fee: signed.optional(),
  feeAsset: text.optional(),
  tradeId: text.optional(),
  liquidity: z.enum(['maker', 'taker']).optional(),
  filledAtMs: orNaN,
  venueFields: fields,
});
const position = z.strictObject({
  symbol: id,
  wallet: text.optional(),
  kind: text,
  side: z.enum(['long', 'short']).optional(),
  size: signed.optional(),
  entryPrice: signed.optional(),
  unrealizedProfit: signed.optional(),
  venueFields: fields,
});
const balance = z.strictObject({
  asset: text.optional(),
  wallet: text.optional(),
  total: signed.optional(),
  available: signed.optional(),
  kind: text,
  venueFields: z.record(text, z.unknown()),
});
const facts = {
  orderId: text.optional(),
  clientOrderId: text.optional(),
  originalOrderId: text.optional(),
  count: count.optional(),
  triggersAtMs: orNaN.optional(),
  warnings: z.array(text).optional(),
};
const result = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), ...facts }),
  z.strictObject({
    ok: z.literal(false),
    code,
    venueText: text,
    likelyCause: text,
    orderId: text.optional(),
    clientOrderId: text.optional(),
  }),
]);
const queued = z.strictObject({
  side: z.enum(['bid', 'ask']),
  change: z.enum(['add', 'modify', 'delete']),
  orderId: name,
  price: decimal,
  size: decimal,
  placedAtMs: orNaN,
});
const requestId = z.union([count, z.undefined()]);

function list<Item extends z.ZodType>(field: string, item: Item, types: readonly string[]) {
  const complete = ['orders', 'fills', 'positions', 'balances'].includes(field);
  return z.strictObject({
    type: z.enum(types as [string, ...string[]]),
    [field]: z.array(item),
    ...(complete && { complete: z.boolean() }),
  });
}

const both = (subject: string): string[] => [`${subject}.snapshot`, `${subject}.update`];
const message = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['book.snapshot', 'book.delta']),
    symbol: name,
    venueAtMs: orNaN,
    firstNumber: orNaN,
    lastNumber: orNaN,
    checksum: orNaN,
    levels: z.array(z.tuple([z.enum(['bid', 'ask']), decimal, decimal])),
  }),
  z.strictObject({
    type: z.enum(['orders-book.snapshot', 'orders-book.delta']),
    symbol: name,
    venueAtMs: orNaN,
    checksum: orNaN,
    orders: z.array(queued),
  }),
  list('trades', trade, both('trades')).extend({ symbol: name }),
  z.strictObject({
    type: z.literal('ticker.update'),
    channel: text,
    symbol: name,
    venueAtMs: orNaN,
    ticker,
  }),
  list('candles', candle, both('candles')).extend({ symbol: name }),
  list('instruments', instrument, both('instruments')),
  z.strictObject({ type: z.literal('heartbeat'), counter: orNaN, venueAtMs: orNaN }),
  z.strictObject({
    type: z.literal('venue.status'),
    venueStatus: text,
    status: z.enum(['online', 'maintenance', 'cancel-only', 'post-only', 'limit-only', 'other']),
  }),
  list('orders', order, both('orders')),
  list('fills', fill, both('fills')),
  list('positions', position, both('positions')),
  list('balances', balance, both('balances')),
  z.strictObject({ type: z.literal('notice'), kind: z.enum(['message', 'log']), text }),
  z.strictObject({ type: z.literal('order.answered'), requestId, results: z.array(result) }),
  z.strictObject({ type: z.literal('order-limits.told'), maxCount: finite }),
  z.strictObject({ type: z.literal('subscriptions.held'), held: z.record(text, z.array(held)) }),
  z.strictObject({
    type: z.enum(['subscription.accepted', 'subscription.ended']),
    channel: text,
    symbol: z.union([name, z.undefined()]),
    requestId,
  }),
  z.strictObject({
    type: z.literal('request.refused'),
    code,
    venueText: text,
    likelyCause: text,
    channel: text.optional(),
    symbol: text.optional(),
    requestId: requestId.optional(),
  }),
  z.strictObject({
    type: z.literal('frame.skipped'),
    reason: text,
    kind: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  }),
]);
const frame = z.strictObject({
  channel: z.string().regex(/^[^\p{Cc}]{0,60}$/u),
  number: z.union([count, z.nan()]),
  sentAtMs: orNaN,
  messages: z.array(message),
});

/** Throws where a frame is not what `src/model/message.ts` says. */
export function requireFrameShape(plain: PlainFrame): void {
  const checked = frame.safeParse(plain);
  if (checked.success) return;
  const [issue] = checked.error.issues;
  throw new Error(`A message has another shape: ${JSON.stringify(issue)}`);
}
