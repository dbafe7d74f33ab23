import type { TruefeedError } from '../model/error.js';
import type { Subscription } from '../model/session.js';
import type { AcknowledgementStyle, ChannelName, ChannelRule, Venue } from '../model/venue.js';
import { JUST_REQUESTED, WANTED_NOW, type SubscriptionState } from './subscription-state.js';

/**
 * One subscription: who wants it, against what the venue acknowledged. Nothing here sends or waits:
 * `planRequests` says what to send, and `acknowledgements.ts`, `held-sets.ts` and `refusals.ts`
 * take in the answers.
 */
export interface SubscriptionEntry {
  readonly key: string;
  readonly subscription: Subscription;
  readonly private: boolean;
  /** The session needs it for itself, whatever the listener wants. */
  readonly kept: boolean;
  /** The listener asked for it, and is told how it fares. */
  heard: boolean;
  state: SubscriptionState;
  /** The newest subscribe request that covers it; an answer to it may come in any state. */
  requestId: number;
  /** Requests in a row that came to nothing. */
  tries: number;
  /** Asked for in a message of its own, since a refusal of several did not say which was meant. */
  alone: boolean;
}

/** A request on its way or unanswered. */
export interface SubscriptionRequest {
  readonly id: number;
  readonly kind: 'subscribe' | 'unsubscribe';
  readonly channel: ChannelName;
  readonly symbols: readonly string[];
  /** Levels a side that were asked for, where the venue offers a choice. */
  readonly depth: number | undefined;
  /** Keys of its entries that are still unanswered. */
  readonly keys: Set<string>;
  readonly private: boolean;
  /** Which credential it was signed with last; NaN until it is sent. */
  credential: number;
  /** NaN until it is sent. */
  sentAtMs: number;
  deadlineAtMs: number;
  /** Messages it was sent in; each is acknowledged. */
  messageCount: number;
  ackCount: number;
}

/** What the listener is told about a subscription. */
export type SubscriptionNotice =
  | { readonly kind: 'subscribed'; readonly entry: SubscriptionEntry }
  /** The old one is over, and the new one is on its way. */
  | { readonly kind: 'ended'; readonly entry: SubscriptionEntry }
  | {
      readonly kind: 'refused';
      readonly entry: SubscriptionEntry;
      readonly error: TruefeedError;
      /** Whether the venue said so, and did not only pass it over or end it. */
      readonly inWords: boolean;
      /** On the clock that never goes back; undefined: it is refused for good. */
      readonly retryAtMs: number | undefined;
    };

/** Everything known about the subscriptions of one session. */
export interface SubscriptionLedger {
  readonly rules: ReadonlyMap<ChannelName, ChannelRule>;
  readonly acknowledges: AcknowledgementStyle;
  readonly entries: Map<string, SubscriptionEntry>;
  /** In the order of sending; those not sent yet come last. */
  readonly requests: SubscriptionRequest[];
  /** The last whole set that the venue stated on this socket. */
  held: ReadonlyMap<string, readonly string[]> | undefined;
  nextRequestId: number;
  /** When a refusal without a name last came, so that acks are read with care. */
  refusalSeenAtMs: number;
  /** What was found held without being wanted, and was ended: each once. */
  readonly strays: Set<string>;
  /** Set once the sign-in was refused for good: nothing private is asked for any more. */
  privateRefusal: TruefeedError | undefined;
}

/** The same subscription has the same key, always. */
export function keyOf(channel: string, symbol: string | undefined): string {
  return symbol === undefined ? channel : `${channel} ${symbol}`;
}

/** A ledger that holds what the session itself needs. */
export function createLedger(
  venue: Pick<Venue, 'channels' | 'acknowledges'>,
  kept: readonly Subscription[],
): SubscriptionLedger {
  const ledger: SubscriptionLedger = {
    rules: new Map(venue.channels.map((rule) => [rule.name, rule])),
    acknowledges: venue.acknowledges,
    entries: new Map(),
    requests: [],
    held: undefined,
    nextRequestId: 1,
    refusalSeenAtMs: -Infinity,
    strays: new Set(),
    privateRefusal: undefined,
  };
  for (const subscription of kept) addEntry(ledger, subscription, { kept: true, heard: false });
  return ledger;
}

/** Adds a subscription that nothing was done about yet. */
export function addEntry(
  ledger: SubscriptionLedger,
  subscription: Subscription,
  owner: Pick<SubscriptionEntry, 'kept' | 'heard'>,
): SubscriptionEntry {
  const key = keyOf(subscription.channel, subscription.symbol);
  const entry: SubscriptionEntry = {
    key,
    subscription,
    private: ledger.rules.get(subscription.channel)?.private ?? false,
    ...owner,
    state: WANTED_NOW,
    requestId: 0,
    tries: 0,
    alone: false,
  };
  ledger.entries.set(key, entry);
  return entry;
}

/** Whether anybody wants it: the session itself, or the listener. */
export function isDesired({ kept, heard }: Pick<SubscriptionEntry, 'kept' | 'heard'>): boolean {
  return kept || heard;
}

/**
 * The whole set that should be held. A refusal is remembered until its subscription is left out.
 * What is new to the listener but held already is news to it.
 */
export function setWanted(
  ledger: SubscriptionLedger,
  wanted: readonly Subscription[],
): SubscriptionNotice[] {
  const keys = new Set(wanted.map((one) => keyOf(one.channel, one.symbol)));
  for (const entry of ledger.entries.values()) {
    if (keys.has(entry.key)) continue;
    entry.heard = false;
    if (entry.kept) continue;
    const { status } = entry.state;
    if (status === 'wanted' || status === 'refused') ledger.entries.delete(entry.key);
  }
  const notices: SubscriptionNotice[] = [];
  for (const subscription of wanted) {
    const entry = ledger.entries.get(keyOf(subscription.channel, subscription.symbol));
    if (!entry) {
      addEntry(ledger, subscription, { kept: false, heard: true });
    } else if (!entry.heard) {
      entry.heard = true;
      if (entry.state.status === 'ending') entry.state = WANTED_NOW;
      if (entry.state.status === 'held') notices.push({ kind: 'subscribed', entry });
    }
  }
  return notices;
}

/**
 * Marks what is to be ended and subscribed anew. What is about to be subscribed anyway brings its
 * fresh snapshot by that; what was refused is asked for once more. Of those there is no old
 * subscription to be ended first.
 */
export function setRenewed(
  ledger: SubscriptionLedger,
  renewed: readonly Subscription[],
): SubscriptionNotice[] {
  const notices: SubscriptionNotice[] = [];
  for (const subscription of renewed) {
    const entry = ledger.entries.get(keyOf(subscription.channel, subscription.symbol));
    if (!entry || !isDesired(entry)) continue;
    const { state } = entry;
    const request = ledger.requests.find((one) => one.id === entry.requestId);
    const isUnsent = request !== undefined && Number.isNaN(request.sentAtMs);
    if (state.status === 'held' || (state.status === 'requested' && !isUnsent)) {
      entry.state = { ...state, renew: true };
      continue;
    }
    if (!isEndingAsked(ledger, entry.key)) notices.push({ kind: 'ended', entry });
    if (state.status === 'requested') continue;
    if (state.status === 'refused') entry.tries = 0;
    entry.state = WANTED_NOW;
  }
  return notices;
}

/** Whether a request to end it is on its way or unanswered. */
export function isEndingAsked(ledger: SubscriptionLedger, key: string): boolean {
  return ledger.requests.some((one) => one.kind === 'unsubscribe' && one.keys.has(key));
}

/** The socket is gone: nothing is held or pending, and what is desired is to be asked for anew. */
export function forgetSocket(ledger: SubscriptionLedger): void {
  ledger.requests.length = 0;
  ledger.held = undefined;
  ledger.refusalSeenAtMs = -Infinity;
  ledger.strays.clear();
  for (const entry of ledger.entries.values()) {
    if (!isDesired(entry)) ledger.entries.delete(entry.key);
    else if (entry.state.status !== 'refused') {
      entry.tries = 0;
      entry.state = WANTED_NOW;
    }
  }
}

/**
 * Everything that should be asked for now, each channel's endings before its beginnings. `kinds`
 * says whether public and private requests may be made.
 */
export function planRequests(
  ledger: SubscriptionLedger,
  nowMs: number,
  kinds: readonly boolean[],
): SubscriptionRequest[] {
  const groups = new Map<string, SubscriptionEntry[]>();
  for (const entry of ledger.entries.values()) {
    if (!kinds.includes(entry.private)) continue;
    // Symbols and "no symbol" of one channel are different requests.
    const one = entry.subscription.symbol === undefined ? '' : ' symbols';
    const { depth } = entry.subscription;
    // One message asks for one depth.
    const layer = depth === undefined ? one : `${one} at ${depth}`;
    const group = entry.alone ? ` alone ${entry.key}` : layer;
    const name = `${entry.subscription.channel}${group}`;
    const members = groups.get(name);
    if (members) members.push(entry);
    else groups.set(name, [entry]);
  }
  const planned: SubscriptionRequest[] = [];
  for (const members of groups.values()) {
    const ending = members.filter((entry) => findEndAtMs(entry) <= nowMs);
    if (ending.length > 0) planned.push(addRequest(ledger, 'unsubscribe', ending));
    for (const entry of ending) {
      const listed = entry.state.status === 'held' && entry.state.listed;
      entry.state = isDesired(entry) ? WANTED_NOW : { status: 'ending', listed };
    }
    const beginning = members.filter((entry) => findBeginAtMs(entry) <= nowMs);
    if (beginning.length > 0) planned.push(addRequest(ledger, 'subscribe', beginning));
  }
  return planned;
}

/** When it is to be asked to end; never, where it is not there or is to stay. */
function findEndAtMs(entry: SubscriptionEntry): number {
  const { state } = entry;
  if (state.status !== 'held' && state.status !== 'requested') return Infinity;
  if (isDesired(entry) && !state.renew) return Infinity;
  return state.status === 'held' ? state.endNotBeforeMs : -Infinity;
}

/** When it is to be asked for; never, where nobody wants it or it was asked for. */
function findBeginAtMs(entry: SubscriptionEntry): number {
  const { state } = entry;
  return state.status === 'wanted' && isDesired(entry) ? state.notBeforeMs : Infinity;
}

function addRequest(
  ledger: SubscriptionLedger,
  kind: SubscriptionRequest['kind'],
  entries: readonly SubscriptionEntry[],
): SubscriptionRequest {
  const { channel, depth } = entries[0]!.subscription;
  const request: SubscriptionRequest = {
    id: ledger.nextRequestId++,
    kind,
    channel,
    symbols: entries.flatMap(({ subscription }) => subscription.symbol ?? []),
    depth,
    keys: new Set(entries.map((entry) => entry.key)),
    private: entries[0]!.private,
    credential: NaN,
    sentAtMs: NaN,
    deadlineAtMs: Infinity,
    messageCount: 0,
    ackCount: 0,
  };
  ledger.requests.push(request);
  if (kind === 'subscribe') {
    for (const entry of entries) {
      entry.state = JUST_REQUESTED;
      entry.requestId = request.id;
    }
  }
  return request;
}

/**
 * The moment at which something falls due without any input: a retry or a missing answer. `kinds`
 * says, as in `planRequests`, which requests may be made; the others wait for the way out, and what
 * is due then needs no clock. A retry that fell due between two looks at the clock is still due.
 */
export function findNextDueMs(
  ledger: SubscriptionLedger,
  kinds: readonly boolean[],
): number | undefined {
  let dueMs = Infinity;
  for (const request of ledger.requests) dueMs = Math.min(dueMs, request.deadlineAtMs);
  for (const entry of ledger.entries.values()) {
    if (!kinds.includes(entry.private)) continue;
    dueMs = Math.min(dueMs, findBeginAtMs(entry));
    // What is to end is due at once, but for what the venue was too busy for.
    const endAtMs = findEndAtMs(entry);
    if (endAtMs !== -Infinity) dueMs = Math.min(dueMs, endAtMs);
  }
  return dueMs === Infinity ? undefined : dueMs;
}
