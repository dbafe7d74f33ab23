/** What becomes of a subscription and its request, however that was learnt. */
import { VenueError, type TruefeedError } from '../model/error.js';
import { JUST_HELD, REFUSED } from './subscription-state.js';
import {
  isDesired,
  type SubscriptionEntry,
  type SubscriptionLedger,
  type SubscriptionNotice,
  type SubscriptionRequest,
} from './subscriptions.js';

/** Pauses before a subscription is asked for again; after the last one it is refused for good. */
const RETRY_DELAYS_MS = [2_000, 10_000];

/** Takes a request as answered as a whole. */
export function dropRequest(ledger: SubscriptionLedger, request: SubscriptionRequest): void {
  const index = ledger.requests.indexOf(request);
  if (index >= 0) ledger.requests.splice(index, 1);
}

/** Takes one part of a request as answered. */
export function settleKey(
  ledger: SubscriptionLedger,
  request: SubscriptionRequest,
  key: string,
): void {
  request.keys.delete(key);
  if (request.keys.size === 0) dropRequest(ledger, request);
}

/** The venue has it, and may have listed it by name; says so where that is news. */
export function confirm(
  entry: SubscriptionEntry,
  { listed } = { listed: false },
): SubscriptionNotice[] {
  const { state } = entry;
  entry.tries = 0;
  entry.alone = false;
  if (state.status === 'held') {
    entry.state = { ...state, listed: listed || state.listed };
    return [];
  }
  const renew = state.status === 'requested' && state.renew;
  entry.state = { ...JUST_HELD, renew, listed };
  return isDesired(entry) ? [{ kind: 'subscribed', entry }] : [];
}

/** The venue does not have it, and said nothing of why. */
export function passOver(
  entry: SubscriptionEntry,
  reason: string,
  nowMs: number,
): SubscriptionNotice {
  const { channel, symbol } = entry.subscription;
  const name = symbol === undefined ? `"${channel}"` : `"${channel}" of ${symbol}`;
  const delayMs = RETRY_DELAYS_MS[entry.tries];
  const outlook =
    delayMs === undefined
      ? 'Check the spelling, and whether the venue offers it.'
      : `Check the spelling; it is asked for again in ${delayMs} ms.`;
  const error = new VenueError(
    'SUBSCRIPTION_IGNORED',
    `The subscription to ${name} is not held. ${reason} ${outlook}`,
    { facts: { channel, symbol }, retryable: delayMs !== undefined },
  );
  const retryAtMs = delayMs === undefined ? undefined : nowMs + delayMs;
  return turnDown(entry, { error, inWords: false, retryAtMs });
}

/** A refusal, in words or by silence; without a time to retry it is for good. */
export function turnDown(
  entry: SubscriptionEntry,
  verdict: {
    readonly error: TruefeedError;
    readonly inWords: boolean;
    readonly retryAtMs: number | undefined;
  },
): SubscriptionNotice {
  const { retryAtMs } = verdict;
  entry.tries += 1;
  entry.state = retryAtMs === undefined ? REFUSED : { status: 'wanted', notBeforeMs: retryAtMs };
  return { kind: 'refused', entry, ...verdict };
}

/** When a refused subscription is asked for again; undefined once it was asked for often enough. */
export function findRetryDelayMs(entry: SubscriptionEntry): number | undefined {
  return RETRY_DELAYS_MS[entry.tries];
}
