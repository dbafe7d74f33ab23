/** Longer than any ban; a server that means more is asked again all the same. */
const RETRY_MOST_S = 999_999_999;
/**
 * The three forms of RFC 9110 section 5.6.7, loosely. `Date.parse` alone makes a year, and so a
 * clock or a pause of centuries, of any number.
 */
const DATE_FORM = /^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}( \d{4}$)?/;

/** The `Date` header as Unix milliseconds, whole seconds; undefined where it is not one. */
export function parseHttpDate(header: string | undefined): number | undefined {
  if (header === undefined || header.length > 64) return undefined;
  const form = DATE_FORM.exec(header);
  if (!form) return undefined;
  // The form that ends with the year has no zone beside it, and is in GMT all the same.
  const dateMs = Date.parse(form[1] === undefined ? header : `${header} GMT`);
  return Number.isFinite(dateMs) ? dateMs : undefined;
}

/**
 * The `Retry-After` header, in seconds or as a date (RFC 9110 section 10.2.3), as a length of time;
 * undefined where it is neither.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+(\.\d*)?$/.test(header)) {
    return Math.ceil(Math.min(Number(header), RETRY_MOST_S) * 1000);
  }
  const untilMs = parseHttpDate(header);
  return untilMs === undefined ? undefined : Math.max(0, untilMs - nowMs);
}
