/** The longest reason that fits into a close frame (RFC 6455, 5.5). */
const CLOSE_REASON_MAX_BYTES = 123;

/** The reason as a close frame can carry it, not cut inside a character. */
export function cutReason(reason: string): Buffer {
  const bytes = Buffer.from(reason, 'utf8');
  if (bytes.length <= CLOSE_REASON_MAX_BYTES) return bytes;
  let end = CLOSE_REASON_MAX_BYTES;
  // Not inside a character: continuation bytes begin with 10.
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
