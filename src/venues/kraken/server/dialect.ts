/** What the two protocols make of the same conversation: requests in, frames about them out. */
import type { AccountOptions } from './account/account-desk.js';
import type { DeskAnswer, OrderReading } from './account/order-command.js';
import type { RequestRefusal } from './faults.js';
import type { Wish } from './wish.js';
import type { ServerFrame } from './server-frame.js';
import type { Protocol, Topic } from './topic.js';

/** When a message came, and the times that v2 puts into its answers. */
export interface AnswerTimes {
  /** The server's time, Unix milliseconds. */
  readonly nowMs: number;
  readonly timeIn: string;
  /** The present, when the answer is written. */
  readonly timeOut: () => string;
}

/** One message of a client, as the connection deals with it. */
export type DialectRequest =
  /** Answered already. */
  | { readonly kind: 'answered'; readonly frames: readonly ServerFrame[] }
  /** About orders; its fields are read once it is known that the token is good. */
  | {
      readonly kind: 'order';
      /** In the client's words. */
      readonly method: string;
      readonly symbol: string;
      readonly token: string;
      readonly read: () => OrderReading;
      readonly answer: (answer: DeskAnswer) => readonly ServerFrame[];
    }
  | {
      readonly kind: 'subscribe' | 'unsubscribe';
      readonly wishes: readonly Wish[];
      readonly options: AccountOptions;
      readonly token: string | undefined;
      /** `option` is that of the topic held, where an end names none. */
      readonly acknowledge: (topic: Topic, symbol: string) => ServerFrame;
      readonly refuse: (error: string, wish: RefusedWish) => ServerFrame;
    };

/** Which part of a request is refused. */
export interface RefusedWish {
  readonly symbol: string | undefined;
  readonly topic?: Topic;
}

/** One protocol. */
export interface Dialect {
  readonly protocol: Protocol;
  readonly heartbeat: ServerFrame;
  status(system: string, connectionId: string): ServerFrame;
  /** Reads a message; whatever it holds, it does not throw. */
  read(text: string, times: AnswerTimes): DialectRequest;
  /** Refuses a whole message unread, as where too many come. */
  refuseUnread(text: string, refusal: RequestRefusal, times: AnswerTimes): ServerFrame;
}

/** A reply to a request about orders, also one that refuses. */
export function replyFrame(
  { method, symbol }: { readonly method: string; readonly symbol: string },
  text: string,
): ServerFrame {
  return { kind: 'reply', channel: method, symbol, isDeep: false, text };
}

/** A frame about no pair in particular. */
export function plainFrame(kind: ServerFrame['kind'], channel: string, text: string): ServerFrame {
  return { kind, channel, symbol: '', isDeep: false, text };
}
