/** One client's connection: its requests, what it holds, and the frames it gets. */
import {
  createBurstGate,
  createIdleGate,
  type IdleGate,
  type RateGate,
} from '../../../exchange/gates.js';
import { createOutbox, type Outbox } from '../../../exchange/outbox.js';
import type { ServerConnection, ServerConnectionHandler } from '../../../model/exchange.js';
import type { CancelTimer, Clock, Timers } from '../../../model/runtime.js';
import { HEARTBEAT_EVERY_MS, LEVEL3_SYMBOLS_MAX, RATE_LIMIT_TEXT } from '../messages.js';
import type { AccountDesk, AccountSubscription } from './account/account-desk.js';
import type { DeskAnswer, OrderReading } from './account/order-command.js';
import type { Audience, Listener } from './audience.js';
import type { AnswerTimes, Dialect, DialectRequest } from './dialect.js';
import type { ConnectionFaults } from './faults.js';
import type { ServerLimits } from './limits.js';
import type { Publisher } from './publisher.js';
import type { ServerFrame } from './server-frame.js';
import type { KrakenTokenStore } from './token-store.js';
import {
  conflictKey,
  isAccountTopic,
  isPrivate,
  topicKey,
  type Protocol,
  type Topic,
} from './topic.js';

/** What one connection needs of its server. */
export interface ConnectionOptions {
  readonly connection: ServerConnection;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly dialect: Dialect;
  readonly publisher: Publisher;
  readonly audience: Audience;
  readonly tokens: KrakenTokenStore;
  readonly accounts: AccountDesk;
  /** Whose account a key opens. */
  readonly accountOf: (key: string) => string;
  readonly runOrder: (request: OrderRequest) => DeskAnswer;
  readonly faults: ConnectionFaults;
  readonly limits: ServerLimits;
  /** Passes 2^53: the digits. */
  readonly connectionId: string;
  readonly system: () => string;
  /** The server's own clock: RFC 3339, and Unix milliseconds. */
  readonly clockText: () => string;
  readonly nowMs: () => number;
  readonly onSubscribed: (wants: ReadonlySet<string>) => void;
  readonly onClosed: () => void;
}

/** A request about orders whose token is good. */
export interface OrderRequest {
  readonly key: string;
  readonly protocol: Protocol;
  readonly reading: OrderReading;
}

type Subscription = Extract<DialectRequest, { kind: 'subscribe' | 'unsubscribe' }>;
type Order = Extract<DialectRequest, { kind: 'order' }>;
type Wished = Extract<Subscription['wishes'][number], { kind: 'topic' }>;

interface Held {
  readonly topic: Topic;
  readonly key: string;
  readonly token: string | undefined;
  /** Of what is an account's, and not the market's. */
  readonly account: AccountSubscription | undefined;
  /** `waiting`: the market has no snapshot yet, and updates before it are of no use. */
  state: 'silent' | 'delayed' | 'waiting' | 'live';
  cancelSnapshot: CancelTimer;
}

const NOT_FOUND = 'Subscription not found';

/** Serves one client, until either side ends it. */
export class ClientConnection implements ServerConnectionHandler, Listener {
  readonly #options: ConnectionOptions;
  readonly #outbox: Outbox<ServerFrame>;
  readonly #rate: RateGate;
  readonly #orderBookRate: RateGate;
  readonly #idle: IdleGate;
  /** By conflict key, so that what cannot be held twice is found. */
  readonly #held = new Map<string, Held>();
  readonly #byKey = new Map<string, Held>();
  #cancelHeartbeat: CancelTimer | undefined;
  #isEnded = false;

  constructor(options: ConnectionOptions) {
    const { clock, timers, limits, dialect } = options;
    this.#options = options;
    this.#outbox = createOutbox({ ...options, maxBufferedBytes: limits.maxBufferedBytes });
    this.#rate = createBurstGate(limits.messages, clock);
    this.#orderBookRate = createBurstGate(limits.orderBooks, clock);
    this.#idle = createIdleGate({ clock, timers, idleMs: limits.idleCloseMs }, () => {
      // The code is on no page.
      if (this.#held.size === 0) this.close(1000, 'Idle');
    });
    this.#outbox.send(dialect.status(options.system(), options.connectionId));
  }

  get bufferedBytes(): number {
    return this.#outbox.bufferedBytes;
  }

  onMessage(text: string): void {
    if (this.#isEnded) return;
    this.#idle.touch();
    const { dialect, clockText, nowMs, faults } = this.#options;
    const times: AnswerTimes = { nowMs: nowMs(), timeIn: clockText(), timeOut: clockText };
    if (!this.#rate.pass() || !faults.messages.pass()) {
      const refusal = { text: RATE_LIMIT_TEXT, as: 'reply' } as const;
      return this.#outbox.send(dialect.refuseUnread(text, refusal, times));
    }
    const request = dialect.read(text, times);
    if (request.kind === 'answered') return this.#sendAll(request.frames);
    if (request.kind === 'order') return this.#onOrder(request, text, times);
    const [first] = request.wishes;
    const subject = first?.kind === 'topic' ? first : undefined;
    const picked = { channel: subject?.topic.channel ?? '', symbol: subject?.symbol ?? '' };
    const refusal = faults.refuse(picked);
    if (refusal) this.#outbox.send(dialect.refuseUnread(text, refusal, times));
    else if (request.kind === 'subscribe') this.#subscribe(request);
    else this.#unsubscribe(request);
  }

  onClosed(): void {
    this.#end();
    this.#options.onClosed();
  }

  offer(key: string, frame: ServerFrame): void {
    const held = this.#byKey.get(key);
    if (!held || held.state === 'silent' || held.state === 'delayed') return;
    if (held.state === 'waiting') {
      if (frame.kind !== 'snapshot') return;
      held.state = 'live';
    }
    this.#outbox.send(frame);
  }

  /** Tells the client of a change of the engine. */
  tellStatus(system: string): void {
    if (this.#isEnded) return;
    this.#outbox.send(this.#options.dialect.status(system, this.#options.connectionId));
  }

  close(code: number, reason: string): void {
    this.#end();
    this.#options.connection.close(code, reason);
  }

  terminate(): void {
    this.#end();
    this.#options.connection.terminate();
  }

  #subscribe(request: Subscription): void {
    const fresh: Held[] = [];
    for (const wish of request.wishes) {
      const error = wish.kind === 'refused' ? wish.error : this.#explainRefused(wish, request);
      if (error !== undefined) {
        this.#outbox.send(request.refuse(error, wish));
      } else if (wish.kind === 'topic') {
        fresh.push(this.#hold(wish.topic, request));
        this.#outbox.send(request.acknowledge(wish.topic, wish.symbol));
      }
    }
    // Acks come together and snapshots after them (recorded 2021-04).
    for (const held of fresh) this.#begin(held, request.options.snapshot);
    if (fresh.length === 0 || this.#isEnded) return;
    this.#cancelHeartbeat ??= this.#startHeartbeat();
    this.#options.onSubscribed(new Set(this.#byKey.keys()));
  }

  /** Why a topic is not served. A token that passes is held from here on. */
  #explainRefused({ topic }: Wished, { token = '' }: Subscription): string | undefined {
    const { tokens, faults } = this.#options;
    if (isPrivate(topic)) {
      const use = faults.refusesTokens ? tokens.use(undefined) : tokens.use(token);
      if (!use.ok) return use.error;
    }
    if (this.#held.has(conflictKey(topic))) return 'Already subscribed';
    if (topic.channel !== 'level3') return undefined;
    const count = [...this.#held.values()].filter((one) => one.topic.channel === 'level3').length;
    const cost = this.#options.limits.orderBookCosts[Number(topic.option)] ?? 1;
    const isTooMuch = count >= LEVEL3_SYMBOLS_MAX || !this.#orderBookRate.pass(cost);
    return isTooMuch ? RATE_LIMIT_TEXT : undefined;
  }

  #hold(topic: Topic, { token: sent, options }: Subscription): Held {
    const key = topicKey(topic);
    const token = isPrivate(topic) ? sent : undefined;
    const use = token === undefined ? undefined : this.#options.tokens.hold(token);
    const account = use?.ok ? this.#openAccount(topic, use.key, options) : undefined;
    const cancelSnapshot = (): void => undefined;
    const held: Held = { topic, key, token, account, state: 'waiting', cancelSnapshot };
    this.#held.set(conflictKey(topic), held);
    this.#byKey.set(key, held);
    if (!account) this.#options.audience.join(key, this);
    return held;
  }

  #openAccount(
    topic: Topic,
    key: string,
    options: Subscription['options'],
  ): AccountSubscription | undefined {
    if (!isAccountTopic(topic)) return undefined;
    const { accounts, accountOf, faults } = this.#options;
    return accounts.subscribe({
      account: accountOf(key),
      topic,
      options,
      send: (frame) => this.#outbox.send(frame),
      countSkipped: (frame) => faults.skippedNumbers(frame),
    });
  }

  /** Lets data flow, after whatever delay; at once where no snapshot is wanted. */
  #begin(held: Held, withSnapshot: boolean): void {
    const { faults, limits, timers } = this.#options;
    const { channel, symbol } = held.topic;
    if (faults.isSilent({ channel, symbol })) {
      held.state = 'silent';
      return;
    }
    const delayMs = limits.snapshotDelayMs + faults.snapshotDelayMs({ channel, symbol });
    if (delayMs === 0) return this.#start(held, withSnapshot);
    held.state = 'delayed';
    held.cancelSnapshot = timers.after(delayMs, () => this.#start(held, withSnapshot));
  }

  #start(held: Held, withSnapshot: boolean): void {
    if (held.account) {
      held.state = 'live';
      return held.account.start();
    }
    // Made in any case: what is not kept for a snapshot has no updates either.
    const frames = this.#options.publisher.snapshot(held.topic);
    held.state = frames ? 'live' : 'waiting';
    if (withSnapshot) for (const frame of frames ?? []) this.#outbox.send(frame);
  }

  #unsubscribe(request: Subscription): void {
    for (const wish of request.wishes) {
      if (wish.kind === 'refused') {
        this.#outbox.send(request.refuse(wish.error, wish));
        continue;
      }
      const { topic, symbol } = wish;
      const held = this.#held.get(conflictKey(topic));
      const isSame = held && (topic.option === '' || topic.option === held.topic.option);
      if (isSame) {
        this.#release(held);
        this.#outbox.send(request.acknowledge(held.topic, symbol));
      } else this.#outbox.send(request.refuse(NOT_FOUND, wish));
    }
  }

  #release(held: Held): void {
    held.cancelSnapshot();
    held.account?.end();
    this.#held.delete(conflictKey(held.topic));
    this.#byKey.delete(held.key);
    this.#options.audience.leave(held.key, this);
    if (held.token !== undefined) this.#options.tokens.release(held.token);
  }

  /** What the engine tells of it goes out before the reply does; neither order is promised. */
  #onOrder(order: Order, text: string, times: AnswerTimes): void {
    const { tokens, faults, dialect, runOrder } = this.#options;
    const { method, symbol, token } = order;
    const picked = { channel: method, symbol };
    if (faults.loses(picked)) return;
    const refusal = faults.refuse(picked);
    if (refusal && refusal.as !== 'reply') {
      return this.#outbox.send(dialect.refuseUnread(text, refusal, times));
    }
    const refuse = (error: string): void => this.#sendAll(order.answer({ kind: 'refused', error }));
    if (refusal) return refuse(refusal.text);
    const use = faults.refusesTokens ? tokens.use(undefined) : tokens.use(token);
    if (!use.ok) return refuse(use.error);
    const { protocol } = dialect;
    this.#sendAll(order.answer(runOrder({ key: use.key, protocol, reading: order.read() })));
  }

  #sendAll(frames: readonly ServerFrame[]): void {
    for (const frame of frames) this.#outbox.send(frame);
  }

  /** Once a second from the first subscription on, whatever else is sent (recorded 2021-04). */
  #startHeartbeat(): CancelTimer {
    const { clock, timers, dialect } = this.#options;
    const startedAtMs = clock.monotonicMs();
    let cancel: CancelTimer;
    // Beats are counted from the start, so that late timers do not add up.
    const arm = (count: number): void => {
      const delayMs = startedAtMs + count * HEARTBEAT_EVERY_MS - clock.monotonicMs();
      cancel = timers.after(delayMs, () => {
        arm(count + 1);
        this.#outbox.send(dialect.heartbeat);
      });
    };
    arm(1);
    return () => cancel();
  }

  #end(): void {
    this.#isEnded = true;
    this.#cancelHeartbeat?.();
    this.#idle.close();
    for (const held of [...this.#held.values()]) this.#release(held);
    this.#outbox.close();
  }
}
