/**
 * Reads recorded traffic: JSON lines `{"ts":1786309548.031,"dir":"recv","data":"…"}`, where `ts` is
 * Unix seconds, `dir` is `connect`, `send` or `recv`, and `data` is the address or the frame as
 * text.
 */
import { ConfigError } from '../model/error.js';
import type { RecordedLine } from '../model/exchange.js';

interface LinePlace {
  readonly recording: string;
  readonly line: number;
}

const DIRECTIONS: readonly string[] = ['connect', 'send', 'recv'];
const MS_PER_SECOND = 1000;
/** The year 10000; later times have no text. */
const SECONDS_MOST = 253_402_300_800;
/** The whole book of a busy market is about 5 MB in one line. */
const LINE_CHARACTERS_MAX = 256 * 1024 * 1024;

/**
 * Reads a recording from pieces of its text, in order, however they are cut. Throws ConfigError
 * RECORDING_INVALID, naming the line, where one cannot be read or none is there. `name` is for
 * the error only.
 */
export async function* readRecording(
  chunks: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<RecordedLine, void, undefined> {
  for await (const { text, line } of readFullLines(chunks, name)) {
    yield readLine(text, { recording: name, line });
  }
}

/** Lines that are not empty, counted with those that are; throws where none is there. */
export async function* readFullLines(
  chunks: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<{ readonly text: string; readonly line: number }, void, undefined> {
  let line = 0;
  let isEmpty = true;
  for await (const text of splitLines(chunks, name)) {
    line += 1;
    if (text.trim() === '') continue;
    isEmpty = false;
    yield { text, line };
  }
  if (!isEmpty) return;
  const message = `The recording ${name} is empty; give one that holds at least one line.`;
  throw new ConfigError('RECORDING_INVALID', message, { facts: { recording: name } });
}

/** Lines of a text that comes in pieces, however they are cut. */
async function* splitLines(
  chunks: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<string, void, undefined> {
  // Pieces of one long line are joined once, at its end: a snapshot spans many.
  let pieces: string[] = [];
  let held = 0;
  let line = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      pieces.push(chunk.slice(start, end));
      yield pieces.join('');
      pieces = [];
      held = 0;
      line += 1;
      start = end + 1;
    }
    pieces.push(chunk.slice(start));
    held += chunk.length - start;
    if (held > LINE_CHARACTERS_MAX) {
      throw invalidLine({ recording: name, line }, 'is too long to be a frame');
    }
  }
  const rest = pieces.join('');
  if (rest !== '') yield rest;
}

function readLine(text: string, where: LinePlace): RecordedLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own text quotes the line, in which a credential may stand.
    throw invalidLine(where, 'is not JSON; it may be cut off');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidLine(where, 'is not a JSON object');
  }
  const { ts, dir, data } = value as Record<string, unknown>;
  if (typeof ts !== 'number' || !Number.isFinite(ts) || ts < 0 || ts >= SECONDS_MOST) {
    throw invalidLine(where, 'has no "ts" in Unix seconds');
  }
  if (typeof dir !== 'string' || !DIRECTIONS.includes(dir)) {
    throw invalidLine(where, `needs a "dir" of ${DIRECTIONS.join(', ')}`);
  }
  if (typeof data !== 'string') throw invalidLine(where, 'has no "data" as text');
  const direction = dir as RecordedLine['direction'];
  return { line: where.line, receivedAtMs: ts * MS_PER_SECOND, direction, data };
}

function invalidLine(where: LinePlace, defect: string): ConfigError {
  const { recording, line } = where;
  const message = `Line ${line} of the recording ${recording} ${defect}; repair or remove it.`;
  return new ConfigError('RECORDING_INVALID', message, { facts: { recording, line } });
}
