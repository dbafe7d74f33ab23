import type { DecodedFrame, VenueMessage } from '../model/message.js';
import { excerptName } from './excerpt.js';
import { scanFrame, type FrameScanner } from './frame-scan.js';
import { toProtocolError, toText } from './frame-text.js';
import { createPlace, enter, type Place } from './place.js';

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
  /** Forgets the last frame: the next is one of `control` until something else is found. */
  start(): void;
  /**
   * Hands the frame to the scanners, and its text on where none of them takes it; a FieldFault
   * becomes ProtocolError FRAME_INVALID.
   */
  decode(
    bytes: Uint8Array,
    scanners: readonly FrameScanner[],
    decodeText: (text: string) => void,
  ): void;
}

/** Makes the frame of one codec. `venue` is who to name where a frame is wrong. */
export function createFrameAssembly(venue: string): FrameAssembly {
  const messages: VenueMessage[] = [];
  const frame: MutableFrame = { channel: 'control', number: NaN, sentAtMs: NaN, messages };
  const place = createPlace();
  const decoding: Decoding = { place, wireChannel: '', frame, messages };
  return {
    decoding,
    start() {
      // Setting the length is a call into V8's runtime each time; taking the last one off is not.
      while (messages.length > 0) messages.pop();
      enter(place, '');
      decoding.wireChannel = '';
      frame.channel = 'control';
      frame.number = frame.sentAtMs = NaN;
    },
    decode(bytes, scanners, decodeText) {
      if (scanFrame(bytes, scanners, decoding)) return;
      const text = toText(bytes);
      try {
        decodeText(text);
      } catch (error) {
        messages.length = 0;
        throw toProtocolError(error, text, venue);
      }
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
