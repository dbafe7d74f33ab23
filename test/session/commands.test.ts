import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/model/error.js';
import type { OrderResult } from '../../src/model/message.js';
import type { CommandOutcome, OrderCommand } from '../../src/model/order-entry.js';
import type { FakeSocket } from '../doubles/fake-dialer.js';
import { createFakeAuth, FAKE_ORDER_ENTRY, type FakeRequest } from '../doubles/fake-venue.js';
import {
  createBench,
  describeSent,
  type BenchOptions,
  type SessionBench,
} from './session-bench.js';

const ADD: OrderCommand = {
  kind: 'add',
  order: { symbol: 'A', side: 'buy', orderType: 'limit', size: '1', limitPrice: '99' },
  validate: false,
};

interface Sent {
  readonly outcomes: CommandOutcome[];
  readonly late: OrderResult[];
}

function give(bench: SessionBench, command: OrderCommand = ADD): Sent {
  const sent: Sent = { outcomes: [], late: [] };
  bench.session.command({
    command,
    onOutcome: (outcome) => sent.outcomes.push(outcome),
    onLateAnswer: (results) => sent.late.push(...results),
  });
  return sent;
}

async function open(options: BenchOptions = {}): Promise<SessionBench> {
  const bench = createBench({ auth: createFakeAuth(), ...options });
  await bench.connect();
  return bench;
}

const ordersOf = (socket: FakeSocket): FakeRequest[] =>
  socket.sent
    .map((text) => JSON.parse(text) as FakeRequest)
    .filter(({ op }) => op === 'add' || op === 'cancel');

function answer(socket: FakeSocket, results: readonly OrderResult[], requestId?: number): void {
  const id = requestId ?? ordersOf(socket).at(-1)?.id;
  const message = { type: 'order.answered', requestId: id, results } as const;
  socket.frame({ say: 'message', channel: 'control', message });
}

const YES: OrderResult = { ok: true, orderId: 'O1' };

describe('an order command', () => {
  it('is not sent where no socket is ready, and says so at once', () => {
    const bench = createBench();
    const { outcomes } = give(bench);
    expect(outcomes).toMatchObject([{ kind: 'not-sent', error: { code: 'ORDER_NOT_SENT' } }]);
  });

  it('that the venue would refuse for its form is not sent, and says why', async () => {
    const check = (): never => {
      throw new ConfigError('ORDER_INVALID', 'No size.', { facts: { field: 'size' } });
    };
    const bench = await open({ venue: { orderEntry: { ...FAKE_ORDER_ENTRY, check } } });
    const { outcomes } = give(bench);
    await bench.time.advance(10_000);
    expect(outcomes).toMatchObject([
      { kind: 'not-sent', error: { code: 'ORDER_INVALID', facts: { field: 'size' } } },
    ]);
    expect(ordersOf(bench.dialer.last())).toEqual([]);
  });

  it('is told where else to go, at a venue that takes no orders here', async () => {
    const venue = { orderEntry: undefined, ordersElsewhere: 'Write a letter.' } as object;
    const bench = createBench({ auth: createFakeAuth(), venue });
    const early = give(bench);
    await bench.connect();
    const late = give(bench);
    for (const { outcomes } of [early, late]) {
      expect(outcomes).toMatchObject([{ kind: 'not-sent', error: { code: 'ORDER_INVALID' } }]);
      const [outcome] = outcomes;
      const text = outcome?.kind === 'not-sent' ? outcome.error.message : '';
      expect(text).toMatch(/takes no orders on its sockets\. Write a letter\.$/);
    }
  });

  it('ends with the answer of the venue, once', async () => {
    const bench = await open();
    const { outcomes, late } = give(bench);
    await bench.time.advance(0);
    const socket = bench.dialer.last();
    expect(ordersOf(socket)).toMatchObject([{ op: 'add', token: 'key/1' }]);
    answer(socket, [YES]);
    answer(socket, [YES]);
    expect(outcomes).toEqual([{ kind: 'answered', results: [YES] }]);
    await bench.time.advance(10_000);
    bench.dialer.last().closed();
    expect(outcomes).toHaveLength(1);
    expect(late).toEqual([]);
  });

  it('that was sent before the socket was lost is unknown, and is never sent again', async () => {
    const bench = await open();
    const { outcomes } = give(bench);
    await bench.time.advance(0);
    bench.dialer.last().closed();
    expect(outcomes).toMatchObject([{ kind: 'unknown', error: { code: 'ORDER_UNKNOWN' } }]);
    await bench.time.advance(2_000);
    await bench.connect();
    await bench.time.advance(4_000);
    expect(bench.dialer.sockets).toHaveLength(2);
    expect(ordersOf(bench.dialer.last())).toEqual([]);
    expect(outcomes).toHaveLength(1);
  });

  it('that was being signed when the socket was lost was never sent', async () => {
    let sign = (): void => undefined;
    const auth = createFakeAuth('key', [], {
      decorate: (message) => new Promise((resolve) => (sign = () => resolve(message))),
    });
    const bench = await open({ auth });
    const { outcomes } = give(bench);
    await bench.time.advance(0);
    const socket = bench.dialer.last();
    socket.closed();
    sign();
    await bench.time.advance(0);
    expect(outcomes).toMatchObject([{ kind: 'not-sent' }]);
    expect(ordersOf(socket)).toEqual([]);
    await bench.time.advance(2_000);
    await bench.connect();
    await bench.time.advance(4_000);
    expect(ordersOf(bench.dialer.last())).toEqual([]);
  });

  it('that waits for the pace too long is taken back, and was never sent', async () => {
    const bench = await open({
      venue: { limits: limits({ count: 1, windowMs: 60_000 }) },
    });
    const { outcomes } = give(bench);
    await bench.time.advance(2_500);
    expect(outcomes).toMatchObject([{ kind: 'not-sent', error: { code: 'ORDER_NOT_SENT' } }]);
    await bench.time.advance(120_000);
    expect(ordersOf(bench.dialer.last())).toEqual([]);
  });

  it('without an answer in time is unknown, and a late answer is passed on', async () => {
    const bench = await open();
    const { outcomes, late } = give(bench);
    await bench.time.advance(2_000);
    expect(outcomes).toMatchObject([{ kind: 'unknown', error: { facts: { command: 'add' } } }]);
    answer(bench.dialer.last(), [YES]);
    expect(outcomes).toHaveLength(1);
    expect(late).toEqual([YES]);
  });

  it('is not answered by what comes before it has left, and is answered after it', async () => {
    let sign = (): void => undefined;
    const auth = createFakeAuth('key', [], {
      decorate: (message) => new Promise((resolve) => (sign = () => resolve(message))),
    });
    const bench = await open({ auth });
    const { outcomes, late } = give(bench);
    await bench.time.advance(0);
    const socket = bench.dialer.last();
    // Requests are counted, so that a server can tell which comes next.
    for (let requestId = 0; requestId < 20; requestId += 1) {
      answer(socket, [YES], requestId);
      socket.frame({ say: 'refused', code: 'VENUE_REFUSED', id: requestId });
    }
    expect([...outcomes, ...late]).toEqual([]);
    sign();
    await bench.time.advance(0);
    expect(ordersOf(socket)).toHaveLength(1);
    answer(socket, [YES]);
    expect(outcomes).toEqual([{ kind: 'answered', results: [YES] }]);
  });

  it.each([
    ['a big integer', 5n],
    ['itself', selfContaining()],
    ['a thrower', { toJSON: () => fail() }],
  ])('that holds %s cannot be written, and is refused with the session unharmed', async (_, it) => {
    const bench = await open();
    const order = { ...('order' in ADD ? ADD.order : fail()), venueFields: { it } };
    const { outcomes } = give(bench, { kind: 'add', order, validate: false });
    expect(outcomes).toMatchObject([{ kind: 'not-sent', error: { code: 'ORDER_INVALID' } }]);
    await bench.time.advance(0);
    expect(ordersOf(bench.dialer.last())).toEqual([]);
    give(bench);
    await bench.time.advance(0);
    expect(ordersOf(bench.dialer.last())).toHaveLength(1);
  });

  it('is refused by words that name no method but its request', async () => {
    const bench = await open();
    const { outcomes } = give(bench);
    await bench.time.advance(0);
    const socket = bench.dialer.last();
    socket.frame({ say: 'refused', code: 'RATE_LIMITED', id: ordersOf(socket).at(-1)?.id });
    expect(outcomes).toMatchObject([
      { kind: 'answered', results: [{ ok: false, code: 'RATE_LIMITED' }] },
    ]);
    expect(bench.heard.filter((one) => one.startsWith('refused'))).toEqual([]);
  });

  it('on several orders gathers an answer for each', async () => {
    const bench = await open();
    const targets = [{ orderId: 'O1' }, { orderId: 'O2' }];
    const { outcomes } = give(bench, { kind: 'cancel', targets });
    await bench.time.advance(0);
    answer(bench.dialer.last(), [YES]);
    expect(outcomes).toEqual([]);
    const no: OrderResult = { ok: false, code: 'VENUE_REFUSED', venueText: 'no', likelyCause: '' };
    answer(bench.dialer.last(), [no]);
    expect(outcomes).toEqual([{ kind: 'answered', results: [YES, no] }]);
  });

  it('keeps the answers that came where the rest is unknown', async () => {
    const bench = await open();
    const targets = [{ orderId: 'O1' }, { orderId: 'O2' }];
    const { outcomes } = give(bench, { kind: 'cancel', targets });
    await bench.time.advance(0);
    answer(bench.dialer.last(), [YES]);
    bench.dialer.last().closed();
    expect(outcomes).toMatchObject([{ kind: 'unknown', results: [YES] }]);
  });

  it('goes before subscriptions that wait for the pace', async () => {
    const bench = await open({ venue: { limits: limits({ count: 2, windowMs: 1_000 }) } });
    bench.want('book A', 'trades A', 'ticker A', 'candles A');
    give(bench);
    await bench.time.advance(1_500);
    const sent = describeSent(bench.dialer.last());
    // While it is signed, one public message goes out beside it.
    expect(sent).toHaveLength(4);
    expect(sent.slice(2)).toContain('add user');
  });

  it('ends with the session', async () => {
    const bench = await open();
    const { outcomes } = give(bench);
    await bench.time.advance(0);
    const closing = bench.session.close();
    expect(outcomes).toMatchObject([{ kind: 'unknown' }]);
    bench.dialer.last().closed();
    await closing;
    expect(give(bench).outcomes).toMatchObject([{ kind: 'not-sent' }]);
  });
});

function fail(): never {
  throw new Error('Not this.');
}

function selfContaining(): object {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

function limits(messages: { readonly count: number; readonly windowMs: number }) {
  const connects = { count: 8, windowMs: 1_000 };
  return { connects, messages, subscribeWithinMs: 5_000, maxFrameBytes: 2 ** 20 };
}
