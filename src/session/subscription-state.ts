/** How a subscription stands on the socket, and which part of it is true in each state. */

/** It is asked for as soon as somebody wants it and its time has come. */
interface Wanted {
  readonly status: 'wanted';
  /** Not requested before this moment of the clock that never goes back. */
  readonly notBeforeMs: number;
}

/** A request for it is planned, on its way or unanswered. */
interface Requested {
  readonly status: 'requested';
  /** To be ended and subscribed anew, once the request went out. */
  readonly renew: boolean;
  /** Whether data of it came since it was requested. */
  readonly dataSeen: boolean;
}

/** The venue has it. */
interface Held {
  readonly status: 'held';
  /** To be ended and subscribed anew. */
  readonly renew: boolean;
  /** Whether an ack ever named it, so that its absence in a later one means something. */
  readonly listed: boolean;
  /** Where the venue was too busy to end it: not asked again before this moment of that clock. */
  readonly endNotBeforeMs: number;
}

/** Nobody wants it, and the venue is asked to end it. */
interface Ending {
  readonly status: 'ending';
  /** As of what is held: it is held again where the venue is too busy to end it. */
  readonly listed: boolean;
}

/** The venue does not give it, and it is not asked for again by itself. */
interface Refused {
  readonly status: 'refused';
}

/**
 * A subscription goes `wanted → requested → held`, or to `refused`; one that nobody wants any more
 * goes through `ending` and is forgotten.
 */
export type SubscriptionState = Wanted | Requested | Held | Ending | Refused;

/** It may be requested at once. */
export const WANTED_NOW: SubscriptionState = { status: 'wanted', notBeforeMs: -Infinity };

/** Requested, and nothing came yet. */
export const JUST_REQUESTED: SubscriptionState = {
  status: 'requested',
  renew: false,
  dataSeen: false,
};

/** Held as any subscription is that nothing else is known of. */
export const JUST_HELD = {
  status: 'held',
  renew: false,
  listed: false,
  endNotBeforeMs: -Infinity,
} as const satisfies SubscriptionState;

/** Not asked for again by itself. */
export const REFUSED: SubscriptionState = { status: 'refused' };
