/**
 * The vendor's recipe for a book, followed to the letter on the texts of frames and sharing nothing
 * with the project: no number is ever parsed but to sort.
 */
export interface CheckedBook {
  readonly bids: Map<string, string>;
  readonly asks: Map<string, string>;
}

export interface Checked {
  readonly computed: number;
  readonly received: number;
}

/** CRC-32, bit by bit. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const character of text) {
    crc ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const ZERO = /^0(\.0*)?$/;

function digits(text: string): string {
  return text.replace('.', '').replace(/^0+/, '');
}

function apply(side: Map<string, string>, price: string, size: string): void {
  if (ZERO.test(size)) side.delete(price);
  else side.set(price, size);
}

/** Best first. Sorting doubles is fast, and no two prices of a pair are the same double. */
function rank(prices: Iterable<string>, isBid: boolean): string[] {
  const texts = new Map([...prices].map((price) => [Number(price), price]));
  const sorted = Array.from(Float64Array.from(texts.keys()).sort(), (one) => texts.get(one) ?? '');
  return isBid ? sorted.reverse() : sorted;
}

function best(side: Map<string, string>, isBid: boolean): [string, string][] {
  return rank(side.keys(), isBid).map((price) => [price, side.get(price) ?? '']);
}

function cut(book: CheckedBook, depth: number): void {
  for (const [side, isBid] of [
    [book.bids, true],
    [book.asks, false],
  ] as const) {
    if (side.size <= depth) continue;
    for (const price of rank(side.keys(), isBid).slice(depth)) side.delete(price);
  }
}

export function checksumOf(book: CheckedBook): number {
  const parts = [...best(book.asks, false).slice(0, 10), ...best(book.bids, true).slice(0, 10)];
  return crc32(parts.map(([price, size]) => digits(price) + digits(size)).join(''));
}

export function emptyBook(): CheckedBook {
  return { bids: new Map(), asks: new Map() };
}

/** The levels of one side of a v2 frame, as texts. */
function v2Levels(text: string, side: 'bids' | 'asks'): [string, string][] {
  const [, list = ''] = new RegExp(`"${side}":\\[(.*?)\\]`).exec(text) ?? [];
  return [...list.matchAll(/\{"price":([^,]*),"qty":([^}]*)\}/g)].map(([, price, size]) => [
    price ?? '',
    size ?? '',
  ]);
}

/** Applies a v2 frame, entry by entry, each cut to the depth or only all together. */
export function applyV2(
  book: CheckedBook,
  text: string,
  { depth, cutEach = false }: { depth: number; cutEach?: boolean },
): Checked {
  if (text.includes('"type":"snapshot"')) {
    book.bids.clear();
    book.asks.clear();
  }
  for (const side of ['bids', 'asks'] as const) {
    for (const [price, size] of v2Levels(text, side)) {
      apply(book[side], price, size);
      if (cutEach) cut(book, depth);
    }
  }
  cut(book, depth);
  const [, received = 'none'] = /"checksum":(\d+)/.exec(text) ?? [];
  return { computed: checksumOf(book), received: Number(received) };
}

/** Applies a v1 frame; snapshots have no checksum, of them nothing is returned. */
export function applyV1(book: CheckedBook, text: string, depth: number): Checked | undefined {
  const frame = JSON.parse(text) as unknown[];
  const payloads = frame.slice(1, -2) as Record<string, unknown>[];
  for (const payload of payloads) {
    for (const [name, side] of [
      ['as', 'asks'],
      ['bs', 'bids'],
      ['a', 'asks'],
      ['b', 'bids'],
    ] as const) {
      const levels = (payload[name] ?? []) as [string, string][];
      if (name.endsWith('s') && payload[name] !== undefined) book[side].clear();
      for (const [price, size] of levels) apply(book[side], price, size);
    }
  }
  cut(book, depth);
  const received = payloads.at(-1)?.c;
  return received === undefined
    ? undefined
    : { computed: checksumOf(book), received: Number(received) };
}

interface CheckedOrder {
  readonly id: string;
  readonly price: string;
  readonly size: string;
}

type Queues = Map<string, CheckedOrder[]>;

/** Orders by price, in queue order, as a client keeps them. */
export interface CheckedOrders {
  readonly bids: Queues;
  readonly asks: Queues;
}

/** Applies a level3 frame, cuts to whole prices, and computes the checksum over orders. */
export function applyOrders(book: CheckedOrders, text: string, depth: number): Checked {
  const chosen: string[] = [];
  for (const side of ['asks', 'bids'] as const) {
    const queues = book[side];
    if (text.includes('"type":"snapshot"')) queues.clear();
    const [, body = ''] = new RegExp(`"${side}":\\[(.*?)\\]`).exec(text) ?? [];
    for (const [, entry = ''] of body.matchAll(/\{(.*?)\}/g)) applyOrder(queues, entry);
    const prices = rank(queues.keys(), side === 'bids');
    for (const price of prices.slice(depth)) queues.delete(price);
    const top = prices.slice(0, 10).flatMap((price) => queues.get(price) ?? []);
    chosen.push(...top.map(({ price, size }) => digits(price) + digits(size)));
  }
  const [, received = 'none'] = /"checksum":(\d+)/.exec(text) ?? [];
  return { computed: crc32(chosen.join('')), received: Number(received) };
}

/** Strict: an order is added once, and only what is there is changed. */
function applyOrder(queues: Queues, entry: string): void {
  const read = (name: string): string => new RegExp(`"${name}":"?([^",}]*)`).exec(entry)?.[1] ?? '';
  const order = { id: read('order_id'), price: read('limit_price'), size: read('order_qty') };
  const queue = queues.get(order.price) ?? [];
  queues.set(order.price, queue);
  const index = queue.findIndex(({ id }) => id === order.id);
  const event = read('event') || 'add';
  if ((event === 'add') === index >= 0) throw new Error(`Impossible: ${event} of ${order.id}.`);
  if (event === 'add') queue.push(order);
  else if (event === 'modify') queue.splice(index, 1, order);
  else queue.splice(index, 1);
  if (queue.length === 0) queues.delete(order.price);
}
