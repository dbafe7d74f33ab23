import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageNumbers, Tracker } from '../../src/model/tracker.js';
import {
  createChainTracker,
  createCounterTracker,
  createNoneTracker,
  createOrderedCounterTracker,
  createRangeTracker,
} from '../../src/sequence/index.js';

const one = (number: number): MessageNumbers => ({ first: number, last: number });
const range = (first: number, last: number): MessageNumbers => ({ first, last });
const link = (previous: number, last: number): MessageNumbers => ({ first: last, last, previous });

/** `accept`, `stale`, or the two numbers of a gap. */
function judge(tracker: Tracker, messages: readonly MessageNumbers[]): string[] {
  return messages.map((numbers) => {
    const verdict = tracker.check(numbers);
    return verdict.kind === 'gap' ? `${verdict.expected}>${verdict.received}` : verdict.kind;
  });
}

type Row = [
  name: string,
  start: number | undefined,
  messages: MessageNumbers[],
  verdicts: string[],
];

const COUNTER_ROWS: Row[] = [
  ['takes any first number', undefined, [one(7), one(8)], ['accept', 'accept']],
  ['takes 0 as a number', undefined, [one(0), one(1)], ['accept', 'accept']],
  ['sees that 0 is missing', -1, [one(1), one(2)], ['0>1', 'accept']],
  ['sees that 1 is missing after 0', undefined, [one(0), one(2)], ['accept', '1>2']],
  ['reports a loss once', 4, [one(7), one(8)], ['5>7', 'accept']],
  ['drops duplicates', 4, [one(5), one(5), one(6)], ['accept', 'stale', 'accept']],
  ['drops what comes late', 4, [one(6), one(5), one(7)], ['5>6', 'stale', 'accept']],
  ['drops the number it starts from', 4, [one(4), one(5)], ['stale', 'accept']],
];

const ORDERED_ROWS: Row[] = [
  ['takes any first number', undefined, [one(7), one(8)], ['accept', 'accept']],
  ['sees that 0 is missing', -1, [one(1), one(2)], ['0>1', 'accept']],
  [
    'drops the last one where it comes twice',
    4,
    [one(5), one(5), one(6)],
    ['accept', 'stale', 'accept'],
  ],
  [
    'drops what was lost and comes late',
    4,
    [one(7), one(5), one(6), one(8)],
    ['5>7', 'stale', 'stale', 'accept'],
  ],
  ['drops what the start holds', 4, [one(3), one(4), one(5)], ['stale', 'stale', 'accept']],
  [
    'reports a row that begins anew, once',
    -1,
    [one(0), one(1), one(2), one(0), one(1), one(2)],
    ['accept', 'accept', 'accept', '3>0', 'accept', 'accept'],
  ],
  [
    'drops what comes late of any hole, not of the last one alone',
    0,
    [one(2), one(4), one(6), one(1), one(3), one(7), one(5), one(8)],
    ['1>2', '3>4', '5>6', 'stale', 'stale', 'accept', 'stale', 'accept'],
  ],
  [
    'reports a row that falls to any number',
    20,
    [one(21), one(5), one(6), one(7)],
    ['accept', '22>5', 'accept', 'accept'],
  ],
  [
    'goes on with the old row after a stray',
    20,
    [one(21), one(5), one(5), one(22)],
    ['accept', '22>5', 'stale', 'accept'],
  ],
  [
    'comes back from a number out of all proportion',
    1,
    [one(2 ** 53 - 1), one(3), one(4), one(5)],
    ['2>9007199254740991', '9007199254740992>3', 'accept', 'accept'],
  ],
  [
    'takes the new row before what was lost of the old',
    -1,
    [one(0), one(3), one(0), one(1), one(2)],
    ['accept', '1>3', '4>0', 'accept', 'accept'],
  ],
];

const RANGE_ROWS: Row[] = [
  ['takes any first range', undefined, [range(3, 5), range(6, 6)], ['accept', 'accept']],
  ['drops what a snapshot holds', 10, [range(8, 10), range(11, 12)], ['stale', 'accept']],
  ['lets the first one overlap', 10, [range(9, 12), range(13, 14)], ['accept', 'accept']],
  ['lets only the first one overlap', 10, [range(9, 12), range(12, 14)], ['accept', '13>12']],
  ['sees a hole after a snapshot', 10, [range(12, 13), range(14, 15)], ['11>12', 'accept']],
  ['sees a hole between messages', 0, [range(1, 3), range(5, 6)], ['accept', '4>5']],
  [
    'drops a repeated range',
    0,
    [range(1, 3), range(1, 3), range(2, 3)],
    ['accept', 'stale', 'stale'],
  ],
  [
    'keeps awaiting the first over stale ones',
    10,
    [range(5, 6), range(9, 11)],
    ['stale', 'accept'],
  ],
];

const CHAIN_ROWS: Row[] = [
  ['takes any first link', undefined, [link(3, 9), link(9, 10)], ['accept', 'accept']],
  ['drops what a snapshot holds', 10, [link(7, 10), link(10, 14)], ['stale', 'accept']],
  ['lets the first one reach back', 10, [link(8, 12), link(12, 20)], ['accept', 'accept']],
  ['lets only the first one reach back', 10, [link(8, 12), link(11, 20)], ['accept', '12>11']],
  [
    'sees a missing link',
    10,
    [link(10, 12), link(15, 18), link(18, 19)],
    ['accept', '12>15', 'accept'],
  ],
  ['drops a repeated link', 0, [link(0, 4), link(0, 4)], ['accept', 'stale']],
];

const TABLES: [string, () => Tracker, Row[]][] = [
  ['the counter', createCounterTracker, COUNTER_ROWS],
  ['the ordered counter', createOrderedCounterTracker, ORDERED_ROWS],
  ['the range', createRangeTracker, RANGE_ROWS],
  ['the chain', createChainTracker, CHAIN_ROWS],
];

describe.each(TABLES)('%s', (_title, createTracker, rows) => {
  it.each(rows)('%s', (...row) => {
    const [, start, messages, verdicts] = row;
    const tracker = createTracker();
    tracker.reset(start);
    expect(judge(tracker, messages)).toEqual(verdicts);
  });

  it('starts anywhere after a reset without a number', () => {
    const tracker = createTracker();
    tracker.reset(100);
    tracker.reset();
    expect(tracker.check({ first: 3, last: 3, previous: 2 })).toEqual({ kind: 'accept' });
  });

  it('throws RangeError for numbers that no codec should deliver', () => {
    const tracker = createTracker();
    expect(() => tracker.check({ first: 1.5, last: 2, previous: 0 })).toThrow(RangeError);
    expect(() => tracker.check({ first: NaN, last: NaN, previous: 0 })).toThrow(RangeError);
    expect(() => tracker.check({ first: 1, last: 2 ** 53, previous: 0 })).toThrow(RangeError);
    expect(() => tracker.check({ first: 3, last: 2, previous: 0 })).toThrow(RangeError);
    expect(() => tracker.reset(NaN)).toThrow(RangeError);
  });
});

describe('single trackers', () => {
  it('throws RangeError for a range given to the counter', () => {
    expect(() => createCounterTracker().check(range(1, 2))).toThrow(RangeError);
    expect(() => createOrderedCounterTracker().check(range(1, 2))).toThrow(RangeError);
  });

  it('takes an endless row below its start for a new one, after a thousand messages', () => {
    const tracker = createOrderedCounterTracker();
    tracker.reset(5_000);
    const kinds = Array.from({ length: 1_002 }, (_, index) => {
      return tracker.check({ first: index + 1, last: index + 1 }).kind;
    });
    expect(new Set(kinds.slice(0, 1_000))).toEqual(new Set(['stale']));
    expect(kinds.slice(1_000)).toEqual(['gap', 'accept']);
  });

  it('throws RangeError for a chained message that names no predecessor', () => {
    expect(() => createChainTracker().check(one(1))).toThrow(RangeError);
  });

  it('accepts everything where nothing is numbered', () => {
    const tracker = createNoneTracker();
    tracker.reset(4);
    expect(judge(tracker, [one(NaN), one(4), one(1)])).toEqual(['accept', 'accept', 'accept']);
  });
});

/** What happens to one message on its way. */
const FATE = fc.constantFrom<'once' | 'twice' | 'lost'>('once', 'once', 'once', 'twice', 'lost');

interface Sent {
  readonly numbers: MessageNumbers;
  readonly fate: 'once' | 'twice' | 'lost';
}

/** Consecutive messages of some width and number spacing, from some first number. */
function buildStream(
  start: number,
  parts: readonly { width: number; fate: Sent['fate'] }[],
  isChain: boolean,
): Sent[] {
  let lastNumber = start;
  return parts.map(({ width, fate }) => {
    const previous = lastNumber;
    lastNumber += width;
    const first = isChain ? lastNumber : previous + 1;
    return { numbers: { first, last: lastNumber, previous }, fate };
  });
}

const STREAMS: [string, () => Tracker, number][] = [
  ['the counter', createCounterTracker, 1],
  ['the ordered counter', createOrderedCounterTracker, 1],
  ['the range', createRangeTracker, 5],
  ['the chain', createChainTracker, 5],
];

describe.each(STREAMS)('%s over a stream with losses and duplicates', (title, create, maxWidth) => {
  it('reports a gap exactly when a message is missing, and accepts what is contiguous', () => {
    const part = fc.record({ width: fc.integer({ min: 1, max: maxWidth }), fate: FATE });
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 50 }), fc.array(part), (start, parts) => {
        const tracker = create();
        tracker.reset(start);
        let isMissing = false;
        for (const { numbers, fate } of buildStream(start, parts, title === 'the chain')) {
          if (fate === 'lost') {
            isMissing = true;
            continue;
          }
          expect(tracker.check(numbers).kind).toBe(isMissing ? 'gap' : 'accept');
          if (fate === 'twice') expect(tracker.check(numbers).kind).toBe('stale');
          isMissing = false;
        }
      }),
    );
  });
});
