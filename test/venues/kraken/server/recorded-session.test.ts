import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ConfigError } from '../../../../src/model/error.js';
import { readAnyRecording } from '../../../../src/recording/frame-lines.js';
import { hostVenueServer, type HostedServer } from '../../../../src/runtime/server.js';
import { systemClock } from '../../../../src/runtime/system-clock.js';
import { systemTimers } from '../../../../src/runtime/system-timers.js';
import { Playback } from '../../../../src/simulator/playback.js';
import { readRecordedSession } from '../../../../src/venues/kraken/server/recorded-session.js';
import { hasSamples, readFrames, readSample, readTimedFrames, SKIP_NOTE } from '../samples.js';
import { applyV1, applyV2, emptyBook, type CheckedBook } from './checked-book.js';
import { openServer } from './server-harness.js';

const V2_FILE = 'v2-book-btcusd-d10-raw-2026-07-19.jsonl';
const V1_FILE = 'v1-cryptofeed-KRAKEN.ws.50.0.txt';
const PATIENCE_MS = 40_000;

function readSession(text: string, name: string) {
  return readRecordedSession(readAnyRecording([text], name), name);
}

/** A recording behind a real port. */
async function hostRecording(name: string): Promise<HostedServer> {
  const session = await readSession(readSample(name), name);
  const options = { clock: systemClock, timers: systemTimers };
  const playback = new Playback({ session, speed: 'max', ...options });
  const time = { ...options, advance: async () => undefined, jumpWallClock: () => undefined };
  const server = openServer(playback, { ...time, armedCount: 0 });
  return hostVenueServer(server, { port: 0, clock: systemClock });
}

/** Asks over a real socket and reads until enough frames fit. */
async function collect(
  url: string,
  requests: readonly object[],
  { fits, count }: { fits: (text: string) => boolean; count: number },
): Promise<string[]> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const texts: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error(`Only ${texts.length} of ${count} frames came.`));
    }, PATIENCE_MS);
    socket.on('open', () => requests.forEach((one) => socket.send(JSON.stringify(one))));
    socket.on('error', reject);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (fits(text)) texts.push(text);
      if (texts.length !== count) return;
      clearTimeout(timer);
      socket.close();
      resolve();
    });
  });
  return texts;
}

function subscribeBook(depth: number): object {
  return { method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USD'], depth } };
}

describe.skipIf(!hasSamples)(`recorded markets${SKIP_NOTE}`, () => {
  it('v2: all 41 frames come byte for byte, with 41 right checksums', async () => {
    const recorded = readFrames(V2_FILE);
    const host = await hostRecording(V2_FILE);
    const fits = (text: string): boolean => text.startsWith('{"channel":"book"');
    const url = `ws://127.0.0.1:${host.port}/v2`;
    const texts = await collect(url, [subscribeBook(10)], { fits, count: 41 });
    await host.close();
    expect(texts).toEqual(recorded);
    const book = emptyBook();
    const right = texts.filter((text) => {
      const { computed, received } = applyV2(book, text, { depth: 10 });
      return computed === received;
    });
    expect(right).toHaveLength(41);
  });

  it('v2: another depth is served the same book, with checksums made anew', async () => {
    const host = await hostRecording(V2_FILE);
    const fits = (text: string): boolean => text.startsWith('{"channel":"book"');
    const url = `ws://127.0.0.1:${host.port}/v2`;
    const texts = await collect(url, [subscribeBook(25)], { fits, count: 41 });
    await host.close();
    const book = emptyBook();
    for (const text of texts) {
      const { computed, received } = applyV2(book, text, { depth: 25 });
      expect(computed).toBe(received);
    }
    const checksums = (frames: readonly string[]): (string | undefined)[] =>
      frames.map((text) => /"checksum":(\d+)/.exec(text)?.[1]);
    expect(checksums(texts)).toEqual(checksums(readFrames(V2_FILE)));
  });

  it('v1: all 4,269 updates of ten pairs come byte for byte, with right checksums', async () => {
    const recorded = readTimedFrames(V1_FILE).filter((text) => text.startsWith('['));
    const request = /<- [\d.]+: (.*)/.exec(readSample(V1_FILE))?.[1] ?? '';
    const host = await hostRecording(V1_FILE);
    const fits = (text: string): boolean => text.startsWith('[');
    const url = `ws://127.0.0.1:${host.port}/`;
    const asked = [JSON.parse(request) as object];
    const texts = await collect(url, asked, { fits, count: recorded.length });
    await host.close();
    expect(texts).toEqual(recorded);
    const books = new Map<string, CheckedBook>();
    let right = 0;
    for (const text of texts) {
      const pair = /"([^"]+)"\]$/.exec(text)?.[1] ?? '';
      const book = books.get(pair) ?? emptyBook();
      books.set(pair, book);
      const checked = applyV1(book, text, 1_000);
      if (checked && checked.computed === checked.received) right += 1;
    }
    expect([books.size, right]).toEqual([10, 4_269]);
  }, 60_000);

  it('v1: a client of v2 reads the same market', async () => {
    const host = await hostRecording(V1_FILE);
    const fits = (text: string): boolean => text.startsWith('{"channel":"book"');
    const params = { channel: 'book', symbol: ['XMR/USD', 'ADA/BTC'], depth: 10 };
    const request = { method: 'subscribe', params };
    const url = `ws://127.0.0.1:${host.port}/v2`;
    const texts = await collect(url, [request], { fits, count: 150 });
    await host.close();
    const books = new Map<string, CheckedBook>();
    for (const text of texts) {
      const symbol = /"symbol":"([^"]+)"/.exec(text)?.[1] ?? '';
      const book = books.get(symbol) ?? emptyBook();
      books.set(symbol, book);
      const { computed, received } = applyV2(book, text, { depth: 10 });
      expect(computed).toBe(received);
    }
    expect([...books.keys()].sort()).toEqual(['ADA/BTC', 'XMR/USD']);
  });

  it('v1 trades and tickers come byte for byte to those who ask', async () => {
    for (const [file, name] of [
      ['v1-cryptofeed-KRAKEN.ws.48.0.txt', 'trade'],
      ['v1-cryptofeed-KRAKEN.ws.49.0.txt', 'ticker'],
    ] as const) {
      const recorded = readTimedFrames(file).filter((text) => text.startsWith('['));
      const request = JSON.parse(/<- [\d.]+: (.*)/.exec(readSample(file))?.[1] ?? '') as {
        pair: string[];
        subscription: { name: string };
      };
      expect(request.subscription.name).toBe(name);
      const seen = new Set(recorded.map((text) => /"([^"]+)"\]$/.exec(text)?.[1]));
      const pair = request.pair.filter((one) => seen.has(one));
      const host = await hostRecording(file);
      const fits = (text: string): boolean => text.startsWith('[');
      const url = `ws://127.0.0.1:${host.port}/`;
      const asked = [{ ...request, pair }];
      expect(await collect(url, asked, { fits, count: recorded.length })).toEqual(recorded);
      await host.close();
    }
  });
});

describe('recordings that cannot be served', () => {
  const refused = async (text: string): Promise<ConfigError> => {
    const failure: unknown = await readSession(text, 'a.jsonl').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    return failure as ConfigError;
  };

  it.each([
    ['nothing', '', 'is empty'],
    ['no frame of the venue', '{"channel":"heartbeat"}\n', 'holds no frame of this venue'],
    ['a line that is cut off', '{"channel":"book","type"', 'is not JSON'],
    [
      'a price that is no plain decimal',
      '{"channel":"book","type":"snapshot","data":[{"symbol":"A/B","bids":[{"price":1e5,"qty":1}],"asks":[]}]}',
      'no plain decimal',
    ],
    ['a v1 book without lists', '[1,{"as":7},"book-10","A/B"]', 'has no list of asks'],
  ])('with %s', async (_, text, words) => {
    const error = await refused(text);
    expect(error.code).toBe('RECORDING_INVALID');
    expect(error.message).toContain(words);
  });

  it('name the line', async () => {
    const good = '[1,{"as":[],"bs":[]},"book-10","XBT/USD"]';
    expect((await refused(`${good}\n\n{"broken`)).message).toContain('line 3');
  });
});
