import type { AuthStrategy } from '../model/auth.js';
import { ConfigError, type TruefeedError } from '../model/error.js';
import type { AttemptBudget, FrameTap, MessagePacer } from '../model/session.js';
import type { CancelTimer } from '../model/runtime.js';
import type { ChannelName, Endpoint } from '../model/venue.js';
import { createFeedStream, type FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';
import {
  EMPTY_PLACEMENT,
  isolateStream,
  moveRefusedStreams,
  placeStreams,
  removeStream,
  retireSocket,
  type Placement,
  type SocketPlan,
} from './placement.js';
import { SocketLink, type LinkHost } from './socket-link.js';
import { nameStream, type CheckedSubscription } from './subscription-check.js';

/** What the engine is made of, beside the tools. */
export interface EngineOptions {
  readonly endpoints: readonly Endpoint[];
  /** Endpoints that may stand in for another when it keeps failing. */
  readonly failOverNames: ReadonlySet<string>;
  readonly auth: AuthStrategy | undefined;
  readonly budget: AttemptBudget;
  readonly pacer: MessagePacer;
  readonly tap: FrameTap | undefined;
  readonly caPem: string | undefined;
  readonly maxAttempts: number | undefined;
  onProgress(): void;
}

/** A stream that found no room on so many sockets finds none on another. */
const MAX_MOVES = 6;

/** Keeps the wanted streams on sockets: one source of truth, and links that follow it. */
export class FeedEngine implements LinkHost {
  readonly streams = new Map<string, FeedStream>();
  readonly #tools: FeedTools;
  readonly #options: EngineOptions;
  readonly #links = new Map<string, SocketLink>();
  #placement: Placement = EMPTY_PLACEMENT;
  /** Streams whose socket is full, to be moved when the session is done with telling so. */
  readonly #refusedKeys = new Set<string>();
  #cancelReconcile: CancelTimer | undefined;
  #isClosed = false;
  /** Links that are on their way out; closing the feed waits for them. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #everAccepted = new Set<string>();

  constructor(tools: FeedTools, options: EngineOptions) {
    this.#tools = tools;
    this.#options = options;
  }

  get links(): Iterable<SocketLink> {
    return this.#links.values();
  }

  /** Which session carries each stream. */
  nameSessions(): ReadonlyMap<FeedStream, string> {
    const names = new Map<FeedStream, string>();
    for (const link of this.#links.values()) {
      for (const stream of link.streams) names.set(stream, link.sessionName);
    }
    return names;
  }

  /** What keeps each stream from being served that no open socket carries. */
  listLosses(): ReadonlyMap<FeedStream, TruefeedError> {
    const losses = new Map<FeedStream, TruefeedError>();
    for (const { lostBy, streams } of this.#links.values()) {
      if (lostBy) for (const stream of streams) losses.set(stream, lostBy);
    }
    return losses;
  }

  /** The stream of a channel that was asked for under this name. */
  findStream(channel: ChannelName, name: string): FeedStream | undefined {
    const symbol = this.#tools.venue.symbols.canonical(name, channel);
    const stream = this.streams.get(nameStream(channel, symbol));
    return stream?.names.has(name) === true ? stream : undefined;
  }

  /** The socket that carries a channel which is taken as a whole. */
  findLink(channel: ChannelName): SocketLink | undefined {
    const stream = this.streams.get(nameStream(channel, undefined));
    if (!stream) return undefined;
    return [...this.#links.values()].find((link) => link.streams.includes(stream));
  }

  /** All or nothing: a limit that would be passed leaves everything as it was. */
  subscribe(wanted: readonly CheckedSubscription[]): void {
    const fresh = new Map<string, FeedStream>();
    for (const { rule, symbol, depth } of wanted) {
      const key = nameStream(rule.name, symbol);
      this.#assertSameDepth(fresh.get(key) ?? this.streams.get(key), depth);
      const isRefused = this.streams.get(key)?.status === 'refused';
      if (this.streams.has(key) && !isRefused) continue;
      fresh.set(key, createFeedStream(this.#tools, { rule, symbol, depth }));
    }
    let placement = this.#placement;
    for (const key of fresh.keys()) placement = removeStream(placement, key);
    placement = placeStreams(placement, [...fresh.values()]);
    this.#assertLimits(placement, this.streams.size + fresh.size);
    this.#placement = placement;
    for (const [key, stream] of fresh) this.streams.set(key, stream);
    for (const { rule, symbol, requestedName } of wanted) {
      const stream = this.streams.get(nameStream(rule.name, symbol));
      if (stream && requestedName !== undefined) this.#addName(stream, requestedName);
    }
    this.#reconcile();
  }

  unsubscribe(unwanted: readonly CheckedSubscription[]): void {
    for (const { rule, symbol, requestedName } of unwanted) {
      const stream = this.streams.get(nameStream(rule.name, symbol));
      if (!stream) continue;
      const isLast =
        requestedName === undefined || (stream.names.size === 1 && stream.names.has(requestedName));
      if (isLast) this.#drop(stream);
      else {
        stream.names.delete(requestedName);
        stream.book?.dropName(requestedName);
      }
    }
    this.#reconcile();
  }

  wantsHeartbeats(): boolean {
    return this.streams.has('heartbeats');
  }

  isolate(stream: FeedStream): boolean {
    const placement = isolateStream(this.#placement, stream.key);
    if (placement.sockets.length > this.#tools.limits.maxSockets) return false;
    this.#placement = placement;
    this.#reconcileSoon();
    return true;
  }

  moveRefused(stream: FeedStream): boolean {
    stream.moves += 1;
    if (stream.moves > MAX_MOVES) return false;
    const refused = new Set(this.#refusedKeys).add(stream.key);
    const { sockets } = this.#planWithout(refused);
    if (sockets.length > this.#tools.limits.maxSockets) return false;
    this.#refusedKeys.add(stream.key);
    this.#reconcileSoon();
    return true;
  }

  retire(link: SocketLink): void {
    this.#placement = retireSocket(this.#placement, link.name);
  }

  chooseNextEndpoint(link: SocketLink): Endpoint | undefined {
    const plan = this.#placement.sockets.find((socket) => socket.name === link.name);
    const { failOverNames } = this.#options;
    const names = (plan?.endpoints ?? []).filter((name) => failOverNames.has(name));
    const index = names.indexOf(link.endpointName);
    const nextName = names[(index + 1) % names.length];
    if (nextName === undefined || nextName === link.endpointName) return undefined;
    return this.#options.endpoints.find((endpoint) => endpoint.name === nextName);
  }

  onProgress(): void {
    this.#options.onProgress();
  }

  /** Every book is stale before the first socket goes. */
  async close(): Promise<void> {
    this.#cancelReconcile?.();
    const cause = { reason: 'closed', detail: 'The feed was closed.' } as const;
    const staled = [...this.streams.values()].filter((stream) => stream.trusted?.distrust(cause));
    const nowMs = this.#tools.runtime.clock.nowMs();
    const endings = [...this.#links.values()].map((link) => link.close());
    for (const stream of staled) stream.trusted?.announceStale(cause, nowMs);
    this.#isClosed = true;
    await Promise.allSettled([...endings, ...this.#leaving]);
    await this.#options.auth?.dispose?.();
  }

  #assertLimits(placement: Placement, streamCount: number): void {
    const { maxStreams, maxSockets } = this.#tools.limits;
    const socketCount = placement.sockets.length;
    const isTooMany = streamCount > maxStreams || socketCount > maxSockets;
    if (!isTooMany) return;
    throw new ConfigError(
      'OPTION_INVALID',
      `These subscriptions need ${streamCount} streams on ${socketCount} sockets; the limits are ` +
        `${maxStreams} and ${maxSockets}. Ask for less, or raise "limits".`,
      { facts: { streamCount, socketCount, maxStreams, maxSockets } },
    );
  }

  #assertSameDepth(stream: FeedStream | undefined, depth: number | undefined): void {
    if (!stream || stream.depth === depth) return;
    throw new ConfigError(
      'OPTION_INVALID',
      `${stream.key} is asked for at two depths. Ask for it once, at the larger one.`,
      { facts: { channel: stream.rule.name, symbol: stream.symbol } },
    );
  }

  #addName(stream: FeedStream, name: string): void {
    if (stream.names.has(name)) return;
    stream.names.add(name);
    stream.book?.introduce(name);
  }

  #drop(stream: FeedStream): void {
    const cause = { reason: 'closed', detail: 'The symbol was unsubscribed.' } as const;
    const isStaled = stream.trusted?.distrust(cause) ?? false;
    this.streams.delete(stream.key);
    if (stream.account) this.#tools.account.leave(stream.account);
    this.#placement = removeStream(this.#placement, stream.key);
    if (isStaled) stream.trusted?.announceStale(cause, this.#tools.runtime.clock.nowMs());
  }

  /** From within a session's callback: the session first finishes what it is about. */
  #reconcileSoon(): void {
    this.#cancelReconcile ??= this.#tools.runtime.timers.after(0, () => this.#reconcile());
  }

  #reconcile(): void {
    this.#cancelReconcile?.();
    this.#cancelReconcile = undefined;
    if (this.#isClosed) return;
    if (this.#refusedKeys.size > 0) this.#placement = this.#planWithout(this.#refusedKeys);
    this.#refusedKeys.clear();
    const planned = new Set(this.#placement.sockets.map((socket) => socket.name));
    for (const [name, link] of this.#links) {
      if (planned.has(name)) continue;
      this.#links.delete(name);
      const leaving = link.close().finally(() => this.#leaving.delete(leaving));
      this.#leaving.add(leaving);
    }
    // Streams leave their old socket before they come to the new one.
    for (const socket of this.#placement.sockets)
      this.#links.get(socket.name)?.carry(this.#of(socket));
    for (const socket of this.#placement.sockets) {
      if (this.#links.has(socket.name)) continue;
      const link = this.#createLink(socket);
      this.#links.set(socket.name, link);
      link.carry(this.#of(socket));
      link.open();
    }
  }

  /** Several streams are refused by one answer, one after the other; they are moved together. */
  #planWithout(refused: ReadonlySet<string>): Placement {
    const isHeld = (key: string): boolean => this.streams.get(key)?.status === 'accepted';
    return moveRefusedStreams(this.#placement, refused, isHeld);
  }

  #of(socket: SocketPlan): FeedStream[] {
    return socket.streams
      .map(({ key }) => this.streams.get(key))
      .filter((stream) => stream !== undefined);
  }

  #createLink(socket: SocketPlan): SocketLink {
    const { auth, budget, pacer, tap, caPem, maxAttempts, endpoints } = this.#options;
    const endpoint = endpoints.find(({ name }) => name === socket.endpoints[0]);
    if (!endpoint) {
      const name = socket.endpoints[0] ?? '';
      throw new ConfigError(
        'OPTION_INVALID',
        `${this.#tools.venue.title} has no endpoint "${name}".`,
      );
    }
    // Public channels are never signed: a wrong key must not cost what needs none.
    return new SocketLink(this.#tools, this, {
      name: socket.name,
      endpoint,
      auth: socket.private ? auth : undefined,
      budget,
      pacer,
      everAccepted: this.#everAccepted,
      tap,
      caPem,
      maxAttempts,
    });
  }
}
