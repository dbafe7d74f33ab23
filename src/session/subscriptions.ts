import type { TruefeedError } from '../model/error.js';
import type { Subscription } from '../model/session.js';
import type { AcknowledgementStyle, ChannelName, ChannelRule, Venue } from '../model/venue.js';

/**
 * Desired state against what the venue acknowledged. A subscription goes
 * `wanted → requested → held`, or to `refused`; one that is no longer desired goes through `ending`
 * and is forgotten. Nothing here sends or waits: `planRequests` says what to send, and
 * `acknowledgements.ts`, `held-sets.ts` and `refusals.ts` take in the answers.
 */
export type SubscriptionStatus = 'wanted' | 'requested' | 'held' | 'ending' | 'refused';

/** One subscription and how it stands. */
export interface SubscriptionEntry {
  readonly key: string;
  readonly subscription: Subscription;
  readonly private: boolean;
  /** The session needs it for itself, whatever the listener wants. */
  readonly kept: boolean;
  /** The listener asked for it, and is told how it fares. */
  heard: boolean;
  desired: boolean;
  status: SubscriptionStatus;
  /** The newest subscribe request that covers it. */
  requestId: number;
  /** To be ended and subscribed anew. */
  renew: boolean;
  /** Requests in a row that came to nothing. */
  tries: number;
  /** Not requested before this moment of the clock that never goes back. */
  notBeforeMs: number;
  /** Asked for in a message of its own, since a refusal of several did not say which was meant. */
  alone: boolean;
  /** Whether data of it came since it was last requested. */
  dataSeen: boolean;
  /** Whether an ack ever named it, so that its absence in a later one means something. */
  listed: boolean;
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
    desired: true,
    status: 'wanted',
    requestId: 0,
    renew: false,
    tries: 0,
    notBeforeMs: -Infinity,
    alone: false,
    dataSeen: false,
    listed: false,
  };
  ledger.entries.set(key, entry);
  return entry;
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
    entry.desired = false;
    if (entry.status === 'wanted' || entry.status === 'refused') ledger.entries.delete(entry.key);
  }
  const notices: SubscriptionNotice[] = [];
  for (const subscription of wanted) {
    const entry = ledger.entries.get(keyOf(subscription.channel, subscription.symbol));
    if (!entry) {
      addEntry(ledger, subscription, { kept: false, heard: true });
    } else if (!entry.heard) {
      entry.heard = true;
      entry.desired = true;
      if (entry.status === 'ending') makeWanted(entry, -Infinity);
      if (entry.status === 'held') notices.push({ kind: 'subscribed', entry });
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
    if (!entry?.desired) continue;
    const request = ledger.requests.find((one) => one.id === entry.requestId);
    const isUnsent = request !== undefined && Number.isNaN(request.sentAtMs);
    if (entry.status === 'held' || (entry.status === 'requested' && !isUnsent)) entry.renew = true;
    else if (!isEndingAsked(ledger, entry.key)) notices.push({ kind: 'ended', entry });
    if (entry.status === 'wanted') entry.notBeforeMs = -Infinity;
    if (entry.status === 'refused') {
      entry.tries = 0;
      makeWanted(entry, -Infinity);
    }
  }
  return notices;
}

/** Whether a request to end it is on its way or unanswered. */
export function isEndingAsked(ledger: SubscriptionLedger, key: string): boolean {
  return ledger.requests.some((one) => one.kind === 'unsubscribe' && one.keys.has(key));
}

/** Back to `wanted`, to be requested again from then on. */
export function makeWanted(entry: SubscriptionEntry, notBeforeMs: number): void {
  entry.status = 'wanted';
  entry.notBeforeMs = notBeforeMs;
  entry.renew = false;
  entry.dataSeen = false;
  entry.listed = false;
}

/** The socket is gone: nothing is held or pending, and what is desired is to be asked for anew. */
export function forgetSocket(ledger: SubscriptionLedger): void {
  ledger.requests.length = 0;
  ledger.held = undefined;
  ledger.refusalSeenAtMs = -Infinity;
  ledger.strays.clear();
  for (const entry of ledger.entries.values()) {
    if (!entry.desired) ledger.entries.delete(entry.key);
    else if (entry.status !== 'refused') {
      entry.tries = 0;
      makeWanted(entry, -Infinity);
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
    const ending = members.filter((entry) => isToEnd(entry) && entry.notBeforeMs <= nowMs);
    if (ending.length > 0) planned.push(addRequest(ledger, 'unsubscribe', ending));
    for (const entry of ending) {
      if (entry.desired) makeWanted(entry, -Infinity);
      else entry.status = 'ending';
    }
    const beginning = members.filter(
      (entry) => entry.desired && entry.status === 'wanted' && entry.notBeforeMs <= nowMs,
    );
    if (beginning.length > 0) planned.push(addRequest(ledger, 'subscribe', beginning));
  }
  return planned;
}

function isToEnd({ status, renew, desired }: SubscriptionEntry): boolean {
  return (status === 'held' || status === 'requested') && (renew || !desired);
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
      entry.status = 'requested';
      entry.requestId = request.id;
      entry.dataSeen = false;
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
    const isToBegin = entry.desired && entry.status === 'wanted';
    // What is to end is due at once, but for what the venue was too busy for.
    const isToEndLater = isToEnd(entry) && Number.isFinite(entry.notBeforeMs);
    if (isToBegin || isToEndLater) dueMs = Math.min(dueMs, entry.notBeforeMs);
  }
  return dueMs === Infinity ? undefined : dueMs;
}
