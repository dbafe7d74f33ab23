/**
 * The private channels: what an account is when somebody subscribes, and then what happens to it.
 * Every subscription counts its messages for itself, from 1.
 */
import type {
  EngineEvent,
  EngineFill,
  EngineOrder,
  MatchingMarket,
} from '../../../../model/matching.js';
import { SNAPSHOT_FILLS } from '../../messages.js';
import { quote, writeObject } from '../json-text.js';
import type { PairTable } from '../pairs.js';
import type { ServerFrame } from '../server-frame.js';
import type { AccountChannel, Topic } from '../topic.js';
import type { AccountMessage } from './account-message.js';
import { describeBalance, describeLedgerEntry } from './balance-messages.js';
import { describeExecution, describeOpenOrder, describePastFill } from './execution-messages.js';
import { describeOrderChange, describeOwnTrade, describeWholeOrder } from './messages-v1.js';
import type { CounterKey } from './rate-counter.js';

/** What a subscriber wants of a private channel. */
export interface AccountOptions {
  /** Whether it begins with what there is; the next two say so of `executions`. */
  readonly snapshot: boolean;
  readonly snapOrders: boolean;
  readonly snapTrades: boolean;
  /** Every change of an order, or only its beginning and its end. */
  readonly orderStatus: boolean;
  /** The engine's count with each change of an order. */
  readonly rateCounter: boolean;
}

/** Who subscribes, and to what. */
export interface AccountSubscriber {
  readonly account: string;
  readonly topic: Topic & { readonly channel: AccountChannel };
  readonly options: AccountOptions;
  readonly send: (frame: ServerFrame) => void;
  /** How many numbers are passed over before this frame; a fault. */
  readonly countSkipped: (frame: Omit<ServerFrame, 'text'>) => number;
}

/** One subscription. */
export interface AccountSubscription {
  /** Sends the snapshot, where one is wanted, and from then on what happens. */
  start(): void;
  end(): void;
}

/** What a desk is made of. */
export interface AccountDeskOptions {
  /** Absent: every account is empty, for good. */
  readonly engine: MatchingMarket | undefined;
  readonly pairs: PairTable;
  readonly readRateCount: (key: CounterKey) => string;
}

/** All private subscriptions of a server. */
export interface AccountDesk {
  subscribe(subscriber: AccountSubscriber): AccountSubscription;
  close(): void;
}

/** Opens the desk; it hears the engine from now on. */
export function createAccountDesk(options: AccountDeskOptions): AccountDesk {
  return new EngineAccounts(options);
}

/** "Only open and close transitions" (websocket-v2/executions). */
const OPEN_AND_CLOSE: ReadonlySet<string> = new Set(['new', 'filled', 'canceled', 'expired']);

interface Live {
  readonly subscriber: AccountSubscriber;
  sequence: number;
}

class EngineAccounts implements AccountDesk {
  readonly #options: AccountDeskOptions;
  /** By account. */
  readonly #live = new Map<string, Set<Live>>();
  readonly #stop: () => void;

  constructor(options: AccountDeskOptions) {
    this.#options = options;
    const stop = options.engine?.onEngineEvent((event) => this.#onEvent(event));
    this.#stop = () => stop?.();
  }

  subscribe(subscriber: AccountSubscriber): AccountSubscription {
    const live: Live = { subscriber, sequence: 0 };
    const { account } = subscriber;
    return {
      start: () => {
        const held = this.#live.get(account) ?? new Set();
        this.#live.set(account, held);
        held.add(live);
        if (wantsSnapshot(subscriber)) this.#send(live, 'snapshot', this.#list(subscriber));
      },
      end: () => {
        const held = this.#live.get(account);
        held?.delete(live);
        if (held?.size === 0) this.#live.delete(account);
      },
    };
  }

  close(): void {
    this.#stop();
    this.#live.clear();
  }

  #onEvent(event: EngineEvent): void {
    const { account } = event.type === 'ledger.posted' ? event.entry : event.order;
    /** Made once for all who hold the channel. */
    const made = new Map<AccountChannel, AccountMessage | undefined>();
    for (const live of this.#live.get(account) ?? []) {
      const { topic, options } = live.subscriber;
      const { channel } = topic;
      if (!made.has(channel)) made.set(channel, this.#describe(channel, event));
      const message = made.get(channel);
      if (!message) continue;
      const isWanted = options.orderStatus || OPEN_AND_CLOSE.has(message.type);
      if (channel === 'executions' && !isWanted) continue;
      this.#send(live, 'update', [message]);
    }
  }

  /** What a channel tells of an event, if anything. */
  #describe(channel: AccountChannel, event: EngineEvent): AccountMessage | undefined {
    if (event.type === 'ledger.posted') {
      return channel === 'balances' ? describeLedgerEntry(event.entry) : undefined;
    }
    const pair = this.#options.pairs.bySymbol(event.order.symbol);
    switch (channel) {
      case 'executions':
        return describeExecution(event, pair);
      case 'openOrders':
        return describeOrderChange(event, pair);
      case 'ownTrades':
        return event.type === 'order.filled'
          ? describeOwnTrade(event.fill, event.order, pair)
          : undefined;
      case 'balances':
        return undefined;
    }
  }

  /** What there is. */
  #list({ account, topic, options }: AccountSubscriber): readonly AccountMessage[] {
    const { engine, pairs } = this.#options;
    if (!engine) return [];
    const pairOf = ({ symbol }: EngineOrder | EngineFill) => pairs.bySymbol(symbol);
    const orderOf = ({ orderId }: EngineFill) => engine.findOrder(account, { orderId });
    const latestFills = (): readonly EngineFill[] =>
      [...engine.fills(account)].slice(-SNAPSHOT_FILLS).reverse();
    switch (topic.channel) {
      case 'executions': {
        const orders = options.snapOrders ? engine.openOrders(account) : [];
        const fills = options.snapTrades ? latestFills() : [];
        return [
          ...orders.map((order) => describeOpenOrder(order, pairOf(order))),
          ...fills.map((fill) => describePastFill(fill, orderOf(fill), pairOf(fill))),
        ];
      }
      case 'openOrders':
        return engine.openOrders(account).map((order) => describeWholeOrder(order, pairOf(order)));
      case 'ownTrades':
        return latestFills().map((fill) => describeOwnTrade(fill, orderOf(fill), pairOf(fill)));
      case 'balances':
        return engine.balances(account).map(describeBalance);
    }
  }

  #send(live: Live, kind: 'snapshot' | 'update', messages: readonly AccountMessage[]): void {
    const { topic, send, countSkipped } = live.subscriber;
    const isV1 = topic.protocol === 'v1';
    const [first] = kind === 'update' ? messages : [];
    const pair = first && this.#options.pairs.bySymbol(first.symbol);
    const symbol = (isV1 ? pair?.v1Symbol : pair?.symbol) ?? '';
    const about = { kind, channel: topic.channel, symbol, isDeep: false } as const;
    live.sequence += 1 + countSkipped(about);
    const entries = messages.map((message) => this.#write(live.subscriber, message)).join(',');
    const text = isV1
      ? `[[${entries}],${quote(topic.channel)},{"sequence":${live.sequence}}]`
      : `{"channel":${quote(topic.channel)},"type":"${kind}","data":[${entries}],` +
        `"sequence":${live.sequence}}`;
    send({ ...about, text });
  }

  #write(subscriber: AccountSubscriber, { symbol, fields, id }: AccountMessage): string {
    const { account, topic, options } = subscriber;
    const { channel } = topic;
    const isCounted = channel === 'executions' || channel === 'openOrders';
    const count =
      options.rateCounter && isCounted
        ? this.#options.readRateCount({ account, symbol })
        : undefined;
    // A number in v2, where no page names the field; a text in v1 (websocket-v1/openorders).
    const shown = count !== undefined && topic.protocol === 'v1' ? quote(count) : count;
    const text = writeObject([...fields, ['ratecount', shown]]);
    return id === undefined ? text : `{${quote(id)}:${text}}`;
  }
}

function wantsSnapshot({ topic, options }: AccountSubscriber): boolean {
  if (topic.channel !== 'executions') return options.snapshot;
  return options.snapOrders || options.snapTrades;
}
