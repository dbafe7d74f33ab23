import type { AuthFailure, AuthReaction, AuthStrategy } from '../model/auth.js';
import type { JsonObject, VenueMessage } from '../model/message.js';
import { classifyFailure } from './failure.js';
import type { TicketCache } from './ticket-cache.js';

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
 * The family whose ticket comes from an HTTP call and goes into messages. Each dial starts without
 * a ticket and the first private message fetches one, so that a ticket belongs to one connection
 * and a public one never asks. Never opens a socket, never reads a clock.
 */
export function ticket(options: TicketOptions): AuthStrategy {
  const { cache } = options;
  let connection = {};
  return {
    family: 'ticket',
    prepareDial() {
      connection = {};
      return {};
    },
    async decorate(message) {
      const { value } = await cache.get(connection);
      return options.place(message, value.reveal());
    },
    inspect(message) {
      if (!saysTicketIsDead(message)) return 'pass';
      cache.invalidate(connection);
      return 'renew';
    },
    async renew() {
      await cache.get(connection);
    },
    classify: (failure) => (options.classify ?? classifyFailure)(failure),
  };
}
