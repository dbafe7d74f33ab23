import { quoteNumbers } from '../book/number-text.js';
import { ProtocolError } from '../model/error.js';
import { describeValue, excerptText } from './excerpt.js';
import { isObject, type RawObject } from './fields.js';
import { FieldFault } from './place.js';

/** The text of a frame; bytes that are no UTF-8 become replacement characters. */
export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/**
 * A JSON object or list. A proxy on the way sends bare text at times: that is a fault of one frame,
 * not of the connection.
 */
export function parseJson(text: string): RawObject | readonly unknown[] {
  return parseAs(text, text);
}

/** Errors quote the text that came: in what was made of it a secret may not look like one. */
function parseAs(text: string, received: string): RawObject | readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own text quotes the frame unmasked, so that it is not passed on.
    throw new FieldFault('', 'JSON', `"${excerptText(received, 60)}"`);
  }
  if (isObject(value)) return value;
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new FieldFault('', 'a JSON object or list', describeValue(value));
}

/** The same with every number as the text that it is: see book/number-text.ts. */
export function parseJsonDigits(text: string): RawObject | readonly unknown[] {
  return parseAs(quoteNumbers(text), text);
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
