import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RecordedSession } from '../../src/model/exchange.js';
import { readRecording } from '../../src/recording/reader.js';
import { Playback, type PlaybackSpeed } from '../../src/simulator/playback.js';
import type { FaultRule } from '../../src/venues/coinbase/server/fault-rules.js';
import { readRecordedSession } from '../../src/venues/coinbase/server/recorded-session.js';
import { createVirtualTime } from '../doubles/virtual-time.js';
import {
  connectFake,
  openServer,
  type FakeClient,
} from '../venues/coinbase/server/server-harness.js';
import { recordingAbsent, recordingPath, skipReason } from '../end-to-end/recorded-truth.js';

const session = (text: string): Promise<RecordedSession> =>
  readRecordedSession(readRecording([text], 'r.jsonl'), 'r.jsonl');

let seconds = 0;
const line = (dir: string, data: object): string =>
  JSON.stringify({ ts: 1_786_309_548 + seconds, dir, data: JSON.stringify(data) });
const frame = (channel: string, event: object): string => {
  seconds += 0.5;
  const stamp = `2026-08-09T21:05:${String(10 + seconds).padStart(2, '0')}Z`;
  return line('recv', { channel, timestamp: stamp, sequence_num: 99, events: [event] });
};
const at = (second: string): string => `2026-08-09T21:05:${second}Z`;
const level = (second: string, [side, price, size]: readonly [string, string, string]) => ({
  side,
  event_time: at(second),
  price_level: price,
  new_quantity: size,
});
const book = (type: string, ...updates: object[]): string =>
  frame('l2_data', { type, product_id: 'BTC-USD', updates });

/** A snapshot and four updates, half a second apart; the client asked for the book only. */
const SMALL = (() => {
  seconds = 0;
  return [
    line('connect', {}),
    line('send', { type: 'subscribe', channel: 'level2', product_ids: ['BTC-USD'] }),
    // Overtook the snapshot, which already holds it.
    book('update', level('09', ['bid', '8', '7'])),
    book('snapshot', level('10', ['bid', '9', '1']), level('10', ['offer', '11', '1'])),
    line('recv', { channel: 'subscriptions', timestamp: 'x', sequence_num: 3, events: [{}] }),
    ...[11, 12, 13, 14].map((time) => book('update', level(`${time}`, ['bid', `9.${time}`, '2']))),
  ].join('\n');
})();

function open(recorded: RecordedSession, speed: PlaybackSpeed, rules: FaultRule[] = []) {
  const time = createVirtualTime();
  const { clock, timers } = time;
  const playback = new Playback({ session: recorded, speed, clock, timers });
  return { time, server: openServer(playback, time, { rules }) };
}

const subscribe = (client: FakeClient, channel: string, ...products: string[]): void =>
  client.ask({ type: 'subscribe', channel, product_ids: products });
const kinds = (client: FakeClient): string[] =>
  client.frames().map((one) => (one.events[0]?.type as string | undefined) ?? one.channel);

describe('the timeline', () => {
  it('begins at once when all that was recorded is wanted, at the recorded pace', async () => {
    const { server, time } = open(await session(SMALL), 1);
    const client = connectFake(server);
    subscribe(client, 'level2', 'BTC-USD');
    expect(kinds(client)).toEqual(['snapshot', 'subscriptions']);
    await time.advance(0);
    expect(kinds(client)).toHaveLength(3);
    await time.advance(499);
    expect(kinds(client)).toHaveLength(3);
    await time.advance(1);
    expect(kinds(client)).toHaveLength(4);
    await time.advance(1_000);
    expect(kinds(client)).toHaveLength(6);
    expect(client.frames().map((one) => one.sequence_num)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('runs faster by a factor', async () => {
    const { server, time } = open(await session(SMALL), 10);
    const client = connectFake(server);
    subscribe(client, 'level2', 'BTC-USD');
    await time.advance(150);
    expect(kinds(client)).toHaveLength(6);
  });

  it('waits 300 ms after the last request of a client that wants something else', async () => {
    const { server, time } = open(await session(SMALL), 'max');
    const client = connectFake(server);
    subscribe(client, 'heartbeats');
    await time.advance(299);
    subscribe(client, 'ticker', 'BTC-USD');
    await time.advance(299);
    const late = connectFake(server);
    subscribe(late, 'level2', 'BTC-USD');
    await time.advance(100);
    expect(kinds(late)).toEqual([
      'snapshot',
      'subscriptions',
      ...Array.from({ length: 4 }, () => 'update'),
    ]);
  });

  it('gives a late joiner the state of that moment, best first, and goes on', async () => {
    const { server, time } = open(await session(SMALL), 1);
    const early = connectFake(server);
    subscribe(early, 'level2', 'BTC-USD');
    await time.advance(600);
    const late = connectFake(server);
    subscribe(late, 'level2', 'BTC-USD');
    await time.advance(5_000);
    expect(kinds(late).slice(0, 4)).toEqual(['snapshot', 'subscriptions', 'update', 'update']);
    const [snapshot] = late.frames()[0]?.events ?? [];
    expect(snapshot?.updates).toEqual([
      level('12', ['bid', '9.12', '2']),
      level('12', ['bid', '9.11', '2']),
      level('12', ['bid', '9', '1']),
      level('12', ['offer', '11', '1']),
    ]);
  });

  it('keeps its state after the end, and its heart beats on, a second later', async () => {
    const { server, time } = open(await session(SMALL), 'max');
    const client = connectFake(server);
    subscribe(client, 'heartbeats');
    subscribe(client, 'level2', 'BTC-USD');
    await time.advance(950);
    const before = client.texts.length;
    await time.advance(100);
    expect(kinds(client).slice(before)).toEqual(['heartbeats']);
    await time.advance(2_000);
    expect(kinds(client).slice(before)).toEqual(['heartbeats', 'heartbeats', 'heartbeats']);
    client.ask({ type: 'unsubscribe', channel: 'level2', product_ids: ['BTC-USD'] });
    subscribe(client, 'level2', 'BTC-USD');
    const snapshot = client.frames().at(-2)?.events[0];
    expect(snapshot?.updates).toHaveLength(6);
    const stamps = client.frames().map((one) => one.timestamp.replace('Z', ''));
    expect([...stamps].sort()).toEqual(stamps);
  });

  it('begins anew for a new client when it has ended and nobody is there', async () => {
    const { server, time } = open(await session(SMALL), 'max');
    const first = connectFake(server);
    subscribe(first, 'level2', 'BTC-USD');
    await time.advance(500);
    const second = connectFake(server);
    first.leave();
    subscribe(second, 'level2', 'BTC-USD');
    expect(kinds(second)).toEqual(['snapshot', 'subscriptions']);
    expect(second.frames()[0]?.events[0]?.updates).toHaveLength(6);
    second.leave();
    const third = connectFake(server);
    subscribe(third, 'level2', 'BTC-USD');
    await time.advance(500);
    expect(kinds(third)).toEqual(kinds(first));
    expect(third.frames()[0]?.events[0]?.updates).toHaveLength(2);
  });

  it('goes on when clients come and go in its midst', async () => {
    const { server, time } = open(await session(SMALL), 1);
    const first = connectFake(server);
    subscribe(first, 'level2', 'BTC-USD');
    await time.advance(100);
    first.leave();
    await time.advance(1_000);
    const second = connectFake(server);
    subscribe(second, 'level2', 'BTC-USD');
    await time.advance(10_000);
    expect(kinds(second).slice(0, 3)).toEqual(['snapshot', 'subscriptions', 'update']);
    expect(second.frames()[0]?.events[0]?.updates).toHaveLength(5);
  });

  it('waits for a client at full speed, and not for ever', async () => {
    const { server, time } = open(await session(SMALL), 'max');
    const stalled = connectFake(server);
    const quick = connectFake(server);
    stalled.buffered = 2 * 1024 * 1024;
    subscribe(quick, 'level2', 'BTC-USD');
    await time.advance(500);
    expect(kinds(quick)).toEqual(['snapshot', 'subscriptions']);
    await time.advance(1_000);
    expect(kinds(quick)).toHaveLength(6);
  });
});

describe('a recording of the venue', () => {
  it.each([
    ['{"channel":"l2_data","timestamp":"x","events":[{"type":"upd', /line 2 .*not JSON/],
    ['{"channel":"l2_data","timestamp":"x","events":[{"type":"update"}]}', /line 2.*updates/],
    [
      '{"channel":"l2_data","timestamp":"x","events":[{"type":"update","product_id":"A-B",' +
        '"updates":[{"side":"bid","event_time":"x","price_level":"1e5","new_quantity":"1"}]}]}',
      /line 2.*plain decimal/,
    ],
    ['{"channel":"ticker","events":[]}', /line 2.*timestamp/],
    ['{"channel":"ticker","timestamp":"x"}', /line 2.*events/],
  ])('names the line of a frame like %s', async (data, message) => {
    const text = [line('connect', {}), JSON.stringify({ ts: 1, dir: 'recv', data })].join('\n');
    await expect(session(text)).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it('is refused when it holds no frame of the venue', async () => {
    const text = JSON.stringify({ ts: 1, dir: 'recv', data: '{"channel":"book","data":[]}' });
    await expect(session(text)).rejects.toMatchObject({ code: 'RECORDING_INVALID' });
  });
});

describe.skipIf(recordingAbsent)(`a real recording with a frame withheld${skipReason}`, () => {
  let recorded: RecordedSession;
  beforeAll(async () => {
    recorded = await session(readFileSync(recordingPath, 'utf8'));
  });

  const follow = async (rules: FaultRule[]): Promise<string[]> => {
    const { server, time } = open(recorded, 'max', rules);
    const client = connectFake(server);
    for (const channel of ['market_trades', 'candles', 'ticker', 'level2', 'heartbeats']) {
      subscribe(client, channel, 'BTC-USD', 'ETH-USD');
    }
    await time.advance(500);
    return client.texts;
  };

  it('holds all frames but that one, at every fifth position', async () => {
    const whole = await follow([]);
    expect(whole).toHaveLength(1030);
    for (let position = 0; position < whole.length; position += 5) {
      const texts = await follow([{ fault: 'drop', at: { frame: position } }]);
      const expected = whole.filter((_, index) => index !== position);
      expect(texts.join('\n') === expected.join('\n'), `position ${position}`).toBe(true);
    }
  }, 60_000);
});
