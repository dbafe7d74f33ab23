import type { FillReport, OrderReport } from '../../model/account.js';
import type { SettledOrder } from '../../model/order-calls.js';
import type { OrderTarget } from '../../model/order-entry.js';
import type { CancelTimer, Clock, Timers } from '../../model/runtime.js';
import { keepLatest } from '../keep-latest.js';

/** What of the account tells what became of a command. */
export interface SettlementEvidence {
  /** Orders are whole and current. */
  readonly isLive: boolean;
  /** Has the account told whole once more; it is not live until that came. */
  askAnew(): void;
  /** Several where a client order id was used again; the one that became known last at the end. */
  findOrders(target: OrderTarget): readonly OrderReport[];
  findFills(target: OrderTarget): readonly FillReport[];
}

/** A command whose answer was lost. */
export interface LostCommand {
  /** The order it placed or was about; undefined for one about all. */
  readonly target: OrderTarget | undefined;
  /** Whether the order did not exist before: being there is the answer. */
  readonly placesOrder: boolean;
  /** Orders that stood under the same client order id before: none of them is this one. */
  readonly olderOrderIds: ReadonlySet<string>;
  /** From now on nothing of it can come to life any more; monotonic. */
  readonly certainAtMs: number;
}

/** A lost command that waits for evidence. */
export interface Settlement {
  readonly settled: Promise<SettledOrder>;
  /** An answer came after all. */
  settle(settled: SettledOrder): void;
}

interface Pending extends LostCommand {
  /** The account was asked for anew after nothing could be on its way any more. */
  isAsked: boolean;
  readonly settle: (settled: SettledOrder) => void;
}

/** Orders that are known to be of some command are remembered so far: they prove no other one. */
const CLAIMED_MAX = 1_000;

/** How many wait at most; one more is given up, which a program that places so many must expect. */
const PENDING_MAX = 1_000;

const CLOSED: SettledOrder = {
  kind: 'unsettled',
  detail: 'The feed was closed before it was known.',
};

/**
 * Finds out what became of commands whose answers were lost. An order that the venue tells of under
 * its client's id has reached it. One that it does not tell of has not, but only once the account
 * was asked for anew when nothing could be on its way any more, and is whole again.
 */
export class Settlements {
  readonly #evidence: SettlementEvidence;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #pending = new Set<Pending>();
  readonly #claimedIds = new Map<string, true>();
  #cancelCheck: CancelTimer | undefined;
  #isEnded = false;

  constructor(
    evidence: SettlementEvidence,
    tools: { readonly clock: Clock; readonly timers: Timers },
  ) {
    this.#evidence = evidence;
    this.#clock = tools.clock;
    this.#timers = tools.timers;
  }

  add(command: LostCommand): Settlement {
    // The sockets go after this, and with them the answers to what is still on its way.
    if (this.#isEnded) return { settled: Promise.resolve(CLOSED), settle: () => undefined };
    let resolve: (settled: SettledOrder) => void = () => undefined;
    const settled = new Promise<SettledOrder>((done) => {
      resolve = done;
    });
    const delayMs = Math.max(0, command.certainAtMs - this.#clock.monotonicMs());
    const cancelTimer = this.#timers.after(delayMs, () => this.noteProgress());
    const pending: Pending = {
      ...command,
      isAsked: false,
      settle: (what) => {
        cancelTimer();
        this.#pending.delete(pending);
        resolve(what);
      },
    };
    this.#pending.add(pending);
    const [oldest] = this.#pending.size > PENDING_MAX ? this.#pending : [];
    oldest?.settle({ kind: 'unsettled', detail: 'Too many lost orders wait to be settled.' });
    this.noteProgress();
    return { settled, settle: pending.settle };
  }

  /** Something came: looked at when all of it was taken in. */
  noteProgress(): void {
    if (this.#pending.size === 0) return;
    this.#cancelCheck ??= this.#timers.after(0, () => {
      this.#cancelCheck = undefined;
      for (const pending of [...this.#pending]) this.#check(pending);
    });
  }

  /** The order is that of one command, answered or found: another of its name did not place it. */
  claim(orderId: string): void {
    keepLatest(this.#claimedIds, [orderId, true], CLAIMED_MAX);
  }

  /** The orders that are known under a name now: what is sent next is none of them. */
  listKnown(target: OrderTarget): ReadonlySet<string> {
    const orders = this.#evidence.findOrders(target);
    const fills = this.#evidence.findFills(target);
    return new Set([...orders, ...fills].map(({ orderId }) => orderId));
  }

  /** For good: what is lost from now on is never looked for. */
  end(): void {
    this.#isEnded = true;
    this.#cancelCheck?.();
    for (const pending of [...this.#pending]) pending.settle(CLOSED);
  }

  #askAnew(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const pending of this.#pending) {
      if (nowMs >= pending.certainAtMs) pending.isAsked = true;
    }
    this.#evidence.askAnew();
  }

  #check(pending: Pending): void {
    const { target, placesOrder, olderOrderIds, certainAtMs, settle } = pending;
    const { isLive } = this.#evidence;
    const isCertain = isLive && this.#clock.monotonicMs() >= certainAtMs;
    if (target === undefined) {
      if (!isCertain) return;
      const detail = 'The command was about all orders: feed.orders shows what is open now.';
      return settle({ kind: 'unsettled', detail });
    }
    const isMeant = ({ orderId }: { readonly orderId: string }): boolean =>
      !olderOrderIds.has(orderId) && !(placesOrder && this.#claimedIds.has(orderId));
    const order = this.#evidence.findOrders(target).filter(isMeant).at(-1);
    const allFills = this.#evidence.findFills(target).filter(isMeant);
    const orderId = order?.orderId ?? allFills.at(-1)?.orderId;
    if (orderId !== undefined && (placesOrder || isCertain)) {
      if (placesOrder) this.claim(orderId);
      const fills = allFills.filter((fill) => fill.orderId === orderId);
      return settle({ kind: 'found', order, fills });
    }
    if (!isCertain) return;
    // What was heard before may be of before: only a list that was asked for now says it all.
    if (!pending.isAsked) return this.#askAnew();
    const detail =
      'The account is whole, and shows no such order and none of its latest fills. An order that ' +
      "was placed and ended while nothing was heard is not told of: ask the venue's REST service.";
    settle({ kind: 'not-found', detail });
  }
}
