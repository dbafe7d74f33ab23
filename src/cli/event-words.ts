/** What a person is told of each event, one row for each that is worth a sentence. */
import type { FeedEvent, FeedEventOf, FeedEventType } from '../model/event.js';
import { countWords } from './count-text.js';
import { formatDuration } from './duration.js';
import type { Tone } from './paint.js';

/** A sentence, and how it is meant. */
export interface Remark {
  readonly text: string;
  readonly tone: Tone;
}

type Words = {
  readonly [Type in FeedEventType]?: (event: FeedEventOf<Type>) => Remark | undefined;
};

const good = (text: string): Remark => ({ text, tone: 'good' });
const bad = (text: string): Remark => ({ text, tone: 'bad' });
const warning = (text: string): Remark => ({ text, tone: 'warning' });

const WORDS: Words = {
  'session.opened': ({ url }) => good(`connected to ${url}`),
  'session.closed': ({ error, retryInMs }) =>
    bad(`connection lost: ${error.message} (${describeRetry(retryInMs)})`),
  'auth.accepted': () => good('sign-in accepted'),
  'auth.renewed': ({ reason }) => ({ text: `credential renewed: ${reason}`, tone: 'dim' }),
  'auth.refused': ({ error }) => bad(`sign-in refused: ${error.message}`),
  'book.staled': describeStaleness,
  'orders-book.staled': describeStaleness,
  'book.restored': describeRecovery,
  'orders-book.restored': describeRecovery,
  'book.failed': describeFailure,
  'orders-book.failed': describeFailure,
  'sequence.gapped': ({ missing, expected }) =>
    warning(`${countWords(missing, 'frame')} lost, number ${expected} the first`),
  'trades.gapped': ({ symbol, missing }) =>
    warning(`${symbol}: ${countWords(missing, 'trade')} missing`),
  'subscription.refused': (event) => bad(`${nameStream(event)} refused: ${event.error.message}`),
  'stream.silenced': (event) => warning(`${nameStream(event)} ${describeSilence(event.silentMs)}`),
  'frame.refused': ({ error }) => warning(`unreadable frame: ${error.message}`),
  'events.dropped': ({ dropped }) => warning(`${dropped} events left out: the screen is behind`),
  'order.changed': ({ order, snapshot }) =>
    snapshot
      ? undefined
      : { text: `order ${order.symbol} ${order.side} is ${order.status}`, tone: 'plain' },
  'order.vanished': ({ order }) =>
    bad(`order ${order.symbol} ${order.side} ended unheard: ask the venue how`),
};

/** The sentence that an event is worth to a person; most are worth none. */
export function describeEvent(event: FeedEvent): Remark | undefined {
  // The row of an event's own type takes that event.
  const describe = WORDS[event.type] as ((one: FeedEvent) => Remark | undefined) | undefined;
  return describe?.(event);
}

function describeRetry(retryInMs: number | undefined): string {
  return retryInMs === undefined
    ? 'no further attempt'
    : `next attempt in ${formatDuration(retryInMs)}`;
}

/** That a connection was lost stands in a line of its own, with the reason. */
function describeStaleness(event: FeedEventOf<'book.staled' | 'orders-book.staled'>): Remark {
  const detail = event.reason === 'connection-lost' ? '' : `: ${event.detail}`;
  return bad(`${nameBook(event)} is stale (${event.reason})${detail}`);
}

function describeRecovery(event: FeedEventOf<'book.restored' | 'orders-book.restored'>): Remark {
  return good(`${nameBook(event)} is live again after ${formatDuration(event.notLiveMs)}`);
}

function describeFailure(event: FeedEventOf<'book.failed' | 'orders-book.failed'>): Remark {
  return bad(`${nameBook(event)} does not recover: ${event.error.message}`);
}

function describeSilence(silentMs: number): string {
  return silentMs === 0 ? 'speaks again' : `silent for ${formatDuration(silentMs)}`;
}

function nameStream({ channel, symbol }: { readonly channel: string; readonly symbol: string }) {
  return symbol === '' ? channel : `${channel} ${symbol}`;
}

/** A symbol stands for its book of levels; the other kind is named. */
function nameBook({ type, symbol }: Pick<FeedEvent, 'type' | 'symbol'>): string {
  return type.startsWith('orders-book.') ? `orders-book ${symbol}` : symbol;
}
