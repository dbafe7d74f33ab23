import { isUtf8 } from 'node:buffer';
import { FrameBytes } from '../model/frame-bytes.js';
import type { DecodedFrame, VenueMessage } from '../model/message.js';
import { excerptName } from './excerpt.js';
import { scanFrame, type FrameScanner } from './frame-scan.js';
import { toProtocolError, toText } from './frame-text.js';
import { openShapeKernel } from './shape-kernel.js';
import { createPlace, enter, FieldFault, type Place } from './place.js';

/** A frame that the codec may change; users see it as a DecodedFrame. */
export type MutableFrame = { -readonly [Field in keyof DecodedFrame]: DecodedFrame[Field] };

/** What the decoders of one frame share. Reused: it holds nothing that outlives the frame. */
export interface Decoding {
  readonly place: Place;
  /** The channel as the wire names it, '' where the frame has none. */
  wireChannel: string;
  /** What has been found so far. */
  readonly frame: MutableFrame;
  readonly messages: VenueMessage[];
}

/** Frames that are put together one after the other, in the same object. */
export interface FrameAssembly {
  readonly decoding: Decoding;
  /** See `Codec.memory`. */
  readonly memory: Uint8Array | undefined;
  /** Forgets the last frame: the next is one of `control` until something else is found. */
  start(): void;
  /**
   * Hands the frame to the scanners, and its text on where none of them takes it; a FieldFault
   * becomes ProtocolError FRAME_INVALID.
   */
  decode(
    frame: Uint8Array | FrameBytes,
    scanners: readonly FrameScanner[],
    decodeText: (text: string) => void,
  ): void;
}

/** Makes the frame of one codec. `venue` is who to name where a frame is wrong. */
export function createFrameAssembly(venue: string): FrameAssembly {
  const messages: VenueMessage[] = [];
  const frame: MutableFrame = { channel: 'control', number: NaN, sentAtMs: NaN, messages };
  const place = createPlace();
  /** Of an array, which is a frame by itself. */
  const own = new FrameBytes();
  const decoding: Decoding = { place, wireChannel: '', frame, messages };
  const decodeOrdinarily = (view: Uint8Array, decodeText: (text: string) => void): void => {
    enter(place, '');
    decoding.wireChannel = '';
    const text = toText(view);
    try {
      if (!isUtf8(view)) throw new FieldFault('', 'UTF-8', 'something else');
      decodeText(text);
    } catch (error) {
      messages.length = 0;
      throw toProtocolError(error, text, venue);
    }
  };
  return {
    decoding,
    memory: openShapeKernel()?.readMemory,
    start() {
      // Setting the length is a call into V8's runtime each time; taking the last one off is not.
      while (messages.length > 0) messages.pop();
      frame.channel = 'control';
      frame.number = frame.sentAtMs = NaN;
    },
    decode(bytes, scanners, decodeText) {
      const lent = bytes instanceof FrameBytes ? bytes : own.moveTo(bytes, 0, bytes.length);
      // Scanners take ASCII only.
      const view = scanFrame(lent, scanners, decoding) ? undefined : lent.view;
      own.release();
      if (view) decodeOrdinarily(view, decodeText);
    },
  };
}

/** Adds a `frame.skipped` for something of a kind that we do not know. */
export function reportSkipped(decoding: Decoding, kind: string, reason: string): void {
  const { wireChannel, messages } = decoding;
  const name = excerptName(kind);
  const whole = wireChannel === '' ? name : `${excerptName(wireChannel)}/${name}`;
  messages.push({ type: 'frame.skipped', kind: whole, reason });
}
