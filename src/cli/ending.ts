import type { CliIo, StopSignal } from './cli-io.js';
import { EXIT_CODES } from './exit-code.js';

/** Why a command that runs for a while stopped. */
export type EndReason =
  | { readonly kind: 'duration' | 'count' | 'quit' | 'reader-gone' }
  | { readonly kind: 'signal'; readonly signal: StopSignal }
  | { readonly kind: 'failure'; readonly error: unknown };

/** The end of a command, whoever causes it first. */
export interface Ending {
  readonly reached: Promise<EndReason>;
  end(reason: EndReason): void;
  dispose(): void;
}

/** Ends on a signal, when the reader of stdout leaves, or after `durationMs`. */
export function awaitEnding(io: CliIo, durationMs: number | undefined): Ending {
  let settle: (reason: EndReason) => void = () => undefined;
  const reached = new Promise<EndReason>((resolve) => (settle = resolve));
  const stopSignals = io.onSignal((signal) => settle({ kind: 'signal', signal }));
  io.stdout.onBroken(() => settle({ kind: 'reader-gone' }));
  const cancel =
    durationMs === undefined
      ? undefined
      : io.runtime.timers.after(durationMs, () => settle({ kind: 'duration' }));
  return {
    reached,
    end: (reason) => settle(reason),
    dispose() {
      stopSignals();
      cancel?.();
    },
  };
}

export function exitCodeOfSignal(signal: StopSignal): number {
  return signal === 'SIGINT' ? EXIT_CODES.interrupted.code : EXIT_CODES.terminated.code;
}
