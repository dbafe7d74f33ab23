import { describe, expect, it } from 'vitest';
import { ACK_TIMEOUT_MS } from '../../src/session/acknowledgements.js';
import { createPatientBench, describeSent, held, lastId, resubscribe } from './session-bench.js';

describe('refusals', () => {
  it('that name their request are not guessed about', async () => {
    const bench = createPatientBench();
    bench.want('ticker A', 'book A', 'book B');
    const socket = await bench.connect();
    const id = lastId(socket, 'book');
    socket.frame({ say: 'refused', code: 'SYMBOL_UNKNOWN', id, symbol: 'B' });
    expect(bench.news()).toEqual(['ready', 'refused book B SYMBOL_UNKNOWN for good']);
    socket.frame({ say: 'refused', code: 'SYMBOL_UNKNOWN', channel: 'ticker', symbol: 'A' });
    expect(bench.news()).toEqual(['refused ticker A SYMBOL_UNKNOWN for good']);
    socket.frame({ say: 'accepted', channel: 'book', symbol: 'A', id });
    expect(bench.news()).toEqual(['subscribed book A']);
  });

  it('that name only a symbol end no subscription of another symbol', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'ticker B');
    const socket = await bench.connect();
    socket.frame({ say: 'refused', code: 'SYMBOL_UNKNOWN', symbol: 'B' });
    expect(bench.news()).toEqual(['ready', 'refused ticker B SYMBOL_UNKNOWN for good']);
  });

  it('for the limit mean the books, and are not tried again on this socket', async () => {
    const bench = createPatientBench();
    bench.want('ticker A', 'book A', 'book B');
    const socket = await bench.connect();
    socket.frame({ say: 'refused', code: 'SUBSCRIPTION_LIMIT' });
    expect(bench.news()).toEqual([
      'ready',
      'refused book A SUBSCRIPTION_LIMIT for good',
      'refused book B SUBSCRIPTION_LIMIT for good',
    ]);
    const count = socket.sent.length;
    await bench.time.advance(ACK_TIMEOUT_MS - 1);
    expect(socket.sent).toHaveLength(count);
  });

  it('that meant another request are put right by the ack', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    socket.frame(held({}));
    bench.want('book A', 'trades A');
    socket.frame({ say: 'refused', code: 'SUBSCRIPTION_REFUSED' });
    expect(bench.news()).toEqual(['ready', 'refused book A SUBSCRIPTION_REFUSED for good']);
    socket.frame(held({ book: ['A'] }));
    expect(bench.news()).toEqual(['subscribed book A']);
    await bench.time.advance(ACK_TIMEOUT_MS);
    expect(bench.news()).toEqual(['refused trades A SUBSCRIPTION_IGNORED']);
  });

  it('tell what the venue said from what it passed over', async () => {
    const told: unknown[] = [];
    const bench = createPatientBench({
      listener: { onRefused: ({ symbol }, { inWords }) => void told.push([symbol, inWords]) },
    });
    bench.want('book A', 'book B', 'book C');
    const socket = await bench.connect();
    socket.frame({ say: 'refused', code: 'SYMBOL_UNKNOWN', channel: 'book', symbol: 'A' });
    socket.frame(held({}));
    socket.frame(held({ book: ['C'] }));
    socket.frame(held({}));
    // B was not acknowledged, and C ended by itself.
    expect(told).toEqual([
      ['A', true],
      ['B', false],
      ['C', false],
    ]);
  });

  it('by silence that a late ack puts right delay no end', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    await bench.time.advance(ACK_TIMEOUT_MS);
    socket.frame(held({ book: ['A'] }));
    expect(bench.news()).toEqual([
      'ready',
      'refused book A SUBSCRIPTION_IGNORED',
      'subscribed book A',
    ]);
    // The pause before it would have been asked for again is no reason to keep it.
    const count = socket.sent.length;
    bench.want();
    expect(describeSent(socket).slice(count)).toEqual(['unsubscribe book A']);
  });

  it('of several symbols without a name are asked one by one', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book BAD');
    const socket = await bench.connect();
    socket.frame(held({}));
    socket.frame({ say: 'refused', code: 'VENUE_REFUSED' });
    expect(bench.news()).toEqual([
      'ready',
      'refused book A VENUE_REFUSED',
      'refused book BAD VENUE_REFUSED',
    ]);
    expect(describeSent(socket).slice(2)).toEqual(['subscribe book A', 'subscribe book BAD']);
    socket.frame(held({ book: ['A'] }));
    socket.frame({ say: 'refused', code: 'VENUE_REFUSED' });
    expect(bench.news()).toEqual(['subscribed book A', 'refused book BAD VENUE_REFUSED for good']);
  });

  it('of an end, for the rate: what is still held is ended and begun anew', async () => {
    const bench = createPatientBench({ venue: { acknowledges: 'each' } });
    bench.want('book A');
    const socket = await bench.connect();
    socket.frame({ say: 'accepted', channel: 'book', symbol: 'A', id: lastId(socket, 'book') });
    resubscribe(bench, 'book A');
    const begun = lastId(socket, 'book');
    socket.frame({ say: 'refused', code: 'RATE_LIMITED', id: begun - 1 });
    socket.frame({ say: 'refused', code: 'SUBSCRIPTION_HELD', id: begun, symbol: 'A' });
    expect(bench.news()).toEqual([
      'ready',
      'subscribed book A',
      'refused book A SUBSCRIPTION_HELD',
    ]);
    await bench.time.advance(5_000);
    expect(describeSent(socket).slice(-2)).toEqual(['unsubscribe book A', 'subscribe book A']);
    const again = lastId(socket, 'book');
    socket.frame({ say: 'ended', channel: 'book', symbol: 'A', id: again - 1 });
    socket.frame({ say: 'accepted', channel: 'book', symbol: 'A', id: again });
    expect(bench.news()).toEqual(['subscribed book A']);
  });

  it('of the end of what nobody wants any more, for the rate: it is ended later', async () => {
    const bench = createPatientBench({ venue: { acknowledges: 'each' } });
    bench.want('book A');
    const socket = await bench.connect();
    socket.frame({ say: 'accepted', channel: 'book', symbol: 'A', id: lastId(socket, 'book') });
    bench.want();
    socket.frame({ say: 'refused', code: 'RATE_LIMITED', id: lastId(socket, 'book') });
    const count = socket.sent.length;
    await bench.time.advance(5_000);
    expect(socket.sent.length).toBe(count + 1);
    expect(describeSent(socket).at(-1)).toBe('unsubscribe book A');
  });

  it('for the rate are asked again later, and slower, any number of times', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    socket.frame(held({}));
    for (let count = 0; count < 5; count += 1) {
      socket.frame({ say: 'refused', code: 'RATE_LIMITED' });
      expect(bench.news().at(-1)).toBe('refused book A RATE_LIMITED');
      expect(socket.sent).toHaveLength(2 + count);
      await bench.time.advance(2_000);
      expect(socket.sent).toHaveLength(3 + count);
    }
    await bench.time.advance(1_200);
    const count = socket.sent.length;
    bench.want('book A', 'trades A', 'ticker A', 'candles A', 'status', 'book B');
    await bench.time.advance(1);
    expect(socket.sent).toHaveLength(count + 4);
  });

  it('of a retryable kind are asked again a few times only', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    socket.frame(held({}));
    for (const delayMs of [2_000, 10_000]) {
      socket.frame({ say: 'refused', code: 'VENUE_UNAVAILABLE' });
      expect(bench.news().at(-1)).toBe('refused book A VENUE_UNAVAILABLE');
      await bench.time.advance(delayMs);
    }
    socket.frame({ say: 'refused', code: 'VENUE_UNAVAILABLE' });
    expect(bench.news()).toEqual(['refused book A VENUE_UNAVAILABLE for good']);
  });

  it.each(Array.from({ length: 40 }, (_, index) => (index + 1) / 20))(
    'are asked again where the timer fires %f ms early and the clock goes on meanwhile',
    async (earlyMs) => {
      const bench = createPatientBench({ time: { perReadingMs: 0.3, earlyMs } });
      bench.want('book A');
      const socket = await bench.connect();
      socket.frame(held({}));
      socket.frame({ say: 'refused', code: 'VENUE_UNAVAILABLE' });
      const count = socket.sent.length;
      await bench.time.advance(2_100);
      expect(describeSent(socket).slice(count)).toEqual(['subscribe book A']);
    },
  );

  it('are asked again although something else was sent as they fell due', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    socket.frame(held({}));
    socket.frame({ say: 'refused', code: 'VENUE_UNAVAILABLE' });
    const count = socket.sent.length;
    await bench.time.advance(1_999);
    bench.want('book A', 'ticker A');
    await bench.time.advance(100);
    expect(describeSent(socket).slice(count).sort()).toEqual([
      'subscribe book A',
      'subscribe ticker A',
    ]);
  });

  it('of a sign-in on a public channel are believed only after a few tries', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    socket.frame(held({}));
    socket.frame({ say: 'refused', code: 'AUTH_REFUSED' });
    expect(bench.news()).toEqual(['ready', 'refused book A AUTH_REFUSED']);
    await bench.time.advance(2_000);
    expect(describeSent(socket).at(-1)).toBe('subscribe book A');
  });

  it('of nothing are logged', async () => {
    const bench = createPatientBench();
    await bench.serve();
    bench.dialer.last().frame({ say: 'refused', code: 'SUBSCRIPTION_REFUSED' });
    expect(bench.logged).toEqual(['warn SUBSCRIPTION_REFUSED']);
    expect(bench.session.status).toBe('ready');
  });

  it('for good are forgotten when it is left out, or asked for by name', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book B');
    await bench.serve();
    bench.want('book A', 'book B', 'book C');
    bench.dialer.last().frame({ say: 'refused', code: 'SUBSCRIPTION_LIMIT' });
    const socket = bench.dialer.last();
    const count = socket.sent.length;
    bench.want('book A', 'book B', 'book C');
    expect(socket.sent).toHaveLength(count);
    resubscribe(bench, 'book C');
    expect(describeSent(socket).slice(count)).toEqual(['subscribe book C']);
    socket.frame({ say: 'refused', code: 'SUBSCRIPTION_LIMIT' });
    bench.want('book A', 'book B');
    bench.want('book A', 'book B', 'book C');
    expect(describeSent(socket).slice(count + 1)).toEqual(['subscribe book C']);
  });
});
