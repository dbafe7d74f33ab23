/** Writes what `reader.ts` reads: a line of the project's own form for each thing that happened. */
import type { RecordedLine } from '../model/exchange.js';

const MS_PER_SECOND = 1000;

/** One line, with its line end. `data` is the address of a connection, or a frame as text. */
export function formatRecordedLine(line: Omit<RecordedLine, 'line'>): string {
  const { receivedAtMs, direction, data } = line;
  return `${JSON.stringify({ ts: receivedAtMs / MS_PER_SECOND, dir: direction, data })}\n`;
}
