import { expect, it } from 'vitest';
import { describeEvent } from '../../src/cli/event-words.js';
import { ConnectionError } from '../../src/model/error.js';
import type { FeedEvent } from '../../src/model/event.js';

const base = { venue: 'fake', symbol: 'A', venueAtMs: NaN, receivedAtMs: 1 } as const;
const lost = new ConnectionError('CONNECTION_CLOSED', 'It ended.');

const silence = (symbol: string, silentMs: number): FeedEvent => ({
  ...base,
  type: 'stream.silenced',
  session: 's',
  channel: 'trades',
  symbol,
  silentMs,
});

const closed = (retryInMs: number | undefined): FeedEvent => ({
  ...base,
  type: 'session.closed',
  session: 's',
  error: lost,
  retryInMs,
});

it.each([
  [closed(422), 'bad', 'connection lost: It ended. (next attempt in 422 ms)'],
  [closed(undefined), 'bad', 'connection lost: It ended. (no further attempt)'],
  [silence('A', 3_000), 'warning', 'trades A silent for 3.0 s'],
  [silence('', 0), 'warning', 'trades speaks again'],
  [
    { ...base, type: 'orders-book.restored', notLiveMs: 90 },
    'good',
    'orders-book A is live again after 90 ms',
  ],
  [{ ...base, type: 'book.restored', notLiveMs: 90 }, 'good', 'A is live again after 90 ms'],
  [
    { ...base, type: 'book.staled', reason: 'crossed', detail: 'It is crossed.' },
    'bad',
    'A is stale (crossed): It is crossed.',
  ],
  [
    { ...base, type: 'book.staled', reason: 'connection-lost', detail: 'It ended.' },
    'bad',
    'A is stale (connection-lost)',
  ],
] as const satisfies readonly (readonly [FeedEvent, string, string])[])(
  'says of %j, %s: %s',
  (event, tone, text) => {
    expect(describeEvent(event)).toEqual({ text, tone });
  },
);
