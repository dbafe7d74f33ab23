/** Longer than any ban; a server that means more is asked again all the same. */
const RETRY_MOST_S = 999_999_999;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = String.raw`(?<time>\d{2}:\d{2}:\d{2})`;
/**
 * The three forms of RFC 9110 section 5.6.7, all of them in GMT. `Date.parse` would make a year,
 * and so a clock or a pause of centuries, of any number, and take the zone of this machine.
 */
const FORMS = [
  String.raw`[A-Z][a-z]{2}, (?<day>\d{2}) ${MONTH} (?<year>\d{4}) ${TIME} GMT`,
  String.raw`[A-Z][a-z]{5,8}, (?<day>\d{2})-${MONTH}-(?<year>\d{2}) ${TIME} GMT`,
  String.raw`[A-Z][a-z]{2} ${MONTH} (?<day>[ \d]\d) ${TIME} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/** Of two digits of a year, read when this was written: what would be 50 years ahead is past. */
function completeYear(digits: string): string {
  if (digits.length === 4) return digits;
  return Number(digits) < 76 ? `20${digits}` : `19${digits}`;
}

/** The `Date` header as Unix milliseconds, whole seconds; undefined where it is not one. */
export function parseHttpDate(header: string | undefined): number | undefined {
  const text = (header ?? '').slice(0, 64).trim();
  for (const form of FORMS) {
    const { day = '', month = '', year = '', time = '' } = form.exec(text)?.groups ?? {};
    if (month === '') continue;
    const monthNumber = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
    const dayNumber = day.trim().padStart(2, '0');
    const date = `${completeYear(year)}-${monthNumber}-${dayNumber}`;
    const atMs = Date.parse(`${date}T${time}Z`);
    // 31 February would be read as a day in March.
    const isThere = Number.isFinite(atMs) && new Date(atMs).toISOString().startsWith(date);
    return isThere ? atMs : undefined;
  }
  return undefined;
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
