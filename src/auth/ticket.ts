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

/** The present connection attempt to one address; the holder of its ticket in the cache. */
interface Connection {
  used: Ticket | undefined;
}

/**
 * The family whose ticket comes from an HTTP call and goes into messages. Each dial starts without
 * a ticket and the first private message fetches one, so that a ticket belongs to one connection
 * and a public one never asks; sockets to different addresses keep theirs apart. Never opens a
 * socket, never reads a clock.
 */
export function ticket(options: TicketOptions): AuthStrategy {
  const { cache } = options;
  const connections = new Map<string, Connection>();

  const startConnection = (url: string): Connection => {
    const connection: Connection = { used: undefined };
    connections.set(url, connection);
    return connection;
  };
  const findConnection = (url: string) => connections.get(url) ?? startConnection(url);

  return {
    family: 'ticket',
    prepareDial({ url }) {
      startConnection(url);
      return {};
    },
    async decorate(message, { url }) {
      const connection = findConnection(url);
      connection.used = await cache.get(connection);
      return options.place(message, connection.used.value.reveal());
    },
    inspect: (message) => (saysTicketIsDead(message) ? 'renew' : 'pass'),
    async renew({ url }) {
      const connection = findConnection(url);
      cache.invalidate(connection, connection.used);
      await cache.get(connection);
    },
    dispose: () => connections.clear(),
    classify: (failure) => (options.classify ?? classifyFailure)(failure),
  };
}
