import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCloud9TraderExchange } from '../../src/simulator/cloud9trader.js';
import { openCoinbaseExchange } from '../../src/simulator/coinbase.js';
import type { ExchangeParts, OpenExchange } from '../../src/simulator/exchange-parts.js';
import { openKrakenExchange } from '../../src/simulator/kraken.js';
import { readScenario, type MarketScenario } from '../../src/simulator/scenario.js';
import { CONTROL_ROUTES } from '../../src/simulator/control-routes.js';
import type { MarketControl } from '../../src/simulator/venue-market.js';
import type { VenueServerRequest } from '../../src/model/exchange.js';
import { createVirtualTime } from '../doubles/virtual-time.js';
import { rootFolder } from '../tidy/source-tree.js';

const SCENARIO: MarketScenario = {
  symbols: [
    { base: 'BTC', quote: 'USD', price: '65083.67', everyMs: 50, levels: 60 },
    { base: 'GST', quote: 'EUR', price: '0.0412', everyMs: 500, levels: 4 },
    { base: 'NEW', quote: 'USD', price: '1.2500', everyMs: 100, listedAfterMs: 3_000 },
  ],
  hours: [
    { afterMs: 0, rate: 0.5 },
    { afterMs: 4_000, rate: 4, violence: 10 },
  ],
  halts: [{ symbol: 'BTC/USD', afterMs: 1_000, forMs: 1_500 }],
  moves: [{ symbol: 'BTC/USD', afterMs: 6_000, price: '70000.00' }],
};

const REST = { from: undefined, speed: 1, keyType: 'es256', faultsName: 'x' } as const;
const ADDRESS = { port: 0, wsUrl: 'ws://x.test', httpUrl: 'http://x.test' };

type Facts = { readonly control: { readonly market: MarketControl | undefined } };
type Open = (options: object, parts: ExchangeParts) => Promise<OpenExchange<Facts>>;

interface Case {
  readonly open: Open;
  readonly path: string;
  readonly btc: string;
  readonly fresh: string;
  readonly halted: string;
  readonly ask: readonly (object | string)[];
}

const TOPICS = ['order-book', 'trades', 'ticker', 'price'];
const CASES: Readonly<Record<string, Case>> = {
  coinbase: {
    open: openCoinbaseExchange,
    path: '/',
    btc: 'BTC-USD',
    fresh: 'NEW-USD',
    halted: '"status":"offline"',
    ask: ['level2', 'market_trades', 'ticker', 'candles', 'status', 'heartbeats'].map(
      (channel) => ({
        type: 'subscribe',
        channel,
        product_ids: ['BTC-USD', 'GST-EUR'],
      }),
    ),
  },
  kraken: {
    open: openKrakenExchange,
    path: '/v2',
    btc: 'BTC/USD',
    fresh: 'NEW/USD',
    halted: '"status":"cancel_only"',
    ask: [
      ...['book', 'trade', 'ticker', 'ohlc'].map((channel) => ({
        method: 'subscribe',
        params: { channel, symbol: ['BTC/USD', 'GST/EUR'] },
      })),
      { method: 'subscribe', params: { channel: 'instrument' } },
    ],
  },
  cloud9trader: {
    open: openCloud9TraderExchange,
    path: '/',
    btc: 'BTCUSD:Binance',
    fresh: 'NEWUSD:Binance',
    halted: '',
    ask: TOPICS.flatMap((topic) => [
      ['subscribe', `${topic}.BTCUSD:Binance`],
      ['request', `${topic}.GSTEUR:Binance`, 'r1'],
    ]),
  },
};

/** A day of a venue on a clock of its own, and everything that one client got. */
async function play(venue: string, seed: number, scenario: MarketScenario | undefined) {
  const { open, path, ask } = CASES[venue]!;
  const time = createVirtualTime();
  const { clock, timers } = time;
  const parts = { ...REST, faults: undefined, clock, timers, seed, scenario };
  const exchange = await open({}, parts);
  const texts: string[] = [];
  const request: VenueServerRequest = {
    method: 'GET',
    path,
    query: new URLSearchParams(),
    headers: {},
    remoteAddress: '127.0.0.1',
    body: '',
  };
  exchange.server.onUpgrade(request);
  const handler = exchange.server.onConnection(
    {
      id: 1,
      send: (text) => void texts.push(text),
      close: () => undefined,
      terminate: () => undefined,
      bufferedBytes: () => 0,
    },
    request,
  );
  for (const message of ask) {
    handler.onMessage(JSON.stringify(message));
    await time.advance(200);
  }
  const { market } = exchange.describe(ADDRESS).control;
  if (!market) throw new Error('There is no market.');
  const advance = (ms: number): Promise<void> => time.advance(ms);
  return { texts, market, advance, close: () => exchange.server.close(), exchange };
}

async function hashOf(venue: string, seed: number, scenario?: MarketScenario): Promise<string> {
  const day = await play(venue, seed, scenario);
  await day.advance(8_000);
  day.close();
  expect(day.texts.length).toBeGreaterThan(50);
  return createHash('sha256').update(day.texts.join('\n')).digest('hex');
}

describe.each(Object.keys(CASES))('the market of a file at %s', (venue) => {
  const { btc, fresh, halted } = CASES[venue]!;

  it('gives the same bytes for the same seed, and others for another', async () => {
    const first = await hashOf(venue, 7, SCENARIO);
    expect(await hashOf(venue, 7, SCENARIO)).toBe(first);
    expect(await hashOf(venue, 8, SCENARIO)).not.toBe(first);
    const plain = await hashOf(venue, 7);
    expect(await hashOf(venue, 7)).toBe(plain);
    expect(await hashOf(venue, 8)).not.toBe(plain);
  });

  it('halts, resumes, lists what is new, and jumps', async () => {
    const { texts, market, advance, close } = await play(venue, 3, {
      ...SCENARIO,
      halts: [{ symbol: 'BTC/USD', afterMs: 2_000, forMs: 4_000 }],
      moves: [{ symbol: 'BTC/USD', afterMs: 9_000, price: '70000.00' }],
    });
    expect(market.symbols).not.toContain(fresh);
    await advance(2_100);
    const still = market.touch(btc);
    expect(() => market.trade(btc, 'buy', '0.001')).toThrow('market-closed');
    await advance(500);
    expect(market.touch(btc)).toEqual(still);
    await advance(3_000);
    market.trade(btc, 'buy', '0.001');
    expect(market.symbols).toContain(fresh);
    expect(Number(market.touch(fresh).bid)).toBeGreaterThan(1);
    await advance(3_000);
    expect(Number(market.touch(btc).bid)).toBeGreaterThan(69_500);
    expect(Number(market.touch(btc).ask)).toBeGreaterThan(Number(market.touch(btc).bid));
    const told = texts.join('\n');
    expect(told).toContain(halted);
    close();
  });
});

describe('hours', () => {
  const count = async (hours: MarketScenario['hours']): Promise<number> => {
    const day = await play('coinbase', 5, { ...SCENARIO, halts: [], moves: [], hours });
    const before = day.texts.length;
    await day.advance(6_000);
    day.close();
    return day.texts.length - before;
  };

  it('make much of little, and trades of quiet', async () => {
    const quiet = await count([{ afterMs: 0, rate: 0.05 }]);
    const violent = await count([{ afterMs: 0, rate: 2, violence: 10 }]);
    expect(violent).toBeGreaterThan(quiet * 2);
  });

  it('begin anew after a while', async () => {
    const scenario = { ...SCENARIO, hours: [{ afterMs: 500, rate: 0.01 }], repeatHoursMs: 1_000 };
    const day = await play('kraken', 5, scenario);
    day.market.setPace({ rate: 100, violence: 1 });
    const before = day.texts.length;
    await day.advance(1_000);
    const busy = day.texts.length - before;
    await day.advance(1_000);
    day.close();
    expect(day.texts.length - before - busy).toBeLessThan(busy);
  });
});

describe('what one pair does', () => {
  it('does not depend on what others do', async () => {
    const alone = await play('kraken', 9, { ...SCENARIO, halts: [], moves: [], hours: [] });
    const beside = await play('kraken', 9, {
      ...SCENARIO,
      halts: [{ symbol: 'BTC/USD', afterMs: 500 }],
      moves: [],
      hours: [],
    });
    for (const day of [alone, beside]) await day.advance(5_000);
    expect(beside.market.touch('GST/EUR')).toEqual(alone.market.touch('GST/EUR'));
    expect(beside.market.touch('BTC/USD')).not.toEqual(alone.market.touch('BTC/USD'));
    for (const day of [alone, beside]) day.close();
  });
});

describe('a market that is violent and thin', () => {
  it('never crosses, and never runs dry', async () => {
    const symbols = [{ base: 'BTC', quote: 'USD', price: '10.00', levels: 2, everyMs: 2 }];
    const hours = [{ afterMs: 0, rate: 50, violence: 20 }];
    const day = await play('coinbase', 1, { symbols, hours });
    for (let step = 0; step < 100; step += 1) {
      await day.advance(50);
      const { bid, ask } = day.market.touch('BTC-USD');
      expect(Number(bid)).toBeLessThan(Number(ask));
    }
    day.market.move('BTC-USD', '0.02');
    await day.advance(1_000);
    const { bid, ask } = day.market.touch('BTC-USD');
    expect(Number(bid)).toBeLessThan(Number(ask));
    day.close();
  });
});

describe('the control of a market', () => {
  it.each(['01', '0', '1e2', '-1', '.5', '', undefined])('takes %j for no number', async (text) => {
    const { market, close } = await play('coinbase', 1, SCENARIO);
    const wrong = text as string;
    expect(() => market.trade('BTC-USD', 'buy', wrong)).toThrow(/^A size is a text such as/);
    expect(() => market.move('BTC-USD', wrong)).toThrow(/^A price is a text such as/);
    close();
  });
});

describe('a market file', () => {
  const symbol = { base: 'BTC', quote: 'USD', price: '1.5' };
  it.each([
    [{}, 'symbols is wrong: it is missing; it must be a list'],
    [{ symbols: [] }, 'symbols is wrong'],
    [{ symbols: [symbol, symbol] }, 'symbols.1 is wrong: BTC/USD is listed twice'],
    [{ symbols: [{ ...symbol, price: 1.5 }] }, 'symbols.0.price is wrong: must be a price as text'],
    [{ symbols: [{ ...symbol, price: '0.00' }] }, 'symbols.0.price is wrong: it must be above 0'],
    [{ symbols: [{ ...symbol, price: '1e5' }] }, 'symbols.0.price'],
    [{ symbols: [{ ...symbol, base: 'btc' }] }, 'symbols.0.base is wrong: must be 1 to 12 capital'],
    [{ symbols: [{ ...symbol, levels: 1 }] }, 'symbols.0.levels'],
    [
      { symbols: [symbol], halts: [{ symbol: 'ETH/USD', afterMs: 1 }] },
      'no symbol is ETH/USD; there',
    ],
    [
      { symbols: [symbol], moves: [{ symbol: 'ETHUSD', afterMs: 1, price: '1' }] },
      'moves.0.symbol',
    ],
    [{ symbols: [symbol], hours: [{ afterMs: 0, violence: 99 }] }, 'hours.0.violence'],
    [{ symbols: [symbol], colour: 'red' }, 'Unrecognized key: "colour"; fields are seed, symbols'],
    [{ symbols: [{ ...symbol, level: 5 }] }, '(did you mean "levels"?); fields of symbols are'],
    [{ symbols: [symbol], hours: [{ afterMS: 0 }] }, 'hours.0.afterMs is wrong: it is missing'],
  ])('is refused where it says nothing: %j', (value, words) => {
    expect(() => readScenario(value)).toThrow(words);
  });
});

describe('docs/simulator.md', () => {
  const page = readFileSync(join(rootFolder, 'docs', 'simulator.md'), 'utf8');

  it('shows a market that is accepted', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    expect(readScenario(JSON.parse(example)).symbols).toHaveLength(4);
  });

  it('lists every request that the control takes', () => {
    const missing = CONTROL_ROUTES.map(({ method, path }) => [method, path] as const).filter(
      ([method, path]) =>
        !page.includes(`| \`${method} ${path}\``) && !page.includes(`, \`${method} ${path}\``),
    );
    expect(missing).toEqual([]);
  });
});
