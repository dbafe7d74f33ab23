import { AuthError, ConnectionError, VenueError, type TruefeedError } from '../../model/error.js';
import type { OrderFacts, OrderResult } from '../../model/message.js';
import type { AcknowledgedOrder, RefusedOrder } from '../../model/order-calls.js';
import type { OrderCommand, OrderCommandKind, OrderEntryRule } from '../../model/order-entry.js';

/** What a call was about. */
export interface CallSubject {
  readonly command: OrderCommandKind;
  readonly clientOrderId?: string;
  readonly orderId?: string;
}

/** A UUID may come back in another case, and without its dashes. */
function isSameName(one: string, other: string): boolean {
  const plain = (name: string): string => name.replaceAll('-', '').toLowerCase();
  return plain(one) === plain(other);
}

/**
 * The result for each subject of a call, where there is one. One that names an order is of that
 * order, wherever it stands, and of no other; one that names none is of the order in its place. One
 * refusal of several orders is about all of them.
 */
export function assignResults(
  results: readonly OrderResult[],
  subjects: readonly CallSubject[],
): readonly (OrderResult | undefined)[] {
  const [first] = results;
  const isOfAll = first?.ok === false && first.clientOrderId === undefined;
  if (results.length === 1 && isOfAll) return subjects.map(() => first);
  return subjects.map(({ clientOrderId: own }, index) => {
    const isNamed = (result: OrderResult): boolean =>
      own !== undefined &&
      result.clientOrderId !== undefined &&
      isSameName(own, result.clientOrderId);
    const inPlace = results[index];
    const isAnonymous = own === undefined || inPlace?.clientOrderId === undefined;
    return results.find(isNamed) ?? (isAnonymous ? inPlace : undefined);
  });
}

/** What a yes of the venue says of a command. */
export function meaningOf(
  command: OrderCommand,
  rule: Pick<OrderEntryRule, 'answerMeans'>,
): AcknowledgedOrder['means'] {
  return 'validate' in command && command.validate ? 'checked' : rule.answerMeans;
}

/** What the venue answered, as an outcome. */
export function toOutcome(
  result: OrderResult,
  subject: CallSubject,
  means: AcknowledgedOrder['means'],
): AcknowledgedOrder | RefusedOrder {
  const { command } = subject;
  if (!result.ok) return toRefused(describeRefusal(result, command), subject, true);
  return { kind: 'acknowledged', command, means, ...nameOf(subject), ...factsOf(result) };
}

function factsOf(result: Extract<OrderResult, { ok: true }>): OrderFacts {
  return Object.fromEntries(Object.entries(result).filter(([name]) => name !== 'ok'));
}

function toRefused(error: TruefeedError, subject: CallSubject, wasSent: boolean): RefusedOrder {
  return { kind: 'refused', command: subject.command, error, wasSent, ...nameOf(subject) };
}

function nameOf({ clientOrderId }: CallSubject): Pick<CallSubject, 'clientOrderId'> {
  return clientOrderId === undefined ? {} : { clientOrderId };
}

/** It was not sent. */
export function toUnsent(error: TruefeedError, subject: CallSubject): RefusedOrder {
  return toRefused(error, subject, false);
}

/** The venue's words, as an error that says what to do. */
function describeRefusal(
  result: Extract<OrderResult, { ok: false }>,
  command: OrderCommandKind,
): TruefeedError {
  const { code, venueText, likelyCause } = result;
  const message = `The venue refused the ${command} command: "${venueText}". ${likelyCause}`;
  const parts = { facts: { command, venueText } };
  return code.startsWith('AUTH_')
    ? new AuthError(code, message, parts)
    : new VenueError(code, message, parts);
}

/** The feed is closed, or about to be: there is no socket of it any more to try again with. */
export function describeFeedClosed(): TruefeedError {
  return new ConnectionError(
    'ORDER_NOT_SENT',
    'The order was not sent: the feed is closed. Nothing reached the venue; open another feed.',
    { retryable: false },
  );
}

/** The limits of the engine, as far as they are known, would refuse it. */
export function describeLimited(text: string, retryInMs: number): TruefeedError {
  const advice = Number.isFinite(retryInMs)
    ? `Try again in ${Math.ceil(retryInMs / 1_000)} s.`
    : 'Cancel some first.';
  return new VenueError(
    'RATE_LIMITED',
    `Not sent, because it would be refused: ${text} ${advice}`,
    {
      facts: { retryInMs },
      retryable: Number.isFinite(retryInMs),
    },
  );
}

/** An answer that says less than was asked for. */
export function describeShortAnswer(command: OrderCommandKind): TruefeedError {
  return new VenueError(
    'ORDER_UNKNOWN',
    `The venue answered the ${command} command, and said nothing of this order.`,
    { facts: { command } },
  );
}
