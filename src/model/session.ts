import type { AuthStrategy } from './auth.js';
import type { TruefeedError } from './error.js';
import type { DecodedFrame, OrderResult } from './message.js';
import type { CommandOutcome, OrderCommand } from './order-entry.js';
import type { Runtime } from './runtime.js';
import type { ChannelName, Endpoint, Venue } from './venue.js';

/**
 * One thing a user wants: a channel, for one symbol in the venue's canonical spelling or for none.
 */
export interface Subscription {
  readonly channel: ChannelName;
  readonly symbol: string | undefined;
  /** Levels a side, for books of a venue that offers a choice; its own default where absent. */
  readonly depth?: number | undefined;
}

/** Where a session stands between dial and goodbye. */
export type SessionStatus =
  'idle' | 'preparing' | 'dialling' | 'authenticating' | 'ready' | 'waiting' | 'closed';

/** What a session reports. All calls are synchronous and in order; a listener must not throw. */
export interface SessionListener {
  /** The socket is open and may be subscribed on. Every sequence row starts anew. */
  onReady(): void;
  /** Every frame that could be decoded, control frames included, before the session acts on it. */
  onFrame(frame: DecodedFrame, receivedAtMs: number): void;
  /** A frame that could not be decoded. The session lives on. */
  onBadFrame(error: TruefeedError, receivedAtMs: number): void;
  /**
   * The socket is gone, or an attempt failed; `retryInMs` is undefined where none follows. Not
   * called for the session's own `close()`.
   */
  onLost(error: TruefeedError, retryInMs: number | undefined): void;
  onSubscribed(subscription: Subscription): void;
  /**
   * Of what is subscribed anew the old subscription is over, or there was none: nothing comes of it
   * any more before its next snapshot. At venues that acknowledge nothing this is never known.
   */
  onEnded(subscription: Subscription): void;
  onRefused(subscription: Subscription, refusal: SubscriptionRefusal): void;
  onAuth(notice: AuthNotice): void;
  /** The venue complained of something, and nothing that was asked for explains it. */
  onComplaint?(error: TruefeedError): void;
}

/** Why the venue does not hold a subscription, and what follows. */
export interface SubscriptionRefusal {
  readonly error: TruefeedError;
  /** Whether the venue said so: otherwise it passed it over, or ended it, in silence. */
  readonly inWords: boolean;
  /** Until the session asks again by itself; undefined: it no longer wants it. */
  readonly retryInMs: number | undefined;
}

/** How the sign-in of a session fares. */
export type AuthNotice =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'renewed'; readonly reason: string }
  | { readonly kind: 'refused'; readonly error: TruefeedError; readonly final: boolean };

/**
 * Raw traffic, for recorders: before decoding, so that a frame need not be UTF-8, and after signing
 * (secrets are the recorder's to mask).
 */
export interface FrameTap {
  onFrameReceived(session: string, frame: Uint8Array, receivedAtMs: number): void;
  onFrameSent(session: string, text: string, sentAtMs: number): void;
}

/** When a dial may start, under a limit that others share. */
export interface DialTurn {
  /** Milliseconds until then. */
  readonly waitMs: number;
  /** The dial will not start. Only before its turn has come; once. */
  giveBack(): void;
}

/** A limit that all sessions to one address share. */
export interface AttemptBudget {
  /** The turn of the next dial; taking it counts as an attempt until it is given back. */
  take(address: string): DialTurn;
}

/** A limit on outgoing messages that all sessions of one client share. */
export interface MessagePacer {
  /**
   * Takes the next place, for a message of this cost, and returns 0, or returns how long to wait
   * before asking again.
   */
  take(cost?: number): number;
  /** The venue said that it was too much: half the pace for a while. */
  slowDown(): void;
}

/** What a session is made of; everything that touches the world is passed in. */
export interface SessionOptions {
  /** Unique within a feed; safe to print. */
  readonly name: string;
  readonly venue: Venue;
  readonly endpoint: Endpoint;
  readonly auth?: AuthStrategy | undefined;
  readonly runtime: Runtime;
  readonly listener: SessionListener;
  readonly budget: AttemptBudget;
  /** Shared by the sessions of one venue, whose limits count per client; else its own. */
  readonly pacer?: MessagePacer | undefined;
  readonly tap?: FrameTap | undefined;
  readonly caPem?: string | undefined;
  /** Attempts in a row without a connection before the session gives up; Infinity by default. */
  readonly maxAttempts?: number | undefined;
  /**
   * Goes on counting where another session to the same end left off; from 1, at once, by default.
   */
  readonly resume?: { readonly attempt: number; readonly delayMs: number } | undefined;
  /**
   * What was ever accepted under this key, added to as it happens: shared by sessions that take
   * over from each other, since what was good once is not given up for refusals. Its own set by
   * default.
   */
  readonly everAccepted?: Set<string> | undefined;
}

/** An order command for a session. */
export interface SessionCommand {
  readonly command: OrderCommand;
  /** How long from now the order may take to the engine; the venue's own default where absent. */
  readonly deadlineMs?: number | undefined;
  readonly onOutcome: (outcome: CommandOutcome) => void;
  /** An answer that came on the same socket after the outcome had to be called unknown. */
  readonly onLateAnswer?: (results: readonly OrderResult[]) => void;
}

/** One socket from dial to goodbye, dialled again as long as it is wanted. */
export interface Session {
  readonly name: string;
  readonly status: SessionStatus;
  /** Server time minus local time, where measured. */
  readonly skewMs: number | undefined;
  /** Requests and order commands that are not answered yet. */
  readonly unansweredCount: number;
  open(): void;
  /** The whole set that should be held; what is new is subscribed, what is gone is unsubscribed. */
  want(subscriptions: readonly Subscription[]): void;
  /** Ends and renews these for fresh snapshots, in as few messages as the venue allows. */
  resubscribe(subscriptions: readonly Subscription[]): void;
  /**
   * Asks for fresh snapshots of these and leaves the subscriptions alone. For venues that name
   * `request-snapshot` as a means of recovery; a refusal of it refuses no subscription.
   */
  requestSnapshots(subscriptions: readonly Subscription[]): void;
  /**
   * Sends an order command now, or not at all: never while the socket is not ready, and never
   * again. `onOutcome` is called exactly once, also where the session is closed.
   */
  command(command: SessionCommand): void;
  /** Drops the socket and dials again. */
  reconnect(error: TruefeedError): void;
  /** Ends for good; resolves when the socket is gone. */
  close(): Promise<void>;
}
