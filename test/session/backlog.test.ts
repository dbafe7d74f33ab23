import { describe, expect, it } from 'vitest';
import { createFakeAuth } from '../doubles/fake-venue.js';
import { createBench, describeSent } from './session-bench.js';

const venue = { liveness: { heartbeatChannel: 'heartbeats', silentAfterMs: 600_000 } } as const;

describe('requests that have to wait', () => {
  it('are made of what is wanted when their turn comes, not of every change', async () => {
    const bench = createBench({ venue });
    bench.want('book A');
    const exchange = await bench.serve();
    for (let round = 0; round < 200; round += 1) {
      bench.want('book A', 'trades A');
      bench.want('book A');
      if (round % 20 === 0) await bench.time.advance(10);
    }
    bench.want('book A', 'book B');
    for (let step = 0; step < 30; step += 1) {
      await bench.time.advance(100);
      exchange.answer();
    }
    expect(bench.heard).toContain('subscribed book B');
    expect(Object.fromEntries(exchange.held)).toEqual({ heartbeats: [], book: ['A', 'B'] });
    expect(bench.dialer.last().sent.length).toBeLessThan(20);
  });

  it('do not pile up behind a signer that takes its time', async () => {
    const signed: (() => void)[] = [];
    const auth = createFakeAuth('key', [], {
      decorate: (message) => new Promise((resolve) => signed.push(() => resolve(message))),
    });
    const bench = createBench({ venue, auth });
    const socket = await bench.connect();
    for (let round = 0; round < 200; round += 1) {
      bench.want('user');
      bench.want();
    }
    bench.want('balances', 'ticker A');
    for (let step = 0; step < 10; step += 1) {
      for (const finish of signed.splice(0)) finish();
      await bench.time.advance(100);
    }
    expect(describeSent(socket)).toEqual([
      'subscribe heartbeats',
      'subscribe ticker A',
      'subscribe user',
      'unsubscribe user',
      'subscribe balances',
    ]);
  });
});
