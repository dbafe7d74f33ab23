import { describe, expect, it } from 'vitest';
import { CommandFlight } from '../../../src/feed/orders/command-flight.js';
import { Settlements } from '../../../src/feed/orders/settlements.js';
import type { OrderReport } from '../../../src/model/account.js';
import { ConnectionError } from '../../../src/model/error.js';
import type { OrderResult } from '../../../src/model/message.js';
import type { SettledOrder } from '../../../src/model/order-calls.js';
import type { NewOrder, OrderCommand } from '../../../src/model/order-entry.js';
import type { Runtime } from '../../../src/model/runtime.js';
import { FAKE_ORDER_ENTRY } from '../../doubles/fake-venue.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

const LOST = new ConnectionError('ORDER_UNKNOWN', 'No answer came.');
const TAKEN: OrderResult = { ok: true, orderId: 'O1', clientOrderId: 'mine' };

function open(kind: 'add' | 'cancel' = 'add') {
  const time = createVirtualTime();
  const evidence = {
    isLive: true,
    orders: [] as OrderReport[],
    askAnew: () => undefined,
    findOrders: () => evidence.orders,
    findFills: () => [],
    listOrders: () => evidence.orders,
  };
  const settlements = new Settlements(evidence, time);
  const claimed: string[] = [];
  settlements.claim = (orderId) => void claimed.push(orderId);
  const target = { clientOrderId: 'mine' };
  const command: OrderCommand =
    kind === 'add' ? { kind, order: {} as NewOrder, validate: false } : { kind, targets: [target] };
  const subjects = [{ command: kind, ...target }];
  const runtime = time as unknown as Runtime;
  const flight = new CommandFlight(
    { command, targets: [target], subjects },
    { rule: FAKE_ORDER_ENTRY, runtime, settlements },
  );
  return { flight, time, evidence, claimed };
}

describe('a command that was handed to a socket', () => {
  it('has left, for all that is known, until the socket says that it has not', () => {
    const { flight } = open();
    expect(flight.hasLeft).toBe(true);
    const [outcome] = flight.conclude({ kind: 'not-sent', error: LOST });
    expect(outcome).toMatchObject({ kind: 'refused', wasSent: false, error: LOST });
    expect(flight.hasLeft).toBe(false);
  });

  it('claims the order that its answer names', () => {
    const { flight, claimed } = open();
    const [outcome] = flight.conclude({ kind: 'answered', results: [TAKEN] });
    expect(outcome).toMatchObject({ kind: 'acknowledged', orderId: 'O1' });
    expect([claimed, flight.hasLeft]).toEqual([['O1'], true]);
  });

  it('claims none where it places none', () => {
    const { flight, claimed } = open('cancel');
    flight.conclude({ kind: 'answered', results: [TAKEN] });
    expect(claimed).toEqual([]);
  });

  it('is settled by an answer that comes late, whose order is claimed', async () => {
    const { flight, claimed } = open();
    const [outcome] = flight.conclude({ kind: 'unknown', error: LOST, results: [] });
    if (outcome?.kind !== 'unknown') throw new Error('That is known.');
    flight.noteLateAnswer([TAKEN]);
    expect(await outcome.settled).toMatchObject({ kind: 'acknowledged', orderId: 'O1' });
    expect(claimed).toEqual(['O1']);
  });

  it('claims the order of a late answer also where nothing waits for it', () => {
    const { flight, claimed } = open();
    flight.conclude({ kind: 'answered', results: [{ ...TAKEN, orderId: 'O0' }] });
    flight.noteLateAnswer([TAKEN]);
    expect(claimed).toEqual(['O0', 'O1']);
  });

  it('is looked for in the account where no answer comes', async () => {
    const { flight, time, evidence } = open();
    const found: { settled?: SettledOrder } = {};
    const [outcome] = flight.conclude({ kind: 'unknown', error: LOST, results: [] });
    if (outcome?.kind !== 'unknown') throw new Error('That is known.');
    void outcome.settled.then((settled) => (found.settled = settled));
    const order = { orderId: 'O1', clientOrderId: 'mine', status: 'open' } as OrderReport;
    evidence.orders = [order];
    await time.advance(1_000);
    expect(found.settled).toEqual({ kind: 'found', order, fills: [] });
  });
});
