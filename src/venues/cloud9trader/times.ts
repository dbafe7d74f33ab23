/** Times as the venue writes them: ISO-8601 with a zone, in practice that of JavaScript. */
const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))$/;

const MS_PER_MINUTE = 60_000;

/** Unix milliseconds, with a fraction where the text is finer; NaN for anything else. */
export function parseTimeMs(text: string): number {
  const match = ISO_TIME.exec(text);
  if (match === null) return NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const wholeMs = Date.UTC(year, month - 1, day, hour, minute, second);
  // What `Date` would carry over into the next month, day or hour is no such time.
  const shown = new Date(wholeMs);
  const isReal = shown.getUTCDate() === day && shown.getUTCMonth() === month - 1;
  if (!isReal || hour > 23 || minute > 59 || second > 59) return NaN;
  const [, , , , , , , fraction = '', sign, zoneHours, zoneMinutes] = match;
  const zoneMs = (Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * MS_PER_MINUTE;
  const fractionMs = Math.round(Number(`0.${fraction || '0'}`) * 1e9) / 1e6;
  return wholeMs + fractionMs - (sign === '-' ? -zoneMs : zoneMs);
}
