import { describe, expect, it } from 'vitest';
import { openDeadMansSwitch } from '../../../src/feed/orders/dead-mans-switch.js';
import { ConnectionError } from '../../../src/model/error.js';
import type {
  AcknowledgedOrder,
  OrderOutcome,
  SettledOrder,
  SwitchOptions,
  SwitchState,
} from '../../../src/model/order-calls.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

const REFUSED: OrderOutcome = {
  kind: 'refused',
  command: 'cancel-all-after',
  wasSent: false,
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

/** A venue whose answers the test gives, in any order and at any time. */
function openSlowly(options: SwitchOptions = {}) {
  const time = createVirtualTime();
  const states: SwitchState['status'][] = [];
  const asked: { readonly seconds: number; answer(outcome: OrderOutcome): void }[] = [];
  const held = openDeadMansSwitch(options, {
    runtime: time,
    onChange: ({ status }) => states.push(status),
    onClosed: () => undefined,
    entry: {
      cancelAllOrdersAfter: (seconds) =>
        new Promise((answer) => {
          asked.push({ seconds, answer });
        }),
    },
  });
  const answer = async (index: number, outcome: OrderOutcome): Promise<void> => {
    asked[index]?.answer(outcome);
    await time.advance(0);
  };
  return { time, states, asked, answer, held };
}

const YES: AcknowledgedOrder = {
  kind: 'acknowledged',
  command: 'cancel-all-after',
  means: 'accepted',
};

/** Without an answer in time; `settle` says what turned out. */
function lose() {
  let settle: (settled: SettledOrder) => void = () => undefined;
  const settled = new Promise<SettledOrder>((resolve) => (settle = resolve));
  const error = new ConnectionError('TIMED_OUT', 'No answer came.');
  const outcome = { kind: 'unknown', command: 'cancel-all-after', error, settled } as const;
  return { outcome, settle: (what: SettledOrder) => settle(what) };
}

describe("a dead-man's switch whose answers come late", () => {
  it('is armed by an answer that came after all, counted from the question', async () => {
    const { time, states, answer, held } = openSlowly({ rearmEveryMs: 50_000 });
    const startMs = time.clock.nowMs();
    await time.advance(10_000);
    const { outcome, settle } = lose();
    await answer(0, outcome);
    expect(held.state).toEqual({ status: 'unarmed', reason: 'No answer came.' });
    await time.advance(5_000);
    settle(YES);
    await time.advance(0);
    expect(held.state).toEqual({ status: 'armed', triggersAtMs: startMs + 60_000 });
    await time.advance(44_999);
    expect(held.state.status).toBe('armed');
    await time.advance(1);
    expect(states).toEqual(['unarmed', 'armed', 'unarmed']);
  });

  it('is not armed by one that comes when its time is over', async () => {
    const { time, answer, held } = openSlowly({ timeoutSeconds: 3, rearmEveryMs: 2_900 });
    const { outcome, settle } = lose();
    await answer(0, outcome);
    await time.advance(3_000);
    settle(YES);
    await time.advance(0);
    expect(held.state.status).toBe('unarmed');
  });

  it('goes by the last question, whatever is answered after it', async () => {
    const { time, answer, held } = openSlowly();
    const startMs = time.clock.nowMs();
    await time.advance(20_000);
    await answer(1, YES);
    await answer(0, YES);
    expect(held.state).toEqual({ status: 'armed', triggersAtMs: startMs + 80_000 });
  });

  it('stays as it was called off, whatever is answered after that', async () => {
    const { time, asked, answer, held } = openSlowly();
    const closing = held.close();
    await time.advance(0);
    expect(asked.map(({ seconds }) => seconds)).toEqual([60, 0]);
    await answer(1, YES);
    await closing;
    await answer(0, YES);
    expect(held.state).toEqual({ status: 'unarmed', reason: 'It was called off.' });
    expect(time.armedCount).toBe(0);
  });
});

describe("a dead-man's switch that cannot be called off", () => {
  it('says until when the venue may cancel everything', async () => {
    const { time, answer, held } = openSlowly();
    const startMs = time.clock.nowMs();
    await answer(0, YES);
    await time.advance(1_000);
    void held.close();
    await answer(1, REFUSED);
    expect(held.state).toEqual({
      status: 'running-down',
      triggersAtMs: startMs + 60_000,
      reason: 'It was left to run down: There is no socket.',
    });
    expect(time.armedCount).toBe(0);
  });

  it('says so also where the last question was not answered', async () => {
    const { answer, held } = openSlowly();
    await answer(0, lose().outcome);
    void held.close();
    await answer(1, lose().outcome);
    expect(held.state.status).toBe('running-down');
  });

  it('is called off by an answer that came after all', async () => {
    const { time, answer, held } = openSlowly();
    await answer(0, YES);
    void held.close();
    const { outcome, settle } = lose();
    await answer(1, outcome);
    expect(held.state.status).toBe('running-down');
    settle(YES);
    await time.advance(0);
    expect(held.state).toEqual({ status: 'unarmed', reason: 'It was called off.' });
  });

  it('cancels nothing where it was never armed', async () => {
    const { answer, held } = openSlowly();
    await answer(0, REFUSED);
    void held.close();
    await answer(1, REFUSED);
    expect(held.state.status).toBe('unarmed');
  });
});

describe('a program that promises to say how it is', () => {
  it('has not said that it is well', async () => {
    const isHealthy = (() => Promise.resolve(false)) as unknown as () => boolean;
    const { time, asked, held } = open({ isHealthy });
    await time.advance(30_000);
    expect(asked).toEqual([]);
    expect(held.state).toEqual({
      status: 'unarmed',
      reason: 'The program does not say that it is well.',
    });
  });
});
