import type { AuthFailure, AuthReaction, AuthStrategy } from '../model/auth.js';
import type { JsonObject, VenueMessage } from '../model/message.js';
import { classifyFailure } from './failure.js';
import type { Ticket, TicketCache } from './ticket-cache.js';

/** How one venue uses its tickets. */
export interface TicketOptions {
  readonly cache: TicketCache;
  /** The message with the ticket in its place; the one given stays as it is. */
  place(message: JsonObject, ticket: string): JsonObject;
  classify?(failure: AuthFailure): AuthReaction;
}

function saysTicketIsDead(message: VenueMessage): boolean {
  return message.type === 'request.refused' && message.code === 'AUTH_SESSION_INVALID';
}

/**
 * The family whose ticket comes from an HTTP call and goes into messages. Each connection starts
 * without a ticket and its first private message fetches one, so that a ticket belongs to one
 * connection and a public one never asks; several sockets, also of one address, keep theirs apart.
 * Never opens a socket, never reads a clock.
 */
export function ticket(options: TicketOptions): AuthStrategy {
  const { cache } = options;
  const usedTickets = new WeakMap<object, Ticket>();

  return {
    family: 'ticket',
    async decorate(message, { connection }) {
      const used = await cache.get(connection);
      usedTickets.set(connection, used);
      return options.place(message, used.value.reveal());
    },
    inspect: (message) => (saysTicketIsDead(message) ? 'renew' : 'pass'),
    async renew({ connection }) {
      cache.invalidate(connection, usedTickets.get(connection));
      await cache.get(connection);
    },
    classify: (failure) => (options.classify ?? classifyFailure)(failure),
  };
}
