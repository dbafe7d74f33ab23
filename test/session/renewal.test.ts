import { describe, expect, it } from 'vitest';
import { createBench, toSubscription } from './session-bench.js';

describe('a subscription that is renewed', () => {
  it.each(['whole-set', 'one-by-one'] as const)(
    'says when the old subscription is over, before the new one is held (%s)',
    async (ackStyle) => {
      const bench = createBench({
        listener: { onEnded: ({ symbol }) => void bench.heard.push(`ended ${symbol}`) },
      });
      bench.want('book A', 'book B');
      const exchange = await bench.serve({ ackStyle });
      bench.session.resubscribe([toSubscription('book A')]);
      bench.news();
      exchange.answer();
      expect(bench.news()).toEqual(['ended A', 'subscribed book A']);
      bench.want('book A');
      exchange.answer();
      expect(bench.news()).toEqual([]);
    },
  );

  it('is over at once where nothing of it was held', async () => {
    const bench = createBench({
      listener: { onEnded: ({ symbol }) => void bench.heard.push(`ended ${symbol}`) },
    });
    bench.want('book A', 'book NONE');
    await bench.serve({ ignored: ['NONE'] });
    bench.news();
    bench.session.resubscribe([toSubscription('book NONE')]);
    expect(bench.news()).toEqual(['ended NONE']);
  });
});
