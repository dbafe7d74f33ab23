import { describeValue, excerptText } from '../../wire/excerpt.js';
import { isObject, type RawObject } from '../../wire/fields.js';
import { reportSkipped, type Decoding } from '../../wire/frame.js';
import { faultAt, FieldFault } from '../../wire/place.js';
import { parseTimeMs } from '../../wire/times.js';
import { findChannelByWireName } from './channels.js';
import { explainRefusal } from './errors.js';
import { parseGoTimeMs } from './times.js';

/** Decodes an ack: the whole set that the connection now holds, under our channel names. */
export function decodeSubscriptionsEvent(event: RawObject, decoding: Decoding): void {
  const { place } = decoding;
  const subscriptions = event['subscriptions'];
  if (!isObject(subscriptions)) throw faultAt(place, 'subscriptions', ['an object', subscriptions]);
  const held = new Map<string, readonly string[]>();
  for (const wireName of Object.keys(subscriptions)) {
    const names = subscriptions[wireName];
    const field = `subscriptions.${excerptText(wireName, 40)}`;
    if (!Array.isArray(names)) throw faultAt(place, field, ['a list of texts', names]);
    const symbols = names.map((name: unknown) => {
      if (typeof name !== 'string') throw faultAt(place, field, ['a list of texts', name]);
      return excerptText(name, 64);
    });
    const rule = findChannelByWireName(wireName);
    if (rule === undefined) reportSkipped(decoding, wireName, 'An ack names an unknown channel.');
    // A channel without products may list its own name; an empty list is one that is not held.
    else if (symbols.length > 0) {
      held.set(rule.name, rule.listsSymbols ? symbols.filter((name) => name !== wireName) : []);
    }
  }
  decoding.messages.push({ type: 'subscriptions.held', held });
}

/** Decodes a heartbeat, whose counter was seen as a number and is documented as a text. */
export function decodeHeartbeatEvent(event: RawObject, decoding: Decoding): void {
  const { place } = decoding;
  const counterField = event['heartbeat_counter'];
  const isDigits = typeof counterField === 'string' && /^\d{1,16}$/.test(counterField);
  const counter = isDigits ? Number(counterField) : counterField;
  if (typeof counter !== 'number' || !Number.isSafeInteger(counter) || counter < 0) {
    throw faultAt(place, 'heartbeat_counter', ['a whole number', counterField]);
  }
  const time = event['current_time'];
  const venueAtMs = typeof time === 'string' ? readEitherTimeMs(time) : NaN;
  if (time !== undefined && Number.isNaN(venueAtMs)) {
    throw faultAt(place, 'current_time', ['a time', time]);
  }
  decoding.messages.push({ type: 'heartbeat', counter, venueAtMs });
}

/** The venue writes Go's text; RFC 3339 is what it writes everywhere else. */
function readEitherTimeMs(text: string): number {
  const timeMs = parseGoTimeMs(text);
  return Number.isNaN(timeMs) ? parseTimeMs(text) : timeMs;
}

/** Decodes an error frame, which has no envelope and does not say what it answers. */
export function decodeErrorFrame(frame: RawObject, decoding: Decoding): void {
  const message = frame['message'];
  if (typeof message !== 'string') {
    throw new FieldFault('message', 'a text', describeValue(message));
  }
  const reason = typeof frame['reason'] === 'string' ? frame['reason'] : '';
  const { code, likelyCause } = explainRefusal(message);
  const venueText = excerptText(reason === '' ? message : `${message}: ${reason}`);
  decoding.messages.push({ type: 'request.refused', code, venueText, likelyCause });
}
