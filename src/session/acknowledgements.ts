import { VenueError, type TruefeedError } from '../model/error.js';
import type { SubscriptionMessage, VenueMessage } from '../model/message.js';
import type { ChannelName } from '../model/venue.js';
import {
  addEntry,
  isEndingAsked,
  keyOf,
  makeWanted,
  type SubscriptionEntry,
  type SubscriptionLedger,
  type SubscriptionNotice,
  type SubscriptionRequest,
} from './subscriptions.js';

/** An answer is due this soon after the request, or after the last sign that it is on its way. */
export const ACK_TIMEOUT_MS = 10_000;
/** How much that nobody wants is ended on one socket. */
const MAX_STRAYS = 1_000;
/** Pauses before a subscription is asked for again; after the last one it is refused for good. */
const RETRY_DELAYS_MS = [2_000, 10_000];

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
    if (ledger.entries.get(key)?.status === 'ending') ledger.entries.delete(key);
  }
}

/** The venue's ack of everything that the connection holds, one for each request, in order. */
export function applyHeldSet(
  ledger: SubscriptionLedger,
  held: ReadonlyMap<string, readonly string[]>,
  nowMs: number,
): SubscriptionNotice[] {
  const before = ledger.held;
  ledger.held = held;
  const notices: SubscriptionNotice[] = [];
  const answered = findAnswered(ledger, before);
  for (const request of ledger.requests) {
    if (Number.isFinite(request.deadlineAtMs)) request.deadlineAtMs = nowMs + ACK_TIMEOUT_MS;
  }
  for (const request of answered) {
    dropRequest(ledger, request);
    notices.push(...concludeRequest(ledger, request, nowMs));
  }
  for (const entry of ledger.entries.values()) {
    if (isEndingAsked(ledger, entry.key)) continue;
    const present = isPresent(entry, held);
    // What is in the set is held, whatever we made of an answer that named nothing.
    if (present && (entry.status !== 'held' || !entry.listed)) {
      notices.push(...confirm(ledger, entry));
      entry.listed = true;
    }
    if (!present && entry.status === 'held' && entry.listed) {
      notices.push(passOver(entry, 'The venue ended it by itself.', nowMs));
    }
  }
  noteStrays(ledger, held);
  return notices;
}

/** The requests that this ack settles, the oldest first. */
function findAnswered(
  ledger: SubscriptionLedger,
  before: ReadonlyMap<string, readonly string[]> | undefined,
): SubscriptionRequest[] {
  const sent = ledger.requests.filter((one) => !Number.isNaN(one.sentAtMs));
  const oldest = sent[0];
  if (!oldest) return [];
  oldest.ackCount += 1;
  const present = countPresent(ledger, oldest);
  if (oldest.kind === 'subscribe' && present === oldest.keys.size) return [oldest];
  if (oldest.kind === 'unsubscribe' && present === 0) return [oldest];
  // Answers come in order: an ack that shows what a later request brought has passed this one over.
  const later = sent.findIndex(
    (one, index) => index > 0 && one.kind === 'subscribe' && isNewlyPresent(ledger, one, before),
  );
  if (later > 0) return sent.slice(0, later + 1);
  // What should have ended and has not may end with the next ack, or the deadline.
  if (oldest.kind === 'unsubscribe' || oldest.ackCount < oldest.messageCount) return [];
  // After a refusal that named nothing, this may be the ack of a request already taken as refused.
  if (present === 0 && ledger.refusalSeenAtMs >= oldest.sentAtMs) return [];
  return [oldest];
}

function countPresent(ledger: SubscriptionLedger, request: SubscriptionRequest): number {
  let count = 0;
  for (const key of request.keys) {
    const entry = ledger.entries.get(key);
    if (entry && ledger.held && isPresent(entry, ledger.held)) count += 1;
  }
  return count;
}

function isNewlyPresent(
  ledger: SubscriptionLedger,
  request: SubscriptionRequest,
  before: ReadonlyMap<string, readonly string[]> | undefined,
): boolean {
  for (const key of request.keys) {
    const entry = ledger.entries.get(key);
    if (!entry || !ledger.held || !isPresent(entry, ledger.held)) continue;
    if (!before || !isPresent(entry, before)) return true;
  }
  return false;
}

/** A channel that is listed without symbols is held as a whole. */
function isPresent(
  entry: SubscriptionEntry,
  held: ReadonlyMap<string, readonly string[]>,
): boolean {
  const { channel, symbol } = entry.subscription;
  const symbols = held.get(channel);
  if (!symbols) return false;
  return symbol === undefined || symbols.length === 0 || symbols.includes(symbol);
}

function concludeRequest(
  ledger: SubscriptionLedger,
  request: SubscriptionRequest,
  nowMs: number,
): SubscriptionNotice[] {
  const notices: SubscriptionNotice[] = [];
  for (const key of request.keys) {
    const entry = ledger.entries.get(key);
    if (!entry) continue;
    const present = ledger.held !== undefined && isPresent(entry, ledger.held);
    if (request.kind === 'unsubscribe') {
      if (entry.status === 'ending') ledger.entries.delete(key);
      else if (!present) notices.push({ kind: 'ended', entry });
    } else if (entry.requestId === request.id && entry.status === 'requested') {
      if (present) {
        entry.listed = true;
        notices.push(...confirm(ledger, entry));
      } else {
        notices.push(passOver(entry, 'The venue acknowledged without it.', nowMs));
      }
    }
  }
  return notices;
}

/**
 * Something is held that nobody wants, left over from a refusal that was not one: it becomes an
 * entry that is not desired, and so is ended, once.
 */
function noteStrays(
  ledger: SubscriptionLedger,
  held: ReadonlyMap<string, readonly string[]>,
): void {
  if (ledger.requests.length > 0) return;
  for (const [channel, symbols] of held) {
    const rule = ledger.rules.get(channel as ChannelName);
    if (!rule || rule.symbols === 'none') continue;
    // Where the whole channel is wanted, the venue may list what that comes to.
    if (ledger.entries.has(keyOf(channel, undefined))) continue;
    for (const symbol of symbols) {
      const key = keyOf(channel, symbol);
      if (ledger.entries.has(key) || ledger.strays.has(key)) continue;
      if (ledger.strays.size >= MAX_STRAYS) return;
      ledger.strays.add(key);
      const owner = { kept: false, heard: false };
      const entry = addEntry(ledger, { channel: rule.name, symbol }, owner);
      entry.desired = false;
      entry.status = 'held';
    }
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
    if (entry && isNewest && !isEndingAsked(ledger, key)) notices.push(...confirm(ledger, entry));
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
    if (entry?.status === 'ending') ledger.entries.delete(key);
    else if (request && entry) notices.push({ kind: 'ended', entry });
    else if (entry?.status === 'held') {
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
  if (entry?.status !== 'requested' || entry.dataSeen) return [];
  const asked = ledger.requests.find((one) => one.id === entry.requestId);
  if (ledger.acknowledges === 'none') {
    // Data that was on its way before this request proves nothing about it.
    if (!asked || Number.isNaN(asked.sentAtMs)) return [];
    settleKey(ledger, asked, key);
    return confirm(ledger, entry);
  }
  entry.dataSeen = true;
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
        if (entry.status === 'ending') ledger.entries.delete(key);
      } else if (entry.requestId === request.id && entry.status === 'requested') {
        if (entry.dataSeen || ledger.acknowledges === 'none')
          notices.push(...confirm(ledger, entry));
        else notices.push(passOver(entry, `No answer came in ${ACK_TIMEOUT_MS} ms.`, nowMs));
      }
    }
  }
  return notices;
}

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

/** The venue has it; says so where that is news. */
export function confirm(
  ledger: SubscriptionLedger,
  entry: SubscriptionEntry,
): SubscriptionNotice[] {
  const isNews = entry.status !== 'held' && entry.desired;
  entry.status = 'held';
  entry.tries = 0;
  entry.alone = false;
  return isNews ? [{ kind: 'subscribed', entry }] : [];
}

function passOver(entry: SubscriptionEntry, reason: string, nowMs: number): SubscriptionNotice {
  const { channel, symbol } = entry.subscription;
  const name = symbol === undefined ? `"${channel}"` : `"${channel}" of ${symbol}`;
  const delayMs = RETRY_DELAYS_MS[entry.tries];
  const outlook =
    delayMs === undefined
      ? 'Check the spelling, and whether the venue offers it.'
      : `It is asked for again in ${delayMs} ms.`;
  const error = new VenueError(
    'SUBSCRIPTION_IGNORED',
    `The subscription to ${name} is not held. ${reason} ${outlook}`,
    { facts: { channel, symbol }, retryable: delayMs !== undefined },
  );
  return turnDown(entry, { error, retryAtMs: delayMs === undefined ? undefined : nowMs + delayMs });
}

/** A refusal, in words or by silence; without a time to retry it is for good. */
export function turnDown(
  entry: SubscriptionEntry,
  verdict: {
    readonly error: TruefeedError;
    readonly retryAtMs: number | undefined;
  },
): SubscriptionNotice {
  const { error, retryAtMs } = verdict;
  entry.tries += 1;
  if (retryAtMs === undefined) {
    entry.status = 'refused';
    entry.renew = false;
  } else {
    makeWanted(entry, retryAtMs);
  }
  return { kind: 'refused', entry, error, retryAtMs };
}

/** When a refused subscription is asked for again; undefined once it was asked for often enough. */
export function findRetryDelayMs(entry: SubscriptionEntry): number | undefined {
  return RETRY_DELAYS_MS[entry.tries];
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
