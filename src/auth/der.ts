/** The little of DER that keys and signatures need. RFC 3279 section 2.2.3, X.690. */

const SEQUENCE_TAG = 0x30;
const INTEGER_TAG = 0x02;

/** Where a part should end by the length behind its tag; undefined where that is no DER. */
function findDerEnd(bytes: Uint8Array): number | undefined {
  const first = bytes[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const lengthBytes = first & 0x7f;
  if (lengthBytes < 1 || lengthBytes > 3) return undefined;
  let length = 0;
  for (let index = 0; index < lengthBytes; index += 1) {
    const byte = bytes[2 + index];
    if (byte === undefined) return undefined;
    length = length * 256 + byte;
  }
  return 2 + lengthBytes + length;
}

/** Whether the bytes are one whole sequence, one cut short or continued, or something else. */
export function judgeDerSequence(bytes: Uint8Array): 'whole' | 'short' | 'long' | 'none' {
  if (bytes[0] !== SEQUENCE_TAG) return 'none';
  const endsAt = findDerEnd(bytes);
  if (endsAt === undefined) return bytes.length < 5 ? 'short' : 'none';
  if (endsAt === bytes.length) return 'whole';
  return endsAt > bytes.length ? 'short' : 'long';
}

/** Each half of a raw signature, r and s. */
const HALF_BYTES = 32;
/** The longest in DER: each integer may begin with a zero, and has a tag and a length. */
const DER_SIGNATURE_MAX_BYTES = 2 + 2 * (2 + 1 + HALF_BYTES);

/**
 * Turns an ECDSA signature over P-256 from DER into the raw form r and s, 32 bytes each, as RFC
 * 7518 section 3.4 wants it; written into `target` where one is given. Throws RangeError for
 * anything else, and what is in `target` then means nothing.
 */
export function convertDerSignature(
  der: Uint8Array,
  target: Uint8Array = new Uint8Array(2 * HALF_BYTES),
): Uint8Array {
  if (target.length !== 2 * HALF_BYTES) throw new RangeError('A raw signature takes 64 bytes.');
  // So short that each length is a single byte.
  const isShort = der.length <= DER_SIGNATURE_MAX_BYTES;
  if (!isShort || der[0] !== SEQUENCE_TAG || der[1] !== der.length - 2) {
    throw new RangeError('A signature in DER is one sequence.');
  }
  let at = 2;
  for (let end = HALF_BYTES; end <= target.length; end += HALF_BYTES) {
    let from = at + 2;
    const next = from + (der[at + 1] ?? Number.NaN);
    const isWhole = from < next && next <= der.length;
    if (der[at] !== INTEGER_TAG || !isWhole || (der[from] as number) >= 0x80) {
      throw new RangeError('A signature in DER holds two integers that are not negative.');
    }
    if (der[from] === 0 && next - from > 1) {
      // A zero stands before a number that would be negative otherwise, and before no other.
      if ((der[from + 1] as number) < 0x80) throw new RangeError('An integer in DER is padded.');
      from += 1;
    }
    if (next - from > HALF_BYTES) throw new RangeError('An integer of the signature is too long.');
    const begin = end - (next - from);
    for (let to = end - HALF_BYTES; to < begin; to += 1) target[to] = 0;
    for (let to = begin; to < end; to += 1, from += 1) target[to] = der[from] as number;
    at = next;
  }
  if (at !== der.length) throw new RangeError('A signature in DER holds two integers only.');
  return target;
}
