import type { VenueMessage } from '../../model/message.js';
import { excerptName } from './excerpt.js';
import type { Place } from './fields.js';

/** What the decoders of one frame share. Reused: it holds nothing that outlives the frame. */
export interface Decoding {
  readonly place: Place;
  readonly messages: VenueMessage[];
}

/** The data of one topic, and how it came. */
export interface TopicData {
  readonly data: unknown;
  readonly symbol: string;
  /** Whether it answers a request, and so is the whole present state. */
  readonly isAnswer: boolean;
}

/** Decodes the data of one topic into `decoding.messages`; throws FieldFault. */
export type TopicDecoder = (topic: TopicData, decoding: Decoding) => void;

/** Adds a `frame.skipped` for something of a kind that we do not know. */
export function reportSkipped(decoding: Decoding, kind: string, reason: string): void {
  decoding.messages.push({ type: 'frame.skipped', kind: excerptName(kind), reason });
}
