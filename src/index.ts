/**
 * Connect to exchanges' WebSocket APIs: signed in, with order books that are right or say that they
 * are not. A venue comes from its own entry, `truefeed/venues/<venue>`.
 *
 * @packageDocumentation
 */
export { openFeed } from './feed/feed.js';
export type {
  BookReport,
  EventStreamOptions,
  Feed,
  FeedCounters,
  FeedLimits,
  FeedOptions,
  FeedStatus,
  FeedSubscription,
  LiveWaitOptions,
  QueuePolicy,
  RecoveryRule,
  SessionReport,
  StreamReport,
} from './feed/feed-options.js';
export { DEFAULT_FEED_LIMITS } from './feed/feed-tools.js';
export { DEFAULT_RECOVERY_RULE } from './feed/recovery.js';
export {
  AuthError,
  ConfigError,
  ConnectionError,
  ConsumerError,
  ERROR_RULES,
  KeyError,
  ProtocolError,
  TruefeedError,
  VenueError,
} from './model/error.js';
export type { ErrorCode, ErrorFacts, ErrorParts, ErrorRule } from './model/error.js';
export { ASK, BID } from './model/levels.js';
export { Secret, SECRET_MARK } from './model/secret.js';
export { systemRuntime } from './runtime/system-runtime.js';
export type * from './model/account.js';
export type * from './model/account-view.js';
export type * from './model/auth.js';
export type * from './model/book.js';
export type * from './model/event.js';
export type * from './model/levels.js';
export type * from './model/logger.js';
export type * from './model/market.js';
export type * from './model/message.js';
export { JsonNumber } from './model/json-number.js';
export type * from './model/order-calls.js';
export type * from './model/order-entry.js';
export type * from './model/orders-book.js';
export type * from './model/runtime.js';
export type * from './model/session.js';
export type * from './model/socket.js';
export type * from './model/tracker.js';
export type * from './model/venue.js';
