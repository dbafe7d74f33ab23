import type { TruefeedError } from '../model/error.js';
import type { JsonMessage } from '../model/message.js';
import type { Timers } from '../model/runtime.js';
import type { MessagePacer } from '../model/session.js';
import type { OutgoingMessage } from '../model/venue.js';

/** What the way out of one open socket needs. */
export interface OutboxParts<Label> {
  readonly pacer: MessagePacer;
  /** Ended by the owner together with the socket. */
  readonly timers: Timers;
  /** Signs a private message anew; rejects with a TruefeedError. */
  readonly sign: (body: JsonMessage) => Promise<JsonMessage>;
  /** Returns false where the socket is not open any more. */
  readonly transmit: (text: string) => boolean;
  readonly onSent: (label: Label) => void;
  /** Signing failed; the rest of what carries the same label is not sent. */
  readonly onFailed: (label: Label, error: TruefeedError) => void;
  /** What had to wait has left. */
  readonly onRoom: () => void;
}

/** Messages on their way out of one socket, in order and in the venue's pace. */
export interface Outbox<Label> {
  add(messages: readonly OutgoingMessage[], label: Label): void;
  /** Whether messages of this kind wait, for the pace or for a signature. */
  holds(isPrivate: boolean): boolean;
  /** Nothing more is sent, also not what is being signed. */
  stop(): void;
}

interface Item<Label> {
  readonly message: OutgoingMessage;
  readonly label: Label;
}

type Signed = { readonly body: JsonMessage } | { readonly error: TruefeedError };

/** Only the signing may fail here: what sending does is no failure of the signer. */
function trySigning<Label>(parts: OutboxParts<Label>, message: JsonMessage): Promise<Signed> {
  return parts.sign(message).then(
    (body) => ({ body }),
    (error: unknown) => ({ error: error as TruefeedError }),
  );
}

/**
 * Private messages go one after the other, each signed when its turn has come, so that a signature
 * is fresh when it is sent. While one is being signed, public ones go on: a slow signer delays what
 * needs it and nothing else.
 */
export function createOutbox<Label>(parts: OutboxParts<Label>): Outbox<Label> {
  let items: Item<Label>[] = [];
  let signing = false;
  let waiting = false;
  let stopped = false;

  const takeNext = (): Item<Label> | undefined => {
    const index = items.findIndex((item) => !(signing && item.message.private));
    return index < 0 ? undefined : items[index];
  };

  const transmit = (body: JsonMessage, label: Label): void => {
    if (stopped) return;
    if (parts.transmit(JSON.stringify(body))) parts.onSent(label);
  };

  const signAndTransmit = async (item: Item<Label>): Promise<void> => {
    signing = true;
    const signed = await trySigning(parts, item.message.body);
    signing = false;
    if (stopped) return;
    if ('body' in signed) {
      transmit(signed.body, item.label);
    } else {
      items = items.filter((one) => one.label !== item.label);
      parts.onFailed(item.label, signed.error);
    }
    resume();
  };

  const pump = (): void => {
    while (!stopped && !waiting) {
      const item = takeNext();
      if (!item) return;
      const waitMs = parts.pacer.take();
      if (waitMs > 0) {
        waiting = true;
        parts.timers.after(waitMs, () => {
          waiting = false;
          resume();
        });
        return;
      }
      items.splice(items.indexOf(item), 1);
      if (item.message.private) void signAndTransmit(item);
      else transmit(item.message.body, item.label);
    }
  };

  const resume = (): void => {
    pump();
    if (!stopped && !waiting) parts.onRoom();
  };

  return {
    holds: (isPrivate) =>
      (isPrivate && signing) || items.some(({ message }) => message.private === isPrivate),
    add(messages, label) {
      items.push(...messages.map((message) => ({ message, label })));
      pump();
    },
    stop() {
      stopped = true;
      items = [];
    },
  };
}
