import { describe, expect, it } from 'vitest';
import type { BookOptions } from '../../src/book/index.js';
import { delta, snapshot } from './book-message.js';
import { createLiveBook, createTestBook, spell } from './test-books.js';

const EMPTY = { bids: [], asks: [] };

describe('a book without a snapshot', () => {
  it('is syncing and reads empty', () => {
    const book = createTestBook();
    expect(book.state).toEqual({ status: 'syncing', sinceAtMs: 1000 });
    expect(book.bestBid()).toBeUndefined();
    expect(book.bestBid({ evenIfStale: true })).toBeUndefined();
    expect(book.top(5, { evenIfStale: true })).toEqual(EMPTY);
    expect([book.bidCount, book.askCount, book.venueAtMs]).toEqual([0, 0, NaN]);
  });

  it('refuses a delta and stays as it is', () => {
    const book = createTestBook();
    const outcome = book.applyDelta(delta({ bids: [['1', '1']] }), 1100);
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(book.state).toEqual({ status: 'syncing', sinceAtMs: 1000 });
    expect(book.levels.bids.count).toBe(0);
  });
});

describe('a live book', () => {
  it('shows each level as the wire spelled it, best first', () => {
    const book = createLiveBook();
    expect(book.state).toEqual({ status: 'live', sinceAtMs: 2000 });
    const top = book.top(10);
    expect(spell(top.bids)).toEqual(['65083.67 0.5', '65083.5 1505', '0.01 3']);
    expect(spell(top.asks)).toEqual(['65084 0.25', '138991023.41 2']);
    expect(spell(book.top(1).bids)).toEqual(['65083.67 0.5']);
    expect(book.top(0)).toEqual(EMPTY);
    expect([book.bidCount, book.askCount, book.venueAtMs]).toEqual([3, 2, 1900]);
    expect(book.bestBid()).toEqual({
      price: '65083.67',
      size: '0.5',
      priceNumber: 65083.67,
      sizeNumber: 0.5,
    });
    expect(book.bestAsk()?.price).toBe('65084');
    expect(() => book.top(NaN)).toThrow(RangeError);
  });

  it('gives each reader of the best level an object of its own', () => {
    const book = createLiveBook();
    const first = book.bestBid() as { price: string };
    first.price = 'spoilt';
    expect(book.bestBid()?.price).toBe('65083.67');
  });

  it('finds the size at a price, however the price is spelled', () => {
    const book = createLiveBook();
    expect(book.sizeAt('bid', '65083.5')).toBe('1505');
    expect(book.sizeAt('bid', '65083.500')).toBe('1505');
    expect(book.sizeAt('ask', '65083.5')).toBeUndefined();
    expect(book.sizeAt('bid', '65083.501')).toBeUndefined();
    expect(book.sizeAt('bid', '9'.repeat(40))).toBeUndefined();
    expect(book.sizeAt('bid', 'much')).toBeUndefined();
  });

  it('pads texts to the decimals it is told', () => {
    const book = createLiveBook({ textDecimals: { price: 1, size: 8 } });
    expect(spell(book.top(2).bids)).toEqual(['65083.67 0.50000000', '65083.5 1505.00000000']);
    expect(spell(book.top(1).asks)).toEqual(['65084.0 0.25000000']);
    expect(book.sizeAt('ask', '65084')).toBe('0.25000000');
  });

  it('changes, adds and deletes levels', () => {
    const book = createLiveBook();
    const message = delta({
      bids: [
        ['65083.67', '0'],
        ['65083.6', '7'],
      ],
      asks: [['65084', '0.125']],
      venueAtMs: 2900,
    });
    expect(book.applyDelta(message, 3000)).toEqual({ kind: 'applied' });
    expect(spell(book.top(2).bids)).toEqual(['65083.6 7', '65083.5 1505']);
    expect(spell(book.top(1).asks)).toEqual(['65084 0.125']);
    expect(book.venueAtMs).toBe(2900);
    expect(book.state).toEqual({ status: 'live', sinceAtMs: 2000 });
  });

  it('takes the deletion of a level it never had as normal', () => {
    const book = createLiveBook();
    const before = book.top(10);
    const message = delta({ bids: [['1.23456789', '0.00000000']], asks: [['9'.repeat(30), '0']] });
    expect(book.applyDelta(message, 3000)).toEqual({ kind: 'applied' });
    expect(book.top(10)).toEqual(before);
  });

  it('lets the last of several changes of one price count', () => {
    const book = createLiveBook();
    const message = delta({
      bids: [
        ['65083.60', '1'],
        ['65083.6', '0'],
        ['65083.600', '2'],
      ],
    });
    book.applyDelta(message, 3000);
    expect(book.sizeAt('bid', '65083.6')).toBe('2');
  });

  it('may be crossed inside a message but not after it', () => {
    const book = createLiveBook();
    const message = delta({
      bids: [['65090', '1']],
      asks: [
        ['65084', '0'],
        ['65091', '1'],
      ],
    });
    expect(book.applyDelta(message, 3000)).toEqual({ kind: 'applied' });
    expect([book.bestBid()?.price, book.bestAsk()?.price]).toEqual(['65090', '65091']);
  });

  it('replaces everything by a second snapshot', () => {
    const book = createLiveBook();
    book.applySnapshot(snapshot({ asks: [['70000', '1']] }), 4000);
    expect(book.top(9)).toEqual({
      bids: [],
      asks: [{ price: '70000', size: '1', priceNumber: 70000, sizeNumber: 1 }],
    });
    expect(book.state).toEqual({ status: 'live', sinceAtMs: 2000 });
  });

  it('takes a snapshot in any order, with repeats and zero sizes', () => {
    const book = createTestBook();
    const bids = [
      ['2', '1'],
      ['3', '9'],
      ['1', '1'],
      ['3', '4'],
      ['2', '0'],
    ] as const;
    book.applySnapshot(snapshot({ bids }), 2000);
    expect(spell(book.top(9).bids)).toEqual(['3 4', '1 1']);
  });
});

describe('a message that cannot be applied', () => {
  it('is refused whole when one of its numbers is not one', () => {
    const book = createLiveBook();
    const before = book.top(9);
    const message = delta({
      bids: [
        ['1', '1'],
        ['2', '1'],
      ],
    });
    message.columns.sizeUnits[1] = 1.5;
    expect(book.applyDelta(message, 3000)).toMatchObject({
      kind: 'refused',
      reason: 'frame-invalid',
    });
    expect(book.state).toMatchObject({ status: 'stale', reason: 'frame-invalid', sinceAtMs: 3000 });
    expect(book.top(9)).toEqual(EMPTY);
    expect(book.top(9, { evenIfStale: true })).toEqual(before);
  });

  it.each([
    ['a negative number', -1],
    ['NaN without an exact integer', NaN],
    ['an integer that is not safe', 2 ** 53],
    ['infinity', Infinity],
  ])('is refused for %s in a snapshot and in a delta', (_name, units) => {
    for (const create of [delta, snapshot]) {
      const book = createLiveBook();
      const message = create({ bids: [['1', '1']] });
      message.columns.priceUnits[0] = units;
      const outcome =
        create === delta ? book.applyDelta(message, 3000) : book.applySnapshot(message, 3000);
      expect(outcome).toMatchObject({ kind: 'refused', reason: 'frame-invalid' });
      expect(book.state.status).toBe('stale');
    }
  });

  it('is refused when it would make a side longer than the limit', () => {
    const book = createLiveBook({ maxLevels: 3 });
    const fits = delta({
      bids: [
        ['0.01', '0'],
        ['65083.67', '8'],
        ['7', '1'],
        ['8', '0'],
      ],
    });
    expect(book.applyDelta(fits, 3000)).toEqual({ kind: 'applied' });
    expect(book.bidCount).toBe(3);
    const outcome = book.applyDelta(delta({ bids: [['9', '1']] }), 3100);
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'frame-invalid' });
    expect(book.levels.bids.count).toBe(3);
    const asks = ['1', '2', '3', '4'].map((price) => [price, '1'] as const);
    expect(book.applySnapshot(snapshot({ asks }), 3200)).toMatchObject({ kind: 'refused' });
    expect(spell(book.top(1, { evenIfStale: true }).bids)).toEqual(['65083.67 8']);
  });

  it('counts a price once however often a long message repeats it', () => {
    const book = createTestBook({ maxLevels: 1 });
    const bids = ['1.0', '1.00', '1'].map((price) => [price, '1'] as const);
    expect(book.applySnapshot(snapshot({ bids }), 2000)).toEqual({ kind: 'applied' });
    expect(book.applyDelta(delta({ bids }), 2000)).toEqual({ kind: 'applied' });
  });

  it('leaves no book live when the sides cross or touch', () => {
    for (const price of ['65084', '65085']) {
      const book = createLiveBook();
      const outcome = book.applyDelta(delta({ bids: [[price, '1']] }), 3000);
      expect(outcome).toMatchObject({ kind: 'refused', reason: 'crossed' });
      expect(book.state).toMatchObject({ status: 'stale', reason: 'crossed' });
      expect(book.bestBid()).toBeUndefined();
      expect(book.bestBid({ evenIfStale: true })?.price).toBe(price);
    }
    const book = createTestBook();
    const crossed = snapshot({ bids: [['2', '1']], asks: [['1', '1']] });
    expect(book.applySnapshot(crossed, 2000)).toMatchObject({ kind: 'refused' });
    expect(book.state.status).toBe('stale');
  });

  it('leaves no book live when the checksum differs', () => {
    const book = createTestBook({ computeChecksum: () => 7 });
    expect(book.applySnapshot(snapshot({ checksum: 7 }), 2000)).toEqual({ kind: 'applied' });
    expect(book.applyDelta(delta({}), 2100)).toEqual({ kind: 'applied' });
    expect(book.applyDelta(delta({ checksum: 8 }), 2200)).toEqual({
      kind: 'refused',
      reason: 'checksum-mismatch',
      detail: "The venue's checksum is 8 and ours 7.",
    });
    expect(book.state.status).toBe('stale');
    expect(book.evidence().checksumsVerified).toBe(1);
  });

  it('throws TypeError when it is given as what it is not', () => {
    const book = createLiveBook();
    expect(() => book.applySnapshot(delta({}), 1)).toThrow(TypeError);
    expect(() => book.applyDelta(snapshot({}), 1)).toThrow(TypeError);
  });
});

describe('the state of a book', () => {
  it('reads empty from the moment it is stale, until the next snapshot', () => {
    const book = createLiveBook();
    book.markStale({ reason: 'sequence-gap', detail: 'Frame 5 is missing.' }, 3000);
    expect(book.state).toEqual({
      status: 'stale',
      sinceAtMs: 3000,
      reason: 'sequence-gap',
      detail: 'Frame 5 is missing.',
    });
    expect(book.top(9)).toEqual(EMPTY);
    expect(book.sizeAt('ask', '65084')).toBeUndefined();
    expect([book.bidCount, book.askCount]).toEqual([0, 0]);
    expect(book.bestAsk({ evenIfStale: true })?.price).toBe('65084');
    expect(book.sizeAt('ask', '65084', { evenIfStale: true })).toBe('0.25');
    expect(book.applyDelta(delta({ asks: [['65084', '9']] }), 3100).kind).toBe('refused');
    expect(book.sizeAt('ask', '65084', { evenIfStale: true })).toBe('0.25');
    book.markSyncing(3200);
    expect(book.state).toEqual({ status: 'syncing', sinceAtMs: 3200 });
    expect(book.bestAsk()).toBeUndefined();
    book.applySnapshot(snapshot({ asks: [['3', '1']] }), 4000);
    expect(book.state).toEqual({ status: 'live', sinceAtMs: 4000 });
    expect(book.bestAsk()?.price).toBe('3');
  });

  it('keeps the time it went stale, and names the newest reason', () => {
    const book = createLiveBook();
    book.markStale({ reason: 'silence', detail: 'Nothing came.' }, 3000);
    book.markStale({ reason: 'connection-lost', detail: 'The socket closed.' }, 3500);
    expect(book.state).toMatchObject({ sinceAtMs: 3000, reason: 'connection-lost' });
    expect(book.evidence().timesStale).toBe(1);
  });

  it('keeps the evidence of what it went through', () => {
    const book = createLiveBook();
    book.applyDelta(delta({}), 2500);
    book.markStale({ reason: 'sequence-gap', detail: 'Frame 5 is missing.' }, 3000);
    book.markSyncing(3100);
    book.applySnapshot(snapshot({}), 3600);
    expect(book.evidence()).toEqual({
      snapshotsApplied: 2,
      deltasApplied: 1,
      gapsSeen: 1,
      checksumsVerified: 0,
      timesStale: 1,
      notLiveMs: 1600,
      lastAppliedAtMs: 3600,
    });
  });

  it('counts an outage that goes on, where it is told the time', () => {
    let nowMs = 1_000;
    const book = createTestBook({ nowMs: () => nowMs });
    nowMs = 1_700;
    expect(book.evidence().notLiveMs).toBe(700);
    book.applySnapshot(snapshot({}), nowMs);
    nowMs = 5_000;
    expect(book.evidence().notLiveMs).toBe(700);
    book.markStale({ reason: 'sequence-gap', detail: 'Frame 5 is missing.' }, nowMs);
    nowMs = 5_050;
    expect(book.evidence().notLiveMs).toBe(750);
    nowMs = 4_000;
    expect(book.evidence().notLiveMs).toBe(700);
    expect(createTestBook().evidence().notLiveMs).toBe(0);
  });

  it('takes no option that nobody reads', () => {
    const misspelt = { computeCheksum: () => 1 } as Partial<BookOptions>;
    expect(() => createTestBook(misspelt)).toThrow('Did you mean "computeChecksum"?');
    // What a venue says of its books may be handed on as it is.
    const rule = {
      depth: 10,
      depths: [10, 25],
      verifiedDepth: 10,
      recovery: ['reconnect'],
    } as const;
    expect(createTestBook(rule).verifiedDepth).toBe(10);
  });

  it('never counts lost time below zero when the clock goes back', () => {
    const book = createTestBook();
    book.applySnapshot(snapshot({}), 500);
    expect(book.evidence().notLiveMs).toBe(0);
  });
});

describe('the options of a book', () => {
  it.each([
    { depth: 0 },
    { depth: 1.5 },
    { maxLevels: 0 },
    { priceDecimals: -1 },
    { sizeDecimals: 61 },
    { textDecimals: { price: NaN, size: 0 } },
  ])('refuse %j with RangeError', (options) => {
    expect(() => createTestBook(options)).toThrow(RangeError);
  });
});
