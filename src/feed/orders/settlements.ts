import type { SettledOrder } from '../../model/order-calls.js';
import type { OrderCommand, OrderTarget } from '../../model/order-entry.js';
import type { CancelTimer, Clock, Timers } from '../../model/runtime.js';
import { keepLatest } from '../keep-latest.js';
import { judge, seek, type SettlementEvidence, type Sought } from './lost-commands.js';

/** A command whose answer was lost. */
export interface LostCommand {
  readonly sought: Sought;
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

/** So many orders' latest changes are remembered; of older ones nobody says "not done". */
const CHANGED_MAX = 1_000;

/** How many wait at most; one more is given up, which a program that places so many must expect. */
const PENDING_MAX = 1_000;

const CLOSED: SettledOrder = {
  kind: 'unsettled',
  detail: 'The feed was closed before it was known.',
};

/**
 * Finds out what became of commands whose answers were lost. What the account shows as done is
 * done; what it does not show is not, but only once the account was asked for anew when nothing
 * could be on its way any more, and is whole again. `lost-commands.ts` says what shows which.
 */
export class Settlements {
  readonly #evidence: SettlementEvidence;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #pending = new Set<Pending>();
  readonly #claimedIds = new Map<string, true>();
  /** What each order was to become last. */
  readonly #latestChanges = new Map<string, Sought>();
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

  /** A command is about to leave: what would show it, should its answer be lost. */
  seek(command: OrderCommand, target: OrderTarget): Sought {
    const sought = seek(command, target, this.#evidence);
    if (sought.kind === 'amended') {
      keepLatest(this.#latestChanges, [keyOf(sought.target), sought], CHANGED_MAX);
    }
    return sought;
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

  #check({ sought, certainAtMs, isAsked, settle }: Pending): void {
    const { isLive } = this.#evidence;
    const isCertain = isLive && this.#clock.monotonicMs() >= certainAtMs;
    const settled = judge(sought, {
      evidence: this.#evidence,
      isCertain,
      isOvertaken:
        sought.kind === 'amended' && this.#latestChanges.get(keyOf(sought.target)) !== sought,
      isClaimed: (orderId) => this.#claimedIds.has(orderId),
    });
    if (settled.kind === 'found') {
      const orderId = settled.order?.orderId ?? settled.fills.at(-1)?.orderId;
      const isNew = sought.kind === 'placed' || sought.kind === 'replaced';
      if (isNew && orderId !== undefined) this.claim(orderId);
      return settle(settled);
    }
    if (!isCertain) return;
    // What was heard before may be of before: only a list that was asked for now says it all.
    if (!isAsked && sought.kind !== 'nothing') return this.#askAnew();
    settle(settled);
  }
}

function keyOf({ orderId, clientOrderId }: OrderTarget): string {
  return orderId ?? clientOrderId ?? '';
}
