/** The little of DER that keys and signatures need. RFC 3279 section 2.2.3, X.690. */

const SEQUENCE_TAG = 0x30;
const INTEGER_TAG = 0x02;

interface DerPart {
  readonly tag: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Reads one tag and length, and so where the part should end; undefined where it is no DER. */
function readDerPart(bytes: Uint8Array, at: number): DerPart | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  if (first < 0x80) return { tag, startsAt: at + 2, endsAt: at + 2 + first };
  const lengthBytes = first & 0x7f;
  if (lengthBytes < 1 || lengthBytes > 3) return undefined;
  let length = 0;
  for (let index = 0; index < lengthBytes; index += 1) {
    const byte = bytes[at + 2 + index];
    if (byte === undefined) return undefined;
    length = length * 256 + byte;
  }
  const startsAt = at + 2 + lengthBytes;
  return { tag, startsAt, endsAt: startsAt + length };
}

/** Whether the bytes are one whole sequence, one cut short or continued, or something else. */
export function judgeDerSequence(bytes: Uint8Array): 'whole' | 'short' | 'long' | 'none' {
  if (bytes[0] !== SEQUENCE_TAG) return 'none';
  const outer = readDerPart(bytes, 0);
  if (!outer) return bytes.length < 5 ? 'short' : 'none';
  if (outer.endsAt === bytes.length) return 'whole';
  return outer.endsAt > bytes.length ? 'short' : 'long';
}

/** Copies a positive DER integer so that its last byte is before `target[end]`. */
function placeInteger(
  bytes: Uint8Array,
  part: DerPart,
  { target, end, width }: { target: Uint8Array; end: number; width: number },
): void {
  let { startsAt } = part;
  const { endsAt } = part;
  const isEmpty = endsAt <= startsAt || endsAt > bytes.length;
  if (part.tag !== INTEGER_TAG || isEmpty || (bytes[startsAt] ?? 0) >= 0x80) {
    throw new RangeError('A signature in DER holds two positive integers.');
  }
  while (startsAt < endsAt - 1 && bytes[startsAt] === 0) startsAt += 1;
  if (endsAt - startsAt > width) throw new RangeError('An integer of the signature is too long.');
  const offset = end - endsAt;
  for (let at = startsAt; at < endsAt; at += 1) target[at + offset] = bytes[at] as number;
}

/**
 * Turns an ECDSA signature from DER into the raw form r and s of fixed width (64 bytes for P-256),
 * as RFC 7518 section 3.4 wants it. Throws RangeError for anything else.
 */
export function convertDerSignature(der: Uint8Array, widthBytes = 32): Uint8Array {
  const outer = readDerPart(der, 0);
  if (!outer || outer.tag !== SEQUENCE_TAG || outer.endsAt !== der.length) {
    throw new RangeError('A signature in DER is one sequence.');
  }
  const first = readDerPart(der, outer.startsAt);
  const second = first && readDerPart(der, first.endsAt);
  if (!first || !second || second.endsAt !== der.length) {
    throw new RangeError('A signature in DER holds two integers and nothing after them.');
  }
  const raw = new Uint8Array(widthBytes * 2);
  placeInteger(der, first, { target: raw, end: widthBytes, width: widthBytes });
  placeInteger(der, second, { target: raw, end: raw.length, width: widthBytes });
  return raw;
}
