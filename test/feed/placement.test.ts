import { describe, expect, it } from 'vitest';
import {
  EMPTY_PLACEMENT,
  findSocket,
  isolateStream,
  moveRefusedStreams,
  placeStreams,
  removeStream,
  type PlacedStream,
  type Placement,
} from '../../src/feed/placement.js';
import type { ChannelRule } from '../../src/model/venue.js';

const market = { private: false, endpoints: ['market'], snapshotOnSubscribe: true } as const;
const BOOK: ChannelRule = {
  ...market,
  name: 'book',
  venueName: 'book',
  symbols: 'required',
  maxSymbolsPerSocket: 30,
};
const TRADES: ChannelRule = { ...market, name: 'trades', venueName: 'trades', symbols: 'required' };
const USER: ChannelRule = {
  ...market,
  name: 'user',
  venueName: 'user',
  symbols: 'optional',
  private: true,
  endpoints: ['user', 'market'],
};

const stream = (rule: ChannelRule, symbol?: string): PlacedStream => ({
  key: `${rule.name} ${symbol ?? ''}`,
  rule,
  symbol,
});
const books = (count: number, from = 0): PlacedStream[] =>
  Array.from({ length: count }, (_, index) => stream(BOOK, `S${index + from}`));
const sizes = (placement: Placement): number[] =>
  placement.sockets.map((socket) => socket.streams.length);

describe('placement', () => {
  it('fills sockets up to the limit of the channel', () => {
    expect(sizes(placeStreams(EMPTY_PLACEMENT, books(75)))).toEqual([30, 30, 15]);
    expect(sizes(placeStreams(EMPTY_PLACEMENT, books(30)))).toEqual([30]);
  });

  it('puts the other channels of a symbol beside its book', () => {
    const wanted = [stream(TRADES, 'S40'), stream(TRADES, 'S3'), ...books(60)];
    const placement = placeStreams(EMPTY_PLACEMENT, wanted);
    expect(findSocket(placement, 'trades S40')).toBe(findSocket(placement, 'book S40'));
    expect(findSocket(placement, 'trades S3')).toBe(findSocket(placement, 'book S3'));
    expect(placement.sockets).toHaveLength(2);
  });

  it('keeps private channels on a socket and an endpoint of their own', () => {
    const placement = placeStreams(EMPTY_PLACEMENT, [...books(2), stream(USER), stream(USER, 'A')]);
    const socket = findSocket(placement, 'user ');
    expect(socket).toMatchObject({ private: true, endpoints: ['user', 'market'] });
    expect(socket?.streams).toHaveLength(2);
    expect(placement.sockets).toHaveLength(2);
  });

  it('fills the room that a removed stream leaves, and drops an empty socket', () => {
    const full = placeStreams(EMPTY_PLACEMENT, books(31));
    const freed = removeStream(full, 'book S3');
    expect(sizes(placeStreams(freed, [stream(BOOK, 'NEW')]))).toEqual([30, 1]);
    expect(sizes(removeStream(full, 'book S30'))).toEqual([30]);
  });

  it('never gives a name twice', () => {
    const first = placeStreams(EMPTY_PLACEMENT, books(31));
    const second = placeStreams(removeStream(first, 'book S30'), books(1, 90));
    expect(second.sockets.map((socket) => socket.name)).toEqual(['market-1', 'market-3']);
  });

  it('learns the limit of a socket from the streams that were refused on it', () => {
    const strict = { ...BOOK, maxSymbolsPerSocket: 8 };
    const eight = books(8).map((one) => ({ ...one, rule: strict }));
    const refused = new Set(['book S5', 'book S6', 'book S7']);
    const placement = moveRefusedStreams(placeStreams(EMPTY_PLACEMENT, eight), refused, () => true);
    expect(sizes(placement)).toEqual([5, 3]);
    expect(placement.learnedCaps.get('book')).toBe(5);
    const more = books(4, 20).map((one) => ({ ...one, rule: strict }));
    expect(sizes(placeStreams(placement, more))).toEqual([5, 5, 2]);
  });

  it('tries half of it where all of a first request was refused', () => {
    const all = books(30);
    const refused = new Set(all.map(({ key }) => key));
    const placed = placeStreams(EMPTY_PLACEMENT, all);
    const moved = moveRefusedStreams(placed, refused, () => false);
    expect(sizes(moved)).toEqual([15, 15]);
    expect(moved.sockets.map((socket) => socket.name)).toEqual(['market-2', 'market-3']);
  });

  it('leaves room for one where even one was refused', () => {
    const placed = placeStreams(EMPTY_PLACEMENT, books(1));
    const placement = moveRefusedStreams(placed, new Set(['book S0']), () => false);
    expect(placement.learnedCaps.get('book')).toBe(1);
    expect(placement.sockets.map((socket) => socket.name)).toEqual(['market-2']);
  });

  it('isolates a stream on a socket that takes no others', () => {
    const isolated = isolateStream(placeStreams(EMPTY_PLACEMENT, books(3)), 'book S1');
    expect(sizes(isolated)).toEqual([2, 1]);
    expect(findSocket(isolated, 'book S1')?.isolated).toBe(true);
    expect(sizes(placeStreams(isolated, [stream(TRADES, 'S1'), ...books(30, 50)]))).toEqual([
      31, 1, 2,
    ]);
  });

  it('changes nothing for a stream it does not know', () => {
    const placement = placeStreams(EMPTY_PLACEMENT, books(2));
    expect(moveRefusedStreams(placement, new Set(['book X']), () => true)).toEqual(placement);
    expect(isolateStream(placement, 'book X')).toBe(placement);
  });
});
