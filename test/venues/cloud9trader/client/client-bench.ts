import type { LogFacts } from '../../../../src/model/logger.js';
import type { HttpRequest, HttpResponse, Runtime } from '../../../../src/model/runtime.js';
import { Client, type ClientOptions } from '../../../../src/venues/cloud9trader/client/index.js';
import { createFakeDialer, type FakeSocket } from '../../../doubles/fake-dialer.js';
import { createVirtualTime, settle, type VirtualTime } from '../../../doubles/virtual-time.js';

/** A client whose world is in the test's hands. */
export interface ClientBench {
  readonly client: Client;
  readonly time: VirtualTime;
  readonly sockets: readonly FakeSocket[];
  /** What was emitted, in words; topics are left out. */
  readonly life: string[];
  readonly logged: string[];
  readonly httpRequests: HttpRequest[];
  /** Starts the client, if need be, and opens the socket it dials. */
  readonly connect: () => Promise<FakeSocket>;
  /** Messages sent on the newest socket, parsed. */
  readonly sent: () => unknown[];
}

interface BenchParts extends Partial<ClientOptions> {
  readonly http?: (request: HttpRequest) => Promise<HttpResponse>;
  readonly fraction?: number;
}

export function openClient(parts: BenchParts = {}): ClientBench {
  const { http, fraction = 0, ...options } = parts;
  const time = createVirtualTime();
  const dialer = createFakeDialer(() => time.clock.nowMs());
  const logged: string[] = [];
  const httpRequests: HttpRequest[] = [];
  const log = (message: string, facts: LogFacts = {}): void =>
    void logged.push(`${message} ${JSON.stringify(facts)}`);
  const runtime: Partial<Runtime> = {
    clock: time.clock,
    timers: time.timers,
    dial: dialer.dial,
    random: { fraction: () => fraction, bytes: (count) => new Uint8Array(count) },
    http(request) {
      httpRequests.push(request);
      return http?.(request) ?? Promise.reject(new Error('No HTTP in this test.'));
    },
    logger: { debug: log, info: log, warn: log, error: log },
  };
  const client = new Client({ key: 'PUBKEY', runtime, ...options });
  const life: string[] = [];
  client.on('connected', () => life.push('connected'));
  client.on('disconnected', () => life.push('disconnected'));
  client.on('status', (status: string) => life.push(`status ${status}`));
  client.on('error', (error: unknown) =>
    life.push(`error ${error instanceof Error ? error.message : String(error)}`),
  );
  return {
    client,
    time,
    logged,
    life,
    httpRequests,
    get sockets() {
      return dialer.sockets;
    },
    async connect() {
      client.start();
      await settle();
      dialer.last().opened();
      return dialer.last();
    },
    sent: () => dialer.last().sent.map((text) => JSON.parse(text) as unknown),
  };
}
