/**
 * Takes submissions to the engine, and what the engine tells to the private topics. An answer says
 * that a submission was forwarded and no more (submitting-orders): what the exchange makes of it
 * comes on `orders`, a refusal too, as a row that is REJECTED.
 */
import type { ListedInstrument } from '../../../model/exchange.js';
import type { EngineEvent, EngineOrder, MatchingMarket } from '../../../model/matching.js';
import type { PrivateTopic } from '../messages.js';
import type { AccountRow, AccountRows } from './account.js';
import {
  describeRefusal,
  findBroker,
  splitInstrumentId,
  toBalanceRow,
  toExecutionRow,
  toOrderRow,
  toRejectedRow,
} from './order-rows.js';
import { createPositions, type Positions } from './positions.js';
import {
  readSubmission,
  type CancelSubmission,
  type OrderSubmission,
  type SubmittedBody,
} from './submission.js';

/** What a desk is made of. */
export interface OrderDeskOptions {
  readonly engine: MatchingMarket;
  /** The present, RFC 3339. */
  readonly timeText: () => string;
  /** Rows of an account changed. */
  readonly tell: (account: string, topic: PrivateTopic, rows: readonly AccountRow[]) => void;
}

/** A submission of a client that may trade. */
export interface SubmittedMessage {
  readonly account: string;
  /** `order`, or our own `cancel`. */
  readonly name: string;
  readonly body: SubmittedBody;
}

/** What is answered; `forward` brings it to the exchange, after the answer. */
export type DeskAnswer =
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'forwarded'; readonly forward: () => void };

/** The way from sockets to the engine and back. */
export interface OrderDesk {
  submit(message: SubmittedMessage): DeskAnswer;
  /** What an account holds when it is first asked about. */
  present(account: string): AccountRows;
  close(): void;
}

/** Opens the desk; it hears the engine from now on. */
export function createOrderDesk(options: OrderDeskOptions): OrderDesk {
  const { engine } = options;
  const isBroker = (broker: string): boolean =>
    engine.instruments.some(({ symbol }) => splitInstrumentId(symbol).broker === broker);
  const desk = new AccountDesk(options);
  const stop = engine.onEngineEvent((event) => desk.onEvent(event));

  const submitOrder = (account: string, submission: OrderSubmission): DeskAnswer => {
    const { broker, order } = submission;
    if (!isBroker(broker)) return { kind: 'refused', text: 'Unknown broker' };
    // Of all that an exchange may refuse this is known here, and a row would hide the first order.
    const { clientOrderId } = order;
    if (clientOrderId !== undefined && engine.findOrder(account, { clientOrderId })) {
      return { kind: 'refused', text: describeRefusal('client-order-id-taken') };
    }
    return { kind: 'forwarded', forward: () => desk.place(account, submission) };
  };
  const submitCancel = (account: string, { broker, target }: CancelSubmission): DeskAnswer => {
    const order = engine.findOrder(account, target);
    const isBrokers = broker === undefined || broker === (order && brokerOf(order));
    if (!order || !isBrokers) return { kind: 'refused', text: describeRefusal('order-unknown') };
    return { kind: 'forwarded', forward: () => void engine.cancel(account, target) };
  };

  return {
    submit({ account, name, body }) {
      const submission = readSubmission(name, body);
      if (submission.kind === 'refused') return submission;
      if (submission.kind === 'order') return submitOrder(account, submission);
      return submitCancel(account, submission);
    },
    present: (account) => desk.present(account),
    close: stop,
  };
}

function brokerOf(order: EngineOrder): string {
  return splitInstrumentId(order.symbol).broker;
}

/** What changes nothing that a row shows: an open order is NEW from its acceptance on. */
const UNSEEN: ReadonlySet<EngineEvent['type']> = new Set<EngineEvent['type']>([
  'order.opened',
  'order.triggered',
  'order.completed',
]);

/** Accounts as the engine has them, and the rows that say so. */
class AccountDesk {
  readonly #options: OrderDeskOptions;
  readonly #positions = new Map<string, Positions>();
  /** The last row of each balance that was told, as a text, to tell changes alone. */
  readonly #told = new Map<string, string>();
  #rejections = 0;

  constructor(options: OrderDeskOptions) {
    this.#options = options;
  }

  place(account: string, submission: OrderSubmission): void {
    const { engine, tell, timeText } = this.#options;
    const { broker, symbol, order } = submission;
    const answer = engine.place({ ...order, account, symbol: `${symbol}:${broker}` });
    if (answer.ok) return;
    this.#rejections += 1;
    const id = `rejected-${this.#rejections}`;
    const parts = { id, time: timeText(), refusal: answer.refusal };
    tell(account, 'orders', [toRejectedRow(submission, parts)]);
  }

  present(account: string): AccountRows {
    const { engine } = this.#options;
    const balances = this.#listBalances(account).map(({ row }) => row);
    const executions = engine.fills(account).flatMap((fill) => {
      const order = engine.findOrder(account, { orderId: fill.orderId });
      return order ? [toExecutionRow(fill, order)] : [];
    });
    const orders = engine.openOrders(account).map((order) => this.#toRow(order));
    return { orders, executions, balances };
  }

  onEvent(event: EngineEvent): void {
    const { tell } = this.#options;
    if (event.type === 'ledger.posted') return this.#tellBalances(event.entry.account);
    const { account } = event.order;
    if (!UNSEEN.has(event.type)) tell(account, 'orders', [this.#toRow(event.order)]);
    if (event.type === 'order.filled') {
      tell(account, 'executions', [toExecutionRow(event.fill, event.order)]);
      tell(account, 'positions', this.#positionsOf(account).take(event.fill));
    }
    this.#tellBalances(account);
  }

  #toRow(order: EngineOrder): AccountRow {
    const listed = this.#options.engine.instruments.find(({ symbol }) => symbol === order.symbol);
    return toOrderRow(order, listed?.quote ?? '');
  }

  #positionsOf(account: string): Positions {
    const positions = this.#positions.get(account) ?? createPositions();
    this.#positions.set(account, positions);
    return positions;
  }

  #tellBalances(account: string): void {
    const changed = this.#listBalances(account).filter(({ isChanged }) => isChanged);
    if (changed.length === 0) return;
    this.#options.tell(
      account,
      'balances',
      changed.map(({ row }) => row),
    );
  }

  #listBalances(account: string): readonly { row: AccountRow; isChanged: boolean }[] {
    const { engine } = this.#options;
    const instruments: readonly ListedInstrument[] = engine.instruments;
    return engine.balances(account).flatMap((balance) => {
      const broker = findBroker(instruments, balance.asset);
      if (broker === undefined) return [];
      const row = toBalanceRow(balance, broker);
      const key = `${account}\n${balance.asset}`;
      const text = JSON.stringify(row);
      const isChanged = this.#told.get(key) !== text;
      this.#told.set(key, text);
      return [{ row, isChanged }];
    });
  }
}
