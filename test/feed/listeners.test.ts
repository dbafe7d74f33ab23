import { describe, expect, it } from 'vitest';
import { createListeners } from '../../src/feed/listeners.js';
import type { FeedEvent } from '../../src/model/event.js';
import type { LogFacts } from '../../src/model/logger.js';

const base = { venue: 'fake', symbol: 'A', venueAtMs: NaN, receivedAtMs: 0 };
const restored: FeedEvent = { ...base, type: 'book.restored', notLiveMs: 5 };
const dropped: FeedEvent = { ...base, type: 'events.dropped', dropped: 1 };

function createBench() {
  const lines: LogFacts[] = [];
  const quiet = (): void => undefined;
  const error = (_message: string, facts: LogFacts = {}): void => void lines.push(facts);
  const listeners = createListeners({ debug: quiet, info: quiet, warn: quiet, error });
  return { listeners, lines };
}

describe('listeners', () => {
  it('are called for their type, general ones first, until they are removed', () => {
    const { listeners } = createBench();
    const calls: string[] = [];
    listeners.add('book.restored', (event) => calls.push(`typed ${event.notLiveMs}`));
    const remove = listeners.addAny((event) => calls.push(event.type));
    listeners.emit(restored);
    listeners.emit(dropped);
    remove();
    remove();
    listeners.emit(restored);
    expect(calls).toEqual(['book.restored', 'typed 5', 'events.dropped', 'typed 5']);
    expect(listeners.wants('book.restored')).toBe(true);
    expect(listeners.wants('events.dropped')).toBe(false);
  });

  it('of an event that there is not are refused with the nearest name', () => {
    const { listeners } = createBench();
    const add = (type: string) => listeners.add(type as 'book.changed', () => undefined);
    expect(() => add('book.change')).toThrow('Did you mean "book.changed"?');
    expect(() => add('toString')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('that throw are reported once each and disturb nobody', () => {
    const { listeners, lines } = createBench();
    let heard = 0;
    const broken = (): void => {
      throw new Error('my own mistake');
    };
    listeners.addAny(broken);
    listeners.add('book.restored', broken);
    listeners.add('book.restored', () => {
      throw new Error('another');
    });
    listeners.add('book.restored', () => void (heard += 1));
    for (let round = 0; round < 3; round += 1) listeners.emit(restored);
    expect(heard).toBe(3);
    expect(listeners.failures).toBe(9);
    expect(lines.map((facts) => facts.code)).toEqual(['LISTENER_FAILED', 'LISTENER_FAILED']);
  });

  it('that are asynchronous and reject are reported as well', async () => {
    const { listeners, lines } = createBench();
    const asynchronous = async (): Promise<void> => {
      await Promise.resolve();
      throw new Error('too late');
    };
    listeners.addAny((): unknown => asynchronous());
    listeners.emit(restored);
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines).toHaveLength(1);
  });

  it('that return promises of another kind are reported when those reject', async () => {
    const { listeners, lines } = createBench();
    const reject = (_: unknown, refuse: (cause: Error) => void): void => refuse(new Error('other'));
    listeners.addAny((): unknown => ({ then: reject }));
    listeners.emit(restored);
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines).toHaveLength(1);
  });

  it('may be added and removed while they are called', () => {
    const { listeners } = createBench();
    const calls: string[] = [];
    const remove = listeners.addAny(() => {
      calls.push('once');
      remove();
      listeners.addAny(() => calls.push('later'));
    });
    listeners.emit(restored);
    listeners.emit(restored);
    expect(calls).toEqual(['once', 'later']);
  });
});
