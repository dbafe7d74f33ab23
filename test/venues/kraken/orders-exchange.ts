import { crc32 } from 'node:zlib';
import type { HttpClient } from '../../../src/model/runtime.js';
import type { FakeDialer, FakeSocket } from '../../doubles/fake-dialer.js';

/** An order as the venue keeps it; queue order is the order of the list. */
export interface TrueOrder {
  readonly id: string;
  readonly price: string;
  readonly qty: string;
}

/** What one message says: the event, the side and the order. */
export type OrderEvent = readonly ['add' | 'modify' | 'delete', 'bids' | 'asks', TrueOrder];

/** A request as it came over the wire. */
export interface Level3Request {
  readonly method: string;
  readonly req_id: number;
  readonly params?: {
    readonly channel: string;
    readonly depth?: number;
    readonly symbol?: readonly string[];
    readonly token?: string;
  };
}

/** The token that the exchange issues and wants to see. */
export const TOKEN = 'xeAQ/RCChBYNVh53sTv1yZ5H4wIbwDF20PiHtTF+4UI';

const TIMES = '"time_in":"2026-07-19T17:54:39.784623Z","time_out":"2026-07-19T17:54:39.784700Z"';
const PLACED = '"timestamp":"2026-07-19T17:54:39.784623123Z"';

function writeOrder({ id, price, qty }: TrueOrder, event?: string): string {
  const head = event === undefined ? '' : `"event":"${event}",`;
  return `{${head}"order_id":"${id}","limit_price":${price},"order_qty":${qty},${PLACED}}`;
}

function sortSide(orders: readonly TrueOrder[], sign: 1 | -1): TrueOrder[] {
  return [...orders].sort((left, right) => sign * (Number(left.price) - Number(right.price)));
}

/**
 * As much of the venue's order-by-order feed as a follower needs, from the venue's words and apart
 * from the project's own arithmetic: a REST address that issues one token, acks, snapshots, changes
 * and their checksums.
 */
export class OrdersExchange {
  readonly requests: Level3Request[] = [];
  readonly books = new Map<string, { bids: TrueOrder[]; asks: TrueOrder[] }>();
  tokensIssued = 0;
  readonly #dialer: FakeDialer;
  readonly #answered = new Map<FakeSocket, number>();

  constructor(dialer: FakeDialer) {
    this.#dialer = dialer;
  }

  readonly http: HttpClient = () => {
    this.tokensIssued += 1;
    const body = JSON.stringify({ error: [], result: { token: TOKEN, expires: 900 } });
    return Promise.resolve({ status: 200, body });
  };

  bookOf(symbol: string): { bids: TrueOrder[]; asks: TrueOrder[] } {
    const book = this.books.get(symbol) ?? {
      bids: [
        { id: 'OBID-1', price: '100.0', qty: '2.00000000' },
        { id: 'OBID-2', price: '100.0', qty: '0.50000000' },
        { id: 'OBID-3', price: '99.5', qty: '7.00000000' },
      ],
      asks: [{ id: 'OASK-1', price: '100.5', qty: '1.00000000' }],
    };
    this.books.set(symbol, book);
    return book;
  }

  /** Ids in the order of the checksum: asks from the lowest up, bids from the highest down. */
  idsOf(symbol: string): string[] {
    const { asks, bids } = this.bookOf(symbol);
    return [...sortSide(asks, 1), ...sortSide(bids, -1)].map(({ id }) => id);
  }

  /** Changes the book; returns the frame that says so. */
  change(symbol: string, ...events: readonly OrderEvent[]): string {
    const book = this.bookOf(symbol);
    for (const [event, side, order] of events) {
      const at = book[side].findIndex(({ id }) => id === order.id);
      if (event === 'delete') book[side].splice(at, 1);
      else if (event === 'modify') book[side][at] = order;
      else book[side].push(order);
    }
    const list = (side: 'bids' | 'asks'): string =>
      events
        .filter((one) => one[1] === side)
        .map(([event, , order]) => writeOrder(order, event))
        .join(',');
    return this.#write('update', symbol, { bids: list('bids'), asks: list('asks') });
  }

  describe(symbol: string): string {
    const book = this.bookOf(symbol);
    const list = (orders: readonly TrueOrder[], sign: 1 | -1): string =>
      sortSide(orders, sign)
        .map((order) => writeOrder(order))
        .join(',');
    const lists = { bids: list(book.bids, -1), asks: list(book.asks, 1) };
    return this.#write('snapshot', symbol, lists);
  }

  /** Opens what was dialled and answers what was asked. */
  attend(): void {
    for (const socket of this.#dialer.sockets) {
      if (socket.state === 'dialling') socket.opened();
      const from = this.#answered.get(socket) ?? 0;
      this.#answered.set(socket, socket.sent.length);
      for (const text of socket.sent.slice(from)) {
        this.#answer(socket, JSON.parse(text) as Level3Request);
      }
    }
  }

  #write(type: string, symbol: string, lists: Readonly<Record<'bids' | 'asks', string>>): string {
    const digits = (text: string): string => text.replace('.', '').replace(/^0+/, '');
    const { asks, bids } = this.bookOf(symbol);
    const text = [...sortSide(asks, 1), ...sortSide(bids, -1)]
      .map(({ price, qty }) => digits(price) + digits(qty))
      .join('');
    return (
      `{"channel":"level3","type":"${type}","data":[{"symbol":"${symbol}","checksum":` +
      `${crc32(text)},"bids":[${lists.bids}],"asks":[${lists.asks}]}]}`
    );
  }

  #answer(socket: FakeSocket, request: Level3Request): void {
    const { method, params, req_id: id } = request;
    if (!params) return socket.frame(`{"method":"pong","req_id":${id},${TIMES}}`);
    this.requests.push(request);
    for (const symbol of params.symbol ?? []) {
      const head = `"method":"${method}","req_id":${id}`;
      if (params.token !== TOKEN) {
        const error = 'ESession:Invalid session';
        socket.frame(`{"error":"${error}",${head},"success":false,"symbol":"${symbol}",${TIMES}}`);
        continue;
      }
      const result = `{"channel":"level3","depth":10,"snapshot":true,"symbol":"${symbol}"}`;
      socket.frame(`{${head},"result":${result},"success":true,${TIMES}}`);
      if (method === 'subscribe') socket.frame(this.describe(symbol));
    }
  }
}
