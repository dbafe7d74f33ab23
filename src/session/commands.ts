import { ConfigError, ConnectionError, VenueError, type TruefeedError } from '../model/error.js';
import { formatJson } from '../model/json-number.js';
import type { Logger } from '../model/logger.js';
import type { OrderAnswerMessage, OrderResult, RefusalMessage } from '../model/message.js';
import type {
  CommandOutcome,
  OrderCheckContext,
  OrderCommand,
  OrderEntryRule,
  OrderRequest,
} from '../model/order-entry.js';
import type { CancelTimer, Timers } from '../model/runtime.js';
import type { SessionCommand } from '../model/session.js';
import type { Codec, OutgoingMessage, Venue } from '../model/venue.js';

/** A session knows of no instruments; whoever does has checked a command against them before. */
const NO_INSTRUMENTS: OrderCheckContext = {
  findInstrument: () => undefined,
  instrumentsAreKnown: false,
  findOrder: () => undefined,
};

/**
 * A command as the venue's message. Throws what the venue's check says, and whatever shows that it
 * cannot be written: found here, where it is a refusal still.
 */
export function encodeCommand(
  request: OrderRequest,
  { orderEntry }: Pick<Venue, 'orderEntry'>,
  codec: Pick<Codec, 'encodeOrder'>,
): OutgoingMessage {
  orderEntry?.check(request.command, NO_INSTRUMENTS);
  const message = codec.encodeOrder?.(request);
  if (!message) throw new ConfigError('ORDER_INVALID', 'This protocol takes no orders.');
  formatJson(message.body);
  return message;
}

/** Whether an order was refused because the sign-in it carried has ended. */
export function saysSessionEnded({ results }: OrderAnswerMessage): boolean {
  return results.some((result) => !result.ok && result.code === 'AUTH_SESSION_INVALID');
}

/** A command on its way, for as long as the socket lives. */
export interface PendingCommand {
  readonly requestId: number;
  readonly command: SessionCommand;
  /** Answers that are still to come. */
  answersDue: number;
  readonly results: OrderResult[];
  isSent: boolean;
  cancelTimer: CancelTimer;
}

/** What the commands of one open socket are kept with. */
export interface CommandsParts {
  readonly rule: OrderEntryRule;
  /** Ended by the owner together with the socket. */
  readonly timers: Timers;
  /** Takes a command back that waits for the way out. */
  readonly withdraw: (pending: PendingCommand) => void;
}

/** Commands whose answers are late are remembered so far, to be settled after all. */
const LATE_MAX = 1_000;

/**
 * The commands of one open socket: each ends in exactly one outcome, and none is sent twice. What
 * was not sent when the socket ends was never sent; of what was, nobody knows.
 */
export class Commands {
  readonly #parts: CommandsParts;
  readonly #pending = new Map<number, PendingCommand>();
  readonly #late = new Map<number, PendingCommand>();

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /** Those without an answer, and those whose answer may still come late. */
  get count(): number {
    return this.#pending.size + this.#late.size;
  }

  /** A command that is about to be put on the way out. */
  add(requestId: number, command: SessionCommand): PendingCommand {
    const pending: PendingCommand = {
      requestId,
      command,
      answersDue: countAnswers(command.command, this.#parts.rule),
      results: [],
      isSent: false,
      cancelTimer: () => undefined,
    };
    this.#pending.set(requestId, pending);
    this.#armTimer(pending);
    return pending;
  }

  markSent(pending: PendingCommand): void {
    if (!this.#pending.has(pending.requestId)) return;
    pending.isSent = true;
    this.#armTimer(pending);
  }

  /** It could not be signed, or the codec would not have it: nothing left this process. */
  fail(pending: PendingCommand, error: TruefeedError): void {
    this.#end(pending, { kind: 'not-sent', error });
  }

  /** Returns whether the answer was to a command of this socket. */
  takeAnswer({ requestId, results }: OrderAnswerMessage): boolean {
    const pending = this.#findSent(requestId);
    if (!pending) return this.#takeLate(requestId, results);
    pending.results.push(...results);
    pending.answersDue -= 1;
    if (pending.answersDue <= 0) {
      this.#end(pending, { kind: 'answered', results: [...pending.results] });
    }
    return true;
  }

  /** A refusal that names no method may be that of a command. */
  takeRefusal({ requestId, code, venueText, likelyCause }: RefusalMessage): boolean {
    const results: OrderResult[] = [{ ok: false, code, venueText, likelyCause }];
    const pending = this.#findSent(requestId);
    if (!pending) return this.#takeLate(requestId, results);
    // The message as a whole was refused: no further answer comes.
    this.#end(pending, { kind: 'answered', results: [...pending.results, ...results] });
    return true;
  }

  /** The socket is gone. */
  stop(error: TruefeedError): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.isSent) this.#end(pending, describeUnknown(pending, error));
      else this.#end(pending, { kind: 'not-sent', error: describeUnsent(error) });
    }
    this.#late.clear();
  }

  #armTimer(pending: PendingCommand): void {
    pending.cancelTimer();
    const { answerTimeoutMs } = this.#parts.rule;
    pending.cancelTimer = this.#parts.timers.after(answerTimeoutMs, () => {
      if (!pending.isSent) {
        this.#parts.withdraw(pending);
        const text = `It could not be sent within ${answerTimeoutMs} ms.`;
        const error = new ConnectionError('TIMED_OUT', text, { facts: { answerTimeoutMs } });
        return this.#end(pending, { kind: 'not-sent', error: describeUnsent(error) });
      }
      this.#late.set(pending.requestId, pending);
      const oldest = this.#late.size > LATE_MAX ? this.#late.keys().next().value : undefined;
      if (oldest !== undefined) this.#late.delete(oldest);
      const text = `No answer came within ${answerTimeoutMs} ms.`;
      const error = new ConnectionError('TIMED_OUT', text, { facts: { answerTimeoutMs } });
      this.#end(pending, describeUnknown(pending, error));
    });
  }

  /** Nothing answers a command that has not left: it would be called placed, and then be sent. */
  #findSent(requestId: number | undefined): PendingCommand | undefined {
    const pending = this.#pending.get(requestId ?? NaN);
    return pending?.isSent === true ? pending : undefined;
  }

  #takeLate(requestId: number | undefined, results: readonly OrderResult[]): boolean {
    const late = this.#late.get(requestId ?? NaN);
    if (!late) return false;
    late.answersDue -= 1;
    if (late.answersDue <= 0) this.#late.delete(late.requestId);
    late.command.onLateAnswer?.(results);
    return true;
  }

  #end(pending: PendingCommand, outcome: CommandOutcome): void {
    if (!this.#pending.delete(pending.requestId)) return;
    pending.cancelTimer();
    pending.command.onOutcome(outcome);
  }
}

/** Nothing of the command left this process: it may be tried again. */
export function describeUnsent(cause: TruefeedError): TruefeedError {
  return new ConnectionError(
    'ORDER_NOT_SENT',
    `The order was not sent: ${cause.message} Nothing reached the venue; try again once the ` +
      'session is ready.',
    { cause, facts: { causeCode: cause.code } },
  );
}

function describeUnknown(pending: PendingCommand, cause: TruefeedError): CommandOutcome {
  const { kind } = pending.command.command;
  const error = new VenueError(
    'ORDER_UNKNOWN',
    `The ${kind} command was sent and not answered: ${cause.message} It may or may not have been ` +
      'carried out, and is not sent again. Look for its client order id.',
    { cause, facts: { command: kind, causeCode: cause.code } },
  );
  return { kind: 'unknown', error, results: [...pending.results] };
}

function countAnswers(command: OrderCommand, rule: OrderEntryRule): number {
  const isPerTarget = rule.answeredPerTarget.includes(command.kind);
  return isPerTarget && 'targets' in command ? Math.max(1, command.targets.length) : 1;
}

/** Why a venue takes no orders here at all. */
export function explainNoOrders({
  title,
  ordersElsewhere,
}: Pick<Venue, 'title' | 'ordersElsewhere'>): TruefeedError {
  const sentence = ordersElsewhere === undefined ? '' : ` ${ordersElsewhere}`;
  return new ConfigError('ORDER_INVALID', `${title} takes no orders on its sockets.${sentence}`);
}

/** There is no socket that could take a command. */
export function describeNotReady(): TruefeedError {
  return describeUnsent(new ConnectionError('CONNECTION_CLOSED', 'The session is not ready.'));
}

/** The socket ended while commands were on their way. */
export function describeSocketEnd(): TruefeedError {
  return new ConnectionError('CONNECTION_CLOSED', 'The connection ended before the answer.');
}

/** Why a command could not be made a message: what the check says, or a gap in it. */
export function describeUnsayable(cause: unknown, logger: Logger): TruefeedError {
  if (cause instanceof ConfigError) return cause;
  logger.error('An order could not be encoded.', { code: 'ORDER_INVALID' });
  const text = "The venue's protocol has no way to say this order. Check its fields.";
  return new VenueError('ORDER_INVALID', text, { cause });
}
