import type { FrameBytes } from './frame-bytes.js';

/** Where and how to dial. */
export interface DialTarget {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly subprotocols?: readonly string[];
  readonly maxFrameBytes: number;
  readonly handshakeTimeoutMs: number;
  /** Certificate authorities to trust beside the system's, in PEM. */
  readonly caPem?: string | undefined;
  /** Where received bytes are best put: see `Codec.memory`. */
  readonly memory?: Uint8Array | undefined;
}

/** Why a socket ended, where a close frame does not say it all. */
export type SocketFailure =
  | { readonly kind: 'http-status'; readonly status: number; readonly body: string }
  | { readonly kind: 'network'; readonly systemCode: string; readonly message: string }
  | { readonly kind: 'tls'; readonly systemCode: string; readonly message: string }
  /** Something answered, and it was neither HTTP nor, where that was asked for, TLS. */
  | { readonly kind: 'protocol'; readonly systemCode: string; readonly message: string }
  | { readonly kind: 'frame-too-big'; readonly limitBytes: number }
  | { readonly kind: 'frame-invalid'; readonly message: string }
  | { readonly kind: 'timeout' };

/**
 * The end of a socket: the close code (1006 where no close frame came), the reason, the failure.
 */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
  readonly failure?: SocketFailure | undefined;
  /** The `Date` header of a refused upgrade. */
  readonly serverDateMs?: number | undefined;
  /** How long a refused upgrade asks to be left alone: its `Retry-After` header. */
  readonly retryAfterMs?: number | undefined;
}

/** What a successful upgrade told us. */
export interface SocketOpening {
  readonly serverDateMs?: number | undefined;
}

/**
 * Called by the socket. `onClosed` comes exactly once, also when dialling failed; nothing after.
 */
export interface SocketListener {
  onOpened(opening: SocketOpening): void;
  /**
   * Valid only during the call: the bytes may be reused. Frames that came with one read of the
   * system have one time. Returns false where the bytes are no UTF-8, with which the connection
   * fails (RFC 6455, section 8.1).
   */
  onFrame(frame: FrameBytes, receivedAtMs: number): boolean;
  onPong(): void;
  onClosed(close: SocketClose): void;
}

/** One WebSocket connection. Methods never throw; on a closed socket they do nothing. */
export interface Socket {
  /** Returns false where the socket is not open, in which case nothing was sent. */
  send(text: string): boolean;
  ping(): void;
  /** Starts the closing handshake; ends the connection by force when the peer does not answer. */
  close(code: number, reason: string): void;
  /** Ends the connection at once. */
  terminate(): void;
  bufferedBytes(): number;
}

/** Starts to dial at once. */
export type Dialer = (target: DialTarget, listener: SocketListener) => Socket;
