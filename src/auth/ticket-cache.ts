import { VenueError } from '../model/error.js';
import type { Clock } from '../model/runtime.js';
import type { Secret } from '../model/secret.js';

/** A token that the venue issued. */
export interface Ticket {
  readonly value: Secret;
  /** When it ends by itself where it was not used. */
  readonly expiresAtMs: number;
}

/** What a ticket cache is made of. */
export interface TicketCacheOptions {
  /** Asks the venue for a ticket. Calls never overlap: nonces must arrive in order. */
  issue(): Promise<Ticket>;
  readonly clock: Pick<Clock, 'nowMs'>;
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

interface Entry {
  held?: Held | undefined;
  flight?: Promise<Ticket> | undefined;
}

const REFRESH_RATIO = 0.8;
const FETCHES_WAITING_MAX = 100;

/** Lets tasks run one after another, and refuses more than a bounded number of them. */
function createLane(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (task) => {
    if (waiting >= FETCHES_WAITING_MAX) {
      const sentence = `${waiting} connections wait for a ticket already: open fewer at a time.`;
      return Promise.reject(new VenueError('RATE_LIMITED', sentence));
    }
    waiting += 1;
    const run = tail.then(task).finally(() => {
      waiting -= 1;
    });
    // The caller sees the failure; the lane only needs to know that its turn is over.
    tail = run.catch(() => undefined);
    return run;
  };
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
  const inTurn = createLane();

  const findEntry = (holder: object): Entry => {
    if (shared) return common;
    const known = entries.get(holder);
    if (known) return known;
    const entry: Entry = {};
    entries.set(holder, entry);
    return entry;
  };

  const refresh = async (entry: Entry): Promise<Ticket> => {
    const askedAtMs = clock.nowMs();
    const ticket = await inTurn(() => options.issue());
    const lifeMs = Math.max(0, ticket.expiresAtMs - askedAtMs);
    entry.held = { ticket, refreshAtMs: askedAtMs + lifeMs * refreshRatio };
    return ticket;
  };

  const renew = (entry: Entry): Promise<Ticket> => {
    const flight = refresh(entry).finally(() => {
      if (entry.flight === flight) entry.flight = undefined;
    });
    entry.flight = flight;
    return flight;
  };

  return {
    async get(holder) {
      const entry = findEntry(holder);
      const { held } = entry;
      if (held && clock.nowMs() < held.refreshAtMs) return held.ticket;
      try {
        return await (entry.flight ?? renew(entry));
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
