import type { EngineFill, EngineOrder, EngineTarget } from '../../model/matching.js';
import type { CancelTimer } from '../../model/runtime.js';
import { Holdings } from './holdings.js';
import { describeOrder, type LiveOrder } from './live-order.js';

/** Orders that ended, and fills, that are remembered of one account; live orders always are. */
const REMEMBERED_MAX = 10_000;
/** Accounts of one engine; one more is an error of the program. */
const ACCOUNTS_MAX = 10_000;

/** What one account has and did. */
export class Account {
  readonly name: string;
  readonly holdings = new Holdings();
  /** Ends the timer that would cancel everything; undefined where none is armed. */
  cancelSwitch: CancelTimer | undefined;
  readonly #live = new Map<string, LiveOrder>();
  readonly #liveByClientId = new Map<string, LiveOrder>();
  readonly #ended = new Map<string, EngineOrder>();
  readonly #endedByClientId = new Map<string, EngineOrder>();
  readonly #fills: EngineFill[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get liveCount(): number {
    return this.#live.size;
  }

  /** Oldest first. */
  get live(): readonly LiveOrder[] {
    return [...this.#live.values()];
  }

  /** The latest, oldest first. */
  get fills(): readonly EngineFill[] {
    return [...this.#fills];
  }

  add(order: LiveOrder): void {
    const { clientOrderId } = order.request;
    this.#live.set(order.orderId, order);
    if (clientOrderId !== undefined) this.#liveByClientId.set(clientOrderId, order);
  }

  findLive({ orderId, clientOrderId }: EngineTarget): LiveOrder | undefined {
    if (orderId !== undefined) return this.#live.get(orderId);
    return clientOrderId === undefined ? undefined : this.#liveByClientId.get(clientOrderId);
  }

  /** Of several with one client id that have ended, the last. */
  find(target: EngineTarget): EngineOrder | undefined {
    const live = this.findLive(target);
    if (live) return describeOrder(live);
    const { orderId, clientOrderId } = target;
    if (orderId !== undefined) return this.#ended.get(orderId);
    return clientOrderId === undefined ? undefined : this.#endedByClientId.get(clientOrderId);
  }

  /** It does not live any more; it may be forgotten one day. */
  end(order: LiveOrder): void {
    const { orderId } = order;
    const { clientOrderId } = order.request;
    const ended = describeOrder(order);
    this.#live.delete(orderId);
    this.#ended.set(orderId, ended);
    if (clientOrderId !== undefined) {
      this.#liveByClientId.delete(clientOrderId);
      this.#endedByClientId.set(clientOrderId, ended);
    }
    if (this.#ended.size > REMEMBERED_MAX) this.#forgetOldest();
  }

  addFill(fill: EngineFill): void {
    this.#fills.push(fill);
    if (this.#fills.length > REMEMBERED_MAX) this.#fills.shift();
  }

  #forgetOldest(): void {
    for (const [orderId, order] of this.#ended) {
      this.#ended.delete(orderId);
      const { clientOrderId = '' } = order;
      if (this.#endedByClientId.get(clientOrderId) === order) {
        this.#endedByClientId.delete(clientOrderId);
      }
      return;
    }
  }
}

/** All accounts of an engine. Only what brings money makes one. */
export class Accounts {
  readonly #byName = new Map<string, Account>();

  /** One that nobody has opened is empty, and is not kept. */
  find(name: string): Account {
    return this.#byName.get(name) ?? new Account(name);
  }

  open(name: string): Account {
    const known = this.#byName.get(name);
    if (known) return known;
    if (this.#byName.size >= ACCOUNTS_MAX) {
      throw new RangeError(`There are at most ${ACCOUNTS_MAX} accounts.`);
    }
    const account = new Account(name);
    this.#byName.set(name, account);
    return account;
  }

  all(): Iterable<Account> {
    return this.#byName.values();
  }
}
