import type { AuthStrategy } from '../model/auth.js';
import type { TruefeedError } from '../model/error.js';
import type {
  AttemptBudget,
  AuthNotice,
  FrameTap,
  MessagePacer,
  Session,
  SessionCommand,
  SessionListener,
  SessionOptions,
} from '../model/session.js';
import type { Endpoint } from '../model/venue.js';
import { redactUrl } from '../runtime/redaction.js';
import { createSession } from '../session/session.js';
import { asSubscription, type FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';
import type { SessionReport } from './feed-options.js';
import { FrameReader } from './frame-reader.js';
import { RecoveryDriver } from './recovery-driver.js';
import { SessionNotices } from './session-notices.js';
import { SilenceWatch } from './silence-watch.js';
import { StreamRemedies } from './stream-remedies.js';
import { StreamTable } from './stream-table.js';
import { SubscriptionNotices } from './subscription-notices.js';

/** What a link asks of the feed it belongs to. */
export interface LinkHost {
  wantsHeartbeats(): boolean;
  /** Gives the stream a socket of its own; false where that cannot be. */
  isolate(stream: FeedStream): boolean;
  /** The socket has no room for the stream; false where no other may be tried. */
  moveRefused(stream: FeedStream): boolean;
  /** The link ended for good and carries nothing more. */
  retire(link: SocketLink): void;
  /** The address keeps failing. Returns the one to try next, or undefined. */
  chooseNextEndpoint(link: SocketLink): Endpoint | undefined;
  /** Something may have come that somebody waits for. */
  onProgress(): void;
}

/** What a link is made of. */
export interface LinkOptions {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly auth: AuthStrategy | undefined;
  readonly budget: AttemptBudget;
  /** The venue's limits count per client, so all sockets of the feed share their pace. */
  readonly pacer: MessagePacer;
  /** What the key was ever good for, on any socket of the feed. */
  readonly everAccepted: Set<string>;
  readonly tap: FrameTap | undefined;
  readonly caPem: string | undefined;
  readonly maxAttempts: number | undefined;
}

/** Losses in a row without a single frame after which another address is tried. */
const FAIL_OVER_AFTER = 3;

/** One socket of the feed: its session, the streams on it, and what heals them. */
export class SocketLink {
  readonly name: string;
  readonly #tools: FeedTools;
  readonly #host: LinkHost;
  readonly #options: LinkOptions;
  readonly #table: StreamTable;
  readonly #driver: RecoveryDriver;
  readonly #silence: SilenceWatch;
  readonly #reader: FrameReader;
  readonly #subscriptions: SubscriptionNotices;
  readonly #notices: SessionNotices;
  #endpoint: Endpoint;
  #session: Session;
  /** Sessions of this link so far; callbacks of earlier ones are no longer heard. */
  #generation = 1;
  #ending: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #failuresInRow = 0;
  #timesOpened = 0;
  #readySinceAtMs: number | undefined;
  #lastError: TruefeedError | undefined;
  /** The error with which the session gave up for good. */
  #endedBy: TruefeedError | undefined;

  constructor(tools: FeedTools, host: LinkHost, options: LinkOptions) {
    this.name = options.name;
    this.#tools = tools;
    this.#host = host;
    this.#options = options;
    this.#endpoint = options.endpoint;
    this.#table = new StreamTable(tools.venue);
    const streams = (): readonly FeedStream[] => this.#table.all;
    const sessionName = (): string => this.#session.name;
    const remedies = new StreamRemedies({
      ...{ name: this.name, tools, table: this.#table },
      session: () => this.#session,
      isolate: (stream) => host.isolate(stream),
      fail: (stream, error) => this.#subscriptions.fail(stream, error),
    });
    this.#driver = new RecoveryDriver(tools, remedies, streams);
    this.#notices = new SessionNotices(tools, sessionName);
    this.#silence = new SilenceWatch(tools, { sessionName, streams });
    this.#reader = new FrameReader({
      tools,
      table: this.#table,
      driver: this.#driver,
      silence: this.#silence,
      wantsHeartbeats: () => host.wantsHeartbeats(),
    });
    this.#subscriptions = new SubscriptionNotices({
      tools,
      table: this.#table,
      driver: this.#driver,
      sessionName,
      moveRefused: (stream) => host.moveRefused(stream),
    });
    this.#session = this.#createSession();
  }

  get sessionName(): string {
    return this.#session.name;
  }

  get endpointName(): string {
    return this.#endpoint.name;
  }

  get streams(): readonly FeedStream[] {
    return this.#table.all;
  }

  /** The error that ended the socket for good, if one did. */
  get endedBy(): TruefeedError | undefined {
    return this.#endedBy;
  }

  get unansweredCount(): number {
    return this.#session.unansweredCount;
  }

  open(): void {
    this.#session.open();
  }

  /** The whole set that the socket is to carry. */
  carry(streams: readonly FeedStream[]): void {
    const before = new Set(this.#table.all);
    const isReady = this.#readySinceAtMs !== undefined;
    this.#table.replace(streams);
    const nowMs = this.#tools.runtime.clock.monotonicMs();
    for (const stream of streams) {
      if (before.has(stream)) continue;
      stream.heardAtMs = nowMs;
      if (stream.status === 'accepted') stream.status = 'pending';
      this.#driver.step(stream, isReady ? 'socket-ready' : 'socket-lost');
    }
    const isSame = before.size === streams.length && streams.every((stream) => before.has(stream));
    if (isSame) return;
    this.#session.want(streams.map(asSubscription));
    this.#driver.flush();
    if (isReady) this.#silence.start();
  }

  /** Sends an order command now or not at all; it ends in one outcome. */
  command(command: SessionCommand): void {
    this.#session.command(command);
  }

  /** Orders and fills are told whole once more; they are not live until they were. */
  askAccountAnew(): void {
    const detail = 'An order was sent whose answer did not come; what there is is asked for anew.';
    const cause = { reason: 'answer-lost', detail } as const;
    const streams = this.#table.all.filter(
      ({ account }) =>
        account?.isLive === true &&
        account.parts.some((part) => part === 'orders' || part === 'fills'),
    );
    this.#reader.distrust(streams, cause)(this.#notices.base().receivedAtMs);
    this.#driver.flush();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#generation += 1;
    this.#reader.stop();
    this.#driver.end();
    this.#silence.end();
    await Promise.all([this.#ending, this.#session.close()]);
  }

  report(): SessionReport {
    const { counts } = this.#reader;
    return {
      name: this.#session.name,
      endpoint: this.#endpoint.name,
      url: redactUrl(this.#endpoint.url),
      status: this.#session.status,
      skewMs: this.#session.skewMs,
      readySinceAtMs: this.#readySinceAtMs,
      timesOpened: this.#timesOpened,
      framesReceived: counts.received,
      framesInvalid: counts.invalid,
      framesStale: counts.stale,
      framesMissing: counts.missing,
      lastError: this.#lastError,
    };
  }

  #createSession(resume?: SessionOptions['resume']): Session {
    const { auth, budget, pacer, tap, caPem, maxAttempts, everAccepted } = this.#options;
    const suffix = this.#generation === 1 ? '' : `.${this.#generation}`;
    return createSession({
      name: `${this.name}${suffix}`,
      venue: this.#tools.venue,
      endpoint: this.#endpoint,
      auth,
      runtime: this.#tools.runtime,
      listener: this.#createListener(this.#generation),
      budget,
      pacer,
      tap,
      caPem,
      maxAttempts,
      resume,
      everAccepted,
    });
  }

  #createListener(generation: number): SessionListener {
    const heard = (act: () => void): void => {
      if (this.#isClosed || generation !== this.#generation) return;
      act();
      this.#host.onProgress();
    };
    const isCurrent = (): boolean => !this.#isClosed && generation === this.#generation;
    return {
      onReady: () => heard(() => this.#onReady()),
      // The path of every frame: no closure is made for it.
      onFrame: (frame, receivedAtMs) => {
        if (!isCurrent()) return;
        this.#failuresInRow = 0;
        this.#reader.read(this.#session.name, frame, receivedAtMs);
        this.#host.onProgress();
      },
      onBadFrame: (error, receivedAtMs) => heard(() => this.#onBadFrame(error, receivedAtMs)),
      onLost: (error, retryInMs) => heard(() => this.#onLost(error, retryInMs)),
      onSubscribed: (subscription) => heard(() => this.#subscriptions.accept(subscription)),
      onEnded: (subscription) => heard(() => this.#subscriptions.end(subscription)),
      onRefused: (subscription, error, retryInMs) =>
        heard(() => this.#subscriptions.refuse(subscription, error, retryInMs)),
      onAuth: (notice) => heard(() => this.#onAuth(notice)),
      onComplaint: (error) => heard(() => this.#onComplaint(error)),
    };
  }

  #onReady(): void {
    this.#timesOpened += 1;
    this.#readySinceAtMs = this.#tools.runtime.clock.nowMs();
    this.#reader.restart();
    const nowMs = this.#tools.runtime.clock.monotonicMs();
    for (const stream of this.#table.all) {
      stream.heardAtMs = nowMs;
      if (stream.status === 'accepted') stream.status = 'pending';
      this.#driver.step(stream, 'socket-ready');
    }
    this.#notices.tellOpened(this.#endpoint.url);
    this.#silence.restart();
    this.#driver.flush();
  }

  #onBadFrame(error: TruefeedError, receivedAtMs: number): void {
    this.#reader.readUnreadable(error.message, receivedAtMs);
    this.#notices.tellBadFrame(error);
  }

  #onComplaint(error: TruefeedError): void {
    this.#lastError = error;
    this.#notices.tellComplaint(error);
  }

  #onLost(error: TruefeedError, retryInMs: number | undefined): void {
    this.#failuresInRow += 1;
    this.#tools.counters.socketsLost += 1;
    this.#readySinceAtMs = undefined;
    this.#lastError = error;
    this.#silence.stop();
    const reason = error.code === 'CONNECTION_SILENT' ? 'silence' : 'connection-lost';
    const cause = { reason, detail: error.message } as const;
    const staled = this.#table.all.filter((stream) => stream.trusted?.distrust(cause));
    for (const stream of this.#table.all) {
      if (stream.status === 'accepted') stream.status = 'pending';
      this.#driver.step(stream, 'socket-lost');
    }
    const base = this.#notices.base();
    const session = this.#session.name;
    this.#failOver(retryInMs);
    this.#tools.emit({ ...base, type: 'session.closed', session, error, retryInMs });
    for (const stream of staled) stream.trusted?.announceStale(cause, base.receivedAtMs);
    if (retryInMs === undefined) this.#endForGood(error);
    this.#driver.flush();
  }

  /** Its streams are refused, so that asking for them again puts them on a socket that lives. */
  #endForGood(error: TruefeedError): void {
    this.#endedBy = error;
    // A listener may have closed it just now.
    if (this.#isClosed) return;
    this.#host.retire(this);
    this.#subscriptions.giveUp(error);
  }

  /** Another address that serves the same streams, once this one keeps failing. */
  #failOver(retryInMs: number | undefined): void {
    if (retryInMs === undefined || this.#failuresInRow % this.#failOverAfter !== 0) return;
    const next = this.#host.chooseNextEndpoint(this);
    if (!next) return;
    this.#generation += 1;
    this.#ending = Promise.all([this.#ending, this.#session.close()]);
    this.#endpoint = next;
    // Back-off and the budget of attempts go on: they are about the venue, not about one address.
    this.#session = this.#createSession({ attempt: this.#failuresInRow + 1, delayMs: retryInMs });
    this.#session.want(this.#table.all.map(asSubscription));
    this.#session.open();
  }

  /** Failures in a row at one address; fewer where the attempts would be used up before. */
  get #failOverAfter(): number {
    const { maxAttempts = Infinity } = this.#options;
    return Math.max(1, Math.min(FAIL_OVER_AFTER, maxAttempts - 1));
  }

  #onAuth(notice: AuthNotice): void {
    if (notice.kind === 'refused' && notice.final) this.#endedBy = notice.error;
    this.#notices.tellAuth(notice);
  }
}
