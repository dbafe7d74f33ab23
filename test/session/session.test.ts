import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/model/error.js';
import type { FrameTap } from '../../src/model/session.js';
import { createFakeAuth } from '../doubles/fake-venue.js';
import { settle } from '../doubles/virtual-time.js';
import { createBench, describeSent, type BenchOptions } from './session-bench.js';

const dropIt = new ConnectionError('CONNECTION_CLOSED', 'Drop it.');

describe('a session from dial to goodbye', () => {
  it('dials with the limits of the venue, and is ready when the socket opens', async () => {
    const bench = createBench({ session: { caPem: 'PEM' } });
    expect(bench.session.status).toBe('idle');
    bench.session.open();
    bench.session.open();
    expect(bench.session.status).toBe('preparing');
    await settle();
    expect(bench.session.status).toBe('dialling');
    expect(bench.dialer.sockets).toHaveLength(1);
    expect(bench.dialer.last().target).toMatchObject({
      url: 'wss://market.fake.test/',
      maxFrameBytes: 16 * 2 ** 20,
      caPem: 'PEM',
    });
    bench.dialer.last().opened();
    expect(bench.session.status).toBe('ready');
    expect(bench.heard).toEqual(['ready']);
  });

  it('asks for the heartbeat and what is wanted at once, the heartbeat first', async () => {
    const bench = createBench();
    bench.want('book A', 'trades A', 'book B', 'status');
    const socket = await bench.connect();
    expect(bench.time.clock.monotonicMs()).toBe(0);
    expect(describeSent(socket)).toEqual([
      'subscribe heartbeats',
      'subscribe book A,B',
      'subscribe trades A',
      'subscribe status',
    ]);
  });

  it('asks for what the listener wants when it hears of readiness', async () => {
    const bench = createBench({
      listener: { onReady: () => bench.want('book A') },
    });
    const socket = await bench.connect();
    expect(describeSent(socket)).toEqual(['subscribe heartbeats', 'subscribe book A']);
  });

  it('dials again after any close code and asks for everything anew', async () => {
    for (const code of [1000, 1001, 1006, 1008, 1011, 3003, 4999]) {
      const bench = createBench();
      bench.want('book A');
      const exchange = await bench.serve();
      exchange.send({ say: 'beat', counter: 1 });
      bench.news();
      bench.dialer.last().closed({ code, reason: 'because' });
      expect(bench.session.status).toBe('waiting');
      expect(bench.news()).toEqual(['lost CONNECTION_CLOSED in 500']);
      expect(bench.errors.at(-1)?.facts).toMatchObject({ closeCode: code, reason: 'because' });
      await bench.time.advance(499);
      expect(bench.dialer.sockets).toHaveLength(1);
      await bench.time.advance(1);
      const socket = await bench.connect();
      expect(describeSent(socket)).toEqual(['subscribe heartbeats', 'subscribe book A']);
      expect(bench.news()).toEqual(['ready']);
    }
  });

  it('waits longer after each failed attempt, and starts over once data came', async () => {
    const bench = createBench();
    bench.session.open();
    for (const delayMs of [500, 1_000, 2_000, 4_000]) {
      await settle();
      bench.dialer.last().closed();
      expect(bench.news()).toEqual([`lost DIAL_FAILED in ${delayMs}`]);
      await bench.time.advance(delayMs);
    }
    await bench.serve();
    bench.dialer.last().closed();
    expect(bench.news()).toEqual(['ready', 'lost CONNECTION_CLOSED in 500']);
  });

  it('counts a socket that opened and delivered nothing as a failed attempt', async () => {
    const bench = createBench();
    for (const delayMs of [500, 1_000, 2_000]) {
      const socket = await bench.connect();
      socket.closed();
      expect(bench.news()).toEqual(['ready', `lost CONNECTION_CLOSED in ${delayMs}`]);
      await bench.time.advance(delayMs);
    }
  });

  it('gives up when the attempts are used up', async () => {
    const bench = createBench({ session: { maxAttempts: 2 } });
    bench.session.open();
    await settle();
    bench.dialer.last().closed();
    await bench.time.advance(500);
    bench.dialer.last().closed();
    expect(bench.session.status).toBe('closed');
    expect(bench.heard).toEqual(['lost DIAL_FAILED in 500', 'lost CONNECTION_EXHAUSTED']);
    expect(bench.time.armedCount).toBe(0);
    await bench.session.close();
  });

  it('says it loudly when a frame was too big, and dials again', async () => {
    const bench = createBench();
    const socket = await bench.connect();
    socket.closed({ code: 1009, failure: { kind: 'frame-too-big', limitBytes: 100 } });
    expect(bench.news()).toEqual(['ready', 'lost FRAME_TOO_BIG in 500']);
    expect(bench.logged).toEqual(['error FRAME_TOO_BIG']);
    expect(bench.session.status).toBe('waiting');
  });

  it('waits its turn where the address was dialled often', async () => {
    const bench = createBench({ venue: { liveness: { silentAfterMs: 60_000 } }, fraction: 0 });
    const startedAtMs: number[] = [];
    bench.session.open();
    for (let count = 0; count < 10; count += 1) {
      await settle();
      while (bench.dialer.sockets.length === count) await bench.time.advance(10);
      startedAtMs.push(bench.time.clock.monotonicMs());
      bench.dialer.last().closed();
      await bench.time.advance(100);
    }
    // Eight in a second are allowed; the least pause alone would have made it ten.
    expect(startedAtMs.slice(0, 8)).toEqual([0, 100, 200, 300, 400, 500, 600, 700]);
    expect(startedAtMs[8]).toBe(1_100);
  });

  it('dials again when told to, and hears nothing more of the old socket', async () => {
    const bench = createBench();
    await bench.serve();
    const old = bench.dialer.last();
    bench.news();
    bench.session.reconnect(dropIt);
    expect(bench.news()).toEqual(['lost CONNECTION_CLOSED in 500']);
    old.frame({ say: 'beat', counter: 2 });
    await bench.time.advance(500);
    expect(old.state).toBe('closed');
    expect(bench.dialer.sockets).toHaveLength(2);
    await bench.connect();
    expect(bench.news()).toEqual(['ready']);
    bench.session.reconnect(dropIt);
    bench.session.reconnect(dropIt);
    expect(bench.news()).toEqual(['lost CONNECTION_CLOSED in 1000']);
  });

  it('leaves a venue that drops every connection alone ever longer, until one lasts', async () => {
    const bench = createBench({ venue: { liveness: { silentAfterMs: 60_000 } } });
    for (const delayMs of [500, 1_000, 2_000, 4_000]) {
      await bench.serve();
      bench.dialer.last().frame({ n: 0, say: 'beat', counter: 1 });
      bench.news();
      bench.dialer.last().closed();
      expect(bench.news()).toEqual([`lost CONNECTION_CLOSED in ${delayMs}`]);
      await bench.time.advance(delayMs);
    }
    await bench.serve();
    bench.dialer.last().frame({ n: 0, say: 'beat', counter: 1 });
    await bench.time.advance(10_000);
    bench.news();
    bench.dialer.last().closed();
    expect(bench.news()).toEqual(['lost CONNECTION_CLOSED in 500']);
  });

  it('reports frames that cannot be decoded, and lives on', async () => {
    const bench = createBench();
    const exchange = await bench.serve();
    bench.news();
    bench.dialer.last().frame('{"say":');
    bench.dialer.last().frame('[]');
    bench.want('book A');
    exchange.answer();
    expect(bench.news()).toEqual([
      'bad frame FRAME_INVALID',
      'bad frame FRAME_INVALID',
      'subscribed book A',
    ]);
  });

  it('reports a fault of the codec as a frame that cannot be decoded', async () => {
    const codec = {
      encode: () => [],
      decode: () => {
        throw new TypeError('a bug');
      },
    };
    const bench = createBench({ venue: { createCodec: () => codec } });
    const socket = await bench.connect();
    socket.frame({ say: 'beat', counter: 1 });
    expect(bench.heard).toEqual(['ready', 'bad frame FRAME_INVALID']);
  });

  it('survives a listener that throws, and logs it', async () => {
    const fail = (): never => {
      throw new Error('a fault of the program');
    };
    const bench = createBench({
      listener: {
        onReady: fail,
        onFrame: fail,
        onSubscribed: fail,
        onLost: fail,
        onBadFrame: fail,
      },
    });
    bench.want('book A');
    await bench.serve();
    bench.dialer.last().frame('?');
    bench.dialer.last().closed();
    expect(bench.heard).toContain('subscribed book A');
    expect(bench.logged.length).toBeGreaterThanOrEqual(5);
    expect(new Set(bench.logged)).toEqual(new Set(['error LISTENER_FAILED']));
    await bench.time.advance(500);
    expect(bench.dialer.sockets).toHaveLength(2);
  });

  it.each(['onReady', 'onFrame', 'onSubscribed', 'onRefused', 'onLost', 'onBadFrame'] as const)(
    'may be reconnected or closed from inside %s',
    async (call) => {
      for (const act of ['reconnect', 'close'] as const) {
        let acted = false;
        const listener = {
          [call]: () => {
            if (acted) return;
            acted = true;
            if (act === 'close') void bench.session.close();
            else bench.session.reconnect(dropIt);
          },
        };
        const bench = createBench({ listener });
        bench.want('book A', 'ticker NONE');
        await bench.serve({ ignored: ['NONE'] });
        if (bench.session.status === 'ready') bench.dialer.last().frame('?');
        if (bench.session.status === 'ready') bench.dialer.last().closed();
        expect(acted).toBe(true);
        expect(bench.session.status).toBe(act === 'close' ? 'closed' : 'waiting');
        if (act === 'reconnect') {
          await bench.time.advance(500);
          const socket = await bench.connect();
          expect(describeSent(socket)).toEqual([
            'subscribe heartbeats',
            'subscribe book A',
            'subscribe ticker NONE',
          ]);
        }
        await bench.session.close();
        expect(bench.time.armedCount).toBe(0);
      }
    },
  );

  it('shows raw traffic to the tap, undecodable frames included', async () => {
    const seen: string[] = [];
    const tap: FrameTap = {
      onFrameReceived: (session, frame, atMs) =>
        void seen.push(`${session} < ${Buffer.from(frame).toString()} ${atMs}`),
      onFrameSent: (session, text, atMs) => void seen.push(`${session} > ${text} ${atMs}`),
    };
    const bench = createBench({ session: { tap } });
    const socket = await bench.connect();
    socket.frame('?', 5);
    const sentAtMs = bench.time.clock.nowMs();
    expect(seen).toEqual([
      `market-1 > {"op":"subscribe","channel":"heartbeats","symbols":[],"id":1} ${sentAtMs}`,
      'market-1 < ? 5',
    ]);
  });

  it('measures the skew by the Date of the upgrade and refines it by frames', async () => {
    const bench = createBench();
    bench.session.open();
    await settle();
    expect(bench.session.skewMs).toBeUndefined();
    bench.dialer.last().opened({ serverDateMs: bench.time.clock.nowMs() + 9_000 });
    expect(bench.session.skewMs).toBe(9_500);
    const at = bench.time.clock.nowMs() + 9_220;
    bench.dialer.last().frame({ say: 'beat', counter: 1, at });
    expect(bench.session.skewMs).toBe(9_220);
  });
});

describe('closing a session', () => {
  /** Brings a session into each state, then hands it over. */
  const WAYS: Record<string, (bench: ReturnType<typeof createBench>) => Promise<unknown>> = {
    idle: async () => undefined,
    preparing: async (bench) => {
      bench.session.open();
      await settle();
    },
    dialling: async (bench) => {
      bench.session.open();
      await settle();
    },
    authenticating: async (bench) => bench.connect(),
    ready: async (bench) => {
      bench.want('book A', 'user');
      await bench.serve();
    },
    waiting: async (bench) => {
      await bench.connect();
      bench.dialer.last().closed();
    },
    closed: async (bench) => bench.session.close(),
  };

  /** What it takes for a session to stay there. */
  const OPTIONS: Record<string, BenchOptions> = {
    preparing: { auth: { ...createFakeAuth(), prepareDial: () => new Promise(() => undefined) } },
    authenticating: { auth: { ...createFakeAuth(), signIn: () => ({ op: 'login' }) } },
    ready: { auth: { ...createFakeAuth(), decorate: () => new Promise(() => undefined) } },
  };

  it.each(Object.keys(WAYS))(
    'in state %s leaves no timer, no socket and no news',
    async (status) => {
      const bench = createBench(OPTIONS[status]);
      await WAYS[status]!(bench);
      expect(bench.session.status).toBe(status);
      bench.news();
      const closing = bench.session.close();
      expect(bench.session.status).toBe('closed');
      expect(bench.time.armedCount).toBe(0);
      await closing;
      await bench.session.close();
      for (const socket of bench.dialer.sockets) expect(socket.state).toBe('closed');
      const count = bench.dialer.sockets.length;
      bench.session.open();
      bench.session.reconnect(dropIt);
      bench.want('book B');
      await bench.time.advance(60_000);
      expect(bench.dialer.sockets).toHaveLength(count);
      expect(bench.news()).toEqual([]);
    },
  );

  it('says goodbye with code 1000', async () => {
    const bench = createBench();
    const socket = await bench.connect();
    const closing = bench.session.close();
    expect(socket.state).toBe('closing');
    await closing;
    expect(socket.state).toBe('closed');
  });

  it('ignores credentials that are ready too late', async () => {
    let deliver: (credentials: object) => void = () => undefined;
    const bench = createBench({
      auth: {
        family: 'signed-upgrade',
        prepareDial: () => new Promise((resolve) => (deliver = resolve)),
        classify: () => 'retry',
      },
    });
    bench.session.open();
    await settle();
    await bench.session.close();
    deliver({ headers: {} });
    await settle();
    expect(bench.dialer.sockets).toHaveLength(0);
    expect(bench.time.armedCount).toBe(0);
  });

  it('loses neither frame nor socket to a tap that throws', async () => {
    const fail = (): never => {
      throw new Error('full disk');
    };
    const tap = { onFrameReceived: fail, onFrameSent: fail };
    const bench = createBench({ session: { tap } });
    bench.want('book A');
    const exchange = await bench.serve();
    exchange.answer();
    expect(bench.news()).toContain('subscribed book A');
    expect(bench.logged).toContain('error LISTENER_FAILED');
    expect(bench.session.status).toBe('ready');
  });
});
