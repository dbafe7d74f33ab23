import { ProtocolError } from '../../model/error.js';
import { describeValue, excerptText } from './excerpt.js';
import { FieldFault, isObject, type RawObject } from './fields.js';
import { quoteNumbers } from '../../book/number-text.js';

/** The text of a frame; bytes that are no UTF-8 become replacement characters, and so no number. */
export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/**
 * A JSON object or list whose numbers are texts. A proxy on the way sends bare text at times
 * (`CloudFlare WebSocket proxy restarting`): that is a fault of one frame, not of the connection.
 */
export function parseFrame(text: string): RawObject | readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(quoteNumbers(text));
  } catch {
    // The parser's own text quotes the frame unmasked, so that it is not passed on.
    throw new FieldFault('', 'JSON', `"${excerptText(text, 60)}"`);
  }
  if (isObject(value)) return value;
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new FieldFault('', 'a JSON object or list', describeValue(value));
}

/** Only a FieldFault says something about the frame; anything else is a bug and stays one. */
export function toProtocolError(error: unknown, text: string, venue: string): unknown {
  if (!(error instanceof FieldFault)) return error;
  const { path, expected, received } = error;
  const what = path === '' ? 'A frame' : `The field ${path} of a frame`;
  return new ProtocolError(
    'FRAME_INVALID',
    `${what} should be ${expected} but is ${received}. If this repeats, record the session and ` +
      'report the frame: the venue may have changed its protocol, or a proxy may be in the way.',
    { facts: { venue, path, expected, received, frame: excerptText(text) } },
  );
}
