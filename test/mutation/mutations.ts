import type { SimulatedVenue } from '../simulation/exchanges.js';

/** A bug, planted by replacing one text of a source file. */
export interface Mutation {
  readonly name: string;
  /** From `src/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Where it shows; books of Coinbase and Kraken by default. */
  readonly venues?: readonly SimulatedVenue[];
  /** Orders a seed, where it shows only with orders. */
  readonly orders?: number;
}

/** Bugs as they are written by accident, in session, tracker, book, codec and recovery. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a gap of numbers is accepted',
    file: 'sequence/ordered-counter.ts',
    find: "return { kind: 'gap', expected, received };\n    },\n  };\n}",
    replace: 'return ACCEPT;\n    },\n  };\n}',
    venues: ['coinbase'],
  },
  {
    name: 'frames that come late are read',
    file: 'sequence/ordered-counter.ts',
    find: 'if (received < expected) return checkLower(received, expected);',
    replace: 'if (received < expected) return ACCEPT;',
    venues: ['coinbase'],
  },
  {
    name: 'a gap is told and its books stay live',
    file: 'feed/frame-reader.ts',
    find: "const announce = this.distrust(suspects, { reason: 'sequence-gap', detail });",
    replace: "const announce = this.distrust([], { reason: 'sequence-gap', detail });",
  },
  {
    name: 'a frame that cannot be read is passed over',
    file: 'feed/frame-reader.ts',
    find: 'const announce = this.distrust(this.#parts.table.all, cause);',
    replace: 'const announce = this.distrust([], cause);',
  },
  {
    name: 'the checksum is not compared',
    file: 'book/book.ts',
    find: 'if (computed !== message.checksum) {',
    replace: 'if (Number.isNaN(computed)) {',
    venues: ['kraken', 'kraken-v1'],
  },
  {
    name: 'a fault is found and the book stays live',
    file: 'book/book.ts',
    find: 'keeping.life.markStale(cause, atMs);\n  return',
    replace: 'return',
  },
  {
    name: 'what overtook the snapshot is forgotten',
    file: 'feed/delta-buffer.ts',
    find: 'return isWhole ? later : undefined;',
    replace: 'return isWhole ? [] : undefined;',
    venues: ['coinbase'],
  },
  {
    name: 'books stay live when the socket is lost',
    file: 'feed/socket-link.ts',
    find: 'filter((stream) => stream.trusted?.distrust(cause));\n    for',
    replace: 'filter(() => false);\n    for',
  },
  {
    name: 'nothing is asked for after a loss',
    file: 'feed/recovery-driver.ts',
    find: 'for (const [means, streams] of requests) this.#host.request(means, streams);',
    replace: '',
  },
  {
    name: 'recovery has no clock',
    file: 'feed/recovery-driver.ts',
    find: 'if (dueAtMs === Infinity) return;',
    replace: 'if (dueAtMs > 0) return;',
  },
  {
    name: 'a dead socket is never given up',
    file: 'session/liveness.ts',
    find: 'parts.onDead(describeSilence(silentMs, pongSinceProbe, heartbeatSeen));',
    replace: '',
  },
  {
    name: 'a new socket is asked for nothing',
    file: 'session/subscriptions.ts',
    find: "else if (entry.state.status !== 'refused') {\n      entry.tries = 0;",
    replace: "else if (entry.state.status === 'wanted') {\n      entry.tries = 0;",
  },
  {
    name: 'timers of a session outlive it',
    file: 'session/timer-scope.ts',
    find: 'for (const cancel of cancels) cancel();',
    replace: '',
  },
  {
    name: 'a number that is missing counts as one that could not be read',
    file: 'feed/sequence-guard.ts',
    find: 'missing > 0 && missing <= unreadable;',
    replace: 'missing > 0;',
    venues: ['coinbase'],
  },
  {
    name: 'the fast reader takes the price for the size',
    file: 'wire/shape-kernel.ts',
    find: 'sizeUnits: new Float64Array(buffer, numbers.SIZE_UNITS_AT, LEVELS_MAX),',
    replace: 'sizeUnits: new Float64Array(buffer, numbers.PRICE_UNITS_AT, LEVELS_MAX),',
    venues: ['coinbase'],
  },
  {
    name: 'the last level of a side is not read',
    file: 'wire/shape-kernel.ts',
    find: 'columns.borrow(this.#levels, count, this.#digitsMost);',
    replace: 'columns.borrow(this.#levels, count - Number(count > 1), this.#digitsMost);',
    venues: ['kraken'],
  },
  {
    name: 'a level of size zero stays',
    file: 'book/sorted-runs.ts',
    find: 'if (size !== 0) this.sizes[at] = size;',
    replace: 'if (size !== -1) this.sizes[at] = size;',
  },
  {
    name: 'a level that is taken out of a ladder leaves its mark',
    file: 'book/tick-ladder.ts',
    find: '& ~(1 << slot)) |',
    replace: ') |',
  },
  {
    name: 'a run of levels that is split loses one',
    file: 'book/sorted-runs.ts',
    find: 'this.#fills[run] = this.#fills[run + 1] = half;',
    replace: 'this.#fills[run] = half - 1; this.#fills[run + 1] = half;',
  },
  {
    name: 'a fill that is told again is a new one',
    file: 'feed/account/fill-store.ts',
    find: 'if (known) {',
    replace: 'if (known === null) {',
    venues: ['kraken', 'kraken-v1'],
    orders: 30,
  },
  {
    name: 'a token that ended is used again',
    file: 'auth/ticket-cache.ts',
    find: 'if (entry.held?.ticket === ticket) entry.held = undefined;',
    replace: '',
    venues: ['kraken', 'kraken-v1'],
    orders: 30,
  },
  {
    name: 'an order whose answer is lost counts as not sent',
    file: 'feed/orders/command-flight.ts',
    find: "if (outcome.kind === 'not-sent') {",
    replace: "if (outcome.kind !== 'answered') {",
    venues: ['kraken', 'kraken-v1'],
    orders: 30,
  },
  {
    name: 'a lost amendment counts as done wherever the order is there',
    file: 'feed/orders/lost-commands.ts',
    find: 'if (isAsWished(order, wishes)) {',
    replace: 'if (wishes.length > 0) {',
    venues: ['kraken', 'kraken-v1'],
    orders: 30,
  },
  {
    name: 'orders that vanish in a loss stay open',
    file: 'feed/recovery-driver.ts',
    find: 'if (stream.account && LOSSES.includes(input)) this',
    replace: 'if (stream.account && LOSSES.length === 0) this',
    orders: 30,
  },
  {
    name: 'a hole in the ids of trades is not told',
    file: 'feed/trade-memory.ts',
    find: "if (verdict.kind === 'gap') outcomes.push({ ...verdict, kind: 'gapped' });",
    replace: '',
    venues: ['kraken'],
  },
  {
    name: 'a trade that is listed again is a new one',
    file: 'feed/trade-memory.ts',
    find: 'if (this.#staleInRow <= MAX_STALE_IN_ROW) continue;',
    replace: 'if (this.#staleInRow > MAX_STALE_IN_ROW) continue;',
  },
  {
    name: 'the checksum of an order-by-order book is not compared',
    file: 'book/order-queue-book.ts',
    find: 'if (computed !== message.checksum) {',
    replace: 'if (Number.isNaN(computed)) {',
    venues: ['kraken'],
  },
  {
    name: 'deltas that wait for a snapshot are never given up',
    file: 'feed/delta-buffer.ts',
    find: 'while (deltas.length > limits.maxDeltas || levelCount > limits.maxLevels) {',
    replace: 'while (levelCount > limits.maxLevels) {',
  },
  {
    name: 'a good key that is refused for a while is given up',
    file: 'session/refusal-judge.ts',
    find: 'if (!MAY_PASS.has(code)) return undefined;',
    replace: 'if (MAY_PASS.size > 0) return undefined;',
    venues: ['coinbase', 'kraken', 'cloud9trader'],
    orders: 30,
  },
];
