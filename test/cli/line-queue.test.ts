import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineQueue, type LineQueueOptions } from '../../src/cli/line-queue.js';
import { createFakeOutput } from '../doubles/fake-cli.js';

function setUp(options: Partial<LineQueueOptions> = {}) {
  const output = createFakeOutput();
  const overflows: string[] = [];
  const queue = createLineQueue({
    output,
    maxLines: 3,
    describeDropped: (dropped) => `dropped ${dropped}`,
    onOverflow: (error) => overflows.push(error.code),
    ...options,
  });
  const push = (text: string, conflateAs?: string, droppable = true): void =>
    queue.push({ text, droppable, ...(conflateAs ? { conflateAs } : {}) });
  return { output, queue, push, overflows };
}

describe('lines to a slow reader', () => {
  it('are written at once while the reader keeps up', () => {
    const { output, push, queue } = setUp();
    push('a');
    push('b');
    expect(output.lines).toEqual(['a', 'b']);
    expect(queue.waiting).toBe(0);
  });

  it('wait in order, newer states in place of older ones', () => {
    const { output, push, queue } = setUp();
    output.block();
    push('first');
    push('book 1', 'book');
    push('stale', undefined, false);
    push('book 2', 'book');
    output.drain();
    expect(output.lines).toEqual(['first', 'stale', 'book 2']);
    expect(queue.conflated).toBe(1);
    expect(queue.dropped).toBe(0);
  });

  it('are left out beyond the limit, which is said afterwards', () => {
    const { output, push, queue } = setUp();
    output.block();
    for (const text of ['0', '1', '2', '3', '4', '5']) push(text);
    output.drain();
    expect(output.lines).toEqual(['0', '1', '2', '3', 'dropped 2']);
    expect(queue.dropped).toBe(2);
  });

  it('make room for what must be told', () => {
    const { output, push, overflows } = setUp();
    output.block();
    for (const text of ['0', '1', '2', '3']) push(text);
    push('stale', undefined, false);
    output.drain();
    expect(output.lines).toEqual(['0', '2', '3', 'stale', 'dropped 1']);
    expect(overflows).toEqual([]);
  });

  it('end the run when only such lines wait', () => {
    const { output, push, overflows } = setUp();
    output.block();
    for (let index = 0; index < 5; index += 1) push(`${index}`, undefined, false);
    expect(overflows).toEqual(['QUEUE_OVERFLOWED']);
  });

  it('stop at the wanted number exactly', () => {
    let reached = 0;
    const { output, push } = setUp({ stopAfter: 2, onLimitReached: () => (reached += 1) });
    for (const text of ['a', 'b', 'c']) push(text);
    expect(output.lines).toEqual(['a', 'b']);
    expect(reached).toBe(1);
  });

  it('are flushed when the reader takes them, or is gone', async () => {
    const { output, push, queue } = setUp();
    await queue.flush();
    output.block();
    push('a');
    push('b');
    const drained = queue.flush();
    output.drain();
    await drained;
    expect(output.lines).toEqual(['a', 'b']);
    output.block();
    push('c');
    push('d');
    const broken = queue.flush();
    output.break();
    await expect(broken).resolves.toBeUndefined();
  });

  it('are never more than the limit, and nothing vanishes uncounted', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), key: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ kind: fc.constantFrom('block' as const, 'drain' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { output, queue, push } = setUp();
        let pushed = 0;
        for (const one of steps) {
          if (one.kind === 'push')
            push(`${(pushed += 1)}`, one.key > 2 ? `k${one.key}` : undefined);
          else output[one.kind]();
          expect(queue.waiting).toBeLessThanOrEqual(3);
        }
        output.drain();
        const numbers = output.lines.filter((line) => !line.startsWith('dropped')).map(Number);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        expect(numbers.length + queue.conflated + queue.dropped).toBe(pushed);
      }),
    );
  });
});
