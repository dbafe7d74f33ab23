import {
  AuthError,
  ERROR_RULES,
  VenueError,
  type ErrorCode,
  type TruefeedError,
} from '../model/error.js';
import type { RefusalMessage } from '../model/message.js';
import { redactText } from '../runtime/redaction.js';
import { dropRequest, findRetryDelayMs, settleKey, turnDown } from './subscription-outcomes.js';
import { JUST_HELD } from './subscription-state.js';
import {
  isDesired,
  keyOf,
  type SubscriptionEntry,
  type SubscriptionLedger,
  type SubscriptionNotice,
  type SubscriptionRequest,
} from './subscriptions.js';

/**
 * Which request a refusal means where it does not say, and what to do about it. A refusal that
 * names its request, or a channel or symbol, is never guessed about. A wrong guess heals: an ack
 * that shows the subscription makes it held after all, and one that never comes is noticed by its
 * deadline.
 *
 * | code               | means the oldest                      | and then                      |
 * |--------------------|---------------------------------------|-------------------------------|
 * | AUTH_*             | private one, else the oldest of all   | the sign-in decides           |
 * | SUBSCRIPTION_LIMIT | of a channel with a limit, or a book  | refused for good on this one  |
 * | RATE_LIMITED       | of all                                | asked again, at half pace     |
 * | SUBSCRIPTION_HELD  | of all                                | ended first, then asked again |
 * | any other          | of all                                | several symbols: one by one;  |
 * |                    |                                       | one: again, if its code says  |
 * |                    |                                       | so, else refused for good     |
 *
 * "Oldest" is the oldest sent and unanswered: answers come in order. Where none is, the refusal is
 * logged; the listener sees its frame in any case.
 */
export interface RefusalRule {
  readonly target: 'private' | 'limited' | 'oldest';
  readonly reaction: 'sign-in' | 'give-up' | 'slower' | 'end-first' | 'by-code';
}

const SIGN_IN: RefusalRule = { target: 'private', reaction: 'sign-in' };
const OTHERWISE: RefusalRule = { target: 'oldest', reaction: 'by-code' };

/** The rules by code; every other code follows the last row of the table. */
const REFUSAL_RULES: Partial<Record<ErrorCode, RefusalRule>> = {
  AUTH_REFUSED: SIGN_IN,
  AUTH_CLOCK_SKEWED: SIGN_IN,
  AUTH_NONCE_REFUSED: SIGN_IN,
  AUTH_SESSION_INVALID: SIGN_IN,
  AUTH_PERMISSION_DENIED: SIGN_IN,
  AUTH_LOCKED_OUT: SIGN_IN,
  SUBSCRIPTION_LIMIT: { target: 'limited', reaction: 'give-up' },
  RATE_LIMITED: { target: 'oldest', reaction: 'slower' },
  SUBSCRIPTION_HELD: { target: 'oldest', reaction: 'end-first' },
};

/** Before what is held is ended and begun anew; the last one each time after. */
const END_FIRST_PAUSES_MS = [0, 2_000, 10_000];

/** The request that a refusal means, and which of its entries. */
export interface AttributedRefusal {
  readonly request: SubscriptionRequest;
  readonly keys: readonly string[];
  readonly rule: RefusalRule;
  readonly error: TruefeedError;
  /** Whether the venue said which one it meant. */
  readonly named: boolean;
}

/** The rule for a code. */
function findRefusalRule(code: ErrorCode): RefusalRule {
  return REFUSAL_RULES[code] ?? OTHERWISE;
}

/** Finds what a refusal means; undefined where nothing is unanswered. */
export function attributeRefusal(
  ledger: SubscriptionLedger,
  refusal: RefusalMessage,
  nowMs: number,
): AttributedRefusal | undefined {
  const rule = findRefusalRule(refusal.code);
  const sent = ledger.requests.filter((one) => !Number.isNaN(one.sentAtMs));
  const { requestId, channel, symbol } = refusal;
  const named = requestId !== undefined || channel !== undefined || symbol !== undefined;
  const request = named
    ? sent.find(
        (one) =>
          (requestId === undefined || one.id === requestId) &&
          (channel === undefined || one.channel === channel) &&
          (symbol === undefined || one.symbols.includes(symbol)),
      )
    : guessRequest(ledger, sent, rule.target);
  if (!named) ledger.refusalSeenAtMs = nowMs;
  if (!request) return undefined;
  const key = symbol === undefined ? undefined : keyOf(request.channel, symbol);
  const keys = key !== undefined && request.keys.has(key) ? [key] : [...request.keys];
  return { request, keys, rule, error: describeRefusal(refusal, request), named };
}

function guessRequest(
  ledger: SubscriptionLedger,
  sent: readonly SubscriptionRequest[],
  target: RefusalRule['target'],
): SubscriptionRequest | undefined {
  const subscribes = sent.filter((one) => one.kind === 'subscribe');
  const hasLimit = (one: SubscriptionRequest): boolean =>
    ledger.rules.get(one.channel)?.maxSymbolsPerSocket !== undefined;
  switch (target) {
    case 'private':
      return subscribes.find((one) => one.private) ?? sent.find((one) => one.private) ?? sent[0];
    case 'limited':
      return subscribes.find(hasLimit) ?? subscribes.find((one) => one.channel === 'book');
    case 'oldest':
      return sent[0];
  }
}

function describeRefusal(refusal: RefusalMessage, request: SubscriptionRequest): TruefeedError {
  const { code, likelyCause } = refusal;
  const venueText = redactText(refusal.venueText).slice(0, 200);
  const what = `${request.kind} "${request.channel}"`;
  const message = `The venue refused to ${what}: "${venueText}". ${likelyCause}`;
  const { channel } = request;
  const facts = { channel, symbol: refusal.symbol, venueText };
  return findRefusalRule(code) === SIGN_IN
    ? new AuthError(code, message, { facts })
    : new VenueError(code, message, { facts });
}

/** What is decided about a refused request. */
export type RefusalVerdict =
  | { readonly kind: 'final' }
  /** `afterMs` is the least; without `counted` it may happen any number of times. */
  | { readonly kind: 'retry'; readonly afterMs: number; readonly counted: boolean }
  | { readonly kind: 'end-first' }
  | { readonly kind: 'split' };

/** What the refusal's own rule says, where it does not leave it to the sign-in. */
export function judgeRefusal(refusal: AttributedRefusal, slowerAfterMs: number): RefusalVerdict {
  switch (refusal.rule.reaction) {
    case 'give-up':
      return { kind: 'final' };
    case 'slower':
      return { kind: 'retry', afterMs: slowerAfterMs, counted: false };
    case 'end-first':
      return { kind: 'end-first' };
    case 'sign-in':
      // A public request: the venue uses the words of a refused sign-in for other things too, and
      // sometimes without reason.
      return { kind: 'retry', afterMs: 0, counted: true };
    case 'by-code':
      if (!refusal.named && refusal.keys.length > 1) return { kind: 'split' };
      return ERROR_RULES[refusal.error.code].retryable
        ? { kind: 'retry', afterMs: 0, counted: true }
        : { kind: 'final' };
  }
}

/** Carries a verdict into the ledger. */
export function applyRefusal(
  ledger: SubscriptionLedger,
  refusal: AttributedRefusal,
  outcome: { readonly verdict: RefusalVerdict; readonly nowMs: number },
): SubscriptionNotice[] {
  const { request, keys, error } = refusal;
  const { verdict, nowMs } = outcome;
  if (keys.length === request.keys.size) dropRequest(ledger, request);
  const notices: SubscriptionNotice[] = [];
  for (const key of keys) {
    settleKey(ledger, request, key);
    const entry = ledger.entries.get(key);
    if (!entry) continue;
    if (request.kind === 'unsubscribe') {
      if (entry.state.status === 'ending') keepEnding(ledger, entry, outcome);
    } else if (entry.requestId === request.id && entry.state.status === 'requested') {
      notices.push(turnDownBy(verdict, entry, { error, nowMs }));
    }
  }
  return notices;
}

function turnDownBy(
  verdict: RefusalVerdict,
  entry: SubscriptionEntry,
  { error, nowMs }: { readonly error: TruefeedError; readonly nowMs: number },
): SubscriptionNotice {
  if (verdict.kind === 'end-first') return endFirst(entry, error, nowMs);
  if (verdict.kind === 'split') entry.alone = true;
  const retryAtMs = findRetryAtMs(entry, verdict, nowMs);
  return turnDown(entry, { error, inWords: true, retryAtMs });
}

/** What the venue was too busy to end is still held, and is to be ended later. */
function keepEnding(
  ledger: SubscriptionLedger,
  entry: SubscriptionEntry,
  { verdict, nowMs }: { readonly verdict: RefusalVerdict; readonly nowMs: number },
): void {
  if (verdict.kind !== 'retry') {
    ledger.entries.delete(entry.key);
    return;
  }
  const listed = entry.state.status === 'ending' && entry.state.listed;
  entry.state = { ...JUST_HELD, listed, endNotBeforeMs: nowMs + verdict.afterMs };
}

/**
 * A subscription that was to be over is still there, since its end was refused or lost: it is ended
 * and begun anew, at once the first time.
 */
function endFirst(
  entry: SubscriptionEntry,
  error: TruefeedError,
  nowMs: number,
): SubscriptionNotice {
  const pauseMs = END_FIRST_PAUSES_MS[entry.tries] ?? END_FIRST_PAUSES_MS.at(-1)!;
  entry.tries += 1;
  const endNotBeforeMs = nowMs + pauseMs;
  entry.state = { ...JUST_HELD, renew: true, endNotBeforeMs };
  return { kind: 'refused', entry, error, inWords: true, retryAtMs: endNotBeforeMs };
}

function findRetryAtMs(
  entry: SubscriptionEntry,
  verdict: Exclude<RefusalVerdict, { readonly kind: 'end-first' }>,
  nowMs: number,
): number | undefined {
  if (verdict.kind === 'final') return undefined;
  if (verdict.kind === 'split') return nowMs;
  if (!verdict.counted) {
    entry.tries -= 1;
    return nowMs + verdict.afterMs;
  }
  const delayMs = findRetryDelayMs(entry);
  return delayMs === undefined ? undefined : nowMs + Math.max(delayMs, verdict.afterMs);
}

/** Refuses for good everything private that is not held, now and from now on. */
export function blockPrivate(
  ledger: SubscriptionLedger,
  error: TruefeedError,
): SubscriptionNotice[] {
  ledger.privateRefusal = error;
  return refuseBlocked(ledger);
}

/** Refuses what was wanted after the sign-in was refused for good. */
export function refuseBlocked(ledger: SubscriptionLedger): SubscriptionNotice[] {
  const error = ledger.privateRefusal;
  if (!error) return [];
  const notices: SubscriptionNotice[] = [];
  for (const entry of ledger.entries.values()) {
    if (!entry.private || !isDesired(entry)) continue;
    const { status } = entry.state;
    if (status !== 'wanted' && status !== 'requested') continue;
    notices.push(turnDown(entry, { error, inWords: true, retryAtMs: undefined }));
  }
  return notices;
}
