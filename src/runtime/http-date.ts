/** The `Date` header as Unix milliseconds, whole seconds; undefined where it is not one. */
export function parseHttpDate(header: string | undefined): number | undefined {
  if (header === undefined || header.length > 64) return undefined;
  const dateMs = Date.parse(header);
  return Number.isFinite(dateMs) ? dateMs : undefined;
}
