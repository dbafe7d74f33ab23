import type { OrderResult } from '../../model/message.js';
import type { OrderCallOptions, OrderOutcome } from '../../model/order-calls.js';
import type {
  CommandOutcome,
  OrderCommand,
  OrderEntryRule,
  OrderTarget,
} from '../../model/order-entry.js';
import type { Runtime } from '../../model/runtime.js';
import type { Sought } from './lost-commands.js';
import {
  assignResults,
  describeShortAnswer,
  meaningOf,
  toOutcome,
  toUnsent,
  type CallSubject,
} from './outcomes.js';
import type { Settlement, Settlements } from './settlements.js';

/** A command, and the orders that each of its results is about. */
export interface Call extends OrderCallOptions {
  readonly command: OrderCommand;
  readonly targets: readonly OrderTarget[];
}

/** A command that may be sent. */
export interface SendableCall extends Call {
  readonly subjects: readonly CallSubject[];
}

/** What a flight uses of its desk. */
export interface FlightParts {
  readonly rule: OrderEntryRule;
  readonly runtime: Runtime;
  readonly settlements: Settlements;
}

/** Where a command stands that was handed to a socket. */
type FlightState =
  /** No outcome is known. */
  | { readonly kind: 'under-way' }
  /** It never left this process. */
  | { readonly kind: 'not-sent' }
  /** Each order has its outcome; of the ones that are unknown, what will settle them. */
  | { readonly kind: 'concluded'; readonly unsettled: readonly (Settlement | undefined)[] };

/** What became of one order of a command. */
interface Conclusion {
  readonly outcome: OrderOutcome;
  readonly settlement?: Settlement;
}

const UNDER_WAY: FlightState = { kind: 'under-way' };

/** How much longer than its deadline a lost order is waited for: clocks differ. */
const CERTAIN_MARGIN_MS = 1_000;

/** One command from the moment in which it is handed to a socket. */
export class CommandFlight {
  readonly #call: SendableCall;
  readonly #parts: FlightParts;
  /** What would show each of its subjects, as it was before the command was sent. */
  readonly #sought: readonly Sought[];
  #state = UNDER_WAY;

  constructor(call: SendableCall, parts: FlightParts) {
    this.#call = call;
    this.#parts = parts;
    this.#sought = call.targets.map((target) => parts.settlements.seek(call.command, target));
  }

  /** Whether it left this process, for all that is known. */
  get hasLeft(): boolean {
    return this.#state.kind !== 'not-sent';
  }

  /** What became of each order. */
  conclude(outcome: CommandOutcome): readonly OrderOutcome[] {
    if (outcome.kind === 'not-sent') {
      this.#state = { kind: 'not-sent' };
      return this.#call.subjects.map((subject) => toUnsent(outcome.error, subject));
    }
    const conclusions = this.#readOutcome(outcome);
    const unsettled = conclusions.map(({ settlement }) => settlement);
    this.#state = { kind: 'concluded', unsettled };
    return conclusions.map((one) => one.outcome);
  }

  /** The answer came after all, to a command whose outcome was unknown. */
  noteLateAnswer(results: readonly OrderResult[]): void {
    const { subjects } = this.#call;
    const unsettled = this.#state.kind === 'concluded' ? this.#state.unsettled : [];
    const answers = assignResults(results, subjects);
    subjects.forEach((subject, index) => {
      const result = answers[index];
      if (!result) return;
      // Read also where nothing waits for it: the order that it names is claimed.
      const outcome = this.#readResult(result, subject);
      unsettled[index]?.settle(outcome);
    });
  }

  #readOutcome(outcome: Exclude<CommandOutcome, { kind: 'not-sent' }>): readonly Conclusion[] {
    const { command, subjects } = this.#call;
    const results = assignResults(outcome.results, subjects);
    return subjects.map((subject, index) => {
      const result = results[index];
      if (result) return { outcome: this.#readResult(result, subject) };
      const settlement = this.#awaitEvidence(index);
      const { settled } = settlement;
      const error = outcome.kind === 'unknown' ? outcome.error : describeShortAnswer(command.kind);
      return { outcome: { kind: 'unknown', ...subject, error, settled }, settlement };
    });
  }

  /** The order that it names is this call's, and no other's. */
  #readResult(result: OrderResult, subject: CallSubject): ReturnType<typeof toOutcome> {
    const { command } = this.#call;
    const { rule, settlements } = this.#parts;
    if (placesOrders(command) && result.ok && result.orderId !== undefined) {
      settlements.claim(result.orderId);
    }
    return toOutcome(result, subject, meaningOf(command, rule));
  }

  #awaitEvidence(index: number): Settlement {
    const { command, deadlineMs } = this.#call;
    const { rule, runtime, settlements } = this.#parts;
    const flightMs = deadlineMs ?? rule.deadline?.defaultMs ?? rule.answerTimeoutMs;
    return settlements.add({
      sought: this.#sought[index] ?? {
        kind: 'nothing',
        detail: describeShortAnswer(command.kind).message,
      },
      certainAtMs: runtime.clock.monotonicMs() + flightMs + CERTAIN_MARGIN_MS,
    });
  }
}

/** Whether an order of another id comes of it. */
function placesOrders({ kind }: OrderCommand): boolean {
  return kind === 'add' || kind === 'batch-add' || kind === 'edit';
}
