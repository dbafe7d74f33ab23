import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Subscription } from '../../src/model/session.js';
import { createFakeExchange, type FakeExchange } from '../doubles/fake-exchange.js';
import { createBench, toSubscription } from './session-bench.js';

const NAMES = ['book A', 'book B', 'trades A', 'trades B', 'ticker A', 'status'];

/** Anything that may happen to a session, in any order. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('want' as const), names: fc.subarray(NAMES) }),
  fc.record({ kind: fc.constant('resubscribe' as const), names: fc.subarray(NAMES) }),
  fc.record({ kind: fc.constant('answer' as const) }),
  fc.record({ kind: fc.constant('lose' as const) }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(4_000) }),
);

const nameOf = ({ channel, symbol }: Subscription): string =>
  symbol === undefined ? channel : `${channel} ${symbol}`;

function namesHeld(exchange: FakeExchange): string[] {
  return [...exchange.held]
    .flatMap(([channel, symbols]) =>
      symbols.length === 0 ? [channel] : symbols.map((symbol) => `${channel} ${symbol}`),
    )
    .filter((name) => name !== 'heartbeats')
    .sort();
}

describe('whatever happens', () => {
  it.each(['whole-set', 'one-by-one'] as const)(
    'what is held comes to be what is wanted, and the listener knows (%s)',
    async (ackStyle) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          const known = new Set<string>();
          const bench = createBench({
            venue: { liveness: { heartbeatChannel: 'heartbeats', silentAfterMs: 3_600_000 } },
            listener: {
              onReady: () => known.clear(),
              onSubscribed: (subscription) => void known.add(nameOf(subscription)),
              onRefused: (subscription) => void known.delete(nameOf(subscription)),
            },
          });
          let wanted: string[] = [];
          let exchange: FakeExchange | undefined;
          const keepUp = async (ms: number): Promise<void> => {
            await bench.time.advance(ms);
            if (bench.session.status !== 'dialling') return;
            exchange = createFakeExchange(bench.dialer.last(), { ackStyle });
            bench.dialer.last().opened();
          };
          bench.session.open();
          await keepUp(0);
          for (const one of steps) {
            if (one.kind === 'want') {
              wanted = one.names;
              bench.session.want(wanted.map(toSubscription));
              for (const name of known) if (!wanted.includes(name)) known.delete(name);
            } else if (one.kind === 'resubscribe') {
              bench.session.resubscribe(one.names.map(toSubscription));
            } else if (one.kind === 'answer') exchange?.answer();
            else if (one.kind === 'lose') bench.dialer.last().closed();
            await keepUp(one.kind === 'pass' ? one.ms : 0);
          }
          for (let round = 0; round < 60; round += 1) {
            await keepUp(1_000);
            exchange?.answer();
          }
          expect(bench.session.status).toBe('ready');
          expect(namesHeld(exchange!)).toEqual([...wanted].sort());
          expect([...known].sort()).toEqual([...wanted].sort());
          expect(bench.heard.filter((one) => one.endsWith('for good'))).toEqual([]);
          await bench.session.close();
          expect(bench.time.armedCount).toBe(0);
        }),
        { numRuns: 150 },
      );
    },
  );
});
