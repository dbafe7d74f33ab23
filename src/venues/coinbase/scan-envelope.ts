import {
  readTimeMs,
  readWholeNumber,
  skip,
  toFixed,
  type Cursor,
  type FixedText,
} from '../../wire/byte-cursor.js';
import type { FrameFacts } from '../../wire/frame-scan.js';

const CLIENT_ID = toFixed('"client_id":"",');
const TIMESTAMP = toFixed('"timestamp":"');
const SEQUENCE_NUM = toFixed('","sequence_num":');
const EVENTS = toFixed(',"events":[{"type":"');

/**
 * What every frame of data begins with, up to the type of its first event; `head` is what comes
 * before, with the channel in it.
 */
export function readEnvelope(cursor: Cursor, head: FixedText, facts: FrameFacts): boolean {
  if (!skip(cursor, head)) return false;
  skip(cursor, CLIENT_ID);
  if (!skip(cursor, TIMESTAMP)) return false;
  facts.sentAtMs = readTimeMs(cursor);
  if (Number.isNaN(facts.sentAtMs) || !skip(cursor, SEQUENCE_NUM)) return false;
  facts.number = readWholeNumber(cursor);
  return !Number.isNaN(facts.number) && skip(cursor, EVENTS);
}
