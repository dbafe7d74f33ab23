import { describe, expect, it } from 'vitest';
import { createFakeAuth } from '../doubles/fake-venue.js';
import { createBench, describeSent, toSubscription } from './session-bench.js';

const refused = { say: 'refused', code: 'AUTH_REFUSED' } as const;
/** Long silences are not what these tests are about. */
const patient = { liveness: { silentAfterMs: 4_000_000 } };

/** A session that was granted `user`. */
async function openGranted(reactions: Parameters<typeof createFakeAuth>[1] = []) {
  const bench = createBench({ auth: createFakeAuth('key', reactions), venue: patient });
  bench.want('user');
  const socket = await bench.connect();
  const grant = (): void => socket.frame({ say: 'held', held: { heartbeats: [], user: [] } });
  grant();
  return { bench, socket, grant };
}

/** The same, which has just asked for `user` anew. */
async function openAsking(reactions: Parameters<typeof createFakeAuth>[1] = []) {
  const granted = await openGranted(reactions);
  const { bench, socket } = granted;
  bench.session.resubscribe([toSubscription('user')]);
  socket.frame({ say: 'held', held: { heartbeats: [] } });
  await bench.time.advance(100);
  return granted;
}

/** The same on a second socket, after the first was lost. */
async function openAgain(reactions: Parameters<typeof createFakeAuth>[1] = []) {
  const { bench, socket: first } = await openGranted(reactions);
  first.closed();
  await bench.time.advance(1_000);
  return { bench, socket: await bench.connect() };
}

describe('a key that was accepted before', () => {
  it('asks again, ever more rarely, for what was accepted before', async () => {
    const { bench, socket, grant } = await openAsking();
    bench.news();
    socket.frame(refused);
    await bench.time.advance(100);
    const pausesMs: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      bench.news();
      const sentBefore = socket.sent.length;
      socket.frame(refused);
      expect(bench.news()).toEqual(['auth refused AUTH_REFUSED', 'refused user AUTH_REFUSED']);
      const pauseMs = Number(bench.errors.at(-2)?.facts.retryInMs);
      pausesMs.push(pauseMs);
      await bench.time.advance(pauseMs - 1);
      expect(socket.sent).toHaveLength(sentBefore);
      await bench.time.advance(1);
      expect(describeSent(socket).slice(sentBefore)).toEqual(['subscribe user']);
    }
    // As long again as it has lasted, with 100 ms from the first refusal to the second.
    expect(pausesMs).toEqual([
      30_000, 30_100, 60_200, 120_400, 240_800, 481_600, 900_000, 900_000, 900_000,
    ]);
    grant();
    expect(bench.news()).toEqual(['subscribed user']);
  });

  it('gives nothing up while a good key is in trouble, also what is new', async () => {
    const { bench, socket } = await openAgain();
    bench.want('user', 'balances');
    for (let count = 0; count < 4; count += 1) {
      socket.frame(refused);
      await bench.time.advance(100);
    }
    expect(bench.heard.filter((one) => one.endsWith('for good'))).toEqual([]);
    const sentBefore = socket.sent.length;
    await bench.time.advance(31_000);
    expect(describeSent(socket).slice(sentBefore).sort()).toEqual([
      'subscribe balances',
      'subscribe user',
    ]);
  });

  it('gives up at once, also after an acceptance, where a person has to do something', async () => {
    const { bench, socket } = await openAgain(['fatal']);
    bench.news();
    socket.frame({ say: 'refused', code: 'AUTH_PERMISSION_DENIED' });
    expect(bench.news()).toContain('refused user AUTH_PERMISSION_DENIED for good');
  });

  it('waits for a lock of the venue to end, and asks once', async () => {
    const { bench, socket } = await openAgain(['fatal']);
    socket.frame({ say: 'refused', code: 'AUTH_LOCKED_OUT' });
    const sentBefore = socket.sent.length;
    await bench.time.advance(899_999);
    expect(socket.sent).toHaveLength(sentBefore);
    await bench.time.advance(1);
    expect(describeSent(socket).slice(sentBefore)).toEqual(['subscribe user']);
  });

  it('tries once for a clock that moved, not once more in each round', async () => {
    const reactions = Array.from({ length: 9 }, () => 'retry-after-clock-sync' as const);
    const { bench, socket } = await openAsking(reactions);
    socket.frame({ say: 'beat', counter: 1, at: bench.time.clock.nowMs() + 60_000 });
    const pausesMs: unknown[] = [];
    for (let refusals = 0; refusals < 5; refusals += 1) {
      bench.errors.length = 0;
      socket.frame(refused);
      const [error] = bench.errors;
      pausesMs.push(error?.facts.retryInMs);
      await bench.time.advance(Number(error?.facts.retryInMs ?? 100));
    }
    // The first, one made anew, one for the clock; then one after each pause.
    expect(pausesMs).toEqual([undefined, undefined, 30_000, 30_200, 60_400]);
  });
});
