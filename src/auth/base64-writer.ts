const DIGITS = Buffer.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  'latin1',
);

/** How many digits so many bytes take, without padding. */
export function countBase64UrlDigits(byteCount: number): number {
  return Math.ceil((byteCount * 4) / 3);
}

/**
 * Writes all bytes as digits from `at` on: base64url without padding (RFC 4648 section 5). For the
 * few dozen bytes that differ from token to token a call into the runtime takes longer.
 */
export function writeBase64Url(target: Uint8Array, at: number, bytes: Uint8Array): void {
  let to = at;
  const whole = bytes.length - (bytes.length % 3);
  for (let from = 0; from < whole; from += 3) {
    const bits =
      ((bytes[from] as number) << 16) |
      ((bytes[from + 1] as number) << 8) |
      (bytes[from + 2] as number);
    target[to] = DIGITS[bits >>> 18] as number;
    target[to + 1] = DIGITS[(bits >>> 12) & 63] as number;
    target[to + 2] = DIGITS[(bits >>> 6) & 63] as number;
    target[to + 3] = DIGITS[bits & 63] as number;
    to += 4;
  }
  if (whole === bytes.length) return;
  const high = bytes[whole] as number;
  const low = bytes[whole + 1] ?? 0;
  target[to] = DIGITS[high >>> 2] as number;
  target[to + 1] = DIGITS[((high & 3) << 4) | (low >>> 4)] as number;
  if (whole + 2 === bytes.length) target[to + 2] = DIGITS[(low & 15) << 2] as number;
}
