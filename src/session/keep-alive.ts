import type { Timers } from '../model/runtime.js';
import type { Codec, OutgoingMessage, Venue } from '../model/venue.js';
import type { SubscriptionLedger } from './subscriptions.js';

/** What the venue's own pings are made with. */
export interface KeepAliveParts {
  readonly venue: Venue;
  readonly codec: Codec;
  /** Ended by the owner together with the socket. */
  readonly timers: Timers;
  readonly ledger: Pick<SubscriptionLedger, 'nextRequestId'>;
}

/** Sends the venue's own ping again and again, where it has one. */
export function keepAlive(
  { venue, codec, timers, ledger }: KeepAliveParts,
  send: (messages: readonly OutgoingMessage[]) => void,
): void {
  const { pingEveryMs, heartbeatChannel } = venue.liveness;
  const channel = heartbeatChannel ?? venue.channels[0]?.name;
  if (pingEveryMs === undefined || channel === undefined) return;
  const repeat = (): void => {
    const requestId = ledger.nextRequestId++;
    send(codec.encode({ kind: 'ping', channel, symbols: [], requestId }));
    timers.after(pingEveryMs, repeat);
  };
  timers.after(pingEveryMs, repeat);
}
