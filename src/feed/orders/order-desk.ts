import { ConfigError, type TruefeedError } from '../../model/error.js';
import type {
  DeadMansSwitch,
  OrderCallOptions,
  OrderEntry,
  OrderOutcome,
  PlaceOptions,
  SwitchOptions,
  SwitchState,
} from '../../model/order-calls.js';
import type {
  NewOrder,
  OrderChange,
  OrderCheckContext,
  OrderCommand,
  OrderCommandKind,
  OrderEntryRule,
  OrderLimitContext,
  OrderLimiter,
  OrderTarget,
} from '../../model/order-entry.js';
import type { Runtime } from '../../model/runtime.js';
import type { SessionCommand } from '../../model/session.js';
import { describeNotReady, describeUnsayable } from '../../session/commands.js';
import { describeClosed } from '../live-waiters.js';
import {
  readCallOptions,
  readChange,
  readOrder,
  readOrders,
  readPlaceOptions,
  readTarget,
  readTargets,
} from './call-form.js';
import { CommandFlight, type Call, type SendableCall } from './command-flight.js';
import { openDeadMansSwitch } from './dead-mans-switch.js';
import {
  describeFeedClosed,
  describeLimited,
  describeShortAnswer,
  toUnsent,
  type CallSubject,
} from './outcomes.js';
import type { SettlementEvidence } from './lost-commands.js';
import { Settlements } from './settlements.js';

/** What order entry uses of its feed. */
export interface OrderDeskParts {
  readonly rule: OrderEntryRule;
  readonly runtime: Runtime;
  readonly limiter: OrderLimiter | undefined;
  readonly check: OrderCheckContext;
  readonly limits: OrderLimitContext;
  readonly evidence: SettlementEvidence;
  /** The socket that carries the orders' channel; undefined while there is none. */
  findSocket(): { command(command: SessionCommand): void } | undefined;
  onSwitchChanged(state: SwitchState): void;
}

/** What ends orders may still be asked for while the feed is being closed. */
const ENDS_ORDERS: ReadonlySet<OrderCommandKind> = new Set([
  'cancel',
  'batch-cancel',
  'cancel-all',
]);

/** Order entry of one feed: every call ends in exactly one outcome. */
export class OrderDesk implements OrderEntry {
  readonly #parts: OrderDeskParts;
  readonly #settlements: Settlements;
  #switch: DeadMansSwitch | undefined;
  /** `closing`: nothing is begun any more that would outlive the feed. */
  #life: 'open' | 'closing' | 'closed' = 'open';

  constructor(parts: OrderDeskParts) {
    this.#parts = parts;
    this.#settlements = new Settlements(parts.evidence, parts.runtime);
  }

  addOrder(order: NewOrder, options: PlaceOptions = {}): Promise<OrderOutcome> {
    return this.#callOne('add', () => {
      const named = this.#name(readOrder(order));
      const { validate = false, deadlineMs } = readPlaceOptions(options);
      const { clientOrderId } = named;
      const command = { kind: 'add', order: named, validate } as const;
      return { command, targets: [{ clientOrderId }], deadlineMs };
    });
  }

  async addOrders(
    orders: readonly NewOrder[],
    options: PlaceOptions = {},
  ): Promise<readonly OrderOutcome[]> {
    const outcomes = await this.#call('batch-add', () => {
      const named = readOrders(orders).map((order) => this.#name(order));
      const { validate = false, deadlineMs } = readPlaceOptions(options);
      const command = { kind: 'batch-add', orders: named, validate } as const;
      const targets = named.map(({ clientOrderId }) => ({ clientOrderId }));
      return { command, targets, deadlineMs };
    });
    const [first] = outcomes;
    const count = Array.isArray(orders) ? orders.length : 0;
    // A list that could not be read was refused as a whole.
    return first && outcomes.length < count ? orders.map(() => first) : outcomes;
  }

  amendOrder(change: OrderChange, options: OrderCallOptions = {}): Promise<OrderOutcome> {
    return this.#callOne('amend', () => {
      const read = readChange(change);
      const command = { kind: 'amend', change: read } as const;
      return { command, targets: [read.target], ...readCallOptions(options) };
    });
  }

  editOrder(change: OrderChange, options: PlaceOptions = {}): Promise<OrderOutcome> {
    return this.#callOne('edit', () => {
      const read = this.#nameSymbol(readChange(change));
      const { validate = false, deadlineMs } = readPlaceOptions(options);
      const command = { kind: 'edit', change: read, validate } as const;
      return { command, targets: [read.target], deadlineMs };
    });
  }

  cancelOrder(target: OrderTarget): Promise<OrderOutcome> {
    return this.#callOne('cancel', () => {
      const read = readTarget(target);
      return { command: { kind: 'cancel', targets: [read] }, targets: [read] };
    });
  }

  cancelOrders(targets: readonly OrderTarget[]): Promise<OrderOutcome> {
    return this.#callOne('batch-cancel', () => {
      return { command: { kind: 'batch-cancel', targets: readTargets(targets) }, targets: [{}] };
    });
  }

  cancelAllOrders(): Promise<OrderOutcome> {
    return this.#callOne('cancel-all', () => ({ command: { kind: 'cancel-all' }, targets: [{}] }));
  }

  cancelAllOrdersAfter(timeoutSeconds: number): Promise<OrderOutcome> {
    return this.#callOne('cancel-all-after', () => {
      return { command: { kind: 'cancel-all-after', timeoutSeconds }, targets: [{}] };
    });
  }

  holdDeadMansSwitch(options: SwitchOptions = {}): DeadMansSwitch {
    const { rule, runtime } = this.#parts;
    if (this.#life !== 'open') throw describeClosed();
    if (!rule.commands.includes('cancel-all-after')) {
      throw new ConfigError('OPTION_INVALID', "This venue has no dead-man's switch.");
    }
    if (this.#switch) {
      throw new ConfigError(
        'OPTION_INVALID',
        "A dead-man's switch is held already, and there is one for each account: close it first.",
      );
    }
    const onChange = (state: SwitchState): void => this.#parts.onSwitchChanged(state);
    const onClosed = (): void => void (this.#switch = undefined);
    const parts = { entry: this, runtime, onChange, onClosed };
    this.#switch = openDeadMansSwitch(options, parts);
    return this.#switch;
  }

  /** Something came that may settle what is unknown. */
  noteProgress(): void {
    this.#settlements.noteProgress();
  }

  /** Calls the switch off while there is a socket, then takes no more calls. */
  async close(): Promise<void> {
    this.#life = 'closing';
    await this.#switch?.close();
    this.#life = 'closed';
    this.#settlements.end();
  }

  /** An order whose answer is lost is looked for by this id. */
  #name(order: NewOrder): NewOrder {
    if (order.clientOrderId !== undefined) return order;
    const { rule, runtime } = this.#parts;
    const clientOrderId = rule.createClientOrderId(runtime.random, order);
    return clientOrderId === undefined ? order : { ...order, clientOrderId };
  }

  async #callOne(kind: OrderCommandKind, draft: () => Call): Promise<OrderOutcome> {
    const [outcome] = await this.#call(kind, draft);
    return outcome ?? toUnsent(describeShortAnswer(kind), { command: kind });
  }

  /** Never rejects: what is wrong with a call is its outcome. */
  #call(kind: OrderCommandKind, draft: () => Call): Promise<readonly OrderOutcome[]> {
    let subjects: readonly CallSubject[] = [{ command: kind }];
    try {
      const call = draft();
      subjects = call.targets.map((target) => toSubject(kind, target));
      const refusal = this.#explainUnsendable(call);
      if (!refusal) return new Promise((resolve) => this.#send({ ...call, subjects }, resolve));
      return Promise.resolve(subjects.map((subject) => toUnsent(refusal, subject)));
    } catch (cause) {
      const error = describeUnsayable(cause, this.#parts.runtime.logger);
      return Promise.resolve(subjects.map((subject) => toUnsent(error, subject)));
    }
  }

  /** Why nothing may leave; undefined where it may. Throws ORDER_INVALID for its form. */
  #explainUnsendable({ command, deadlineMs }: Call): TruefeedError | undefined {
    const { rule, limiter, limits, check } = this.#parts;
    const isLate = this.#life === 'closing' && outlivesFeed(command);
    if (this.#life === 'closed' || isLate) return describeFeedClosed();
    rule.check(this.#completeForCheck(command), check);
    checkDeadline(deadlineMs, rule);
    const limitation = limiter?.explainRefusal(command, limits);
    return limitation && describeLimited(limitation.text, limitation.retryInMs);
  }

  /** An amendment names no symbol, but is checked against the steps of one. */
  #completeForCheck(command: OrderCommand): OrderCommand {
    if (command.kind !== 'amend') return command;
    return { ...command, change: this.#nameSymbol(command.change) };
  }

  #nameSymbol(change: OrderChange): OrderChange {
    const symbol = change.symbol ?? this.#parts.limits.findOrder(change.target)?.symbol;
    return { ...change, symbol };
  }

  #send(call: SendableCall, resolve: (outcomes: readonly OrderOutcome[]) => void): void {
    const { rule, runtime, limiter, limits } = this.#parts;
    const { command, subjects, deadlineMs } = call;
    const socket = this.#parts.findSocket();
    if (!socket) return resolve(subjects.map((subject) => toUnsent(describeNotReady(), subject)));
    const flight = new CommandFlight(call, { rule, runtime, settlements: this.#settlements });
    socket.command({
      command,
      deadlineMs,
      onOutcome: (outcome) => resolve(flight.conclude(outcome)),
      onLateAnswer: (results) => flight.noteLateAnswer(results),
    });
    // Counted once it is handed over, unless it was refused at once: one that fails to leave later
    // stays counted, which errs on the side of the limit.
    if (flight.hasLeft) limiter?.noteSent(command, limits);
  }
}

function outlivesFeed(command: OrderCommand): boolean {
  if (command.kind === 'cancel-all-after') return command.timeoutSeconds !== 0;
  return !ENDS_ORDERS.has(command.kind);
}

function toSubject(kind: OrderCommandKind, { orderId, clientOrderId }: OrderTarget): CallSubject {
  return {
    command: kind,
    ...(orderId !== undefined && { orderId }),
    ...(clientOrderId !== undefined && { clientOrderId }),
  };
}

function checkDeadline(deadlineMs: number | undefined, { deadline }: OrderEntryRule): void {
  if (deadlineMs === undefined) return;
  if (!deadline) {
    throw new ConfigError('ORDER_INVALID', 'This venue takes no deadline: leave deadlineMs out.');
  }
  const { minMs, maxMs } = deadline;
  if (deadlineMs >= minMs && deadlineMs <= maxMs) return;
  throw new ConfigError('ORDER_INVALID', `The deadlineMs is from ${minMs} to ${maxMs}.`, {
    facts: { field: 'deadlineMs' },
  });
}
