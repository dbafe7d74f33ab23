/** Acks of venues that state all that a connection holds, each time. */
import type { ChannelName } from '../model/venue.js';
import { ACK_TIMEOUT_MS } from './acknowledgements.js';
import { confirm, dropRequest, passOver } from './subscription-outcomes.js';
import { JUST_HELD } from './subscription-state.js';
import {
  addEntry,
  isEndingAsked,
  keyOf,
  type SubscriptionEntry,
  type SubscriptionLedger,
  type SubscriptionNotice,
  type SubscriptionRequest,
} from './subscriptions.js';

/** How much that nobody wants is ended on one socket. */
const MAX_STRAYS = 1_000;

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
    const isListed = entry.state.status === 'held' && entry.state.listed;
    // What is in the set is held, whatever we made of an answer that named nothing.
    if (present && !isListed) notices.push(...confirm(entry, { listed: true }));
    if (!present && isListed) {
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
      if (entry.state.status === 'ending') ledger.entries.delete(key);
      else if (!present) notices.push({ kind: 'ended', entry });
    } else if (entry.requestId === request.id && entry.state.status === 'requested') {
      if (present) notices.push(...confirm(entry, { listed: true }));
      else notices.push(passOver(entry, 'The venue acknowledged without it.', nowMs));
    }
  }
  return notices;
}

/**
 * Something is held that nobody wants, left over from a refusal that was not one: it becomes an
 * entry that nobody wants either, and so is ended, once.
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
      addEntry(ledger, { channel: rule.name, symbol }, owner).state = JUST_HELD;
    }
  }
}
