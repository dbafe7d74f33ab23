import { addDecimals, compareDecimals } from '../../src/book/decimal-arithmetic.js';
import type { Feed } from '../../src/feed/feed-options.js';
import type { EngineOrder } from '../../src/model/matching.js';
import type {
  OrderCallOptions,
  OrderEntry,
  OrderOutcome,
  SettledOrder,
} from '../../src/model/order-calls.js';
import type { NewOrder } from '../../src/model/order-entry.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { ChangeLoad } from './change-load.js';
import type { VirtualExchange } from './exchanges.js';
import { toPlain } from './truth.js';
import { Violation } from './watch.js';

interface Placed {
  readonly id: string;
  outcome: OrderOutcome | undefined;
  settled: SettledOrder | undefined;
}

interface TradedPart {
  readonly size: string;
  readonly price?: string | undefined;
  readonly tradeId?: string | undefined;
}

const AGREEMENT = 'client and server agree';
/**
 * Of one order, in the quote currency: less than what stands at one price, since a venue lists only
 * its latest fills after a loss.
 */
const VALUES = [50, 100, 200];
const SYMBOLS_MAX = 5;

/** As much of an exchange as placing and comparing takes, on virtual time or on a real port. */
export type LoadedExchange = Pick<
  VirtualExchange,
  'trading' | 'accountChannels' | 'namesTrades' | 'onlyForwards' | 'placeElsewhere' | 'plainFields'
>;

/** Places orders by the roll of a die, and says at the end whether both sides know the same. */
export class OrderLoad {
  readonly #feed: Feed;
  readonly #exchange: LoadedExchange;
  readonly #options: OrderCallOptions;
  readonly #entry: OrderEntry | undefined;
  readonly #placed: Placed[] = [];
  readonly #known = new Map<string, EngineOrder>();
  readonly #accepted: string[] = [];
  readonly #changes: ChangeLoad | undefined;

  constructor(feed: Feed, exchange: LoadedExchange, options: OrderCallOptions = {}) {
    this.#feed = feed;
    this.#options = options;
    this.#exchange = exchange;
    this.#entry = exchange.placeElsewhere ? undefined : feed.openOrderEntry();
    const { trading, plainFields } = exchange;
    this.#changes =
      this.#entry && plainFields
        ? new ChangeLoad({ feed, trading, entry: this.#entry, options, plainFields })
        : undefined;
    const { market, account } = trading;
    market.onEngineEvent((event) => {
      if (event.type === 'ledger.posted' || event.order.account !== account) return;
      const id = event.order.clientOrderId;
      if (id === undefined) return;
      if (event.type === 'order.accepted') this.#accepted.push(id);
      this.#known.set(id, event.order);
    });
  }

  /** `roll` decides everything about the order. Resolves once it is known what became of it. */
  async place(roll: number): Promise<void> {
    const random = createSeededRandom(Math.floor(roll * 2 ** 32));
    const fraction = (): number => random.fraction();
    const id = `run-${this.#placed.length + 1}`;
    const placed: Placed = { id, outcome: undefined, settled: undefined };
    this.#placed.push(placed);
    const order = this.#createOrder(fraction, id);
    const elsewhere = this.#exchange.placeElsewhere;
    if (elsewhere) return elsewhere(order);
    if (fraction() < 0.15) void this.#cancelOne();
    if (this.#changes && fraction() < 0.4) {
      void this.#changes.act(this.#createOrder(fraction, id, true), fraction);
    }
    await this.#send(placed, order);
  }

  listUnhealed(): string[] {
    const { orders } = this.#feed;
    const isVenueWithout = this.#exchange.placeElsewhere !== undefined;
    const open = this.#placed.filter(
      ({ outcome, settled }) => !outcome || (outcome.kind === 'unknown' && !settled),
    );
    const parts = { orders, ...(this.#hasBalances() && { balances: this.#feed.balances }) };
    return [
      ...(isVenueWithout ? [] : open.map(({ id }) => `${id} has no outcome`)),
      ...(this.#changes?.listUnhealed() ?? []),
      ...Object.entries(parts)
        .filter(([, { state }]) => state.status !== 'live')
        .map(([name, { state }]) => `${name} are ${state.status}`),
    ];
  }

  /** Orders whose answers were lost. */
  get unknownCount(): number {
    return this.#placed.filter(({ outcome }) => outcome?.kind === 'unknown').length;
  }

  /** `counts` of the events that the feed told. */
  compare(counts: ReadonlyMap<string, number>): Violation | undefined {
    const wrong = [
      ...this.#compareOutcomes(),
      ...(this.#changes?.compare() ?? []),
      ...this.#compareOpenOrders(),
      ...this.#compareFills(counts),
      ...this.#compareBalances(),
    ];
    return wrong.length > 0 ? new Violation(AGREEMENT, wrong.slice(0, 3).join('; ')) : undefined;
  }

  async #send(placed: Placed, order: NewOrder): Promise<void> {
    const outcome = await this.#entry?.addOrder(order, this.#options);
    placed.outcome = outcome;
    if (outcome?.kind === 'unknown') placed.settled = await outcome.settled;
  }

  async #cancelOne(): Promise<void> {
    const [open] = this.#feed.orders.open();
    if (open) await this.#entry?.cancelOrder({ orderId: open.orderId });
  }

  /** Most take what is there, some rest below it. */
  #createOrder(fraction: () => number, clientOrderId: string, isToRest = false): NewOrder {
    const { market } = this.#exchange.trading;
    const { instruments } = market;
    const choice = Math.floor(fraction() * Math.min(SYMBOLS_MAX, instruments.length));
    const { symbol, priceIncrement = '1' } = instruments[choice]!;
    const side = fraction() < 0.5 ? 'buy' : 'sell';
    const levels = market.book(symbol)?.levels ?? [];
    const best = (of: string) => Number(levels.find((level) => level.side === of)?.price ?? '1');
    const rests = fraction() < 0.3 || isToRest;
    const isBuy = side === 'buy';
    const near = isBuy === rests ? best('bid') : best('ask');
    const away = rests ? (isBuy ? 0.9 : 1.1) : isBuy ? 1.002 : 0.998;
    const value = VALUES[Math.floor(fraction() * VALUES.length)]!;
    const decimals = (priceIncrement.split('.')[1] ?? '').length;
    const step = 10 ** -decimals;
    const size = value / near;
    return {
      symbol,
      side,
      orderType: 'limit',
      clientOrderId,
      size: toPlain(size.toFixed(8)) === '0' ? '0.00000001' : toPlain(size.toFixed(8)),
      limitPrice: Math.max(step, near * away).toFixed(decimals),
      timeInForce: rests ? 'gtc' : 'ioc',
    };
  }

  #hasBalances(): boolean {
    return this.#exchange.accountChannels.some(({ channel }) => channel === 'balances');
  }

  #compareOutcomes(): string[] {
    const wrong = this.#placed.flatMap((placed) => {
      const known = this.#known.get(placed.id);
      if (this.#isTrue(placed, known)) return [];
      const kind = placed.settled?.kind ?? placed.outcome?.kind;
      const has = known ? `${known.status} with ${known.filledSize} filled` : 'nothing';
      return [`${placed.id} is ${kind} here, and the exchange has ${has}`];
    });
    const twice = this.#accepted.filter((id, index) => this.#accepted.indexOf(id) !== index);
    return [...wrong, ...twice.map((id) => `${id} reached the exchange twice`)];
  }

  /** Whether what the client was told of an order fits what the exchange knows of it. */
  #isTrue({ outcome, settled }: Placed, known: EngineOrder | undefined): boolean {
    const verdict = settled ?? outcome;
    const { onlyForwards } = this.#exchange;
    switch (verdict?.kind) {
      case undefined:
        return true;
      case 'acknowledged':
        return onlyForwards || known !== undefined;
      case 'found': {
        // A venue that forwards tells of orders that it refused, which its exchange never saw.
        const isRejected = onlyForwards && verdict.order?.status === 'rejected';
        return isRejected || known !== undefined;
      }
      case 'refused':
        return known === undefined;
      default:
        // What ended unfilled while nobody heard is on no list of a venue.
        return known === undefined || (known.filledSize === '0' && known.status !== 'open');
    }
  }

  #compareOpenOrders(): string[] {
    const { market, account } = this.#exchange.trading;
    const here = this.#feed.orders.open().map(({ clientOrderId }) => clientOrderId ?? '');
    const there = market.openOrders(account).map(({ clientOrderId }) => clientOrderId ?? '');
    return diff(here, there, 'open orders');
  }

  #compareFills(counts: ReadonlyMap<string, number>): string[] {
    const { market, account } = this.#exchange.trading;
    const sum = (fills: readonly { size: string }[]): string =>
      toPlain(fills.map(({ size }) => size).reduce(addDecimals, '0'));
    const here = this.#feed.fills.all();
    const there = market.fills(account);
    if (this.#exchange.placeElsewhere) {
      // What was filled while nobody heard is on no list of this venue; the feed has to say so.
      const isTold = ['fills.gapped', 'order.vanished'].some((type) => counts.has(type));
      return isTold || sum(here) === sum(there)
        ? []
        : [`fills of ${sum(here)} here, ${sum(there)} there`];
    }
    const { namesTrades } = this.#exchange;
    const describe = (fills: readonly TradedPart[]): string[] =>
      fills.map(({ size, price = '0', tradeId }) => {
        const part = toPlain(size);
        return namesTrades ? `${part} at ${toPlain(price)} by ${tradeId}` : part;
      });
    const wrong = diff(describe(here), describe(there), 'fills');
    const told = counts.get('fill.printed') ?? 0;
    return told === there.length ? wrong : [...wrong, `${told} of ${there.length} fills told`];
  }

  #compareBalances(): string[] {
    if (!this.#hasBalances()) return [];
    const { market, account } = this.#exchange.trading;
    const here = this.#feed.balances.all();
    return market.balances(account).flatMap(({ asset, total }) => {
      const found = here.find((one) => one.asset?.split(' ')[0] === asset);
      const known = found?.total ?? '0';
      return compareDecimals(known, total) === 0 ? [] : [`${asset} is ${known}, not ${total}`];
    });
  }
}

function diff(here: readonly string[], there: readonly string[], name: string): string[] {
  const [left, right] = [[...here].sort(), [...there].sort()].map((list) => list.join(', '));
  return left === right ? [] : [`${name} are ${left} here, and ${right} at the exchange`];
}
