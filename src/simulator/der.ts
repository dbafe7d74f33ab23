/** As much of DER (X.690) as a certificate needs: a value is a tag, a length and its content. */

const TAGS = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  boolean: 0x01,
} as const;

/** The kind of a value. */
export type DerTag = keyof typeof TAGS;

/** Writes one value; content given in parts is joined. */
export function encodeDer(tag: DerTag | number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const tagByte = typeof tag === 'number' ? tag : TAGS[tag];
  return Buffer.concat([Buffer.from([tagByte]), encodeLength(content.length), content]);
}

/** Writes a whole number that is not negative, given by its bytes, the highest first. */
export function encodeDerInteger(bytes: Uint8Array): Buffer {
  const firstUsed = bytes.findIndex((byte) => byte !== 0);
  const digits = firstUsed < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(firstUsed));
  // A set highest bit would make the number negative.
  const sign = (digits[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0);
  return encodeDer('integer', sign, digits);
}

/** Writes an object id such as `2.5.4.3`. */
export function encodeDerObjectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encodeDer('objectId', Buffer.from([first * 40 + second, ...rest.flatMap(encodeBase128)]));
}

/** Writes an instant before 2050, in UTC, without fractions. */
export function encodeDerTime(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return encodeDer('utcTime', Buffer.from(`${digits}Z`));
}

/** Writes whole bytes as a bit string. */
export function encodeDerBits(bytes: Uint8Array): Buffer {
  return encodeDer('bitString', Buffer.from([0]), bytes);
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function encodeBase128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift((rest % 128) | 0x80);
  }
  return bytes;
}
