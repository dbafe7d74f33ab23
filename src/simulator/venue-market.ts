/** The synthetic market of one venue, under its names, and what is done to it. */
import type { MatchingMarket } from '../model/matching.js';
import type { CancelTimer, Timers } from '../model/runtime.js';
import { ConfigError } from '../model/error.js';
import type { ExchangeParts, MarketOptions } from './exchange-parts.js';
import {
  createScenarioProduct,
  pairOf,
  toPriceUnits,
  type MarketScenario,
  type ScenarioSymbol,
} from './scenario.js';
import { createSeededRandom } from './seeded-random.js';
import {
  createSyntheticMarket,
  type MarketPace,
  type SyntheticMarket,
} from './synthetic-market.js';
import type { SyntheticProduct } from './synthetic-products.js';

/** How a venue names things. */
export interface VenueMarket {
  readonly nameOf: (base: string, quote: string) => string;
  /** The status of a pair that is halted. */
  readonly haltedStatus: string;
  /** What is traded where nothing else is said. */
  readonly products: readonly SyntheticProduct[];
  readonly candleSeconds?: number;
}

/** What a test does to the market of an exchange. Symbols are in the venue's own names. */
export interface MarketControl {
  readonly symbols: readonly string[];
  /** The best prices; undefined where a side is empty. */
  touch(symbol: string): { readonly bid: string | undefined; readonly ask: string | undefined };
  /** The market jumps: every level is shifted, until the best bid is at this price. */
  move(symbol: string, price: string): void;
  /** Somebody else sends a market order, which also takes resting orders of the demo key. */
  trade(symbol: string, side: 'buy' | 'sell', size: string): void;
  /** The book stands still, and orders are refused, until it is resumed. */
  halt(symbol: string): void;
  resume(symbol: string): void;
  /** A pair that was not there is traded from now on; returns its symbol. */
  list(pair: Omit<ScenarioSymbol, 'listedAfterMs'>): string;
  /** How much happens, everywhere: 1 and 1 in quiet times. */
  setPace(pace: Partial<MarketPace>): void;
}

/** Somebody else, with any amount of money. */
const OTHERS = 'others';
const MUCH = '1000000000000';
const QUIET: MarketPace = { rate: 1, violence: 1 };
const HASH_PRIME = 0x01000193;

/** A price or a size as a text. */
export const ABOVE_ZERO = /^(?=.*[1-9])(0|[1-9]\d{0,11})(\.\d{1,18})?$/;

/** Opens the market of a venue, with what a scenario says of it. */
export function openVenueMarket(
  options: MarketOptions,
  parts: ExchangeParts,
  venue: VenueMarket,
): SyntheticMarket {
  const { clock, timers, seed, scenario } = parts;
  const toProduct = (one: ScenarioSymbol): SyntheticProduct =>
    createScenarioProduct(one, venue.nameOf(one.base, one.quote));
  const atStart = scenario?.symbols.filter((one) => one.listedAfterMs === undefined);
  const market = createSyntheticMarket({
    products: options.products ?? atStart?.map(toProduct) ?? venue.products,
    clock,
    timers,
    random: createSeededRandom(seed),
    // What one pair does must not depend on when others are listed or halted.
    randomFor: scenario && ((symbol) => createSeededRandom(mixSeed(seed, symbol))),
    ...(venue.candleSeconds !== undefined && { candleSeconds: venue.candleSeconds }),
  });
  if (!scenario) return market;
  market.onClose(followScenario(scenario, { market, timers, venue, toProduct }));
  return market;
}

/** FNV-1a over the name, begun with the seed. */
function mixSeed(seed: number, symbol: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const byte of Buffer.from(symbol)) hash = Math.imul(hash ^ byte, HASH_PRIME) >>> 0;
  return hash;
}

interface Following {
  readonly market: SyntheticMarket;
  readonly timers: Timers;
  readonly venue: VenueMarket;
  readonly toProduct: (symbol: ScenarioSymbol) => SyntheticProduct;
}

/** Carries out a timetable; returns what ends it. */
function followScenario(scenario: MarketScenario, following: Following): CancelTimer {
  const { market, timers, venue, toProduct } = following;
  const pending = new Set<CancelTimer>();
  const later = (afterMs: number, run: () => void): void => {
    const cancel = timers.after(afterMs, () => {
      pending.delete(cancel);
      run();
    });
    pending.add(cancel);
  };
  const name = (pair: string): string => {
    const [base = '', quote = ''] = pair.split('/');
    return venue.nameOf(base, quote);
  };
  for (const one of scenario.symbols) {
    if (one.listedAfterMs !== undefined)
      later(one.listedAfterMs, () => market.list(toProduct(one)));
  }
  for (const { symbol, afterMs, forMs } of scenario.halts ?? []) {
    later(afterMs, () => market.halt(name(symbol), venue.haltedStatus));
    if (forMs !== undefined) later(afterMs + forMs, () => market.resume(name(symbol)));
  }
  for (const { symbol, afterMs, price } of scenario.moves ?? []) {
    later(afterMs, () => movePrice(market, name(symbol), price));
  }
  const beginHours = (): void => {
    for (const { afterMs, rate = 1, violence = 1 } of scenario.hours ?? []) {
      if (afterMs === 0) market.setPace({ rate, violence });
      else later(afterMs, () => market.setPace({ rate, violence }));
    }
    if (scenario.repeatHoursMs !== undefined) later(scenario.repeatHoursMs, beginHours);
  };
  beginHours();
  return () => {
    for (const cancel of pending) cancel();
    pending.clear();
  };
}

function movePrice(market: SyntheticMarket, symbol: string, price: string): void {
  const product = market.product(symbol);
  if (product) market.moveTo(symbol, toPriceUnits(price, product.priceDecimals));
}

function refuse(message: string): never {
  throw new ConfigError('OPTION_INVALID', message);
}

/** Programs in plain JavaScript pass anything. */
function requireAboveZero(name: string, value: unknown): void {
  if (typeof value === 'string' && ABOVE_ZERO.test(value)) return;
  refuse(`A ${name} is a text such as "65083.67", not ${JSON.stringify(String(value))}.`);
}

/** The control of a market with an engine over it. */
export function createMarketControl(
  market: SyntheticMarket,
  engine: MatchingMarket,
  venue: VenueMarket,
): MarketControl {
  let pace = QUIET;
  const check = (symbol: string): void => {
    if (market.product(symbol)) return;
    const known = market.instruments.map((one) => one.symbol).join(', ');
    refuse(`There is no symbol ${JSON.stringify(symbol)} here; there are ${known}.`);
  };
  return {
    get symbols() {
      return market.instruments.map((one) => one.symbol);
    },
    touch(symbol) {
      check(symbol);
      const levels = engine.book(symbol)?.levels ?? [];
      const best = (side: string) => levels.find((level) => level.side === side)?.price;
      return { bid: best('bid'), ask: best('ask') };
    },
    move(symbol, price) {
      check(symbol);
      requireAboveZero('price', price);
      movePrice(market, symbol, price);
    },
    trade(symbol, side, size) {
      check(symbol);
      requireAboveZero('size', size);
      sendMarketOrder(engine, { symbol, side, size });
    },
    halt(symbol) {
      check(symbol);
      market.halt(symbol, venue.haltedStatus);
    },
    resume(symbol) {
      check(symbol);
      market.resume(symbol);
    },
    list(pair) {
      const symbol = venue.nameOf(pair.base, pair.quote);
      if (market.product(symbol)) refuse(`${pairOf(pair)} is traded already, as ${symbol}.`);
      market.list(createScenarioProduct(pair, symbol));
      return symbol;
    },
    setPace(wanted) {
      pace = { ...pace, ...wanted };
      market.setPace(pace);
    },
  };
}

function sendMarketOrder(
  engine: MatchingMarket,
  order: { readonly symbol: string; readonly side: 'buy' | 'sell'; readonly size: string },
): void {
  const instrument = engine.instruments.find((one) => one.symbol === order.symbol);
  for (const asset of [instrument?.base, instrument?.quote]) {
    if (asset !== undefined) engine.deposit(OTHERS, asset, MUCH);
  }
  const answer = engine.place({
    ...order,
    account: OTHERS,
    orderType: 'market',
    timeInForce: 'ioc',
    postOnly: false,
    reduceOnly: false,
    selfTrade: 'cancel-newest',
    venueFields: {},
  });
  if (!answer.ok) refuse(`The engine refused the order of somebody else: ${answer.refusal}.`);
}
