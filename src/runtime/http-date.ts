/** The `Date` header as Unix milliseconds, whole seconds; undefined where it is not one. */
export function parseHttpDate(header: string | undefined): number | undefined {
  if (header === undefined || header.length > 64) return undefined;
  const dateMs = Date.parse(header);
  return Number.isFinite(dateMs) ? dateMs : undefined;
}

/**
 * The `Retry-After` header, in seconds or as a date (RFC 9110 section 10.2.3), as a length of time;
 * undefined where it is neither.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const untilMs = parseHttpDate(header);
  return untilMs === undefined ? undefined : Math.max(0, untilMs - nowMs);
}
