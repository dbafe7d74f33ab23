/**
 * Reads recordings of other programs as lines: bare frames, one in each line, or frames with the
 * time they came at, `1618678133.626511: [1360,{"as":…}]`. Among these `wss://… <- 1618678132.8:
 * {…}` is what was sent, and `wss://… <-> 1618678132.3` a new connection.
 */
import type { RecordedLine } from '../model/exchange.js';
import { readFullLines, readRecording } from './reader.js';

const MS_PER_SECOND = 1000;
/** What is read before the form is decided on. */
const HEAD_CHARACTERS = 64;
const TIMED = /^(\d{9,11}(?:\.\d+)?): (.*)$/s;
const SENT = /^wss?:\/\/\S+ <- (\d{9,11}(?:\.\d+)?): (.*)$/s;
const CONNECTED = /^(wss?:\/\/\S+) <-> (\d{9,11}(?:\.\d+)?)$/;
/** The first field of a line of the project's own form. */
const OWN_FORM = /^\s*\{\s*"(ts|dir|data)"\s*:/;

/**
 * Reads a recording of whatever form: the first line that is not empty decides. Throws ConfigError
 * RECORDING_INVALID, naming the line.
 */
export async function* readAnyRecording(
  chunks: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<RecordedLine, void, undefined> {
  const { head, rest } = await peek(chunks);
  const isOwn = OWN_FORM.test(head);
  yield* isOwn ? readRecording(rest, name) : readFrameLines(rest, name);
}

async function* readFrameLines(
  chunks: AsyncIterable<string>,
  name: string,
): AsyncGenerator<RecordedLine, void, undefined> {
  for await (const { text, line } of readFullLines(chunks, name)) {
    yield { line, ...readFrameLine(text.trimEnd()) };
  }
}

function readFrameLine(text: string): Omit<RecordedLine, 'line'> {
  const timed = TIMED.exec(text);
  if (timed) return toLine('recv', timed[1], timed[2]);
  const sent = SENT.exec(text);
  if (sent) return toLine('send', sent[1], sent[2]);
  const connected = CONNECTED.exec(text);
  if (connected) return toLine('connect', connected[2], connected[1]);
  return { receivedAtMs: NaN, direction: 'recv', data: text };
}

function toLine(
  direction: RecordedLine['direction'],
  seconds = '',
  data = '',
): Omit<RecordedLine, 'line'> {
  return { receivedAtMs: Number(seconds) * MS_PER_SECOND, direction, data };
}

/** Looks at the beginning without taking it away. */
async function peek(
  chunks: AsyncIterable<string> | Iterable<string>,
): Promise<{ readonly head: string; readonly rest: AsyncIterable<string> }> {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : undefined;
  const source = iterator ?? toAsync(chunks as Iterable<string>);
  const taken: string[] = [];
  while (taken.join('').trimStart().length < HEAD_CHARACTERS) {
    const next = await source.next();
    if (next.done) break;
    taken.push(next.value);
  }
  async function* replay(): AsyncGenerator<string, void, undefined> {
    try {
      yield* taken;
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
    } finally {
      await source.return?.();
    }
  }
  return { head: taken.join(''), rest: replay() };
}

async function* toAsync(chunks: Iterable<string>): AsyncGenerator<string, void, undefined> {
  await Promise.resolve();
  yield* chunks;
}
