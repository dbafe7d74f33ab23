import type { TruefeedError } from '../model/error.js';
import type { AuthNotice, SessionCommand, SessionListener } from '../model/session.js';
import type { Endpoint } from '../model/venue.js';
import { redactUrl } from '../runtime/redaction.js';
import { asSubscription, type FeedStream } from './feed-stream.js';
import type { FeedTools } from './feed-tools.js';
import type { SessionReport } from './feed-options.js';
import { FrameReader } from './frame-reader.js';
import { RecoveryDriver } from './recovery-driver.js';
import { SessionNotices } from './session-notices.js';
import { SessionSuccession, type SuccessionOptions } from './session-succession.js';
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

/** One socket of the feed: its session, the streams on it, and what heals them. */
export class SocketLink {
  readonly name: string;
  readonly #tools: FeedTools;
  readonly #host: LinkHost;
  readonly #table: StreamTable;
  readonly #driver: RecoveryDriver;
  readonly #silence: SilenceWatch;
  readonly #reader: FrameReader;
  readonly #subscriptions: SubscriptionNotices;
  readonly #notices: SessionNotices;
  readonly #sessions: SessionSuccession;
  #timesOpened = 0;
  #readySinceAtMs: number | undefined;
  #lastError: TruefeedError | undefined;
  /** The error with which the session gave up for good. */
  #endedBy: TruefeedError | undefined;

  constructor(tools: FeedTools, host: LinkHost, options: SuccessionOptions) {
    this.name = options.name;
    this.#tools = tools;
    this.#host = host;
    this.#table = new StreamTable(tools.venue);
    const streams = (): readonly FeedStream[] => this.#table.all;
    const sessionName = (): string => this.sessionName;
    const remedies = new StreamRemedies({
      name: this.name,
      tools,
      table: this.#table,
      session: () => this.#sessions.present,
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
    this.#sessions = new SessionSuccession(options, {
      tools,
      listener: this.#createListener(),
      onProgress: () => host.onProgress(),
    });
  }

  get sessionName(): string {
    return this.#sessions.present.name;
  }

  get endpointName(): string {
    return this.#sessions.endpoint.name;
  }

  get streams(): readonly FeedStream[] {
    return this.#table.all;
  }

  /** The error that ended the socket for good, if one did. */
  get endedBy(): TruefeedError | undefined {
    return this.#endedBy;
  }

  /** Why there is no socket at present, where that is known. */
  get lostBy(): TruefeedError | undefined {
    return this.#readySinceAtMs === undefined ? this.#lastError : undefined;
  }

  get unansweredCount(): number {
    return this.#sessions.present.unansweredCount;
  }

  open(): void {
    this.#sessions.present.open();
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
    this.#sessions.present.want(streams.map(asSubscription));
    this.#driver.flush();
    if (isReady) this.#silence.start();
  }

  /** Sends an order command now or not at all; it ends in one outcome. */
  command(command: SessionCommand): void {
    this.#sessions.present.command(command);
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
    this.#reader.stop();
    this.#driver.end();
    this.#silence.end();
    await this.#sessions.close();
  }

  report(): SessionReport {
    const { counts } = this.#reader;
    const { present, endpoint } = this.#sessions;
    return {
      name: present.name,
      endpoint: endpoint.name,
      url: redactUrl(endpoint.url),
      status: present.status,
      skewMs: present.skewMs,
      readySinceAtMs: this.#readySinceAtMs,
      timesOpened: this.#timesOpened,
      framesReceived: counts.received,
      framesInvalid: counts.invalid,
      framesStale: counts.stale,
      framesMissing: counts.missing,
      lastError: this.#lastError,
    };
  }

  #createListener(): SessionListener {
    return {
      onReady: () => this.#onReady(),
      onFrame: (frame, receivedAtMs) => this.#reader.read(this.sessionName, frame, receivedAtMs),
      onBadFrame: (error, receivedAtMs) => this.#onBadFrame(error, receivedAtMs),
      onLost: (error, retryInMs) => this.#onLost(error, retryInMs),
      onSubscribed: (subscription) => this.#subscriptions.accept(subscription),
      onEnded: (subscription) => this.#subscriptions.end(subscription),
      onRefused: (subscription, refusal) => this.#subscriptions.refuse(subscription, refusal),
      onAuth: (notice) => this.#onAuth(notice),
      onComplaint: (error) => this.#onComplaint(error),
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
    this.#notices.tellOpened(this.#sessions.endpoint.url);
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
    const session = this.sessionName;
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
    if (this.#sessions.isClosed) return;
    this.#host.retire(this);
    this.#subscriptions.giveUp(error);
  }

  /** Another address that serves the same streams, once this one keeps failing. */
  #failOver(retryInMs: number | undefined): void {
    if (retryInMs === undefined || !this.#sessions.isSuccessorDue) return;
    const next = this.#host.chooseNextEndpoint(this);
    if (next) this.#sessions.takeOver(next, retryInMs, this.#table.all.map(asSubscription));
  }

  #onAuth(notice: AuthNotice): void {
    if (notice.kind === 'refused' && notice.final) this.#endedBy = notice.error;
    this.#notices.tellAuth(notice);
  }
}
