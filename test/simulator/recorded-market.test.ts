import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulator/index.js';
import {
  FINAL_HASHES,
  hashLevels,
  recordingAbsent,
  recordingPath,
  skipReason,
} from '../end-to-end/recorded-truth.js';
import { connectRaw, type RawClient, type RawFrame } from './raw-client.js';

const PRODUCTS = ['BTC-USD', 'ETH-USD'];
const CHANNELS = ['market_trades', 'candles', 'ticker', 'level2', 'heartbeats'];
const RECORDED_FRAMES = 1030;

function subscribeAll(client: RawClient): void {
  for (const channel of CHANNELS) client.subscribe(channel, PRODUCTS);
}

/** Books from the frames a client got, by the plainest reading. */
function finalHashes(frames: readonly RawFrame[]): Record<string, string> {
  const books = new Map<string, Map<string, string>>();
  for (const { channel, events } of frames) {
    if (channel !== 'l2_data') continue;
    for (const { type, product_id: product, updates } of events) {
      if (type === 'snapshot') books.set(product, new Map());
      const book = books.get(product);
      for (const { side, price_level: price, new_quantity: size } of updates) {
        if (size === '0') book?.delete(`${side} ${price}`);
        else book?.set(`${side} ${price}`, size);
      }
    }
  }
  const side = (product: string, name: string, direction: number) =>
    [...(books.get(product) ?? [])]
      .filter(([key]) => key.startsWith(name))
      .map(([key, size]) => ({ price: key.split(' ')[1] ?? '', size }))
      .sort((a, b) => direction * (Number(a.price) - Number(b.price)))
      .slice(0, 50);
  return Object.fromEntries(
    [...books.keys()].map((one) => [one, hashLevels(side(one, 'bid', -1), side(one, 'offer', 1))]),
  );
}

function recordedFrames(): RawFrame[] {
  return readFileSync(recordingPath, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { dir: string; data: string })
    .filter((record) => record.dir === 'recv')
    .map((record) => JSON.parse(record.data) as RawFrame);
}

const isData = (frame: RawFrame): boolean => frame.channel !== 'subscriptions';

describe.skipIf(recordingAbsent)(`a recorded market${skipReason}`, () => {
  const open = (speed: number | 'max' = 'max') =>
    simulate({ venues: { coinbase: {} }, from: recordingPath, speed });

  it('gives a client that asks for everything exactly the recorded frames', async () => {
    await using exchange = await open();
    await using client = await connectRaw(exchange.venues.coinbase.wsUrl);
    subscribeAll(client);
    await client.until('all frames', () => client.frames.length >= RECORDED_FRAMES);
    const frames = client.frames.slice(0, RECORDED_FRAMES);
    expect(frames.map((one) => one.sequence_num)).toEqual(frames.map((_, index) => index));
    expect(finalHashes(frames)).toEqual(FINAL_HASHES);
    // Every update is what was recorded: time, bytes and order, but for its number.
    const strip = ({ channel, timestamp, events }: RawFrame) => ({ channel, timestamp, events });
    const updates = (list: readonly RawFrame[]) =>
      list.filter((one) => isData(one) && one.events[0]?.type !== 'snapshot').map(strip);
    expect(updates(frames)).toEqual(updates(recordedFrames()));
  });

  it('answers subscriptions with the recorded snapshots, byte for byte', async () => {
    await using exchange = await open();
    await using client = await connectRaw(exchange.venues.coinbase.wsUrl);
    subscribeAll(client);
    await client.until('all frames', () => client.frames.length >= RECORDED_FRAMES);
    const snapshots = (list: readonly RawFrame[]) =>
      list
        .filter((one) => isData(one) && one.events[0]?.type === 'snapshot')
        .map((one) => JSON.stringify(one.events))
        .sort();
    expect(snapshots(client.frames)).toEqual(snapshots(recordedFrames()));
  });
});
