import { describe, expect, it } from 'vitest';
import { openDeadMansSwitch } from '../../../src/feed/orders/dead-mans-switch.js';
import { ConnectionError } from '../../../src/model/error.js';
import type { OrderOutcome, SwitchOptions, SwitchState } from '../../../src/model/order-calls.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

const REFUSED: OrderOutcome = {
  ...{ kind: 'refused', command: 'cancel-all-after', wasSent: false },
  error: new ConnectionError('ORDER_NOT_SENT', 'There is no socket.'),
};

function open(options: SwitchOptions = {}) {
  const time = createVirtualTime();
  const asked: number[] = [];
  const states: SwitchState['status'][] = [];
  const venue = { answers: true };
  const held = openDeadMansSwitch(options, {
    runtime: time,
    onChange: ({ status }) => states.push(status),
    onClosed: () => undefined,
    entry: {
      async cancelAllOrdersAfter(seconds) {
        asked.push(seconds);
        if (!venue.answers) return REFUSED;
        const triggersAtMs = seconds === 0 ? NaN : time.clock.nowMs() + seconds * 1_000;
        return {
          kind: 'acknowledged',
          command: 'cancel-all-after',
          means: 'accepted',
          triggersAtMs,
        };
      },
    },
  });
  return { time, asked, states, venue, held };
}

describe("a dead-man's switch", () => {
  it('is armed at once, and again in a third of its time', async () => {
    const { time, asked, held } = open();
    await time.advance(0);
    expect(held.state).toEqual({ status: 'armed', triggersAtMs: time.clock.nowMs() + 60_000 });
    await time.advance(40_000);
    expect(asked).toEqual([60, 60, 60]);
  });

  it.each([
    ['says that it is not well', () => false],
    [
      'cannot say how it is',
      () => {
        throw new Error('Broken.');
      },
    ],
  ])('runs down where the program %s', async (_, isHealthy) => {
    let isWell = true;
    const { time, asked, held } = open({ isHealthy: () => (isWell ? true : isHealthy()) });
    await time.advance(1_000);
    isWell = false;
    await time.advance(58_000);
    expect(held.state.status).toBe('armed');
    await time.advance(2_000);
    expect(held.state.status).toBe('unarmed');
    expect(asked).toEqual([60]);
  });

  it('stays armed while a few answers are missed, and says when that was too long', async () => {
    const { time, states, venue, held } = open();
    await time.advance(0);
    venue.answers = false;
    await time.advance(59_000);
    expect(held.state.status).toBe('armed');
    await time.advance(1_000);
    expect(held.state.status).toBe('unarmed');
    venue.answers = true;
    await time.advance(20_000);
    // It ran down, and the attempt of that moment says why it failed.
    expect(states).toEqual(['armed', 'unarmed', 'unarmed', 'armed']);
  });

  it('is called off when it is closed, once, and asks nothing more', async () => {
    const { time, asked, held } = open();
    await time.advance(0);
    const [first, second] = [held.close(), held.close()];
    expect(second).toBe(first);
    expect(await first).toMatchObject({ kind: 'acknowledged' });
    await time.advance(120_000);
    expect(asked).toEqual([60, 0]);
    expect(held.state).toEqual({ status: 'unarmed', reason: 'It was called off.' });
  });

  it.each<SwitchOptions>([
    { timeoutSeconds: 1 },
    { timeoutSeconds: 1.5 },
    { timeoutSeconds: 86_400 },
    { rearmEveryMs: 60_000 },
    { rearmEveryMs: 10 },
    { rearmEveryMs: NaN },
  ])('refuses %j', (options) => {
    expect(() => open(options)).toThrow("dead-man's switch");
  });
});
