const UNIX_SECONDS = /^(\d{1,11})(?:\.(\d{1,9}))?$/;

/**
 * Unix seconds with a fraction, as text (protocol v1): `1618678145.920708`. NaN for anything else.
 */
export function parseSecondsMs(text: string): number {
  const match = UNIX_SECONDS.exec(text);
  if (match === null) return NaN;
  const [, seconds = '', fraction = ''] = match;
  // Put together from whole parts: seconds times 1000 as one double would round the microseconds.
  const fractionMs = fraction === '' ? 0 : Number(`0.${fraction}`) * 1000;
  return Number(seconds) * 1000 + Math.round(fractionMs * 1e6) / 1e6;
}
