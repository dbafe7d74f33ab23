import { addDecimals } from '../../src/book/decimal-arithmetic.js';
import type { FeedOptions, FeedSubscription } from '../../src/feed/feed-options.js';
import type { VenueServer } from '../../src/model/exchange.js';
import type { SimulatedTrading } from '../../src/simulator/index.js';
import { openCloud9TraderExchange } from '../../src/simulator/cloud9trader.js';
import { openCoinbaseExchange } from '../../src/simulator/coinbase.js';
import type { ExchangeParts, OpenExchange } from '../../src/simulator/exchange-parts.js';
import { openKrakenExchange } from '../../src/simulator/kraken.js';
import type { SyntheticProduct } from '../../src/simulator/index.js';
import type { MarketControl } from '../../src/simulator/venue-market.js';
import type { NewOrder } from '../../src/model/order-entry.js';
import { cloud9trader } from '../../src/venues/cloud9trader/index.js';
import { coinbase } from '../../src/venues/coinbase/index.js';
import { kraken, krakenV1 } from '../../src/venues/kraken/index.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { createProducts, type MarketSize } from './products.js';

/** The protocols that are simulated. */
export const SIMULATED = ['coinbase', 'kraken', 'kraken-v1', 'cloud9trader'] as const;

/** One of them. */
export type SimulatedVenue = (typeof SIMULATED)[number];

/** A number that a frame carries, read by other means than the client's. */
export interface FrameNumber {
  /** Numbers of one row follow each other. */
  readonly row: string;
  readonly number: number;
}

/** An exchange in this process, whichever venue it is. */
export interface VirtualExchange {
  readonly server: VenueServer;
  readonly trading: SimulatedTrading;
  readonly symbols: readonly string[];
  readonly client: Pick<FeedOptions, 'venue' | 'endpoints' | 'credentials'>;
  readonly accountChannels: readonly FeedSubscription[];
  /** Levels a side on which a book at this depth is proved; undefined: all of them. */
  readonly provedDepth: number | undefined;
  /** `unreadable`: a frame that should have a number of its connection, and was spoiled. */
  readNumber(text: string): FrameNumber | 'unreadable' | undefined;
  addFault(rule: object): void;
  /** How often the rules in force struck. */
  countStrikes(): number;
  clearFaults(): void;
  closeConnections(code: number): void;
  revokeTokens(): void;
  /** How often the market changes, and how wildly, as factors. */
  setPace(pace: { readonly rate: number; readonly violence: number }): void;
  /** The book stands still and orders are refused, until it is resumed. */
  halt(symbol: string): void;
  resume(symbol: string): void;
  multiplyPrice(symbol: string, factor: number): void;
  /** A product that was not there before; it is the last of `symbols` from then on. */
  list(): string;
  /** The market moves by one step of the price. */
  nudge(symbol: string): void;
  /** Whether fills name the trades that they were a part of. */
  readonly namesTrades: boolean;
  /** Ids of trades count up by one, and what is lost of them is noticed. */
  readonly countsTrades: boolean;
  /** Each frame has a number of its connection. */
  readonly numbersAll: boolean;
  /** An order that was answered was only passed on, and may still come to nothing. */
  readonly onlyForwards: boolean;
  /** For a venue that takes orders elsewhere only. */
  readonly placeElsewhere: ((order: NewOrder) => void) | undefined;
  /** What an order says in the place of a client order id; for a venue that changes orders. */
  readonly plainFields: Readonly<Record<string, unknown>> | undefined;
}

type OpenParts = Pick<ExchangeParts, 'clock' | 'timers' | 'seed'> & {
  /** What is traded; two products of the seed by default. */
  readonly makeProducts?: typeof createProducts;
  /** How much of it there is; the usual size by default. */
  readonly size?: MarketSize | undefined;
};

const ADDRESS = { port: 0, wsUrl: 'wss://exchange.test', httpUrl: 'https://exchange.test' };

function toParts({ clock, timers, seed }: OpenParts): ExchangeParts {
  const rest = { from: undefined, speed: 1, keyType: 'es256', faultsName: 'the faults' } as const;
  return { ...rest, faults: undefined, clock, timers, seed };
}

function listSymbols(products: readonly SyntheticProduct[]): string[] {
  return products.map(({ instrument }) => instrument.symbol);
}

async function describe<Facts>(opening: Promise<OpenExchange<Facts>>) {
  const exchange = await opening;
  return { server: exchange.server, facts: exchange.describe(ADDRESS) };
}

const NOTHING = (): void => undefined;

async function openCoinbase(parts: OpenParts): Promise<VirtualExchange> {
  const { makeProducts = createProducts } = parts;
  const products = makeProducts(parts.seed, (base) => `${base}-USD`, parts.size);
  const symbols = listSymbols(products);
  const { server, facts } = await describe(openCoinbaseExchange({ products }, toParts(parts)));
  const { control, keyName, privateKey, wsUrl, userWsUrl } = facts;
  return {
    server,
    symbols,
    provedDepth: undefined,
    ...pickControl(control, symbols),
    client: {
      venue: coinbase(),
      endpoints: { market: wsUrl, user: userWsUrl },
      credentials: { keyName, privateKey },
    },
    accountChannels: [{ channel: 'user' }],
    readNumber(text) {
      const number = /"sequence_num":(\d+)[,}]/.exec(text)?.[1];
      if (number !== undefined) return { row: 'connection', number: Number(number) };
      return text.includes('"type":"error"') ? undefined : 'unreadable';
    },
    revokeTokens: NOTHING,
    onlyForwards: false,
    namesTrades: false,
    countsTrades: true,
    numbersAll: true,
    placeElsewhere: (order) => void control.placeOrder(order),
    plainFields: undefined,
  };
}

async function openKraken(parts: OpenParts, isV1: boolean): Promise<VirtualExchange> {
  const { makeProducts = createProducts } = parts;
  const products = makeProducts(parts.seed, (base) => `${base}/USD`, parts.size);
  const symbols = listSymbols(products);
  const random = createSeededRandom(parts.seed);
  const { server, facts } = await describe(
    openKrakenExchange({ products, random, tier: 'pro' }, toParts(parts)),
  );
  const { control, key, secret, restUrl } = facts;
  const { wsUrl, wsAuthUrl, wsL3Url, wsV1Url } = facts;
  const venue = isV1
    ? krakenV1({ marketUrl: wsV1Url, restUrl })
    : kraken({ marketUrl: wsUrl, authUrl: wsAuthUrl, level3Url: wsL3Url, restUrl });
  const channels = isV1 ? ['orders', 'executions'] : ['executions', 'balances'];
  return {
    server,
    symbols,
    ...pickControl(control, symbols),
    provedDepth: 10,
    client: { venue, credentials: { key, secret } },
    accountChannels: channels.map((channel) => ({ channel })),
    readNumber(text) {
      const v2 = /"channel":"(executions|balances)".*"sequence":(\d+)[,}]/.exec(text);
      const v1 = /"(openOrders|ownTrades)",\{"sequence":(\d+)\}/.exec(text);
      const [, row, number] = v2 ?? v1 ?? [];
      return row === undefined ? undefined : { row, number: Number(number) };
    },
    revokeTokens: () => control.revokeTokens(),
    onlyForwards: false,
    namesTrades: !isV1,
    countsTrades: !isV1,
    numbersAll: false,
    placeElsewhere: undefined,
    plainFields: isV1 ? { userref: '7' } : { order_userref: 7 },
  };
}

async function openCloud9Trader(parts: OpenParts): Promise<VirtualExchange> {
  const { makeProducts = createProducts } = parts;
  const products = makeProducts(parts.seed, (base) => `${base}USD:Binance`, parts.size);
  const symbols = listSymbols(products);
  const { server, facts } = await describe(openCloud9TraderExchange({ products }, toParts(parts)));
  const { control, key, secret, wsUrl } = facts;
  return {
    server,
    symbols,
    ...pickControl(control, symbols),
    provedDepth: undefined,
    client: {
      venue: cloud9trader({ url: wsUrl, extensions: true }),
      credentials: { key, secret },
    },
    accountChannels: ['orders', 'executions', 'balances'].map((channel) => ({ channel })),
    readNumber: () => undefined,
    revokeTokens: NOTHING,
    onlyForwards: true,
    namesTrades: false,
    countsTrades: false,
    numbersAll: false,
    placeElsewhere: undefined,
    plainFields: undefined,
  };
}

/** What a product is like that is listed on the way. */
const LISTED = { price: '1.2345', levels: 12, everyMs: 200 };

interface AnyControl<Rule> {
  readonly trading: SimulatedTrading | undefined;
  readonly faults: readonly { readonly strikes: number }[];
  readonly market: MarketControl | undefined;
  addFault(rule: Rule): void;
  clearFaults(): void;
  closeConnections(code: number): void;
}

/** The rules of a script are plain data; the exchange checks them as it does those of a file. */
function pickControl<Rule>(control: AnyControl<Rule>, symbols: string[]) {
  const { trading, market } = control;
  if (!trading || !market) throw new Error('The exchange has no engine.');
  const stepOf = (symbol: string): string =>
    trading.market.instruments.find((one) => one.symbol === symbol)?.priceIncrement ?? '1';
  return {
    trading,
    addFault: (rule: object) => control.addFault(rule as Rule),
    countStrikes: () => control.faults.reduce((sum, { strikes }) => sum + strikes, 0),
    clearFaults: () => control.clearFaults(),
    closeConnections: (code: number) => control.closeConnections(code),
    setPace: ({ rate, violence }: { readonly rate: number; readonly violence: number }) =>
      market.setPace({ rate, violence }),
    halt: (symbol: string) => market.halt(symbol),
    resume: (symbol: string) => market.resume(symbol),
    list() {
      const listed = market.list({ base: `NEW${symbols.length}`, quote: 'USD', ...LISTED });
      symbols.push(listed);
      return listed;
    },
    multiplyPrice(symbol: string, factor: number) {
      const { bid } = market.touch(symbol);
      const decimals = (stepOf(symbol).split('.')[1] ?? '').length;
      const price = Math.max(Number(stepOf(symbol)), Number(bid) * factor).toFixed(decimals);
      if (bid !== undefined) market.move(symbol, price);
    },
    nudge(symbol: string) {
      const { bid } = market.touch(symbol);
      if (bid !== undefined) market.move(symbol, addDecimals(bid, stepOf(symbol)));
    },
  };
}

/** Opens the exchange of a protocol on virtual time. */
export function openVirtualExchange(
  venue: SimulatedVenue,
  parts: OpenParts,
): Promise<VirtualExchange> {
  switch (venue) {
    case 'coinbase':
      return openCoinbase(parts);
    case 'kraken':
      return openKraken(parts, false);
    case 'kraken-v1':
      return openKraken(parts, true);
    case 'cloud9trader':
      return openCloud9Trader(parts);
  }
}
