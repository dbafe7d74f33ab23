import { describe, expect, it } from 'vitest';
import { createLevelColumns } from '../../src/book/level-columns.js';
import { SequenceGuard } from '../../src/feed/sequence-guard.js';
import type { BookMessage, DecodedFrame } from '../../src/model/message.js';
import type { SequenceRule } from '../../src/model/venue.js';
import { createCounterTracker } from '../../src/sequence/counter.js';
import { createOrderedCounterTracker } from '../../src/sequence/ordered-counter.js';

/** The channel that waits for a fresh snapshot. */
const awaiting = { channel: '' };

function createGuard(
  scope: SequenceRule['scope'],
  createTracker = createCounterTracker,
): SequenceGuard {
  const rule: SequenceRule = {
    scope,
    lastBeforeFirst: -1,
    createTracker,
    tradeIdsContiguous: true,
  };
  const guard = new SequenceGuard(rule, {
    isFollowed: (symbol) => symbol !== 'UNASKED',
    awaitsSnapshot: (channel) => channel === awaiting.channel,
  });
  guard.reset();
  return guard;
}

function book(symbol: string, number = NaN): BookMessage {
  const numbers = { firstNumber: number, lastNumber: number, checksum: NaN };
  return { type: 'book.delta', symbol, venueAtMs: 0, columns: createLevelColumns(), ...numbers };
}

function frame(number: number, symbol?: string): DecodedFrame {
  const messages = symbol === undefined ? [] : [book(symbol)];
  return { channel: 'book', number, sentAtMs: NaN, messages };
}

const kinds = (guard: SequenceGuard, frames: readonly DecodedFrame[]): string[] =>
  frames.map((one) => guard.checkFrame(one).kind);

describe('numbers of a connection', () => {
  it('count on every frame, whatever it says, and 0 is a number', () => {
    const guard = createGuard('connection');
    expect(kinds(guard, [frame(0), frame(1, 'A'), frame(2), frame(4, 'B')])).toEqual([
      'accept',
      'accept',
      'accept',
      'gap',
    ]);
    expect(kinds(guard, [frame(4), frame(NaN), frame(5)])).toEqual(['stale', 'accept', 'accept']);
  });

  it('reveal a loss before the very first frame', () => {
    expect(createGuard('connection').checkFrame(frame(1))).toMatchObject({ expected: 0 });
  });

  it('start anew with a new socket', () => {
    const guard = createGuard('connection');
    kinds(guard, [frame(0), frame(1)]);
    guard.reset();
    expect(kinds(guard, [frame(0)])).toEqual(['accept']);
  });

  it('do not report as lost what came and could not be read', () => {
    const guard = createGuard('connection');
    kinds(guard, [frame(0)]);
    guard.noteUnreadable();
    expect(kinds(guard, [frame(2), frame(4)])).toEqual(['accept', 'gap']);
    guard.noteUnreadable();
    expect(kinds(guard, [frame(7)])).toEqual(['gap']);
  });
});

describe('numbers that fall', () => {
  it('are a gap, also right after a frame that could not be read', () => {
    const guard = createGuard('connection', createOrderedCounterTracker);
    kinds(guard, [frame(0), frame(1), frame(2)]);
    guard.noteUnreadable();
    expect(guard.checkFrame(frame(0))).toMatchObject({ kind: 'gap', expected: 3, received: 0 });
    expect(kinds(guard, [frame(1), frame(2)])).toEqual(['accept', 'accept']);
  });
});

describe('numbers of a symbol', () => {
  it('are rows of their own', () => {
    const guard = createGuard('symbol');
    const frames = [frame(0, 'A'), frame(0, 'B'), frame(1, 'A'), frame(2, 'B')];
    expect(kinds(guard, frames)).toEqual(['accept', 'accept', 'accept', 'gap']);
    expect(guard.checkFrame(frame(4, 'A'))).toMatchObject({ kind: 'gap', symbol: 'A' });
    expect(kinds(guard, [frame(9, 'UNASKED'), frame(9)])).toEqual(['accept', 'accept']);
  });

  it('in the messages themselves begin with a snapshot', () => {
    const guard = createGuard('symbol');
    guard.startRow(book('A', 100));
    expect(guard.checkDelta(book('A', 101)).kind).toBe('accept');
    expect(guard.checkDelta(book('A', 103)).kind).toBe('gap');
    expect(guard.isRepeated(book('A', 50))).toBe(true);
    expect(guard.isRepeated(book('A'))).toBe(false);
  });
});

it('no numbers are checked where the venue has none', () => {
  expect(kinds(createGuard('none'), [frame(9), frame(1)])).toEqual(['accept', 'accept']);
});

describe('numbers of a channel', () => {
  const of = (channel: string, number: number, isSnapshot = false): DecodedFrame => {
    const list = { type: 'balances.snapshot', balances: [], complete: true } as const;
    return { channel, number, sentAtMs: NaN, messages: isSnapshot ? [list] : [] };
  };

  it('count for each channel alone, and say nothing of frames without one', () => {
    const guard = createGuard('channel');
    expect(kinds(guard, [of('balances', 0), of('user', 0), of('balances', 1)])).toEqual(
      Array.from({ length: 3 }, () => 'accept'),
    );
    expect(kinds(guard, [of('book', NaN), of('balances', 1), of('user', 1)])).toEqual([
      'accept',
      'stale',
      'accept',
    ]);
  });

  it('name their channel where there is a hole', () => {
    const guard = createGuard('channel');
    guard.checkFrame(of('user', 0));
    expect(guard.checkFrame(of('user', 3))).toEqual({
      kind: 'gap',
      expected: 1,
      received: 3,
      symbol: undefined,
      channel: 'user',
    });
  });

  it('begin anew with a snapshot that is waited for, and with no other', () => {
    const guard = createGuard('channel');
    expect(kinds(guard, [of('user', 0, true), of('user', 1), of('user', 0, true)])).toEqual([
      'accept',
      'accept',
      'stale',
    ]);
    awaiting.channel = 'user';
    expect(guard.checkFrame(of('user', 0, true)).kind).toBe('accept');
    awaiting.channel = '';
    expect(guard.checkFrame(of('user', 1)).kind).toBe('accept');
  });
});
