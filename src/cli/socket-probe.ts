import type { ErrorCode } from '../model/error.js';
import type { Runtime } from '../model/runtime.js';
import type { DialTarget, SocketClose } from '../model/socket.js';

/** What one dial told: that it opened, or how it failed, and what time the server has. */
export interface SocketProbe {
  readonly opened: boolean;
  readonly elapsedMs: number;
  readonly close: SocketClose | undefined;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  readonly serverDateMs: number | undefined;
}

const PROBE_FRAME_BYTES = 64 * 1024;

export interface ProbeOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly caPem?: string | undefined;
}

/** Dials once, says goodbye at once, and takes no longer than `timeoutMs`. */
export function probeSocket(runtime: Runtime, options: ProbeOptions): Promise<SocketProbe> {
  const sentAtMs = runtime.clock.nowMs();
  const startedMs = runtime.clock.monotonicMs();
  const target: DialTarget = {
    url: options.url,
    handshakeTimeoutMs: options.timeoutMs,
    maxFrameBytes: PROBE_FRAME_BYTES,
    caPem: options.caPem,
    ...(options.headers ? { headers: options.headers } : {}),
  };
  return new Promise((resolve) => {
    const settle = (close: SocketClose | undefined, serverDateMs: number | undefined): void => {
      cancel();
      resolve({
        opened: close === undefined,
        elapsedMs: runtime.clock.monotonicMs() - startedMs,
        close,
        sentAtMs,
        receivedAtMs: runtime.clock.nowMs(),
        serverDateMs,
      });
    };
    const cancel = runtime.timers.after(options.timeoutMs, () => {
      settle({ code: 1006, reason: '', failure: { kind: 'timeout' } }, undefined);
      socket.terminate();
    });
    const socket = runtime.dial(target, {
      onOpened(opening) {
        settle(undefined, opening.serverDateMs);
        socket.close(1000, '');
      },
      onFrame: () => true,
      onPong: () => undefined,
      onClosed: (close) => settle(close, close.serverDateMs),
    });
  });
}

/** Why a dial failed, and what to do about it. */
export interface DialDiagnosis {
  readonly code: ErrorCode;
  readonly text: string;
  readonly next: string;
}

export function diagnoseDial(url: string, close: SocketClose): DialDiagnosis {
  const { failure } = close;
  switch (failure?.kind) {
    case 'http-status':
      return {
        code: 'DIAL_REFUSED',
        text: `${url} answered the WebSocket upgrade with HTTP status ${failure.status}`,
        next: 'check the address; behind a proxy, check that it passes WebSockets',
      };
    case 'tls':
      return {
        code: 'TLS_INVALID',
        text: `the certificate of ${url} is not acceptable (${failure.systemCode})`,
        next: 'check the address; pass the authority of a server of your own with --ca-file',
      };
    case 'timeout':
      return {
        code: 'TIMED_OUT',
        text: `${url} did not answer in time`,
        next: 'check the network, a firewall, and the address; or allow a longer --timeout',
      };
    case 'network':
      return {
        code: 'DIAL_FAILED',
        text: `${url} cannot be reached (${failure.systemCode})`,
        next: 'check the network; if other sites work, check a proxy or firewall, and the address',
      };
    case 'protocol':
      return {
        code: 'DIAL_FAILED',
        text: `${url} was reached, but ${failure.message}`,
        next: 'check scheme, host and port of the address',
      };
    case 'frame-too-big':
    case 'frame-invalid':
    case undefined:
      return {
        code: 'DIAL_FAILED',
        text: `${url} ended the connection at once (close code ${close.code})`,
        next: 'check the address; the server there may speak another protocol',
      };
  }
}
