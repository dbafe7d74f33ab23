import { findChannel } from '../feed/subscription-check.js';
import { ConfigError } from '../model/error.js';
import type { FeedEvent } from '../model/event.js';
import type { FrameTap } from '../model/session.js';
import type { Venue } from '../model/venue.js';
import { formatRecordedLine } from '../recording/writer.js';
import type { CliIo, FileSink } from './cli-io.js';

/** Keeps the raw frames of a run in a file that `truefeed simulate --from` plays again. */
export interface Recorder {
  readonly tap: FrameTap;
  /** Frames that the file holds. */
  readonly frames: number;
  /** Makes the file: once nothing can be misspelt any more, and before the first frame. */
  begin(): void;
  /** New connections are lines of their own. */
  take(event: FeedEvent): void;
  close(): void;
}

/**
 * Nothing private is recorded: its requests carry tokens, its answers are somebody's account.
 * Requests for public channels are never signed.
 */
export function refusePrivateRecording(venue: Venue, channels: readonly string[]): void {
  const one = channels.find((name) => findChannel(name, venue)?.private === true);
  if (one === undefined) return;
  throw new ConfigError(
    'OPTION_INVALID',
    `--record keeps public channels only, and ${one} is private; leave it out of --channels.`,
  );
}

/** `onFailure` is told, once, that the file could not be made, or not be written to its end. */
export function createRecorder(
  io: CliIo,
  path: string,
  onFailure: (error: unknown) => void,
): Recorder {
  const decoder = new TextDecoder();
  let file: FileSink | undefined;
  let isBroken = false;
  let frames = 0;
  // A recording that lacks something must not go on as if it were whole.
  const guard = (act: () => void): void => {
    if (isBroken) return;
    try {
      act();
    } catch (error) {
      isBroken = true;
      onFailure(error);
    }
  };
  const write = (direction: 'connect' | 'send' | 'recv', data: string, atMs: number): void => {
    guard(() => {
      file?.write(formatRecordedLine({ direction, data, receivedAtMs: atMs }));
      if (direction === 'recv') frames += 1;
    });
  };
  return {
    tap: {
      onFrameReceived: (_session, frame, receivedAtMs) =>
        write('recv', decoder.decode(frame), receivedAtMs),
      onFrameSent: (_session, text, sentAtMs) => write('send', text, sentAtMs),
    },
    get frames() {
      return frames;
    },
    take(event) {
      if (event.type === 'session.opened') write('connect', event.url, event.receivedAtMs);
    },
    begin: () => guard(() => (file = io.createFile(path))),
    close: () => guard(() => file?.close()),
  };
}
