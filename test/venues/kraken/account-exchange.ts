import type { HttpClient } from '../../../src/model/runtime.js';
import type { FakeDialer, FakeSocket } from '../../doubles/fake-dialer.js';

const TOKEN = 'xeAQ/RCChBYNVh53sTv1yZ5H4wIbwDF20PiHtTF+4UI';
const TIMES = '"time_in":"2024-05-19T19:30:36.343170Z","time_out":"2024-05-19T19:30:36.350083Z"';

interface Request {
  readonly method: string;
  readonly req_id: number;
  readonly params?: { readonly channel?: string; readonly token?: string };
}

/** A private channel of the venue, as its owner sees it: what is told to a new subscriber. */
export type AccountChannel = 'executions' | 'balances';

/**
 * As much of the venue's private side as a follower needs, from the venue's words: one token, acks,
 * a snapshot with number 1, and updates that count on from there.
 */
export class AccountExchange {
  readonly requests: Request[] = [];
  /** Entries of the snapshot, as they stand on the wire. */
  readonly entries: Record<AccountChannel, string[]> = { executions: [], balances: [] };
  readonly #dialer: FakeDialer;
  readonly #answered = new Map<FakeSocket, number>();
  readonly #numbers = new Map<AccountChannel, number>();

  constructor(dialer: FakeDialer) {
    this.#dialer = dialer;
  }

  readonly http: HttpClient = () => {
    const body = JSON.stringify({ error: [], result: { token: TOKEN, expires: 900 } });
    return Promise.resolve({ status: 200, body, serverDateMs: undefined });
  };

  get socket(): FakeSocket {
    return this.#dialer.last();
  }

  /** Opens what was dialled and answers what was asked. */
  attend(): void {
    for (const socket of this.#dialer.sockets) {
      if (socket.state === 'dialling') socket.opened();
      if (socket.state !== 'open') continue;
      const answered = this.#answered.get(socket) ?? 0;
      this.#answered.set(socket, socket.sent.length);
      for (const text of socket.sent.slice(answered)) {
        this.#answer(socket, JSON.parse(text) as Request);
      }
    }
  }

  /** An update with the next number of its channel. */
  tell(channel: AccountChannel, ...entries: readonly string[]): void {
    this.repeat(channel, this.lose(channel), ...entries);
  }

  /** An update with a number that is given. */
  repeat(channel: AccountChannel, number: number, ...entries: readonly string[]): void {
    this.#send(this.socket, channel, { type: 'update', number, entries });
  }

  /** Takes a number and sends nothing; returns it. */
  lose(channel: AccountChannel): number {
    const number = (this.#numbers.get(channel) ?? 0) + 1;
    this.#numbers.set(channel, number);
    return number;
  }

  #answer(socket: FakeSocket, request: Request): void {
    this.requests.push(request);
    const { method, req_id: id, params } = request;
    const channel = params?.channel as AccountChannel | undefined;
    if (channel === undefined) return;
    const result = `"result":{"channel":"${channel}"}`;
    socket.frame(`{"method":"${method}","req_id":${id},${result},"success":true,${TIMES}}`);
    if (method !== 'subscribe') return;
    this.#numbers.set(channel, 1);
    this.#send(socket, channel, { type: 'snapshot', number: 1, entries: this.entries[channel] });
  }

  #send(
    socket: FakeSocket,
    channel: AccountChannel,
    frame: { readonly type: string; readonly number: number; readonly entries: readonly string[] },
  ): void {
    const data = frame.entries.join(',');
    socket.frame(
      `{"channel":"${channel}","type":"${frame.type}","data":[${data}],"sequence":${frame.number}}`,
    );
  }
}
