import type { SubscriptionMessage, VenueMessage } from '../model/message.js';
import { confirm, dropRequest, passOver, settleKey } from './subscription-outcomes.js';
import {
  isEndingAsked,
  keyOf,
  type SubscriptionLedger,
  type SubscriptionNotice,
  type SubscriptionRequest,
} from './subscriptions.js';

/** An answer is due this soon after the request, or after the last sign that it is on its way. */
export const ACK_TIMEOUT_MS = 10_000;

/** A message of the request went out. */
export function markSent(
  ledger: SubscriptionLedger,
  request: SubscriptionRequest,
  nowMs: number,
): void {
  const { requests } = ledger;
  const index = requests.indexOf(request);
  if (index < 0) return;
  if (Number.isNaN(request.sentAtMs)) {
    // Answers come in the order of sending, which need not be that of planning.
    requests.splice(index, 1);
    const firstUnsent = requests.findIndex((one) => Number.isNaN(one.sentAtMs));
    requests.splice(firstUnsent < 0 ? requests.length : firstUnsent, 0, request);
    request.sentAtMs = nowMs;
  }
  request.deadlineAtMs = nowMs + ACK_TIMEOUT_MS;
  if (ledger.acknowledges === 'none' && request.kind === 'unsubscribe')
    forgetEnded(ledger, request);
}

/** Where no answer comes, what was asked to end has ended. */
function forgetEnded(ledger: SubscriptionLedger, request: SubscriptionRequest): void {
  dropRequest(ledger, request);
  for (const key of request.keys) {
    if (ledger.entries.get(key)?.state.status === 'ending') ledger.entries.delete(key);
  }
}

/** One subscription was accepted, at venues that acknowledge one by one. */
export function applyAccepted(
  ledger: SubscriptionLedger,
  message: SubscriptionMessage,
): SubscriptionNotice[] {
  const { channel, symbol } = message;
  const request = findRequest(ledger, message, 'subscribe');
  const keys = symbol === undefined && request ? [...request.keys] : [keyOf(channel, symbol)];
  const notices: SubscriptionNotice[] = [];
  for (const key of keys) {
    const entry = ledger.entries.get(key);
    if (request) settleKey(ledger, request, key);
    // An answer to an earlier request does not settle a newer one.
    const isNewest = !request || entry?.requestId === request.id;
    if (entry && isNewest && !isEndingAsked(ledger, key)) notices.push(...confirm(entry));
  }
  return notices;
}

/** One subscription ended, at our wish or by the venue's own decision. */
export function applyEnded(
  ledger: SubscriptionLedger,
  message: SubscriptionMessage,
  nowMs: number,
): SubscriptionNotice[] {
  const { channel, symbol } = message;
  const request = findRequest(ledger, message, 'unsubscribe');
  const keys = symbol === undefined && request ? [...request.keys] : [keyOf(channel, symbol)];
  const notices: SubscriptionNotice[] = [];
  for (const key of keys) {
    const entry = ledger.entries.get(key);
    if (request) settleKey(ledger, request, key);
    if (entry?.state.status === 'ending') ledger.entries.delete(key);
    else if (request && entry) notices.push({ kind: 'ended', entry });
    else if (entry?.state.status === 'held') {
      notices.push(passOver(entry, 'The venue ended it by itself.', nowMs));
    }
  }
  return notices;
}

function findRequest(
  ledger: SubscriptionLedger,
  message: SubscriptionMessage,
  kind: SubscriptionRequest['kind'],
): SubscriptionRequest | undefined {
  const { channel, symbol, requestId } = message;
  return ledger.requests.find(
    (one) =>
      one.kind === kind &&
      !Number.isNaN(one.sentAtMs) &&
      (requestId === undefined
        ? one.channel === channel && (symbol === undefined || one.keys.has(keyOf(channel, symbol)))
        : one.id === requestId),
  );
}

/**
 * Data of a subscription whose answer is still due: a big snapshot comes before its ack, so the
 * answer is on its way. Where no answers come, the data is the answer.
 */
export function noteData(
  ledger: SubscriptionLedger,
  key: string,
  nowMs: number,
): SubscriptionNotice[] {
  const entry = ledger.entries.get(key);
  if (entry?.state.status !== 'requested' || entry.state.dataSeen) return [];
  const asked = ledger.requests.find((one) => one.id === entry.requestId);
  if (ledger.acknowledges === 'none') {
    // Data that was on its way before this request proves nothing about it.
    if (!asked || Number.isNaN(asked.sentAtMs)) return [];
    settleKey(ledger, asked, key);
    return confirm(entry);
  }
  entry.state = { ...entry.state, dataSeen: true };
  for (const request of ledger.requests) {
    if (Number.isFinite(request.deadlineAtMs)) request.deadlineAtMs = nowMs + ACK_TIMEOUT_MS;
  }
  return [];
}

/**
 * Gives up on answers that are overdue. A subscription whose data came needs none, and at a venue
 * that never answers, one that was not refused by then counts as accepted.
 */
export function expireRequests(ledger: SubscriptionLedger, nowMs: number): SubscriptionNotice[] {
  const notices: SubscriptionNotice[] = [];
  const overdue = ledger.requests.filter((request) => request.deadlineAtMs <= nowMs);
  for (const request of overdue) {
    dropRequest(ledger, request);
    for (const key of request.keys) {
      const entry = ledger.entries.get(key);
      if (!entry) continue;
      if (request.kind === 'unsubscribe') {
        if (entry.state.status === 'ending') ledger.entries.delete(key);
      } else if (entry.requestId === request.id && entry.state.status === 'requested') {
        if (entry.state.dataSeen || ledger.acknowledges === 'none') notices.push(...confirm(entry));
        else notices.push(passOver(entry, `No answer came in ${ACK_TIMEOUT_MS} ms.`, nowMs));
      }
    }
  }
  return notices;
}

/** Whether a message is about subscriptions, and not data of one. */
export function isControl(message: VenueMessage): boolean {
  return (
    message.type === 'subscriptions.held' ||
    message.type === 'subscription.accepted' ||
    message.type === 'subscription.ended' ||
    message.type === 'request.refused'
  );
}
