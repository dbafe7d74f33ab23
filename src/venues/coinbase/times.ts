import { parseTimeMs } from '../../wire/times.js';

/** The clock of a Go program, and since when it runs, stand after the time at times. */
const GO_TIME =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) \+0000 UTC(?: m=[+-]\d+(?:\.\d+)?)?$/;

/**
 * The default time text of Go, as heartbeats carry it: `2026-09-30 02:37:15.057 +0000 UTC m=+21.6`.
 * NaN for anything else.
 */
export function parseGoTimeMs(text: string): number {
  const match = GO_TIME.exec(text);
  return match === null ? NaN : parseTimeMs(`${match[1]}T${match[2]}Z`);
}
