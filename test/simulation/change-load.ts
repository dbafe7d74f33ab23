import { addDecimals, subtractDecimals } from '../../src/book/decimal-arithmetic.js';
import type { Feed } from '../../src/feed/feed-options.js';
import type { OrderReport } from '../../src/model/account.js';
import type { EngineEvent } from '../../src/model/matching.js';
import type {
  OrderCallOptions,
  OrderEntry,
  OrderOutcome,
  SettledOrder,
} from '../../src/model/order-calls.js';
import type { NewOrder } from '../../src/model/order-entry.js';
import type { SimulatedTrading } from '../../src/simulator/index.js';
import { toPlain } from './truth.js';

interface Change {
  readonly kind: 'amend' | 'edit';
  /** What the exchange has seen if it was done. */
  readonly trace: string;
  outcome: OrderOutcome | undefined;
  settled: SettledOrder | undefined;
}

/** What changes are made with. */
interface ChangeParts {
  readonly feed: Feed;
  readonly trading: SimulatedTrading;
  readonly entry: OrderEntry;
  readonly options: OrderCallOptions;
  /** An order of the venue that has no client order id, and so may be edited. */
  readonly plainFields: Readonly<Record<string, unknown>>;
}

const SMALLEST = '0.00000001';

/**
 * Amends and edits what rests, each to a size that no other order ever has, so that the exchange's
 * own events say beyond doubt whether a change was made.
 */
export class ChangeLoad {
  readonly #parts: ChangeParts;
  readonly #changes: Change[] = [];
  readonly #plain: (OrderOutcome | undefined)[] = [];
  readonly #usedSizes = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(parts: ChangeParts) {
    this.#parts = parts;
    const { market, account } = parts.trading;
    market.onEngineEvent((event) => {
      if (event.type === 'ledger.posted' || event.order.account !== account) return;
      const trace = traceOf(event);
      if (trace !== undefined) this.#seen.add(trace);
    });
  }

  /** Places one that may be edited, or changes one that is open. */
  async act(resting: NewOrder, fraction: () => number): Promise<void> {
    const { entry, options, plainFields, feed } = this.#parts;
    const open = feed.orders.open();
    const order = open[Math.floor(fraction() * open.length)];
    if (fraction() < 0.4 || !order) {
      const place = this.#plain.push(undefined) - 1;
      const size = this.#pickSize(resting.size ?? SMALLEST);
      const named = { ...resting, size, clientOrderId: undefined, venueFields: plainFields };
      this.#plain[place] = await entry.addOrder(named, options);
      return;
    }
    await this.#change(order);
  }

  listUnhealed(): string[] {
    const open = this.#changes.filter(
      ({ outcome, settled }) => !outcome || (outcome.kind === 'unknown' && !settled),
    );
    const unanswered = this.#plain
      .filter((outcome) => outcome === undefined)
      .map(() => 'a plain one');
    return [...open.map(({ trace }) => trace), ...unanswered].map((one) => `${one} has no outcome`);
  }

  /** What the client was told of a change, and is not so. */
  compare(): string[] {
    return this.#changes.flatMap(({ kind, trace, outcome, settled }) => {
      const verdict = (settled ?? outcome)?.kind;
      const isDone = this.#seen.has(trace);
      const saysDone = verdict === 'acknowledged' || verdict === 'found';
      const saysNot = verdict === 'refused' || verdict === 'not-done';
      if (isDone ? !saysNot : !saysDone) return [];
      return [`${kind} ${trace} is ${verdict} here, and was ${isDone ? '' : 'not '}done`];
    });
  }

  async #change(order: OrderReport): Promise<void> {
    const { entry, options } = this.#parts;
    const { orderId, clientOrderId, symbol, size = '1', limitPrice, filledSize = '0' } = order;
    const wish = this.#pickSize(size);
    const kind = clientOrderId === undefined ? 'edit' : 'amend';
    const rest = toPlain(subtractDecimals(wish, filledSize));
    const trace = kind === 'edit' ? `new ${rest}` : `${clientOrderId} ${toPlain(wish)}`;
    const change: Change = { kind, trace, outcome: undefined, settled: undefined };
    this.#changes.push(change);
    const asked = { target: { orderId }, symbol, size: wish, limitPrice };
    const outcome =
      kind === 'edit'
        ? await entry.editOrder(asked, options)
        : await entry.amendOrder(asked, options);
    change.outcome = outcome;
    if (outcome.kind === 'unknown') change.settled = await outcome.settled;
  }

  #pickSize(size: string): string {
    let wish = addDecimals(size, SMALLEST);
    while (this.#usedSizes.has(toPlain(wish))) wish = addDecimals(wish, SMALLEST);
    this.#usedSizes.add(toPlain(wish));
    return wish;
  }
}

function traceOf(event: Exclude<EngineEvent, { readonly type: 'ledger.posted' }>) {
  const { size = '0', clientOrderId } = event.order;
  if (event.type === 'order.amended') return `${clientOrderId} ${toPlain(size)}`;
  const isPlain = event.type === 'order.accepted' && clientOrderId === undefined;
  return isPlain ? `new ${toPlain(size)}` : undefined;
}
