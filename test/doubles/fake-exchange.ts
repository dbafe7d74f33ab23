import type { FakeSocket } from './fake-dialer.js';
import type { FakeFrame, FakeRequest } from './fake-venue.js';

/** How the exchange answers, and what it passes over. */
export interface FakeExchangeOptions {
  /** `whole-set` acks everything held, once a request; `one-by-one` acks symbol by symbol. */
  readonly ackStyle?: 'whole-set' | 'one-by-one' | 'none';
  /** Symbols, or channels without symbols, that are dropped in silence. */
  readonly ignored?: readonly string[];
  /** Called for each new subscription, before its ack: the place to send a snapshot. */
  readonly onSubscribed?: (channel: string, symbol: string | undefined) => void;
  /** When given, each frame says when it was sent. */
  readonly nowMs?: () => number;
}

/** The server's side of one fake socket, for the fake venue's wire. */
export interface FakeExchange {
  /** Every request so far, parsed. */
  readonly requests: readonly FakeRequest[];
  /** What the connection holds: channel → symbols. */
  readonly held: ReadonlyMap<string, readonly string[]>;
  /** Answers the requests that came since the last call, in order; returns them. */
  answer(): readonly FakeRequest[];
  /** Sends one frame with the next number of the connection. */
  send(frame: FakeFrame): void;
  /** Takes a number and sends nothing: a lost frame. */
  loseFrame(): void;
}

export function createFakeExchange(
  socket: FakeSocket,
  options: FakeExchangeOptions = {},
): FakeExchange {
  const held = new Map<string, string[]>();
  let answered = 0;
  let number = 0;
  let beats = 0;

  const send = (frame: FakeFrame): void => {
    const at = options.nowMs ? { at: options.nowMs() } : {};
    socket.frame({ n: number++, ...at, ...frame });
  };
  const { ackStyle = 'whole-set' } = options;
  const isIgnored = (name: string): boolean => options.ignored?.includes(name) ?? false;

  const subscribe = (request: FakeRequest): void => {
    const { channel, id } = request;
    const before = held.get(channel);
    const fresh = request.symbols.filter((one) => !isIgnored(one) && !before?.includes(one));
    const all = request.symbols.length === 0;
    if (!isIgnored(channel)) {
      if (all || fresh.length > 0) held.set(channel, [...(before ?? []), ...fresh]);
      const added = all ? (before ? [] : [undefined]) : fresh;
      for (const symbol of added) options.onSubscribed?.(channel, symbol);
      if (ackStyle === 'one-by-one') {
        const acked = all ? [undefined] : request.symbols.filter((one) => !isIgnored(one));
        for (const symbol of acked) send({ say: 'accepted', channel, symbol, id });
      }
    }
  };

  const unsubscribe = (request: FakeRequest): void => {
    const { channel, id } = request;
    const all = request.symbols.length === 0;
    const left = (held.get(channel) ?? []).filter((one) => !all && !request.symbols.includes(one));
    if (left.length > 0) held.set(channel, left);
    else held.delete(channel);
    if (ackStyle !== 'one-by-one') return;
    for (const symbol of all ? [undefined] : request.symbols) {
      send({ say: 'ended', channel, symbol, id });
    }
  };

  const readRequests = (): FakeRequest[] =>
    socket.sent.map((text) => JSON.parse(text) as FakeRequest);

  return {
    held,
    get requests() {
      return readRequests();
    },
    send,
    loseFrame: () => void (number += 1),
    answer() {
      const fresh = readRequests().slice(answered);
      answered += fresh.length;
      for (const request of fresh) {
        if (request.op === 'subscribe') subscribe(request);
        if (request.op === 'unsubscribe') unsubscribe(request);
        if (request.op === 'ping') send({ say: 'beat', counter: beats++ });
        else if (ackStyle === 'whole-set') {
          send({ say: 'held', held: Object.fromEntries(held) });
        }
      }
      return fresh;
    },
  };
}
