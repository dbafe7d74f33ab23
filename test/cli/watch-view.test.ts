import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paintColoured, paintPlain, widthOf } from '../../src/cli/paint.js';
import { createWatchMemory, type WatchMoment } from '../../src/cli/watch-model.js';
import { drawWatch, drawWatchLine } from '../../src/cli/watch-view.js';
import { createCounters } from '../../src/feed/feed-tools.js';
import { AuthError } from '../../src/model/error.js';
import type { BookState } from '../../src/model/book.js';

const NOW_MS = Date.UTC(2026, 7, 9, 21, 5, 48);
const level = (price: string, size: string) => ({
  price,
  size,
  priceNumber: Number(price),
  sizeNumber: Number(size),
});

const counters = {
  ...createCounters(),
  framesReceived: 1030,
  bookNotLiveMs: 120,
  eventsDropped: 0,
  listenerFailures: 0,
};

function makeMoment(states: Record<string, BookState>): WatchMoment {
  return {
    venue: 'coinbase',
    nowMs: NOW_MS,
    startedAtMs: NOW_MS - 12_000,
    signIn: { kind: 'accepted', atMs: NOW_MS - 11_000, renewals: 0 },
    status: {
      venue: 'coinbase',
      closed: false,
      held: { deltas: 0, tradeIds: 0, reports: 0, requests: 0, events: 0 },
      sessions: [
        {
          name: 'market-1',
          endpoint: 'market',
          url: 'ws://127.0.0.1:9443/',
          status: 'ready',
          skewMs: 0,
          readySinceAtMs: NOW_MS - 11_500,
          timesOpened: 1,
          framesReceived: 1030,
          framesInvalid: 0,
          framesStale: 0,
          framesMissing: 0,
          lastError: undefined,
        },
      ],
      books: [],
      streams: [],
      counters,
    },
    books: Object.entries(states).map(([symbol, state]) => ({
      symbol,
      state,
      bids:
        state.status === 'live'
          ? [level('65083.66', '0.2'), level('65083.65', '0.1'), level('65080', '4')]
          : [],
      asks: state.status === 'live' ? [level('65083.67', '1'), level('65084', '0.00000001')] : [],
    })),
    trades: new Map([
      ['BTC-USD', [{ tradedAtMs: NOW_MS - 100, price: '65083.67', size: '0.01', side: 'buy' }]],
    ]),
    tradeCount: 1,
    orderCount: 0,
    notices: [{ atMs: NOW_MS - 11_000, text: 'sign-in accepted', tone: 'good' }],
  };
}

const live: BookState = { status: 'live', sinceAtMs: NOW_MS - 11_000 };
const stale: BookState = {
  status: 'stale',
  sinceAtMs: NOW_MS - 50,
  reason: 'sequence-gap',
  detail: 'expected 5, got 7',
};

describe('the live view', () => {
  it('shows sign-in, session, ladder and trades', () => {
    const lines = drawWatch(makeMoment({ 'BTC-USD': live }), { columns: 76, rows: 22 });
    expect(lines.map(paintPlain).join('\n')).toMatchInlineSnapshot(`
      "truefeed watch  coinbase  12.0 s  21:05:48 UTC
      sign-in  accepted at 21:05:37 UTC
      session  ready for 11.5 s  market-1  1,030 frames  ws://127.0.0.1:9443/
      feed     1,030 frames  0 gaps  books stale 0 times, 120 ms not live  1 trade

      BTC-USD  live 11.0 s
             65084  0.00000001
          65083.67           1 ████████▊
            spread        0.01
          65083.66         0.2 █▊
          65083.65         0.1 ▉
             65080           4 ███████████████████████████████████



      last trades
          65083.67        0.01 buy  21:05:47

      21:05:37  sign-in accepted


      q quits"
    `);
  });

  it('puts books side by side, and those without room in one line', () => {
    const moment = makeMoment({ 'BTC-USD': live, 'ETH-USD': stale, 'SOL-USD': live });
    const text = drawWatch(moment, { columns: 80, rows: 20 }).map(paintPlain).join('\n');
    expect(text).toMatchInlineSnapshot(`
      "truefeed watch  coinbase  12.0 s  21:05:48 UTC
      sign-in  accepted at 21:05:37 UTC
      session  ready for 11.5 s  market-1  1,030 frames  ws://127.0.0.1:9443/
      feed     1,030 frames  0 gaps  books stale 0 times, 120 ms not live  1 trade

      BTC-USD  live 11.0 s                     ETH-USD  stale: sequence-gap 50 ms
             65084  0.00000001                 not shown: may be wrong
          65083.67           1 ███▌
            spread        0.01
          65083.66         0.2 ▊
          65083.65         0.1 ▍
             65080           4 ██████████████

      last trades                              no trade yet
          65083.67        0.01 buy  21:05:47
      SOL-USD     live 11.0 s  65083.66 / 65083.67

      21:05:37  sign-in accepted

      q quits"
    `);
  });

  it('shows no level of a book that is not live', () => {
    const lines = drawWatch(makeMoment({ 'BTC-USD': stale }), { columns: 80, rows: 24 });
    const text = lines.map(paintPlain).join('\n');
    expect(text).toContain('stale: sequence-gap');
    expect(text).toContain('not shown: may be wrong');
    expect(text).not.toContain('65083.66');
  });

  it('fits every screen exactly', () => {
    const moment = makeMoment({ 'BTC-USD': live, 'ETH-USD': stale, 'SOL-USD': live });
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 300 }),
      rows: fc.integer({ min: 2, max: 120 }),
    });
    fc.assert(
      fc.property(size, (screen) => {
        const lines = drawWatch(moment, screen);
        expect(lines).toHaveLength(screen.rows);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(screen.columns);
      }),
    );
  });

  it('colours states only when asked to', () => {
    const [, signIn = []] = drawWatch(makeMoment({}), { columns: 80, rows: 10 });
    expect(paintColoured(signIn)).toContain('\u001b[32maccepted\u001b[0m');
    expect(paintPlain(signIn)).not.toContain('\u001b');
  });

  it('is one line where there is no screen', () => {
    const line = drawWatchLine(makeMoment({ 'BTC-USD': live, 'ETH-USD': stale }));
    expect(paintPlain(line)).toBe(
      '  12.0 s  sign-in accepted  connections 1/1 ready  BTC-USD live 65083.66/65083.67' +
        '  ETH-USD stale  trades 1  gaps 0',
    );
  });
});

describe('what is remembered of events', () => {
  const base = { venue: 'v', symbol: 'A-B', venueAtMs: NaN, receivedAtMs: 5, session: 's' };

  it('is the state of the sign-in', () => {
    const memory = createWatchMemory(true);
    expect(memory.signIn.kind).toBe('pending');
    memory.take({ ...base, type: 'auth.accepted' });
    memory.take({ ...base, type: 'auth.renewed', reason: 'it was due' });
    expect(memory.signIn).toEqual({ kind: 'accepted', atMs: 5, renewals: 1 });
    const error = new AuthError('AUTH_REFUSED', 'No.');
    const notice = memory.take({ ...base, type: 'auth.refused', error, final: true });
    expect(notice?.text).toBe('sign-in refused: No.');
    expect(memory.signIn).toEqual({ kind: 'refused', text: 'No.', final: true });
    expect(createWatchMemory(false).signIn.kind).toBe('not-asked');
  });

  it('is bounded, however long it runs', () => {
    const memory = createWatchMemory(false);
    const trade = { price: '1', size: '1', priceNumber: 1, sizeNumber: 1, side: 'buy' } as const;
    for (let index = 0; index < 1000; index += 1) {
      const tradeId = `${index}`;
      const printed = { ...base, ...trade, tradeId, tradedAtMs: index, recovered: false };
      memory.take({ ...printed, type: 'trade.printed' });
      memory.take({ ...base, type: 'book.restored', notLiveMs: index });
    }
    expect(memory.tradeCount).toBe(1000);
    expect(memory.trades.get('A-B')?.length).toBe(40);
    expect(memory.notices.length).toBe(30);
  });
});
