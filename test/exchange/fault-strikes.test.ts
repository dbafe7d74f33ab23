import { describe, expect, it } from 'vitest';
import { createStrikes, type PickingRule } from '../../src/exchange/fault-strikes.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

interface Pattern {
  readonly kind?: string;
}

interface Rule extends PickingRule<Pattern> {
  readonly isLasting?: boolean;
}

function open() {
  const time = createVirtualTime();
  const strikes = createStrikes<Pattern, Rule, string>(
    {
      fits: (pattern, frame) => pattern?.kind === undefined || pattern.kind === frame,
      lasts: (rule) => (rule.isLasting ? () => true : undefined),
    },
    time.clock,
  );
  const hits = (rule: Rule, ...frames: string[]): boolean[] =>
    frames.map((frame) => strikes.hits(rule, frame));
  return { strikes, hits, time };
}

describe('strikes', () => {
  it('at: the first that fits, or the one of that count', () => {
    const { hits } = open();
    expect(hits({ at: { kind: 'b' } }, 'a', 'b', 'b')).toEqual([false, true, false]);
    expect(hits({ at: { kind: 'b', count: 2 } }, 'b', 'a', 'b')).toEqual([false, false, true]);
  });

  it('every: each n-th that fits; without both: all', () => {
    const { hits } = open();
    const rule = { every: { kind: 'b', frames: 2 } };
    expect(hits(rule, 'b', 'a', 'b', 'b', 'b')).toEqual([false, false, true, false, true]);
    expect(hits({}, 'a', 'b')).toEqual([true, true]);
  });

  it('a lasting one goes on from its first strike, for as long as it says', async () => {
    const { hits, time } = open();
    const rule: Rule = { at: { kind: 'b' }, isLasting: true, forMs: 100 };
    expect(hits(rule, 'a', 'b', 'a')).toEqual([false, true, true]);
    await time.advance(100);
    expect(hits(rule, 'a', 'b')).toEqual([false, false]);
  });

  it('a lasting one that picks no frame holds from when it is first asked about', async () => {
    const { strikes, time } = open();
    const rule: Rule = { isLasting: true, forMs: 100 };
    const picking: Rule = { at: { kind: 'b' }, isLasting: true };
    expect([strikes.isActive(rule), strikes.isActive(picking)]).toEqual([true, false]);
    await time.advance(100);
    strikes.hits(picking, 'b');
    expect([strikes.isActive(rule), strikes.isActive(picking)]).toEqual([false, true]);
  });
});
