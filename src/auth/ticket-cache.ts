import { HOOK_TIMEOUT_MS } from '../model/auth.js';
import { ConnectionError, VenueError } from '../model/error.js';
import type { Clock } from '../model/runtime.js';
import type { Secret } from '../model/secret.js';

/** A token that the venue issued. */
export interface Ticket {
  readonly value: Secret;
  /** Unix milliseconds at which it ends by itself where it was not used. */
  readonly expiresAtMs: number;
}

/** What a ticket cache is made of. */
export interface TicketCacheOptions {
  /** Asks the venue for a ticket. Calls never overlap: nonces must arrive in order. */
  issue(): Promise<Ticket>;
  readonly clock: Clock;
  /** The part of a ticket's life after which a new one is fetched. */
  readonly refreshRatio?: number;
  /** All holders get the same ticket; by default each has its own. */
  readonly shared?: boolean;
}

/** Tickets by holder; a holder is the object that stands for one connection attempt. */
export interface TicketCache {
  /** The holder's ticket, fetched where there is none or its end is near; one fetch at a time. */
  get(holder: object): Promise<Ticket>;
  /** Forgets this ticket, which the venue no longer accepts; one that came since stays. */
  invalidate(holder: object, ticket: Ticket | undefined): void;
}

interface Held {
  readonly ticket: Ticket;
  readonly refreshAtMs: number;
}

interface Flight {
  readonly ticket: Promise<Ticket>;
  readonly lane: Lane;
}

interface Entry {
  held?: Held | undefined;
  flight?: Flight | undefined;
}

const REFRESH_RATIO = 0.8;
const FETCHES_WAITING_MAX = 100;

/**
 * Lets tasks run one after another, and refuses more than a bounded number of them. One that does
 * not end holds up all behind it, so that such a lane is closed and another one opened.
 */
class Lane {
  readonly #clock: Clock;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #startedAtMs = NaN;
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the task in hand takes longer than anyone waits. */
  isStuck(): boolean {
    return this.#clock.monotonicMs() - this.#startedAtMs >= HOOK_TIMEOUT_MS;
  }

  /** What waits is not begun any more, since the one in hand may end all the same. */
  close(): void {
    this.#isClosed = true;
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= FETCHES_WAITING_MAX) {
      const count = this.#waiting;
      const sentence = `${count} connections wait for a ticket already: open fewer at a time.`;
      throw new VenueError('RATE_LIMITED', sentence);
    }
    this.#waiting += 1;
    const turn = this.#tail.then(() => this.#begin(task));
    // The caller sees the failure; the lane only needs to know that its turn is over.
    this.#tail = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #begin<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#isClosed) {
      throw new ConnectionError('TIMED_OUT', 'A request for a ticket before this one did not end.');
    }
    this.#startedAtMs = this.#clock.monotonicMs();
    try {
      return await task();
    } finally {
      this.#startedAtMs = NaN;
    }
  }
}

/**
 * Keeps tickets until their end is near. Each holder has one of its own, because a venue need not
 * accept a ticket on a second connection; a holder that is gone takes its ticket with it.
 */
export function createTicketCache(options: TicketCacheOptions): TicketCache {
  const { clock, refreshRatio = REFRESH_RATIO, shared = false } = options;
  if (!(refreshRatio > 0 && refreshRatio <= 1)) {
    throw new RangeError('refreshRatio lies above 0 and at most at 1.');
  }
  const common: Entry = {};
  const entries = new WeakMap<object, Entry>();
  let lane = new Lane(clock);

  const findEntry = (holder: object): Entry => {
    if (shared) return common;
    const known = entries.get(holder);
    if (known) return known;
    const entry: Entry = {};
    entries.set(holder, entry);
    return entry;
  };

  const chooseLane = (): Lane => {
    if (!lane.isStuck()) return lane;
    lane.close();
    lane = new Lane(clock);
    return lane;
  };

  const refresh = async (entry: Entry, inLane: Lane): Promise<Ticket> => {
    const askedAtMs = clock.nowMs();
    const ticket = await inLane.run(() => options.issue());
    if (Number.isNaN(ticket.expiresAtMs)) {
      throw new RangeError('The end of a ticket (expiresAtMs) is no Unix time.');
    }
    const lifeMs = Math.max(0, ticket.expiresAtMs - askedAtMs);
    entry.held = { ticket, refreshAtMs: askedAtMs + lifeMs * refreshRatio };
    return ticket;
  };

  const renew = (entry: Entry, inLane: Lane): Flight => {
    const ticket = refresh(entry, inLane).finally(() => {
      if (entry.flight === flight) entry.flight = undefined;
    });
    const flight = { ticket, lane: inLane };
    entry.flight = flight;
    return flight;
  };

  return {
    async get(holder) {
      const entry = findEntry(holder);
      const { held } = entry;
      if (held && clock.nowMs() < held.refreshAtMs) return held.ticket;
      const inLane = chooseLane();
      const flight = entry.flight?.lane === inLane ? entry.flight : renew(entry, inLane);
      try {
        return await flight.ticket;
      } catch (error) {
        // A ticket that is late for renewal still serves until its end.
        if (held && entry.held === held && clock.nowMs() < held.ticket.expiresAtMs) {
          return held.ticket;
        }
        throw error;
      }
    },
    invalidate(holder, ticket) {
      const entry = findEntry(holder);
      // What is under way was given to nobody yet, so it cannot be what the venue refused.
      if (entry.held?.ticket === ticket) entry.held = undefined;
    },
  };
}
