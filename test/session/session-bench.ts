import type { AuthStrategy } from '../../src/model/auth.js';
import type { TruefeedError } from '../../src/model/error.js';
import type { HttpResponse, Runtime } from '../../src/model/runtime.js';
import type { Session, SessionListener, SessionOptions } from '../../src/model/session.js';
import type { ChannelName, Venue } from '../../src/model/venue.js';
import { createAttemptBudget } from '../../src/session/budget.js';
import { createSession } from '../../src/session/session.js';
import { createFakeDialer, type FakeDialer, type FakeSocket } from '../doubles/fake-dialer.js';
import {
  createFakeExchange,
  type FakeExchange,
  type FakeExchangeOptions,
} from '../doubles/fake-exchange.js';
import { createFakeVenue, type FakeCredentials, type FakeRequest } from '../doubles/fake-venue.js';
import {
  createVirtualTime,
  settle,
  type TimeFlaws,
  type VirtualTime,
} from '../doubles/virtual-time.js';

export interface SessionBench {
  readonly time: VirtualTime;
  readonly dialer: FakeDialer;
  readonly session: Session;
  /** What the listener heard, in words: `ready`, `subscribed book A`, `lost CODE in 500` … */
  readonly heard: string[];
  /** What was logged: level and code or message. */
  readonly logged: string[];
  /** Errors that the listener was given, newest last. */
  readonly errors: TruefeedError[];
  /** Opens the session, if need be, and the socket it then dials. */
  connect(): Promise<FakeSocket>;
  /** The same, with an exchange behind it that answers what was sent at once. */
  serve(options?: FakeExchangeOptions): Promise<FakeExchange>;
  want(...names: string[]): void;
  /** What was heard since the last call. */
  news(): string[];
}

export interface BenchOptions {
  readonly venue?: Partial<Venue<FakeCredentials>>;
  readonly auth?: AuthStrategy;
  readonly listener?: Partial<SessionListener>;
  readonly session?: Partial<SessionOptions>;
  readonly http?: () => Promise<HttpResponse>;
  /** What every draw of randomness yields. */
  readonly fraction?: number;
  readonly time?: TimeFlaws;
}

function nameOf(subscription: { channel: string; symbol: string | undefined }): string {
  const { channel, symbol } = subscription;
  return symbol === undefined ? channel : `${channel} ${symbol}`;
}

export function toSubscription(name: string): { channel: ChannelName; symbol: string | undefined } {
  const [channel, symbol] = name.split(' ');
  return { channel: channel as ChannelName, symbol };
}

/** A request in words: `subscribe book A,B`. */
export function describeRequest(request: FakeRequest): string {
  return [request.op, request.channel, request.symbols.join(',')].join(' ').trim();
}

/** Everything sent on a socket, in words. */
export function describeSent(socket: FakeSocket): string[] {
  return socket.sent.map((text) => describeRequest(JSON.parse(text) as FakeRequest));
}

function createListener(
  heard: string[],
  errors: TruefeedError[],
  more: Partial<SessionListener>,
): SessionListener {
  return {
    onReady() {
      heard.push('ready');
      more.onReady?.();
    },
    onFrame(frame, receivedAtMs) {
      more.onFrame?.(frame, receivedAtMs);
    },
    onBadFrame(error, receivedAtMs) {
      heard.push(`bad frame ${error.code}`);
      errors.push(error);
      more.onBadFrame?.(error, receivedAtMs);
    },
    onLost(error, retryInMs) {
      heard.push(`lost ${error.code}${retryInMs === undefined ? '' : ` in ${retryInMs}`}`);
      errors.push(error);
      more.onLost?.(error, retryInMs);
    },
    onSubscribed(subscription) {
      heard.push(`subscribed ${nameOf(subscription)}`);
      more.onSubscribed?.(subscription);
    },
    onEnded(subscription) {
      more.onEnded?.(subscription);
    },
    onRefused(subscription, refusal) {
      const { error, retryInMs } = refusal;
      const outlook = retryInMs === undefined ? ' for good' : '';
      heard.push(`refused ${nameOf(subscription)} ${error.code}${outlook}`);
      errors.push(error);
      more.onRefused?.(subscription, refusal);
    },
    onAuth(notice) {
      if (notice.kind === 'refused') {
        heard.push(`auth refused ${notice.error.code}${notice.final ? ' for good' : ''}`);
        errors.push(notice.error);
      } else {
        heard.push(`auth ${notice.kind}`);
      }
      more.onAuth?.(notice);
    },
  };
}

function createRuntime(options: BenchOptions, time: VirtualTime, logged: string[]) {
  const log = (level: string) => (message: string, facts?: Readonly<Record<string, unknown>>) =>
    void logged.push(`${level} ${typeof facts?.['code'] === 'string' ? facts['code'] : message}`);
  const dialer = createFakeDialer(() => time.clock.nowMs());
  const runtime: Runtime = {
    clock: time.clock,
    timers: time.timers,
    random: {
      fraction: () => options.fraction ?? 0.5,
      bytes: (count) => new Uint8Array(count),
    },
    dial: dialer.dial,
    http: options.http ?? (() => Promise.reject(new Error('No HTTP in this test.'))),
    logger: { debug: () => undefined, info: log('info'), warn: log('warn'), error: log('error') },
  };
  return { dialer, runtime };
}

/** A session on the fake venue, with everything around it in the test's hands. */
export function createBench(options: BenchOptions = {}): SessionBench {
  const time = createVirtualTime(undefined, options.time);
  const venue = createFakeVenue(options.venue);
  const heard: string[] = [];
  const logged: string[] = [];
  const errors: TruefeedError[] = [];
  const { dialer, runtime } = createRuntime(options, time, logged);
  const session = createSession({
    name: 'market-1',
    venue,
    endpoint: venue.endpoints[0]!,
    auth: options.auth,
    runtime,
    listener: createListener(heard, errors, options.listener ?? {}),
    budget: createAttemptBudget(venue.limits.connects, time.clock),
    ...options.session,
  });
  let reported = 0;
  let connected = 0;
  const connect = async (): Promise<FakeSocket> => {
    session.open();
    await settle();
    if (dialer.sockets.length === connected) throw new Error(`Not dialling: ${session.status}.`);
    connected = dialer.sockets.length;
    dialer.last().opened();
    await settle();
    return dialer.last();
  };
  return {
    time,
    dialer,
    session,
    heard,
    logged,
    errors,
    connect,
    async serve(exchangeOptions) {
      const exchange = createFakeExchange(await connect(), exchangeOptions);
      exchange.answer();
      await settle();
      return exchange;
    },
    want: (...names) => session.want(names.map(toSubscription)),
    news() {
      const fresh = heard.slice(reported);
      reported = heard.length;
      return fresh;
    },
  };
}

const patient = { liveness: { heartbeatChannel: 'heartbeats', silentAfterMs: 600_000 } } as const;

/** A bench on which no silence ends a session. */
export function createPatientBench(options: BenchOptions = {}): SessionBench {
  return createBench({ ...options, venue: { ...patient, ...options.venue } });
}

/** Subscribes anew to what is wanted already. */
export function resubscribe(bench: SessionBench, ...names: string[]): void {
  bench.session.resubscribe(names.map(toSubscription));
}

/** The id of the newest request on a channel. */
export function lastId(socket: FakeSocket, channel: string): number {
  const requests = socket.sent.map((text) => JSON.parse(text) as FakeRequest);
  return requests.findLast((one) => one.channel === channel)!.id;
}

/** What the exchange says it holds, with the heartbeats. */
export const held = (sets: Record<string, string[]>) => ({
  say: 'held' as const,
  held: { heartbeats: [], ...sets },
});
