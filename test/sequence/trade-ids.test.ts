import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTradeIdTracker } from '../../src/sequence/index.js';

describe('the trade-id tracker', () => {
  it('accepts ids that follow one another, whatever the first', () => {
    const tracker = createTradeIdTracker();
    const ids = ['1068572090', '1068572091', '1068572092'];
    expect(ids.map((id) => tracker.check(id).kind)).toEqual(['accept', 'accept', 'accept']);
  });

  it('drops duplicates and older ids', () => {
    const tracker = createTradeIdTracker();
    tracker.reset('7');
    expect(tracker.check('7')).toEqual({ kind: 'stale' });
    expect(tracker.check('3')).toEqual({ kind: 'stale' });
    expect(tracker.check('8')).toEqual({ kind: 'accept' });
  });

  it('names what is missing and goes on from there', () => {
    const tracker = createTradeIdTracker();
    tracker.reset('10');
    expect(tracker.check('14')).toEqual({
      kind: 'gap',
      expected: '11',
      received: '14',
      missing: 3,
    });
    expect(tracker.check('15')).toEqual({ kind: 'accept' });
  });

  it('counts exactly above 2^53', () => {
    const tracker = createTradeIdTracker();
    tracker.reset('9007199254740993');
    expect(tracker.check('9007199254740993').kind).toBe('stale');
    expect(tracker.check('9007199254740994').kind).toBe('accept');
    expect(tracker.check('9007199254740996')).toEqual({
      kind: 'gap',
      expected: '9007199254740995',
      received: '9007199254740996',
      missing: 1,
    });
  });

  it('recognises a missing id once when it comes later', () => {
    const tracker = createTradeIdTracker();
    tracker.reset('10');
    tracker.check('15');
    expect(tracker.takeMissing('12')).toBe(true);
    expect(tracker.takeMissing('12')).toBe(false);
    expect(tracker.takeMissing('10')).toBe(false);
    expect(tracker.takeMissing('15')).toBe(false);
    expect(tracker.missingRanges()).toEqual([
      { first: '11', last: '11' },
      { first: '13', last: '14' },
    ]);
    for (const id of ['11', '13', '14']) expect(tracker.takeMissing(id)).toBe(true);
    expect(tracker.missingRanges()).toEqual([]);
  });

  it('gives up the oldest hole beyond its limit', () => {
    const tracker = createTradeIdTracker({ maxRanges: 2 });
    tracker.reset('0');
    for (const id of ['2', '4', '6']) tracker.check(id);
    expect(tracker.takeMissing('1')).toBe(false);
    expect(tracker.takeMissing('3')).toBe(true);
    expect(tracker.takeMissing('5')).toBe(true);
  });

  it('stays within its limit when a hole is split', () => {
    const tracker = createTradeIdTracker({ maxRanges: 2 });
    tracker.reset('0');
    tracker.check('10');
    for (const id of ['2', '4', '6', '8']) tracker.takeMissing(id);
    expect(tracker.missingRanges().length).toBeLessThanOrEqual(2);
  });

  it('forgets everything on reset', () => {
    const tracker = createTradeIdTracker();
    tracker.check('1');
    tracker.check('5');
    tracker.reset();
    expect(tracker.missingRanges()).toEqual([]);
    expect(tracker.check('1').kind).toBe('accept');
  });

  it.each(['', 'abc', '-1', '1.5', '1e3', ' 1', '9'.repeat(41)])('cannot read %j', (id) => {
    const tracker = createTradeIdTracker();
    tracker.reset('0');
    expect(tracker.check(id)).toEqual({ kind: 'unreadable' });
    expect(tracker.takeMissing(id)).toBe(false);
    expect(tracker.check('1').kind).toBe('accept');
    expect(() => tracker.reset(id)).toThrow(RangeError);
  });

  it('misses exactly what did not come', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (arrivals) => {
        const tracker = createTradeIdTracker();
        tracker.reset('0');
        let lastSeen = 0;
        arrivals.forEach((arrives, index) => {
          if (!arrives) return;
          const verdict = tracker.check(String(index + 1));
          const missing = verdict.kind === 'gap' ? verdict.missing : 0;
          expect(missing).toBe(index - lastSeen);
          lastSeen = index + 1;
        });
        for (let id = 1; id <= lastSeen; id += 1) {
          expect(tracker.takeMissing(String(id))).toBe(!arrivals[id - 1]);
        }
      }),
    );
  });
});
