import type { RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { faultAt, type Place } from '../../wire/place.js';

/** The data of one topic, and how it came. */
export interface TopicData {
  readonly data: unknown;
  readonly symbol: string;
  /** Whether it answers a request, and so is the whole present state. */
  readonly isAnswer: boolean;
}

/** Decodes the data of one topic into `decoding.messages`; throws FieldFault. */
export type TopicDecoder = (topic: TopicData, decoding: Decoding) => void;

/** `BUY` or `SELL` in our words. */
export function readSide(from: RawObject, name: string, place: Place): 'buy' | 'sell' {
  const value = from[name];
  if (value === 'BUY') return 'buy';
  if (value === 'SELL') return 'sell';
  throw faultAt(place, name, ['"BUY" or "SELL"', value]);
}
