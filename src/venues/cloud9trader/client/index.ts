/**
 * A drop-in for Cloud9Trader's own client library: the same constructor options, methods and
 * events, without its defects. README.md of the venue lists what differs.
 *
 * @packageDocumentation
 */
export { Client, Client as Cloud9TraderClient } from './client.js';
export type { ClientOptions, ResultHandler } from './client.js';
export type { Moment } from './http.js';
export type { Listener } from './listeners.js';
export type {
  Execution,
  InstrumentRow,
  Order,
  OrderBook,
  OrderSubmission,
  Price,
  TickerSummary,
  TradeRow,
} from './payloads.js';
export type { AnswerHandler } from './requests.js';
