/** What ccxt makes of the same faults that truefeed is tested with, side by side. */
import { openFeed, type Feed } from 'truefeed';
import { simulate, type FaultRule } from 'truefeed/simulator';
import { coinbase } from 'truefeed/venues/coinbase';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextBook, openCcxtCoinbase } from './ccxt-coinbase-client.js';
import { LEVEL_LEAVES_AT, RISEN_BOOK, writeRisingMarket } from './rising-market.js';
import type { CoinbaseSimulator } from './simulators.js';

const PRODUCT = 'BTC-USD';
/** The frame that takes the best offer away is numbered and not sent. */
const LOST_FRAME: FaultRule = {
  fault: 'drop',
  at: { channel: 'l2_data', count: LEVEL_LEAVES_AT },
};

function openRisingMarket(rules: readonly FaultRule[]): Promise<CoinbaseSimulator> {
  return simulate({
    venues: { coinbase: {} },
    from: writeRisingMarket(PRODUCT),
    faults: { rules },
  });
}

function openBookFeed(exchange: CoinbaseSimulator): Feed {
  const { wsUrl } = exchange.venues.coinbase;
  return openFeed({
    venue: coinbase({ marketUrl: wsUrl }),
    subscriptions: [{ channel: 'book', symbols: [PRODUCT] }],
  });
}

/** The exchange's clock is ahead of ours by no more than is usual. */
const SKEW_MS = 3_000;
/** A token lives for so long; ccxt takes a new one only after it. */
const TOKEN_LIFE_MS = 120_000;

describe('a second private subscription two minutes after the first', () => {
  afterEach(() => void vi.useRealTimers());

  function openSkewed(): Promise<CoinbaseSimulator> {
    const faults = { rules: [{ fault: 'clock-skew', skewMs: SKEW_MS } as const] };
    return simulate({ venues: { coinbase: {} }, seed: 3, faults });
  }

  /** Moves the clock of the exchange, and ours; ccxt took hold of the real one when it loaded. */
  function passTokenLife(): void {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + TOKEN_LIFE_MS });
  }

  it('is refused at ccxt: its token has no second of life left', async () => {
    await using exchange = await openSkewed();
    await using client = await openCcxtCoinbase(exchange, { signedIn: true });
    await client.peer.watchOrders();
    passTokenLife();
    await expect(client.peer.watchOrders('ETH/USD')).rejects.toThrow('authentication failure');
  });

  it('is accepted at truefeed: every message has a token of its own', async () => {
    await using exchange = await openSkewed();
    const { wsUrl, userWsUrl, keyName, privateKey } = exchange.venues.coinbase;
    await using feed = openFeed({
      venue: coinbase({ marketUrl: wsUrl, userUrl: userWsUrl }),
      credentials: { keyName, privateKey },
      subscriptions: [{ channel: 'user' }],
    });
    await feed.whenLive();
    passTokenLife();
    feed.subscribe([{ channel: 'balances' }]);
    await feed.whenLive();
    expect(feed.status().streams.map((one) => one.status)).toEqual(['accepted', 'accepted']);
  });
});

describe('a market that rises past a level', () => {
  it('ends at ccxt with the right book where nothing is lost', async () => {
    await using exchange = await openRisingMarket([]);
    await using client = await openCcxtCoinbase(exchange);
    let book = await nextBook(client.peer, 'BTC/USD');
    while (book.asks.at(-1)?.[0] !== 104) book = await nextBook(client.peer, 'BTC/USD');
    expect({ bids: book.bids, asks: book.asks }).toEqual(RISEN_BOOK);
  });

  it('ends at ccxt with a crossed book and no error where one frame is lost', async () => {
    await using exchange = await openRisingMarket([LOST_FRAME]);
    await using client = await openCcxtCoinbase(exchange);
    let book = await nextBook(client.peer, 'BTC/USD');
    while (book.asks.at(-1)?.[0] !== 104) book = await nextBook(client.peer, 'BTC/USD');
    expect(book.bids[0]).toEqual([102, 2]);
    expect(book.asks[0]).toEqual([101, 1]);
  });

  it('is never crossed at truefeed, which says that a frame is lost and heals', async () => {
    await using exchange = await openRisingMarket([LOST_FRAME]);
    await using feed = openBookFeed(exchange);
    const crossed: string[] = [];
    const said: string[] = [];
    for await (const event of feed.events()) {
      if (event.type === 'sequence.gapped' || event.type === 'book.restored') said.push(event.type);
      if (event.type !== 'book.changed') continue;
      const { bids, asks } = event.book.top(10);
      if (Number(bids[0]?.price) >= Number(asks[0]?.price)) crossed.push(`${bids[0]?.price}`);
      if (asks.at(-1)?.price !== '104') continue;
      expect(bids.map(({ price, size }) => [Number(price), Number(size)])).toEqual(RISEN_BOOK.bids);
      expect(asks.map(({ price, size }) => [Number(price), Number(size)])).toEqual(RISEN_BOOK.asks);
      break;
    }
    expect(crossed).toEqual([]);
    expect(said).toEqual(['sequence.gapped', 'book.restored']);
  });
});
