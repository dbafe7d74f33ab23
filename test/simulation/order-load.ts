import { addDecimals, compareDecimals } from '../../src/book/decimal-arithmetic.js';
import type { Feed } from '../../src/feed/feed-options.js';
import type { EngineOrder } from '../../src/model/matching.js';
import type { OrderEntry, OrderOutcome, SettledOrder } from '../../src/model/order-calls.js';
import type { NewOrder } from '../../src/model/order-entry.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import type { VirtualExchange } from './exchanges.js';
import { toPlain } from './truth.js';
import { Violation } from './watch.js';

interface Placed {
  readonly id: string;
  outcome: OrderOutcome | undefined;
  settled: SettledOrder | undefined;
}

const AGREEMENT = 'client and server agree';
/** Of what the account may spend on one order. */
const VALUES = [50, 100, 200];

/** Places orders by the roll of a die, and says at the end whether both sides know the same. */
export class OrderLoad {
  readonly #feed: Feed;
  readonly #exchange: VirtualExchange;
  readonly #entry: OrderEntry | undefined;
  readonly #placed: Placed[] = [];
  readonly #known = new Map<string, EngineOrder>();
  readonly #accepted: string[] = [];
  #refusedHere = 0;

  constructor(feed: Feed, exchange: VirtualExchange) {
    this.#feed = feed;
    this.#exchange = exchange;
    this.#entry = exchange.placeElsewhere ? undefined : feed.openOrderEntry();
    const { market, account } = exchange.trading;
    market.onEngineEvent((event) => {
      if (event.type === 'ledger.posted' || event.order.account !== account) return;
      const id = event.order.clientOrderId ?? '';
      if (event.type === 'order.accepted') this.#accepted.push(id);
      this.#known.set(id, event.order);
    });
  }

  /** `roll` decides everything about the order. */
  place(roll: number): void {
    const random = createSeededRandom(Math.floor(roll * 2 ** 32));
    const fraction = (): number => random.fraction();
    const id = `run-${this.#placed.length + 1}`;
    const placed: Placed = { id, outcome: undefined, settled: undefined };
    this.#placed.push(placed);
    const order = this.#createOrder(fraction, id);
    const elsewhere = this.#exchange.placeElsewhere;
    if (elsewhere) {
      elsewhere(order);
      return;
    }
    if (fraction() < 0.15) void this.#cancelOne();
    void this.#send(placed, order);
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
      ...Object.entries(parts)
        .filter(([, { state }]) => state.status !== 'live')
        .map(([name, { state }]) => `${name} are ${state.status}`),
    ];
  }

  get summary(): string {
    const unknown = this.#placed.filter(({ outcome }) => outcome?.kind === 'unknown').length;
    const fills = this.#exchange.trading.market.fills(this.#exchange.trading.account).length;
    return `${this.#placed.length} orders, ${unknown} unknown, ${fills} fills`;
  }

  /** `counts` of the events that the feed told. */
  compare(counts: ReadonlyMap<string, number>): Violation | undefined {
    const wrong = [
      ...this.#compareOutcomes(),
      ...this.#compareOpenOrders(),
      ...this.#compareFills(counts),
      ...this.#compareBalances(),
    ];
    return wrong.length > 0 ? new Violation(AGREEMENT, wrong.slice(0, 3).join('; ')) : undefined;
  }

  async #send(placed: Placed, order: NewOrder): Promise<void> {
    const outcome = await this.#entry?.addOrder(order);
    placed.outcome = outcome;
    if (outcome?.kind === 'refused') this.#refusedHere += 1;
    if (outcome?.kind === 'unknown') placed.settled = await outcome.settled;
  }

  async #cancelOne(): Promise<void> {
    const [open] = this.#feed.orders.open();
    if (open) await this.#entry?.cancelOrder({ orderId: open.orderId });
  }

  /** Most take what is there, some rest below it. */
  #createOrder(fraction: () => number, clientOrderId: string): NewOrder {
    const { market } = this.#exchange.trading;
    const { symbol, priceIncrement = '1' } = market.instruments[Math.floor(fraction() * 2)]!;
    const side = fraction() < 0.5 ? 'buy' : 'sell';
    const levels = market.book(symbol)?.levels ?? [];
    const best = (of: string) => Number(levels.find((level) => level.side === of)?.price ?? '1');
    const rests = fraction() < 0.3;
    const isBuy = side === 'buy';
    const near = isBuy === rests ? best('bid') : best('ask');
    const away = rests ? (isBuy ? 0.9 : 1.1) : isBuy ? 1.002 : 0.998;
    const value = VALUES[Math.floor(fraction() * VALUES.length)]!;
    const decimals = (priceIncrement.split('.')[1] ?? '').length;
    const step = 10 ** -decimals;
    const size = value / near;
    return {
      ...{ symbol, side, orderType: 'limit', clientOrderId },
      size: toPlain(size.toFixed(8)) === '0' ? '0.00000001' : toPlain(size.toFixed(8)),
      limitPrice: Math.max(step, near * away).toFixed(decimals),
      timeInForce: rests ? 'gtc' : 'ioc',
    };
  }

  #hasBalances(): boolean {
    return this.#exchange.accountChannels.some(({ channel }) => channel === 'balances');
  }

  #compareOutcomes(): string[] {
    const wrong = this.#placed.flatMap(({ id, outcome, settled }) => {
      const known = this.#known.get(id);
      const kind = settled?.kind ?? outcome?.kind;
      const has = known ? `${known.status} with ${known.filledSize} filled` : 'nothing';
      const isRight =
        kind === undefined ||
        (kind === 'acknowledged' && this.#exchange.onlyForwards) ||
        // The venue tells of orders that it refused, which its exchange never saw.
        (settled?.kind === 'found' && settled.order?.status === 'rejected') ||
        (kind === 'acknowledged' || kind === 'found'
          ? known !== undefined
          : kind === 'refused'
            ? known === undefined
            : known === undefined || (known.filledSize === '0' && known.status !== 'open'));
      return isRight ? [] : [`${id} is ${kind} here, and the exchange has ${has}`];
    });
    const twice = this.#accepted.filter((id, index) => this.#accepted.indexOf(id) !== index);
    return [...wrong, ...twice.map((id) => `${id} reached the exchange twice`)];
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
    const describe = (fills: readonly { size: string; tradeId?: string | undefined }[]) =>
      fills.map(({ size, tradeId }) => {
        return this.#exchange.namesTrades ? `${toPlain(size)} by ${tradeId}` : toPlain(size);
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
