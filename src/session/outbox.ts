import type { TruefeedError } from '../model/error.js';
import { formatJson } from '../model/json-number.js';
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
  /** `urgent` goes before everything that is not. */
  add(messages: readonly OutgoingMessage[], label: Label, urgent?: boolean): void;
  /** What carries the label and has not been sent is not sent. */
  withdraw(label: Label): void;
  /** Whether messages of this kind wait, for the pace or for a signature. */
  holds(isPrivate: boolean): boolean;
  /** Nothing more is sent, also not what is being signed. */
  stop(): void;
}

interface Item<Label> {
  readonly message: OutgoingMessage;
  readonly label: Label;
  readonly urgent: boolean;
  isWithdrawn: boolean;
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
  return new SocketOutbox(parts);
}

class SocketOutbox<Label> implements Outbox<Label> {
  readonly #parts: OutboxParts<Label>;
  #items: Item<Label>[] = [];
  #signing: Item<Label> | undefined;
  #waiting = false;
  #stopped = false;

  constructor(parts: OutboxParts<Label>) {
    this.#parts = parts;
  }

  holds(isPrivate: boolean): boolean {
    const isSigning = isPrivate && this.#signing !== undefined;
    return isSigning || this.#items.some(({ message }) => message.private === isPrivate);
  }

  add(messages: readonly OutgoingMessage[], label: Label, urgent = false): void {
    const added = messages.map((message) => ({ message, label, urgent, isWithdrawn: false }));
    const patient = this.#items.findIndex((item) => !item.urgent);
    if (urgent && patient >= 0) this.#items.splice(patient, 0, ...added);
    else this.#items.push(...added);
    this.#pump();
  }

  withdraw(label: Label): void {
    this.#items = this.#items.filter((item) => item.label !== label);
    if (this.#signing?.label === label) this.#signing.isWithdrawn = true;
  }

  stop(): void {
    this.#stopped = true;
    this.#items = [];
  }

  #takeNext(): Item<Label> | undefined {
    return this.#items.find((item) => !(this.#signing && item.message.private));
  }

  #pump(): void {
    const { pacer, timers } = this.#parts;
    while (!this.#stopped && !this.#waiting) {
      const item = this.#takeNext();
      if (!item) return;
      const waitMs = pacer.take(item.message.cost);
      if (waitMs > 0) {
        this.#waiting = true;
        timers.after(waitMs, () => {
          this.#waiting = false;
          this.#resume();
        });
        return;
      }
      this.#items.splice(this.#items.indexOf(item), 1);
      if (item.message.private) void this.#signAndTransmit(item);
      else this.#transmit(item.message.body, item.label);
    }
  }

  #resume(): void {
    this.#pump();
    if (!this.#stopped && !this.#waiting) this.#parts.onRoom();
  }

  async #signAndTransmit(item: Item<Label>): Promise<void> {
    this.#signing = item;
    const signed = await trySigning(this.#parts, item.message.body);
    this.#signing = undefined;
    if (this.#stopped) return;
    if (!item.isWithdrawn) {
      if ('body' in signed) this.#transmit(signed.body, item.label);
      else {
        this.#items = this.#items.filter((one) => one.label !== item.label);
        this.#parts.onFailed(item.label, signed.error);
      }
    }
    this.#resume();
  }

  #transmit(body: JsonMessage, label: Label): void {
    if (this.#stopped) return;
    if (this.#parts.transmit(formatJson(body))) this.#parts.onSent(label);
  }
}
