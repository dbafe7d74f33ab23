import { ConfigError, TruefeedError } from '../../model/error.js';
import type { OrderResult } from '../../model/message.js';
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
  CommandOutcome,
  NewOrder,
  OrderChange,
  OrderCheckContext,
  OrderCommand,
  OrderEntryRule,
  OrderLimitContext,
  OrderLimiter,
  OrderTarget,
} from '../../model/order-entry.js';
import type { Runtime } from '../../model/runtime.js';
import type { SessionCommand } from '../../model/session.js';
import { describeNotReady } from '../../session/commands.js';
import { openDeadMansSwitch } from './dead-mans-switch.js';
import {
  describeLimited,
  describeShortAnswer,
  meaningOf,
  toOutcome,
  toUnsent,
  type CallSubject,
} from './outcomes.js';
import { Settlements, type Settlement, type SettlementEvidence } from './settlements.js';

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

/** A command on its way, and what each of its results is about. */
interface Call {
  readonly command: OrderCommand;
  readonly subjects: readonly CallSubject[];
  readonly options: OrderCallOptions;
}

/** How much longer than its deadline a lost order is waited for: clocks differ. */
const CERTAIN_MARGIN_MS = 1_000;

/** Order entry of one feed: every call ends in exactly one outcome. */
export class OrderDesk implements OrderEntry {
  readonly #parts: OrderDeskParts;
  readonly #settlements: Settlements;
  #switch: DeadMansSwitch | undefined;
  #isClosed = false;

  constructor(parts: OrderDeskParts) {
    this.#parts = parts;
    this.#settlements = new Settlements(parts.evidence, parts.runtime);
  }

  async addOrder(order: NewOrder, options: PlaceOptions = {}): Promise<OrderOutcome> {
    const named = this.#name(order);
    const command = { kind: 'add', order: named, validate: options.validate ?? false } as const;
    return this.#callOne(command, { options, clientOrderId: named.clientOrderId });
  }

  async addOrders(
    orders: readonly NewOrder[],
    options: PlaceOptions = {},
  ): Promise<readonly OrderOutcome[]> {
    const named = orders.map((order) => this.#name(order));
    const validate = options.validate ?? false;
    const command = { kind: 'batch-add', orders: named, validate } as const;
    const subjects = named.map(({ clientOrderId }) => toSubject(command, { clientOrderId }));
    return this.#call({ command, subjects, options });
  }

  async amendOrder(change: OrderChange, options: OrderCallOptions = {}): Promise<OrderOutcome> {
    return this.#callOne({ kind: 'amend', change }, { options, ...change.target });
  }

  async editOrder(change: OrderChange, options: PlaceOptions = {}): Promise<OrderOutcome> {
    const validate = options.validate ?? false;
    const command = { kind: 'edit', change: this.#nameSymbol(change), validate } as const;
    return this.#callOne(command, { options, ...change.target });
  }

  async cancelOrder(target: OrderTarget): Promise<OrderOutcome> {
    return this.#callOne({ kind: 'cancel', targets: [target] }, target);
  }

  async cancelOrders(targets: readonly OrderTarget[]): Promise<OrderOutcome> {
    return this.#callOne({ kind: 'batch-cancel', targets });
  }

  async cancelAllOrders(): Promise<OrderOutcome> {
    return this.#callOne({ kind: 'cancel-all' });
  }

  async cancelAllOrdersAfter(timeoutSeconds: number): Promise<OrderOutcome> {
    return this.#callOne({ kind: 'cancel-all-after', timeoutSeconds });
  }

  holdDeadMansSwitch(options: SwitchOptions = {}): DeadMansSwitch {
    const { rule, runtime } = this.#parts;
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
    await this.#switch?.close();
    this.#isClosed = true;
    this.#settlements.end();
  }

  /** An order whose answer is lost is looked for by this id. */
  #name(order: NewOrder): NewOrder {
    if (order.clientOrderId !== undefined) return order;
    const { rule, runtime } = this.#parts;
    const clientOrderId = rule.createClientOrderId(runtime.random, order);
    return clientOrderId === undefined ? order : { ...order, clientOrderId };
  }

  async #callOne(
    command: OrderCommand,
    about: OrderTarget & { readonly options?: OrderCallOptions } = {},
  ): Promise<OrderOutcome> {
    const { options = {}, ...target } = about;
    const subject = toSubject(command, target);
    const [outcome] = await this.#call({ command, subjects: [subject], options });
    return outcome ?? toUnsent(describeShortAnswer(command.kind), subject);
  }

  #call(call: Call): Promise<readonly OrderOutcome[]> {
    const refusal = this.#explainUnsendable(call);
    if (refusal) return Promise.resolve(call.subjects.map((subject) => toUnsent(refusal, subject)));
    return new Promise((resolve) => this.#send(call, resolve));
  }

  /** Why nothing may leave; undefined where it may. */
  #explainUnsendable({ command, options }: Call): TruefeedError | undefined {
    const { rule, limiter, limits, check } = this.#parts;
    if (this.#isClosed) return describeNotReady();
    try {
      rule.check(this.#completeForCheck(command), check);
      checkDeadline(options.deadlineMs, rule);
    } catch (error) {
      if (error instanceof TruefeedError) return error;
      throw error;
    }
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

  #send(call: Call, resolve: (outcomes: readonly OrderOutcome[]) => void): void {
    const { rule, limiter, limits } = this.#parts;
    const { command, subjects, options } = call;
    const socket = this.#parts.findSocket();
    if (!socket) return resolve(subjects.map((subject) => toUnsent(describeNotReady(), subject)));
    let lost: readonly (Settlement | undefined)[] = [];
    let wasLeft = true;
    socket.command({
      command,
      deadlineMs: options.deadlineMs,
      onOutcome: (outcome) => {
        if (outcome.kind === 'not-sent') wasLeft = false;
        const concluded = this.#conclude(outcome, call);
        lost = concluded.map(({ settlement }) => settlement);
        resolve(concluded.map((one) => one.outcome));
      },
      onLateAnswer: (results) => {
        const answers = spread(results, subjects.length);
        subjects.forEach((subject, index) => {
          const result = answers[index];
          if (result) lost[index]?.settle(toOutcome(result, subject, meaningOf(command, rule)));
        });
      },
    });
    if (wasLeft) limiter?.noteSent(command, limits);
  }

  #conclude(
    outcome: CommandOutcome,
    { command, subjects, options }: Call,
  ): readonly { readonly outcome: OrderOutcome; readonly settlement?: Settlement }[] {
    if (outcome.kind === 'not-sent') {
      return subjects.map((subject) => ({ outcome: toUnsent(outcome.error, subject) }));
    }
    const { rule } = this.#parts;
    const results = spread(outcome.results, subjects.length);
    return subjects.map((subject, index) => {
      const result = results[index];
      if (result) return { outcome: toOutcome(result, subject, meaningOf(command, rule)) };
      const settlement = this.#awaitEvidence(command, subject, options);
      const error = outcome.kind === 'unknown' ? outcome.error : describeShortAnswer(command.kind);
      return {
        outcome: { kind: 'unknown', ...subject, error, settled: settlement.settled },
        settlement,
      };
    });
  }

  #awaitEvidence(
    command: OrderCommand,
    { clientOrderId, orderId }: CallSubject,
    { deadlineMs }: OrderCallOptions,
  ): Settlement {
    const { rule, runtime } = this.#parts;
    const flightMs = deadlineMs ?? rule.deadline?.defaultMs ?? rule.answerTimeoutMs;
    const placesOrder = command.kind === 'add' || command.kind === 'batch-add';
    const isNamed = clientOrderId !== undefined || orderId !== undefined;
    return this.#settlements.add({
      target: isNamed ? { clientOrderId, orderId } : undefined,
      placesOrder,
      certainAtMs: runtime.clock.monotonicMs() + flightMs + CERTAIN_MARGIN_MS,
    });
  }
}

function toSubject({ kind }: OrderCommand, { orderId, clientOrderId }: OrderTarget): CallSubject {
  return {
    command: kind,
    ...(orderId !== undefined && { orderId }),
    ...(clientOrderId !== undefined && { clientOrderId }),
  };
}

/** One refusal of several orders is about all of them. */
function spread(results: readonly OrderResult[], count: number): readonly OrderResult[] {
  const [first] = results;
  const isOfAll = results.length === 1 && first?.ok === false;
  return isOfAll ? Array.from({ length: count }, () => first) : results;
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
